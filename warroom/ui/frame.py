"""One moment of a room as all panes of one frame show it, and how a pane knows what it has drawn already."""

from datetime import datetime
from typing import NamedTuple

from warroom.host.feed import Feed
from warroom.state.logtail import LogTail
from warroom.state.slices import State
from warroom.views.census import Census
from warroom.views.sources import seen_words


class Frame(NamedTuple):
    """One moment of a room."""

    state: State
    now: datetime
    room_ms: int
    log_tail: LogTail
    kept: Census
    lost: datetime | None = None
    """Since when no host tells what is new; None while one does."""

    @property
    def census(self) -> Census:
        """Counts and order of what there is, brought up to date when somebody looks."""
        return self.kept.update(self.state)

    @property
    def minute(self) -> datetime:
        """The time that ages are counted to: they change by the minute."""
        return self.now.replace(second=0, microsecond=0)

    @property
    def sources(self) -> tuple[object, ...]:
        """All that is said of the sources: it changes when one of them is late, not with each look."""
        return tuple(
            (one.name, one.roles, one.status, one.reason, one.address, *seen_words(one, self.room_ms))
            for one in self.state.sources.sources.values()
        )


def frame_of(feed: Feed, census: Census) -> Frame:
    """What a feed shows at this moment."""
    lost = feed.absence.since if feed.absence is not None else None
    return Frame(feed.state, feed.now, feed.room_ms, feed.log_tail, census, lost)


class Seen:
    """Remembers what something was drawn from."""

    def __init__(self) -> None:
        self._state: State | None = None
        self._facts: tuple[object, ...] = ()

    def changed(self, state: State, *facts: object) -> bool:
        """Whether it must be drawn anew. Another state object may count its revisions anew too."""
        same = state is self._state and facts == self._facts
        self._state, self._facts = state, facts
        return not same
