"""Turns a queue of events into the rows of one commit; runs in a worker, beside the host's loop."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import zstandard

from warroom.errors import Unreadable
from warroom.events.codec import decode_event
from warroom.events.envelope import Envelope
from warroom.events.incident import IncidentDeclared, IncidentResolved, SeverityChanged
from warroom.events.logs import LogsAppended
from warroom.events.room import BaselineRecorded, RoomClosed, RoomOpened
from warroom.model.nouns import LogLevel
from warroom.recorder.rows import EventRow, chained, micros, row_of
from warroom.state import keyframe
from warroom.state.fold import apply
from warroom.state.slices import State

KEYFRAME_MS = 60_000
KEYFRAME_EVENTS = 5_000
"""A keyframe after that much room time or that many events, whichever comes first."""


class LogRow(NamedTuple):
    """What a block of log lines holds, so that a search can skip it."""

    seq: int
    first_time: int | None
    last_time: int | None
    lines: int
    errors: int
    warnings: int


class Keyframe(NamedTuple):
    """A cached state."""

    seq: int
    room_ms: int
    format: int
    digest: bytes
    state: bytes


class Batch(NamedTuple):
    """One link of the chain."""

    n: int
    first_seq: int
    last_seq: int
    head: bytes


class Prepared(NamedTuple):
    """Everything one commit writes."""

    rows: list[EventRow]
    batches: list[Batch]
    logs: list[LogRow]
    segments: list[tuple[int, int]]
    meta: dict[str, str]
    keyframe: Keyframe | None
    seal: str
    """What happened that is worth a signature; empty when nothing did."""


class Preparer:
    """Keeps the chain's head and the recorder's own fold. Used by one thread at a time."""

    def __init__(self, *, head: bytes, batches: int, state: State) -> None:
        self.head = head
        self.batches = batches
        self._state = state
        self._keyframe_ms = state.room_ms
        self._since_keyframe = 0

    def prepare(self, envelopes: Sequence[Envelope]) -> Prepared:
        """The rows of these events, in seq order."""
        made = Prepared([], [], [], [], {}, None, "")
        link: list[EventRow] = []
        sealed = ""
        for envelope in envelopes:
            if envelope.type == BaselineRecorded.type:
                self._close_link(link, made.batches)
                link = []
                made.segments.append((envelope.seq, envelope.room_ms))
            row = row_of(envelope)
            link.append(row)
            made.rows.append(row)
            sealed = _note(envelope, made) or sealed
            self._state = apply(self._state, envelope)
        self._close_link(link, made.batches)
        self._since_keyframe += len(envelopes)
        return made._replace(keyframe=self._keyframe(), seal=sealed)

    def _close_link(self, link: list[EventRow], batches: list[Batch]) -> None:
        if link:
            self.head = chained(self.head, link)
            self.batches += 1
            batches.append(Batch(self.batches, link[0].seq, link[-1].seq, self.head))

    def _keyframe(self) -> Keyframe | None:
        state = self._state
        due = state.room_ms - self._keyframe_ms >= KEYFRAME_MS or self._since_keyframe >= KEYFRAME_EVENTS
        if not due:
            return None
        self._keyframe_ms, self._since_keyframe = state.room_ms, 0
        packed = zstandard.ZstdCompressor(level=1).compress(keyframe.encode(state))
        return Keyframe(state.seq, state.room_ms, keyframe.FORMAT, hashlib.sha256(packed).digest(), packed)


def _note(envelope: Envelope, made: Prepared) -> str:
    """Note what lists and searches need; answers what a signature is due for."""
    if envelope.type == LogsAppended.type:
        made.logs.append(_log_row(envelope))
        return ""
    if envelope.type not in _NOTED:
        return ""
    try:
        event = decode_event(envelope)
    except Unreadable:
        return ""
    match event:
        case IncidentDeclared():
            declared = {
                "incident": event.incident,
                "title": str(event.title),
                "severity": str(event.severity),
            }
            made.meta.update(declared, declared=envelope.time.isoformat(), resolved="")
            return "declared"
        case SeverityChanged():
            made.meta["severity"] = str(event.severity)
        case IncidentResolved():
            made.meta["resolved"] = envelope.time.isoformat()
            return "resolved"
        case RoomOpened():
            made.meta.update(epoch=str(event.epoch), closed="")
            return "opened"
        case RoomClosed():
            made.meta["closed"] = envelope.time.isoformat()
            return "closed"
    return ""


_NOTED = {e.type for e in (IncidentDeclared, SeverityChanged, IncidentResolved, RoomOpened, RoomClosed)}


def _log_row(envelope: Envelope) -> LogRow:
    try:
        event = decode_event(envelope)
    except Unreadable:
        event = None
    lines = event.lines if isinstance(event, LogsAppended) else ()
    times = [micros(line.time) for line in lines if line.time is not None]
    bad = (LogLevel.ERROR, LogLevel.FATAL)
    return LogRow(
        envelope.seq,
        min(times, default=None),
        max(times, default=None),
        len(lines),
        sum(line.level in bad for line in lines),
        sum(line.level is LogLevel.WARN for line in lines),
    )


def state_of(row: Keyframe) -> State | None:
    """The state of a keyframe; None when it is of another format or damaged."""
    if row.format != keyframe.FORMAT or hashlib.sha256(row.state).digest() != row.digest:
        return None
    try:
        return keyframe.decode(zstandard.ZstdDecompressor().decompress(row.state))
    except (Unreadable, zstandard.ZstdError, msgspec.MsgspecError):
        return None
