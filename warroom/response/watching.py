"""What follows from the state by itself: findings, ticks of the checklist, milestones, clocks that ran out.

A watcher is a pure function of the state, the time and the book. What it answers is recorded as events; once
they are folded the same state gives nothing more, so that asking again costs nothing and repeats nothing.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from warroom.events.base import Event
from warroom.response.book import Book
from warroom.state.slices import State


class Moment(NamedTuple):
    """What a watcher is given."""

    state: State
    now: datetime
    room_ms: int
    book: Book


class Followed(NamedTuple):
    """An event that follows, and when it happened where that is not now."""

    event: Event
    time: datetime | None = None


Watcher = Callable[[Moment], Iterable[Followed]]
