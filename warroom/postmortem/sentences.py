"""The lines a post-mortem is made of, and how it says lengths of time and times of day."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec


class Sentence(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line and the events it rests on."""

    text: str
    evidence: tuple[int, ...] = ()
    time: datetime | None = None
    done: bool = False
    """Of something to be done: that it was."""
    parts: "tuple[Sentence, ...]" = ()
    """What it consists of, or the facts it rests on, each with its own evidence."""


def all_of(sentence: Sentence) -> Iterator[Sentence]:
    """A line and everything below it."""
    yield sentence
    for part in sentence.parts:
        yield from all_of(part)


def spoken(span: timedelta) -> str:
    """``1 hour 4 minutes``; below an hour with seconds."""
    total = abs(int(span.total_seconds()))
    sign = "-" if span < timedelta() and total else ""
    large, small = (3600, 60) if total >= 3600 else (60, 1)
    names = ("hour", "minute") if total >= 3600 else ("minute", "second")
    numbers = (total // large, total % large // small)
    words = [counted(n, name) for n, name in zip(numbers, names, strict=True) if n]
    return sign + (" ".join(words) or counted(0, names[1]))


def counted(number: int, noun: str, several: str = "") -> str:
    """``1 second``, ``2 seconds``, ``3 entries``."""
    return f"{number} {noun if number == 1 else several or f'{noun}s'}"


def clock(time: datetime, beside: datetime | None = None) -> str:
    """The time of day; with its date where it stands beside a time of another day."""
    day = beside is not None and beside.date() != time.date()
    return f"{time:%Y-%m-%d %H:%M:%S}Z" if day else f"{time:%H:%M:%S}Z"


def stretch(start: datetime, end: datetime) -> str:
    """From when to when."""
    return f"{clock(start, end)} to {clock(end, start)}"
