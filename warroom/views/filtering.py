"""The filter of panes and log searches: ``word``, ``/re/``, ``!x``, ``key=value``, ``key~re``.

A space is and, ``|`` is or; ``OR`` between words is an or of all that stands on both sides.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

import msgspec

from warroom.errors import WarroomError
from warroom.views.patterns import pattern

Operator = Literal["", "=", "~"]
"""A word is looked for anywhere; the value of a key is compared as a whole, or searched by a pattern."""

LONGEST_FILTER = 400
LONGEST_TEXT = 4_096
"""Characters of a row that are looked at."""
FAULTS = frozenset(
    {"critical", "warning", "lost", "stale", "unknown", "sev1", "sev2", "sev3", "log_error", "log_warn"}
)
"""Roles of what *faults only* keeps."""

_WORD = r'"[^"]*"|/(?:[^/\\]|\\.)*/(?=[\s|]|\Z)|[^\s|"]+'
_KEY = r"[A-Za-z_][\w./-]*"
_TERM = re.compile(rf"(?P<negated>!)?(?:(?P<key>{_KEY})(?P<operator>!=|=|~))?", re.ASCII)
_ONE = re.compile(_WORD)
_JOINED = re.compile(r"(?:OR|AND)(?=\s|\Z)")
_VALUE = re.compile(r'"[^"]*"|[^\s|"]*')
_PATTERN_VALUE = re.compile(r'"[^"]*"|/(?:[^/\\]|\\.)*/(?=\s|\Z)|\S*')


class Subject(NamedTuple):
    """A row as a filter sees it."""

    text: str
    """What words and patterns look at."""
    fields: Mapping[str, str] = {}
    """Columns and labels: what ``key=value`` looks at. Names are small letters."""
    role: str = "text"


class Part(msgspec.Struct, frozen=True):
    """One condition on a row."""

    key: str
    operator: Operator
    value: str
    is_pattern: bool = False


class Term(msgspec.Struct, frozen=True):
    """Conditions of which one must hold, or none of them."""

    parts: tuple[Part, ...]
    negated: bool = False


class Filter(msgspec.Struct, frozen=True):
    """Terms that must all hold; none at all lets every row through."""

    text: str = ""
    terms: tuple[Term, ...] = ()
    faults: bool = False
    """Only rows with something wrong."""
    instead: tuple[tuple[Term, ...], ...] = ()
    """Terms after an ``OR``: all of one of these may hold as well."""

    def __bool__(self) -> bool:
        return bool(self.terms) or self.faults

    @property
    def alternatives(self) -> tuple[tuple[Term, ...], ...]:
        """Terms of which all of one must hold."""
        return (self.terms, *self.instead)

    @property
    def keys(self) -> frozenset[str]:
        """The columns and labels it asks for."""
        return frozenset(
            part.key for terms in self.alternatives for term in terms for part in term.parts if part.key
        )


EVERYTHING = Filter()
FILTER_CELLS = 28
"""How much of a filter a title shows."""


def filter_words(wanted: Filter) -> str:
    """A filter as a title says it."""
    text = wanted.text
    text = text if len(text) <= FILTER_CELLS else f"{text[: FILTER_CELLS - 1]}…"
    return " ".join([*(["faults"] if wanted.faults else []), *([f"/{text}"] if text else [])])


def parse_filter(text: str, *, faults: bool = False) -> Filter:
    """Read a filter; raises ``WarroomError`` saying what is wrong with it."""
    if len(text) > LONGEST_FILTER:
        raise WarroomError(f"the filter is longer than {LONGEST_FILTER} characters")
    alternatives: list[list[Term]] = [[]]
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        if joined := _JOINED.match(text, at):
            at = joined.end()
            if joined[0] == "OR":
                alternatives.append([])
            continue
        term, at = _term(text, at)
        alternatives[-1].append(term)
    if len(alternatives) > 1 and not all(alternatives):
        raise WarroomError("OR wants a word on both sides")
    first, *others = map(tuple, alternatives)
    return Filter(text.strip(), first, faults, tuple(others))


def _term(text: str, at: int) -> tuple[Term, int]:
    """One term that begins there, and where it ends."""
    negated = False
    key, operator = "", ""
    parts: list[Part] = []
    while True:
        head = _TERM.match(text, at)
        assert head is not None, "every part of the pattern may be empty"
        if head["negated"] and parts:
            raise WarroomError("! stands before the whole term: !a|b is neither a nor b")
        if head["negated"] or head["operator"] == "!=":
            negated = True
        if head["operator"]:
            if parts and (head["operator"] == "!="):
                raise WarroomError("!= cannot follow |: write key!=a|b for neither a nor b")
            key, operator = head["key"].lower(), head["operator"].removeprefix("!")
        at = head.end()
        part, at = _part(text, at, key, operator)
        parts.append(part)
        if not text.startswith("|", at):
            return Term(tuple(parts), negated), at
        at += 1


def _part(text: str, at: int, key: str, operator: str) -> tuple[Part, int]:
    if operator == "=":
        found = _VALUE.match(text, at)
        assert found is not None, "the pattern may be empty"
        _closed(text, found.end())
        return Part(key, "=", _bare(found[0]).casefold()), found.end()
    if operator == "~":
        found = _PATTERN_VALUE.match(text, at)
        assert found is not None, "the pattern may be empty"
        value = _unslashed(_bare(found[0]))
        if not value:
            raise WarroomError(f"{key}~ wants a pattern")
        pattern(value)
        return Part(key, "~", value, is_pattern=True), found.end()
    found = _ONE.match(text, at)
    if found is None:
        _closed(text, at)
        raise WarroomError("| and ! want a word beside them")
    word = found[0]
    if len(word) > 1 and word[0] == word[-1] == "/":
        if len(word) == 2:
            raise WarroomError("// wants a pattern between the strokes")
        pattern(word[1:-1])
        return Part("", "", word[1:-1], is_pattern=True), found.end()
    _closed(text, found.end())
    if not _bare(word):
        raise WarroomError('"" wants a word between the quotes')
    return Part("", "", _bare(word).casefold()), found.end()


def _closed(text: str, at: int) -> None:
    if text.startswith('"', at):
        raise WarroomError('a " is not closed, or stands inside a word')


def _bare(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] == '"' else word


def _unslashed(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] == "/" else word


Test = Callable[[Subject], bool]


def checker(wanted: Filter) -> Test:
    """A fast test for rows. Case does not matter."""
    tests = [_test(term) for term in wanted.terms] if not wanted.instead else [_any_of(wanted.alternatives)]
    if wanted.faults:
        tests.append(lambda row: row.role in FAULTS)
    if len(tests) == 1:
        return tests[0]
    return lambda row: all(test(row) for test in tests)


def _any_of(alternatives: Iterable[Iterable[Term]]) -> Test:
    every = [[_test(term) for term in terms] for terms in alternatives]
    return lambda row: any(all(test(row) for test in tests) for tests in every)


def _test(term: Term) -> Test:
    alternatives = [_part_test(part) for part in term.parts]
    if len(alternatives) == 1:
        only = alternatives[0]
        return (lambda row: not only(row)) if term.negated else only
    return lambda row: any(one(row) for one in alternatives) is not term.negated


def _part_test(part: Part) -> Test:
    key, value = part.key, part.value
    if not key:
        if part.is_pattern:
            found = pattern(value)
            return lambda row: found(row.text[:LONGEST_TEXT])
        return lambda row: value in row.text.casefold()
    if part.operator == "=":
        return lambda row: row.fields.get(key, "").casefold() == value
    searched = pattern(value)
    return lambda row: key in row.fields and searched(row.fields[key][:LONGEST_TEXT])
