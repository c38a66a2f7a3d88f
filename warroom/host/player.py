"""Replays a recording: the very same fold, moved by a playhead instead of by a host."""

import asyncio
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from warroom.errors import Unreadable, WarroomError
from warroom.events.codec import decode_event
from warroom.events.metrics import SeriesSampled
from warroom.host.ports import RecordingReader
from warroom.model.commands import (
    MetricRange,
    MetricsFound,
    Query,
    RangeSeries,
    ReadLogs,
    SearchLogs,
    WorkloadLogs,
)
from warroom.model.text import Safe, neutral
from warroom.state.fold import apply
from warroom.state.logtail import LogTail
from warroom.state.roomtime import room_now
from warroom.state.slices import State, series_key
from warroom.views.absence import Absence
from warroom.views.timeline import CRITICAL

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
TAIL = 2000
FOLDED_AHEAD = 5000
"""Events folded one by one on a way forward; further away a cached state is nearer."""
FIRST_LOOK = 500
"""Events within which a room has seen its cluster, or never will."""
MOST_SAID = 100
"""Moments that one event is told as, at most."""
READ_AT_ONCE = 200
"""Events read for a metric range before the event loop gets its turn."""


class Player:
    """A feed over a recording (see ``warroom.host.feed.ReplayFeed``); commands do not exist here."""

    def __init__(self, recording: RecordingReader, *, title: str) -> None:
        self._recording = recording
        self.title = title
        self.first_ms, self.last_ms = recording.first_ms, recording.last_ms
        self.playing = False
        self.speed = 1.0
        self.trouble = ""
        self.absence: Absence | None = None
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

    def to_first_look(self) -> None:
        """Go to where every source was first seen, or lost: before that panes are empty."""
        most = min(self._recording.last_seq, self._recording.first_seq + FIRST_LOOK)
        while not _looked(self.state) and self.state.seq < most and not self.trouble:
            self.seek_seq(self.state.seq + 1)
        if not _looked(self.state):
            self.seek_seq(self._recording.first_seq)

    def seek_time(self, moment: datetime) -> None:
        """Go to a time of the recording; the nearer end when it lies outside."""
        self.seek_ms(self.room_ms + int((moment - self.now).total_seconds() * 1000))

    @property
    def end(self) -> datetime:
        """The room's time at the end of the recording, as counted from the playhead."""
        return self.now + timedelta(milliseconds=self.last_ms - self.room_ms)

    def play(self, playing: bool) -> None:
        """Start or pause."""
        self.playing = playing and (self.room_ms, self.state.seq) < (self.last_ms, self._recording.last_seq)
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
        try:
            self._move(aim)
            self.trouble = ""
        except WarroomError as damaged:
            self.trouble, self.playing, room_ms = str(damaged), False, None
        self.room_ms = self.state.room_ms if room_ms is None else max(room_ms, self.state.room_ms)
        self._changed()

    def _move(self, aim: int) -> None:
        if aim < self.state.seq or aim - self.state.seq > FOLDED_AHEAD:
            state, lines = self._recording.state_at(aim), self._recording.log_tail(aim, TAIL)
            # Screens compare revisions, so a tail of other lines must never come with one they have seen.
            revision = self.log_tail.revision + 1
            self.state, self.log_tail = state, LogTail(TAIL, lines)
            self.log_tail.revision = revision
            return
        for envelope in self._recording.envelopes(self.state.seq, aim):
            self.state = apply(self.state, envelope)
            self.log_tail.apply(envelope)

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
        before, at = self.state.timeline.revision, self.state.seq
        while self.state.timeline.revision == before and at < self._recording.last_seq and not self.trouble:
            at += 1
            self.seek_seq(at)

    def to_critical(self, by: int) -> bool:
        """Go to the next critical moment of the recording, or the one before; False, and stay, when there is none."""
        self.playing = False
        if by < 0:
            seqs = [
                m.seq for m in self.state.timeline.moments if m.role in CRITICAL and m.seq < self.state.seq
            ]
            if seqs:
                self.seek_seq(seqs[-1])
            return bool(seqs)
        came_from = self.state.seq, self.room_ms
        while self.state.seq < self._recording.last_seq and not self.trouble:
            before, began = self.state.seq, self.state.timeline.revision
            self._fold_until_told(began)
            new = [m for m in self.state.timeline.moments[-MOST_SAID:] if m.seq > before]
            if any(m.role in CRITICAL for m in new):
                self.seek_seq(self.state.seq)
                return True
        self.seek_seq(*came_from)
        return False

    def _fold_until_told(self, revision: int) -> None:
        """Fold on until the timeline says something new; whoever looks is told of the end alone."""
        try:
            for envelope in self._recording.envelopes(self.state.seq):
                self.state = apply(self.state, envelope)
                self.log_tail.apply(envelope)
                if self.state.timeline.revision != revision:
                    return
        except WarroomError as damaged:
            self.trouble = str(damaged)

    def _changed(self) -> None:
        for listener in self._listeners:
            listener()

    async def ask(self, query: Query) -> Any:
        """Answer from the recording alone; raises ``WarroomError`` for what only a live room can answer."""
        match query:
            case SearchLogs():
                return self._recording.search_logs(query, up_to_seq=self.state.seq)
            case ReadLogs():
                return self._recording.read_logs(query, up_to_seq=self.state.seq)
            case WorkloadLogs():
                asked = SearchLogs("", workload=query.workload, level=query.level, limit=query.tail)
                return self._recording.search_logs(asked, up_to_seq=self.state.seq)
            case MetricRange():
                return await self._metric_range(query)
            case _:
                raise WarroomError("a replay changes nothing, so there is no plan to show")

    async def _metric_range(self, query: MetricRange) -> MetricsFound:
        """Recorded points alone, up to the playhead; the first event may hold some as a baseline."""
        begin, playhead = self._recording.first_seq, self.state.seq
        found = {
            key: (series.labels, {p.time: p.value for p in series.points})
            for key, series in self._recording.state_at(begin).metrics.series.items()
            if series.metric == query.metric
        }
        left_out = 0
        for number, envelope in enumerate(self._recording.envelopes(begin, playhead), 1):
            if number % READ_AT_ONCE == 0:
                await asyncio.sleep(0)
            if envelope.type != SeriesSampled.type:
                continue
            try:
                event = decode_event(envelope)
            except Unreadable:
                continue
            if not isinstance(event, SeriesSampled):
                continue
            left_out = event.left_out
            for sample in event.samples:
                if sample.metric == query.metric:
                    key = series_key(sample.metric, sample.labels)
                    found.setdefault(key, (sample.labels, {}))[1].setdefault(sample.time, sample.value)
        ranges = (RangeSeries(labels, _thinned(points, query)) for labels, points in found.values())
        series = tuple(one for one in ranges if one.points)
        warnings = () if series else (neutral(f"nothing of {query.metric} was recorded in that time"),)
        return MetricsFound(series, neutral(query.metric), Safe("recording"), left_out, warnings)

    async def close(self) -> None:
        """Let go of the file."""
        self._recording.close()


def _looked(state: State) -> bool:
    sources = state.sources.sources.values()
    return state.cluster.listed and all(one.status != "loading" for one in sources)


def _thinned(
    points: dict[datetime, float | None], query: MetricRange
) -> tuple[tuple[datetime, float | None], ...]:
    """The points inside the asked time, at least a step apart."""
    step = timedelta(seconds=query.step_s)
    kept: list[tuple[datetime, float | None]] = []
    for time in sorted(points):
        if query.start <= time <= query.end and (not kept or time - kept[-1][0] >= step):
            kept.append((time, points[time]))
    return tuple(kept)
