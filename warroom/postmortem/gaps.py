"""When the record could not see: sources lost or stale, log lines dropped, the host away."""

from datetime import datetime

import msgspec

from warroom.errors import Unreadable
from warroom.events.codec import decode_event
from warroom.events.envelope import Envelope
from warroom.events.logs import LogsAppended
from warroom.events.room import RecorderRecovered, RoomOpened
from warroom.postmortem.sentences import counted
from warroom.state.slices import State


class Blind(msgspec.Struct, frozen=True):
    """An interval in which something was not seen; an open end means until the end of the record."""

    what: str
    start: datetime
    end: datetime | None
    evidence: tuple[int, ...]


class GapReader:
    """Gathers blind spots in one pass."""

    def __init__(self) -> None:
        self._found: list[Blind] = []
        self._open: dict[str, tuple[str, datetime, int]] = {}
        self._last: datetime | None = None

    def take(self, envelope: Envelope, state: State) -> None:
        """Read one event; ``state`` is the fold with it."""
        if envelope.source != "room" and envelope.source in state.sources.sources:
            self._source(envelope, state.sources.sources[envelope.source].status)
        if envelope.type in (LogsAppended.type, RecorderRecovered.type, RoomOpened.type):
            self._counted(envelope)
        self._last = envelope.observed_time

    def _source(self, envelope: Envelope, status: str) -> None:
        name = envelope.source
        if status in ("lost", "stale"):
            self._open.setdefault(name, (f"source {name} {status}", envelope.time, envelope.seq))
        elif status == "synced" and name in self._open:
            what, start, seq = self._open.pop(name)
            self._found.append(Blind(what, start, envelope.time, (seq, envelope.seq)))

    def _counted(self, envelope: Envelope) -> None:
        try:
            event = decode_event(envelope)
        except Unreadable:
            return
        if isinstance(event, LogsAppended) and event.dropped:
            what = f"{event.dropped} log lines of {envelope.source} dropped"
            self._found.append(Blind(what, envelope.time, envelope.time, (envelope.seq,)))
        elif isinstance(event, RecorderRecovered) and event.lost:
            what = f"{event.lost} observations could not be kept"
            self._found.append(Blind(what, envelope.time, envelope.time, (envelope.seq,)))
        elif isinstance(event, RoomOpened) and event.after_crash and self._last is not None:
            self._found.append(
                Blind("the host was not running", self._last, envelope.observed_time, (envelope.seq,))
            )

    def spots(self, state: State) -> tuple[Blind, ...]:
        """All of them, in the order of time; ``state`` is the fold of the whole record."""
        still = [Blind(what, start, None, (seq,)) for what, start, seq in self._open.values()]
        return tuple(sorted([*self._found, *still], key=lambda b: (b.start, b.what)))


def not_read(state: State) -> tuple[str, ...]:
    """What of the record this document could not take in."""
    counts = (
        (state.missed, "event", "missing in the record, among those it should hold"),
        (state.unreadable, "event", "damaged: not readable"),
        (state.strangers, "event", "of a kind that this version of warroom does not know"),
    )
    return tuple(f"{counted(number, noun)} {what}" for number, noun, what in counts if number)
