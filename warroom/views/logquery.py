"""The language of log searches: words, ``OR``, ``!not``, phrases and regular expressions."""

import re
from collections.abc import Callable

import msgspec

from warroom.errors import WarroomError
from warroom.model.nouns import LogLevel, LogLine

ORDER = (LogLevel.FATAL, LogLevel.ERROR, LogLevel.WARN, LogLevel.INFO, LogLevel.DEBUG, LogLevel.NONE)
"""Levels, worst first."""

TOKEN = re.compile(r'!?"[^"]*"|!?/(?:[^/\\]|\\.)*/|\S+')
LONGEST_REGEX = 200
RISKY = re.compile(r"\([^)]*[*+][^)]*\)[*+{]")
"""A repeated group that itself repeats can take for ever on a hostile line."""


class Term(msgspec.Struct, frozen=True):
    """One condition on a line's text."""

    text: str
    negated: bool = False
    regex: bool = False


class LogQuery(msgspec.Struct, frozen=True):
    """Alternatives, each a list of terms that must all hold; none at all matches every line."""

    alternatives: tuple[tuple[Term, ...], ...]


def parse_query(text: str) -> LogQuery:
    """Read a query; raises ``WarroomError`` saying what is wrong with it."""
    alternatives: list[list[Term]] = [[]]
    for token in TOKEN.findall(text):
        if token == "OR":
            alternatives.append([])
        elif token != "AND":
            alternatives[-1].append(_term(token))
    if len(alternatives) > 1 and not all(alternatives):
        raise WarroomError(f"OR needs a word on both sides: {text!r}")
    return LogQuery(tuple(tuple(terms) for terms in alternatives if terms))


def _term(token: str) -> Term:
    negated = token.startswith("!") and len(token) > 1
    bare = token[1:] if negated else token
    if len(bare) > 1 and bare[0] == bare[-1] == "/":
        pattern = bare[1:-1]
        if len(pattern) > LONGEST_REGEX or RISKY.search(pattern):
            raise WarroomError(f"the regular expression {bare} is too long or repeats a repetition")
        try:
            re.compile(pattern)
        except re.error as wrong:
            raise WarroomError(f"the regular expression {bare} cannot be read: {wrong}") from wrong
        return Term(pattern, negated, regex=True)
    return Term(bare.strip('"').casefold(), negated)


def matcher(query: LogQuery) -> Callable[[LogLine], bool]:
    """A fast test for lines: looks at text, node and workload; case does not matter."""
    compiled = [
        [(term, re.compile(term.text, re.IGNORECASE) if term.regex else None) for term in terms]
        for terms in query.alternatives
    ]

    def matches(line: LogLine) -> bool:
        if not compiled:
            return True
        text = f"{line.level} {line.node} {line.workload} {line.text}"
        folded = text.casefold()
        return any(
            all(
                (bool(regex.search(text)) if regex else term.text in folded) is not term.negated
                for term, regex in terms
            )
            for terms in compiled
        )

    return matches


def at_least(level: str) -> frozenset[LogLevel]:
    """The levels at least as bad as this one; all for an empty one."""
    if not level:
        return frozenset(ORDER)
    return frozenset(ORDER[: ORDER.index(LogLevel(level)) + 1])
