"""What a screen needs of a room, live or replayed: state, log tail, time, answers; wishes only when live."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from warroom.model.commands import Command, Query
from warroom.model.nouns import Person
from warroom.state.logtail import LogTail
from warroom.state.slices import State
from warroom.views.absence import Absence


class Feed(Protocol):
    """A room as one client sees it. All fields belong to one event loop."""

    state: State
    log_tail: LogTail
    room_ms: int
    trouble: str
    """Why what is shown is not current (host gone, reconnecting, recording damaged); empty when it is."""
    absence: Absence | None
    """Since when no host runs the room that was shown; None while one does, and in a replay."""

    @property
    def epoch(self) -> int:
        """Which host process it is, or was."""

    @property
    def now(self) -> datetime:
        """The room's time as last told; stands still when the room's clock or the replay does."""

    @property
    def recorded_seq(self) -> int:
        """Everything up to here is in the record."""

    def subscribe(self, on_change: Callable[[], None]) -> None:
        """Call this after the state or the time moved on; many changes may be told as one."""

    async def ask(self, query: Query) -> Any:
        """Answer a query with its answer type; raises ``WarroomError``."""

    async def close(self) -> None:
        """Stop looking."""


@runtime_checkable
class LiveFeed(Feed, Protocol):
    """A feed through which commands can be sent. A replay has no such method."""

    you: Person
    """Who the host knows this client as."""

    @property
    def read_only(self) -> bool:
        """Whether the host refuses whatever is wished."""

    async def wish(self, command: Command) -> Any:
        """Send a command; raises ``Refused`` with the reason."""


@runtime_checkable
class ReplayFeed(Feed, Protocol):
    """A feed over a recording."""

    first_ms: int
    last_ms: int
    playing: bool
    speed: float

    def play(self, playing: bool) -> None:
        """Start or pause."""

    def advance(self, elapsed_s: float) -> None:
        """Let that much real time pass while playing."""

    def step(self, by: int) -> None:
        """Move by that many events (timeline moments), backwards when negative."""

    def to_critical(self, by: int) -> bool:
        """Go to the next critical moment of the recording, or the one before; False when there is none."""

    def seek_ms(self, room_ms: int) -> None:
        """Go to a room time."""

    def seek_seq(self, seq: int, room_ms: int | None = None) -> None:
        """Go to just after an event, with the room's clock at ``room_ms`` (default: the event's)."""

    def set_speed(self, speed: float) -> None:
        """Room seconds per second."""
