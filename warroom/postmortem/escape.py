"""Keeps text from the record from being read as markup by whoever opens an export."""

import re
import unicodedata
from html import escape
from urllib.parse import quote

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~$&])")
_AT_START = re.compile(r"^(\s*\d*)([-+=.)])")
_LINK = re.compile(r"(?i)\b(https?|ftp|file|javascript|data|mailto|www)(:|\.)")
_FORMULA_STARTS = tuple("=+-@＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)
"""File names that mean a device on some systems, whatever their ending."""


def markdown(text: str) -> str:
    """Text as one line of markdown that shows itself: no markup, no HTML, no links."""
    flat = " ⏎ ".join(part.strip() for part in text.split("\n"))
    escaped = _AT_START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", flat))
    # A backslash keeps bare addresses from becoming links; a zero-width break would be invisible text.
    return _LINK.sub(r"\1\\\2", escaped)


def markdown_block(text: str) -> str:
    """Text of several lines as a fenced block of markdown; the fence is longer than any in the text."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def html(text: str) -> str:
    """Text for the inside of an HTML element or of a quoted attribute."""
    return escape(text, quote=True)


def csv_cell(text: str) -> str:
    """Text no spreadsheet takes for a formula; quotes are the writer's part. Plain numbers stay numbers."""
    if text.lstrip().startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def url_segment(text: str) -> str:
    """Text as one segment of a path; a slash, dots that climb and line breaks stay inside the segment."""
    quoted = quote(text, safe="", errors="replace")
    return quoted.replace(".", "%2E") if quoted in (".", "..") else quoted


def slug(text: str) -> str:
    """A file name of lower-case ASCII letters, digits and single dashes, safe on any system."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "unnamed"
    return f"{name}-" if name in _DEVICES else name
