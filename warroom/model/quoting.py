"""Writes untrusted text as a string of a query language, so that it can only ever be a value there."""

import re

_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f]')
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def promql_string(text: str) -> str:
    """A double-quoted string of PromQL, LogQL or an Alertmanager matcher, quotes included.

    Always double quotes: between backticks nothing can be escaped. A lone surrogate becomes a question mark.
    """
    escaped = _ESCAPED.sub(lambda found: _SHORT.get(found[0]) or f"\\x{ord(found[0]):02x}", text)
    return f'"{escaped.encode("utf-8", "replace").decode()}"'
