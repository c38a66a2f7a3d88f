"""Replays a recording: the very same fold, moved by a playhead instead of by a host."""

import math
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Protocol

from warroom.errors import WarroomError
from warroom.events.envelope import Envelope
from warroom.model.commands import (
    LogsFound,
    MetricRange,
    MetricsFound,
    Query,
    RangeSeries,
    SearchLogs,
    WorkloadLogs,
)
from warroom.model.text import Safe, neutral
from warroom.state.fold import apply
from warroom.state.logtail import LogTail, TailLine
from warroom.state.roomtime import room_now
from warroom.state.slices import State

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
TAIL = 2000


class RecordingReader(Protocol):
    """What a player needs of a recording."""

    id: str
    first_seq: int
    last_seq: int
    first_ms: int
    last_ms: int

    def envelopes(self, after_seq: int = 0, up_to_seq: int | None = None) -> Iterator[Envelope]:
        """The events after one seq, up to and with another, in order."""

    def state_at(self, seq: int) -> State:
        """The fold of everything up to and with an event."""

    def seq_at(self, room_ms: int) -> int:
        """The last event that had happened at a room time."""

    def room_ms_of(self, seq: int) -> int:
        """The room time of an event."""

    def log_tail(self, seq: int, most: int) -> list[TailLine]:
        """The newest lines at an event, oldest first."""

    def search_logs(self, query: SearchLogs) -> LogsFound:
        """The newest matching lines."""

    def close(self) -> None:
        """Let go of the file."""


class Player:
    """A feed over a recording (see ``warroom.host.feed.ReplayFeed``); commands do not exist here."""

    def __init__(self, recording: RecordingReader, *, title: str) -> None:
        self._recording = recording
        self.title = title
        self.first_ms, self.last_ms = recording.first_ms, recording.last_ms
        self.playing = False
        self.speed = 1.0
        self.trouble = ""
        self.state = State()
        self.log_tail = LogTail()
        self.room_ms = recording.first_ms
        self._part = 0.0
        self._listeners: list[Callable[[], None]] = []
        self.seek_seq(recording.first_seq)

    @property
    def epoch(self) -> int:
        """The host that was running at the playhead."""
        return self.state.room.epoch

    @property
    def recorded_seq(self) -> int:
        """Everything that is shown is recorded."""
        return self.state.seq

    @property
    def now(self) -> datetime:
        """The room's time at the playhead."""
        return room_now(self.state, self.room_ms)

    def subscribe(self, on_change: Callable[[], None]) -> None:
        """Call this after the playhead moved."""
        self._listeners.append(on_change)

    def play(self, playing: bool) -> None:
        """Start or pause."""
        self.playing = playing and self.room_ms < self.last_ms
        self._changed()

    def set_speed(self, speed: float) -> None:
        """Room seconds per second, between half and sixty."""
        self.speed = min(SPEEDS[-1], max(SPEEDS[0], speed))
        self._changed()

    def advance(self, elapsed_s: float) -> None:
        """Let that much real time pass; stops at the end."""
        if not self.playing:
            return
        self._part += elapsed_s * self.speed * 1000
        whole = math.floor(self._part)
        self._part -= whole
        self.seek_ms(self.room_ms + whole)
        if self.room_ms >= self.last_ms:
            self.play(False)

    def seek_ms(self, room_ms: int) -> None:
        """Go to a room time."""
        aim = min(self.last_ms, max(self.first_ms, room_ms))
        self.seek_seq(self._recording.seq_at(aim), aim)

    def seek_seq(self, seq: int, room_ms: int | None = None) -> None:
        """Go to just after an event, with the room's clock at ``room_ms`` (default: the event's)."""
        aim = min(self._recording.last_seq, max(self._recording.first_seq, seq))
        if aim < self.state.seq or aim - self.state.seq > 5000:
            self.state = self._recording.state_at(aim)
            self.log_tail = LogTail(TAIL, self._recording.log_tail(aim, TAIL))
        else:
            for envelope in self._recording.envelopes(self.state.seq, aim):
                self.state = apply(self.state, envelope)
                self.log_tail.apply(envelope)
        self.room_ms = self.state.room_ms if room_ms is None else max(room_ms, self.state.room_ms)
        self._changed()

    def step(self, by: int) -> None:
        """Move by that many moments of the timeline, backwards when negative."""
        self.playing = False
        if by < 0:
            seqs = sorted({m.seq for m in self.state.timeline.moments if m.seq < self.state.seq})
            self.seek_seq(seqs[by] if len(seqs) >= -by else self._recording.first_seq)
            return
        for _ in range(by):
            self._step_forward()

    def _step_forward(self) -> None:
        before = self.state.timeline.revision
        for envelope in self._recording.envelopes(self.state.seq):
            self.seek_seq(envelope.seq)
            if self.state.timeline.revision != before:
                return

    def _changed(self) -> None:
        for listener in self._listeners:
            listener()

    async def ask(self, query: Query) -> Any:
        """Answer from the recording alone; raises ``WarroomError`` for what only a live room can answer."""
        match query:
            case SearchLogs():
                return self._recording.search_logs(query)
            case WorkloadLogs():
                asked = SearchLogs("", workload=query.workload, level=query.level, limit=query.tail, end=self.now)
                return self._recording.search_logs(asked)
            case MetricRange():
                return self._metric_range(query)
            case _:
                raise WarroomError("a replay changes nothing, so there is no plan to show")

    def _metric_range(self, query: MetricRange) -> MetricsFound:
        found = [
            RangeSeries(
                series.labels,
                tuple((p.time, p.value) for p in series.points if query.start <= p.time <= query.end),
            )
            for series in self.state.metrics.series.values()
            if series.metric == query.metric
        ]
        return MetricsFound(tuple(s for s in found if s.points), neutral(query.metric), Safe("recording"))

    async def close(self) -> None:
        """Let go of the file."""
        self._recording.close()
