"""Regular expressions typed by people, searched in text of strangers: none of them can stop the screen.

Python's own engine is used where its work grows with the square of a short text at most. Everything else runs on
an automaton that reads each character once; it is slower on a harmless line and the same on a hostile one.
"""

import re
import warnings
from collections.abc import Callable, Iterable
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from warroom.errors import WarroomError

LONGEST = 200
"""Characters of a pattern."""
MOST_NODES = 2_000
"""Counted repetitions are written out; beyond that a pattern is refused."""
MOST_KNOWN = 5_000
"""Steps of an automaton remembered; more are forgotten all at once."""
LONG, TAME = 4, 7
"""What a repetition counts for, and up to where Python's engine is let loose: one repetition, three alternatives."""
USUAL = 512
"""Characters of a text on which a tame pattern takes no more than a millisecond."""

Search = Callable[[str], bool]


@lru_cache(maxsize=64)
def pattern(text: str) -> Search:
    """Whether a text contains a match; raises ``WarroomError`` for a pattern that cannot be read or bounded."""
    if len(text) > LONGEST:
        raise WarroomError(f"the pattern is longer than {LONGEST} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            tree = _parser.parse(text, re.IGNORECASE)
            compiled = re.compile(text, re.IGNORECASE) if _danger(tree) <= TAME else None
    except (re.error, OverflowError, RecursionError, FutureWarning) as wrong:
        raise WarroomError(f"the pattern /{text}/ cannot be read: {wrong}") from wrong
    if compiled is None:
        return Automaton(tree, text).search
    return _guarded(compiled, tree, text)


def _guarded(compiled: re.Pattern[str], tree: Any, text: str) -> Search:
    """Python's engine for texts of the usual length, the automaton for long ones."""
    if not _danger(tree):
        return lambda searched: compiled.search(searched) is not None
    automaton = Automaton(tree, text)

    def search(searched: str) -> bool:
        if len(searched) > USUAL:
            return automaton.search(searched)
        return compiled.search(searched) is not None

    return search


def _danger(tree: Any) -> int:
    """How much there is in a pattern that multiplies the ways to match: repetitions and alternatives."""
    score = 0
    for kind, value in tree:
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
            least, most, body = value
            if len(body) == 1 and body[0][0] in SINGLE:
                score += 0 if least == most else 1 if most == 1 else LONG
            else:
                score += 1 + _danger(body) if most == 1 else 2 * LONG
        elif kind is op.BRANCH:
            score += 1 + sum(map(_danger, value[1]))
        elif kind is op.SUBPATTERN:
            score += _danger(value[3]) + (2 * LONG if value[1] or value[2] else 0)
        elif kind not in SINGLE and kind is not op.AT:
            score += 2 * LONG  # what the automaton does not know is refused by it
    return score


SINGLE = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)
CATEGORIES: dict[Any, Callable[[str], bool]] = {
    op.CATEGORY_DIGIT: str.isdecimal,
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
    op.CATEGORY_NOT_DIGIT: lambda c: not c.isdecimal(),
    op.CATEGORY_NOT_SPACE: lambda c: not c.isspace(),
    op.CATEGORY_NOT_WORD: lambda c: not (c.isalnum() or c == "_"),
}
START, END = "", ""
"""What stands before the first character, and after the last."""


def _is_word(character: str) -> bool:
    return bool(character) and (character.isalnum() or character == "_")


PLACES: dict[Any, Callable[[str, str], bool]] = {
    op.AT_BEGINNING: lambda before, _: before == START,
    op.AT_BEGINNING_STRING: lambda before, _: before == START,
    op.AT_END: lambda _, after: after == END,
    op.AT_END_STRING: lambda _, after: after == END,
    op.AT_BOUNDARY: lambda before, after: _is_word(before) != _is_word(after),
    op.AT_NON_BOUNDARY: lambda before, after: _is_word(before) == _is_word(after),
}
"""What must hold between two characters."""


class Automaton:
    """Thompson's construction, its sets of places remembered as they are reached."""

    def __init__(self, tree: Any, text: str) -> None:
        self._text = text
        flags = getattr(getattr(tree, "state", None), "flags", 0)
        if flags & ~(re.IGNORECASE | re.UNICODE):
            raise WarroomError(f"the pattern /{text}/ sets flags; only (?i) is known, and always so")
        self._takes: list[Callable[[str], bool] | None] = []
        """What a place takes to go on; None for one that takes nothing."""
        self._goes: list[list[int]] = []
        self._asks: list[Callable[[str, str], bool] | None] = []
        self._last = self._place()
        self._first = self._sequence(tree, self._last)
        self._known: dict[tuple[frozenset[int], str, str], frozenset[int]] = {}

    def search(self, searched: str) -> bool:
        """Whether the text contains a match."""
        first, last, known = self._first, self._last, self._known
        places = frozenset((first,))
        before = START
        for after in (*searched, END):
            step = places, before, after
            onward = known.get(step)
            if onward is None:
                if len(known) > MOST_KNOWN:
                    known.clear()
                onward = known[step] = self._step(places, before, after)
            if last in onward:
                return True
            places, before = onward, after
        return False

    def _step(self, places: Iterable[int], before: str, after: str) -> frozenset[int]:
        """Where one is after that character; at the last place alone once a match is complete."""
        reached: set[int] = set()
        waiting = list(places)
        while waiting:
            place = waiting.pop()
            if place in reached:
                continue
            reached.add(place)
            asks = self._asks[place]
            if self._takes[place] is None and (asks is None or asks(before, after)):
                waiting += self._goes[place]
        if self._last in reached:
            return frozenset((self._last,))
        onward = {
            goal
            for place in reached
            if (takes := self._takes[place]) is not None and after and takes(after)
            for goal in self._goes[place]
        }
        return frozenset(onward - {self._last} | {self._first}) if self._last not in onward else self._done

    @property
    def _done(self) -> frozenset[int]:
        return frozenset((self._last,))

    def _place(
        self,
        *goes: int,
        takes: Callable[[str], bool] | None = None,
        asks: Callable[[str, str], bool] | None = None,
    ) -> int:
        if len(self._goes) >= MOST_NODES:
            raise WarroomError(f"the pattern /{self._text}/ repeats too much; a shorter one finds it, too")
        self._goes.append(list(goes))
        self._takes.append(takes)
        self._asks.append(asks)
        return len(self._goes) - 1

    def _sequence(self, tree: Any, after: int) -> int:
        for kind, value in reversed(list(tree)):
            after = self._one(kind, value, after)
        return after

    def _one(self, kind: Any, value: Any, after: int) -> int:
        """The place from which this part leads to the place after it."""
        if kind in SINGLE:
            return self._place(after, takes=_takes(kind, value))
        if kind is op.SUBPATTERN and not value[1] and not value[2]:
            return self._sequence(value[3], after)
        if kind is op.BRANCH:
            return self._place(*(self._sequence(branch, after) for branch in value[1]))
        if kind is op.AT and value in PLACES:
            return self._place(after, asks=PLACES[value])
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
            least, most, body = value
            return self._repeated(least, most, body, after)
        raise WarroomError(f"the pattern /{self._text}/ looks back or around, which a filter does not do")

    def _repeated(self, least: int, most: Any, body: Any, after: int) -> int:
        if most is op.MAXREPEAT:
            loop = self._place(after)
            self._goes[loop].append(self._sequence(body, loop))
            after = loop
        else:
            end = after
            for _ in range(most - least):
                after = self._place(end, self._sequence(body, after))
        for _ in range(least):
            after = self._sequence(body, after)
        return after


def _takes(kind: Any, value: Any) -> Callable[[str], bool]:
    if kind is op.ANY:
        return lambda c: c != "\n"
    if kind is op.LITERAL:
        return _literal(value)
    if kind is op.NOT_LITERAL:
        is_it = _literal(value)
        return lambda c: not is_it(c)
    negated = value[0][0] is op.NEGATE
    tests = [_member(what, one) for what, one in value if what is not op.NEGATE]
    return lambda c: any(test(c) for test in tests) is not negated


def _literal(code: int) -> Callable[[str], bool]:
    wanted = chr(code).lower()
    return lambda c: c.lower() == wanted


def _member(what: Any, one: Any) -> Callable[[str], bool]:
    if what is op.LITERAL:
        return _literal(one)
    if what is op.RANGE:
        low, high = one
        return lambda c: any(low <= ord(form) <= high for form in {c, c.lower()[:1], c.upper()[:1]})
    return CATEGORIES[one]
