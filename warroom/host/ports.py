"""What the host needs of the outside: sources, actuators, readers and a recorder, as protocols."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

import msgspec

from warroom.events.base import Event
from warroom.events.envelope import Envelope
from warroom.events.sources import SourceAnnounced
from warroom.model.commands import (
    LogsFound,
    LogsRead,
    MetricRange,
    MetricsFound,
    ReadLogs,
    SearchLogs,
    WorkloadLogs,
)
from warroom.model.nouns import RecordedLine
from warroom.model.requests import Request
from warroom.model.text import Safe
from warroom.state.slices import State


class Observation(msgspec.Struct, frozen=True):
    """One event a source saw, and when it happened there if that is known."""

    event: Event
    time: datetime | None = None
    whole: bool = True
    """False while further events of the same look follow: until then what is shown is part old, part new."""


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the target's API answered; whether it worked is found by looking again.

    ``unknown`` is any call that may have reached the target but whose answer did not come.
    """

    status: Literal["succeeded", "failed", "unknown"]
    detail: Safe = Safe("")
    created: tuple[str, ...] = ()


Report = Callable[[Safe, int, int], None]
"""Tells that ``done`` of ``total`` steps are made, in a sentence."""


class Source(Protocol):
    """The part of an adapter that reads.

    ``observe`` reports for ever: it never ends and never raises for a bad network or a bad answer; it yields
    ``SourceSynced`` after its first complete look, ``SourcePolled`` when a look found nothing different,
    ``SourceLost`` with a reason when it cannot look, and goes on trying. The first complete look yields
    everything as changed. It may be cancelled at any await.
    """

    name: str

    def announce(self) -> SourceAnnounced:
        """What this source is and what can be done through it."""

    def observe(self) -> AsyncIterator[Observation]:
        """What is seen, as it is seen."""

    async def close(self) -> None:
        """Let go of connections."""


@runtime_checkable
class Recalling(Protocol):
    """A source that can be told what a host before it saw, so that what went meanwhile is missed."""

    def recall(self, state: State) -> None:
        """Take what this state shows for what was seen last; before the first look."""


@runtime_checkable
class Ticking(Protocol):
    """A simulated source, which the host drives tick by tick instead of letting it observe."""

    def tick(self) -> list[Observation]:
        """What the tick that the clock has now reached brought; the first call shows everything."""


@runtime_checkable
class Actuator(Protocol):
    """The part of an adapter that carries out commands."""

    async def carry_out(self, request: Request, *, operation: str, report: Report) -> Outcome:
        """Make the call(s); the operation id goes into a field the target keeps.

        Never raises for a refusal or a broken link: it answers ``failed`` or ``unknown``.
        """


@runtime_checkable
class MetricReader(Protocol):
    """An adapter that answers metric ranges."""

    async def metric_range(self, query: MetricRange) -> MetricsFound:
        """Read a range; raises ``SourceError``."""


@runtime_checkable
class LogReader(Protocol):
    """An adapter that can read a workload's own log."""

    async def workload_logs(self, query: WorkloadLogs) -> LogsFound:
        """The newest lines; raises ``SourceError``."""


@runtime_checkable
class LogHistory(Protocol):
    """An adapter that can read lines which were written before the room looked, and so were never recorded.

    They stand in event 0, at a place of the adapter's own.
    """

    @property
    def has_older(self) -> bool:
        """Whether there are any."""

    async def older_lines(self, query: ReadLogs) -> LogsRead:
        """A page of them; raises ``SourceError``."""


class Recorder(Protocol):
    """Keeps a room's events. ``accept`` never waits; ``durable`` waits for the commit."""

    path: str
    recorded_seq: int
    """The newest seq that is committed."""
    on_trouble: Callable[[str, int, int], None]
    """Told with a reason when the record cannot be kept; with an empty one, the number of kept events merged
    and of observations lost, when it can again."""

    async def run(self) -> None:
        """Commit what is queued, for as long as the recorder is open; owned by the room."""

    def accept(self, envelopes: Sequence[Envelope], *, urgent: bool) -> None:
        """Take events in seq order; urgent ones are committed at once, others within 50 ms."""

    async def durable(self, seq: int) -> None:
        """Wait until that seq is committed; raises ``WarroomError`` while the record cannot be kept."""

    async def search_logs(self, query: SearchLogs, *, now: datetime) -> LogsFound:
        """Search recorded lines."""

    async def read_logs(self, query: ReadLogs) -> LogsRead:
        """A page of recorded lines."""

    async def close(self) -> None:
        """Commit what is queued and close the file."""


class RecordingReader(Protocol):
    """A recording that can be read at any event. Each method raises ``WarroomError`` for a damaged file."""

    id: str
    first_seq: int
    last_seq: int
    first_ms: int
    last_ms: int

    def envelopes(self, after_seq: int = 0, up_to_seq: int | None = None) -> Iterator[Envelope]:
        """The events after one seq, up to and with another, in order."""

    def state_at(self, seq: int) -> State:
        """The fold of everything up to and with an event; a state of its own each time."""

    def seq_at(self, room_ms: int) -> int:
        """The last event that had happened at a room time."""

    def room_ms_of(self, seq: int) -> int:
        """The room time of an event."""

    def log_tail(self, seq: int, most: int) -> list[RecordedLine]:
        """The newest lines at an event, oldest first."""

    def search_logs(self, query: SearchLogs, *, up_to_seq: int | None = None) -> LogsFound:
        """The newest matching lines, of those recorded up to and with an event."""

    def read_logs(self, query: ReadLogs, *, up_to_seq: int | None = None) -> LogsRead:
        """A page of lines, of those recorded up to and with an event."""

    def close(self) -> None:
        """Let go of the file."""
