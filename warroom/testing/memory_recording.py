"""A recording held in memory, for whatever reads recordings; and envelopes made of events and times."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from warroom.errors import Unreadable
from warroom.events.base import Event
from warroom.events.codec import decode_event, encode_event
from warroom.events.envelope import Envelope
from warroom.events.logs import LogsAppended
from warroom.events.room import BaselineRecorded
from warroom.model.commands import LogsFound, LogsRead, ReadLogs, SearchLogs
from warroom.model.nouns import LogLine, Person, RecordedLine
from warroom.state import keyframe
from warroom.state.fold import apply_all
from warroom.state.logtail import LogTail, recorded_lines
from warroom.state.slices import State
from warroom.views.logpages import END, read_page
from warroom.views.logquery import at_least, line_test

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


class Script:
    """Writes a log of events, second by second, as a sequencer would stamp them."""

    def __init__(self, *, start: datetime = START, first_seq: int = 1) -> None:
        self.start = start
        self.envelopes: list[Envelope] = []
        self._first_seq = first_seq

    @property
    def last_seq(self) -> int:
        """The seq of what was written last."""
        return self._first_seq + len(self.envelopes) - 1

    def at(
        self,
        second: float,
        event: Event,
        *,
        by: Person | None = None,
        source: str = "room",
        time: datetime | None = None,
    ) -> Envelope:
        """Write an event down as observed at that second, of ``time`` if it happened earlier."""
        observed = self.start + timedelta(seconds=second)
        room_ms = max(round(second * 1000), self.envelopes[-1].room_ms if self.envelopes else 0)
        envelope = Envelope(
            self.last_seq + 1,
            room_ms,
            time or observed,
            observed,
            source,
            by,
            event.type,
            event.version,
            encode_event(event),
        )
        self.envelopes.append(envelope)
        return envelope

    def baseline(self, second: float, state: State) -> Envelope:
        """Begin a segment: the whole state so far."""
        return self.at(second, BaselineRecorded(state=keyframe.encode(state)))


class MemoryRecording:
    """A ``warroom.host.ports.RecordingReader`` over a list of events; the first is seq 1 or a baseline."""

    def __init__(self, envelopes: Iterable[Envelope], *, name: str = "recording") -> None:
        self._envelopes = list(envelopes)
        self.id = name
        self.first_seq = self._envelopes[0].seq if self._envelopes else 0
        self.last_seq = self._envelopes[-1].seq if self._envelopes else 0
        self.first_ms = self._envelopes[0].room_ms if self._envelopes else 0
        self.last_ms = self._envelopes[-1].room_ms if self._envelopes else 0
        self.closed = False

    def envelopes(self, after_seq: int = 0, up_to_seq: int | None = None) -> Iterator[Envelope]:
        """The events after one seq, up to and with another, in order."""
        last = self.last_seq if up_to_seq is None else up_to_seq
        return (envelope for envelope in self._envelopes if after_seq < envelope.seq <= last)

    def state_at(self, seq: int) -> State:
        """The fold from the beginning."""
        return apply_all(State(), self.envelopes(up_to_seq=seq))

    def seq_at(self, room_ms: int) -> int:
        """The last event that had happened at a room time."""
        return max((e.seq for e in self._envelopes if e.room_ms <= room_ms), default=self.first_seq)

    def room_ms_of(self, seq: int) -> int:
        """The room time of an event, or of the last one before it."""
        return max((e.room_ms for e in self._envelopes if e.seq <= seq), default=self.first_ms)

    def log_tail(self, seq: int, most: int) -> list[RecordedLine]:
        """The newest lines at an event, oldest first."""
        tail = LogTail(most)
        for envelope in self.envelopes(up_to_seq=seq):
            tail.apply(envelope)
        return list(tail.lines)

    def search_logs(self, query: SearchLogs, *, up_to_seq: int | None = None) -> LogsFound:
        """The newest matching lines, of those recorded up to and with an event."""
        matches, levels = line_test(query.query), at_least(query.level)
        within = [line for line in self._lines(up_to_seq) if _within(line, query)]
        found = [
            line
            for line in within
            if query.concerns(line.node, line.workload) and line.level in levels and matches(line)
        ]
        return LogsFound(tuple(found[-query.limit :]), len(found), len(within))

    def read_logs(self, query: ReadLogs, *, up_to_seq: int | None = None) -> LogsRead:
        """A page of lines, of those recorded up to and with an event."""
        chunks = [c for c in map(recorded_lines, self.envelopes(up_to_seq=up_to_seq)) if c]
        pivot = END
        if query.around is not None:
            times = [(e.at, (e.seq, e.place)) for chunk in chunks for e in chunk if e.at is not None]
            pivot = next((spot for at, spot in times if at >= query.around), END)
        return read_page(
            query,
            back=lambda seq: [c for c in reversed(chunks) if c[0].seq <= seq],
            on=lambda seq: [c for c in chunks if c[0].seq >= seq],
            pivot=pivot,
        )

    def _lines(self, up_to_seq: int | None) -> Iterator[LogLine]:
        for envelope in self.envelopes(up_to_seq=up_to_seq):
            try:
                event = decode_event(envelope)
            except Unreadable:
                continue
            if isinstance(event, LogsAppended):
                yield from event.lines

    def close(self) -> None:
        """Note that it was let go of."""
        self.closed = True


def _within(line: LogLine, query: SearchLogs) -> bool:
    if line.time is None:
        return True
    return (query.start is None or line.time >= query.start) and (query.end is None or line.time <= query.end)
