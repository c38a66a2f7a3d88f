"""Guesses how bad a log line is from its words."""

import re
from datetime import UTC, datetime

from warroom.model.nouns import LogLevel

HEAD = 240
"""Characters looked at: a level stands at the beginning, and long lines are many."""

PATTERNS = (
    (LogLevel.FATAL, re.compile(r"\b(?:FATAL|CRITICAL|CRIT|EMERG|PANIC)\b|\bfatal:|kernel panic|\bpanic:")),
    (
        LogLevel.ERROR,
        re.compile(
            r"\b(?:ERROR|ERR|SEVERE)\b|\b[Ee]rror:|(?:Error|Exception)\b|Traceback \(|\bXid\b"
            r"|\b[Oo]ut of memory\b|\boom-kill|\bOOM\b|[Ss]egmentation fault|\bcore dumped\b"
        ),
    ),
    (LogLevel.WARN, re.compile(r"\b(?:WARN|WARNING)\b|\b[Ww]arning:")),
    (LogLevel.INFO, re.compile(r"\b(?:INFO|NOTICE)\b")),
    (LogLevel.DEBUG, re.compile(r"\b(?:DEBUG|TRACE)\b")),
)
NEEDLES = {
    LogLevel.FATAL: ("FATAL", "CRIT", "EMERG", "PANIC", "fatal:", "panic"),
    LogLevel.ERROR: (
        *("ERR", "SEVERE", "rror", "Exception", "Traceback (", "Xid", "ut of memory", "oom-kill", "OOM"),
        *("egmentation fault", "core dumped"),
    ),
    LogLevel.WARN: ("WARN", "arning:"),
    LogLevel.INFO: ("INFO", "NOTICE"),
    LogLevel.DEBUG: ("DEBUG", "TRACE"),
}
"""Without one of these no pattern of the level fits; looking for them costs a fiftieth of the pattern."""
KEYS = ("level", "lvl", "severity")
NAMED = re.compile(r"""["']?(?:level|lvl|severity)["']?\s*[=:]\s*["']?(\w+)""", re.IGNORECASE)
NAMES = {
    "fatal": LogLevel.FATAL,
    "critical": LogLevel.FATAL,
    "panic": LogLevel.FATAL,
    "error": LogLevel.ERROR,
    "err": LogLevel.ERROR,
    "warn": LogLevel.WARN,
    "warning": LogLevel.WARN,
    "info": LogLevel.INFO,
    "notice": LogLevel.INFO,
    "debug": LogLevel.DEBUG,
    "trace": LogLevel.DEBUG,
}
TIME = re.compile(r"^\W{0,2}(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?)(Z|[+-]\d\d:?\d\d)?")


def level_of(text: str) -> LogLevel:
    """The level a line names (``level=warn``), else the worst word in it; ``NONE`` when there is none."""
    head = text[:HEAD]
    lower = head.lower()
    if any(key in lower for key in KEYS) and (named := NAMED.search(head)) and named[1].lower() in NAMES:
        return NAMES[named[1].lower()]
    for level, pattern in PATTERNS:
        if any(needle in head for needle in NEEDLES[level]) and pattern.search(head):
            return level
    return LogLevel.NONE


def time_of(text: str) -> datetime | None:
    """The time a line begins with; UTC where it names no zone. None when it carries none."""
    found = TIME.match(text)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found[1].replace(",", ".") + (found[2] or "+00:00"))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
