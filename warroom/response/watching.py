"""What follows from the state by itself: findings, ticks of the checklist, milestones, clocks that ran out.

A watcher is a pure function of the state, the time and the book. What it answers is recorded as events; once
they are folded the same state gives nothing more, so that asking again costs nothing and repeats nothing.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple, TypeVar

from warroom.events.base import Event
from warroom.response.book import Book
from warroom.state.slices import State

Kept = TypeVar("Kept")


class Memory:
    """What watchers want to find again at the next look; losing it costs work and patience, never truth."""

    def __init__(self) -> None:
        self._kept: dict[type, object] = {}
        self.busy = False
        """A watcher is in the middle of its work and wants to be asked again at once."""

    def of(self, kind: type[Kept]) -> Kept:
        """The one thing of this kind that is kept, made by its class when there is none."""
        kept = self._kept.get(kind)
        if not isinstance(kept, kind):
            kept = self._kept[kind] = kind()
        return kept


class Moment(NamedTuple):
    """What a watcher is given."""

    state: State
    now: datetime
    room_ms: int
    book: Book
    memory: Memory | None = None
    """Owned by who asks; without one nothing is remembered from one look to the next."""


class Followed(NamedTuple):
    """An event that follows, and when it happened where that is not now."""

    event: Event
    time: datetime | None = None


Watcher = Callable[[Moment], Iterable[Followed]]
