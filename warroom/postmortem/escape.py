"""Keeps text from the record from being read as markup by whoever opens an export."""

import re

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~$&])")
_AT_START = re.compile(r"^(\s*\d*)([-+=.)])")
_LINK = re.compile(r"(?i)\b(https?|ftp|file|javascript|data|mailto|www)(:|\.)")


def markdown(text: str) -> str:
    """Text as one line of markdown that shows itself: no markup, no HTML, no links."""
    flat = " ⏎ ".join(part.strip() for part in text.split("\n"))
    escaped = _AT_START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", flat))
    # A zero-width break would be invisible text of our own; a backslash keeps bare addresses from becoming links.
    return _LINK.sub(r"\1\\\2", escaped)
