"""Searches of recorded lines, by the grammar of every filter."""

import re
from collections.abc import Callable

from warroom.model.nouns import LogLevel, LogLine
from warroom.views.filtering import checker, parse_filter
from warroom.views.subjects import log_subject

ORDER = (LogLevel.FATAL, LogLevel.ERROR, LogLevel.WARN, LogLevel.INFO, LogLevel.DEBUG, LogLevel.NONE)
"""Levels, worst first."""

LONGEST_REGEX = 200
RISKY = re.compile(r"\([^)]*[*+][^)]*\)[*+{]")
"""A repeated group that itself repeats can take for ever on a hostile line."""


def line_test(text: str) -> Callable[[LogLine], bool]:
    """A fast test for lines by a filter, an empty one lets all through; raises ``WarroomError`` for one that cannot
    be read.
    """
    wanted = parse_filter(text)
    if not wanted:
        return lambda _: True
    passes = checker(wanted)
    return lambda line: passes(log_subject(line))


def at_least(level: str) -> frozenset[LogLevel]:
    """The levels at least as bad as this one; all for an empty one."""
    if not level:
        return frozenset(ORDER)
    return frozenset(ORDER[: ORDER.index(LogLevel(level)) + 1])
