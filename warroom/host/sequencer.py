"""Gives every event its place: stamps it, folds it, hands it to the recorder and to whoever looks on."""

from collections.abc import Callable
from datetime import datetime

from warroom.clock import Clock
from warroom.events.base import Event
from warroom.events.codec import Family, encode_event, family_of
from warroom.events.envelope import Envelope
from warroom.events.room import BaselineRecorded
from warroom.host.ports import Recorder
from warroom.model.nouns import Person
from warroom.state import keyframe
from warroom.state.fold import apply
from warroom.state.logtail import LogTail
from warroom.state.slices import State

SEGMENT_MS = 300_000
"""Room time after which a new segment of the black box begins."""

URGENT = frozenset({Family.ROOM, Family.ACTIONS, Family.INCIDENT})
ROOM_SOURCE = "room"


class Sequencer:
    """The one place where events enter a room. Belongs to the host's event loop; never waits."""

    def __init__(self, clock: Clock, recorder: Recorder, *, state: State | None = None) -> None:
        self.clock = clock
        self.recorder = recorder
        self.state = state or State()
        self.log_tail = LogTail()
        self._segment = -1
        self._listeners: list[Callable[[Envelope], None]] = []

    def subscribe(self, listener: Callable[[Envelope], None]) -> None:
        """Call this for every event, after it was folded."""
        self._listeners.append(listener)

    def record_into(self, recorder: Recorder) -> None:
        """Go on in another recording, which begins with the state as it is."""
        self.recorder = recorder
        self._segment = -1

    def begin(self, recorder: Recorder) -> None:
        """Begin a recording with a baseline."""
        self.record_into(recorder)
        self.begin_segment()

    def accept(
        self,
        event: Event,
        *,
        source: str = ROOM_SOURCE,
        actor: Person | None = None,
        time: datetime | None = None,
    ) -> Envelope:
        """Take an event in: it happened, and from now on everybody knows."""
        segment = max(self.clock.room_ms(), self.state.room_ms) // SEGMENT_MS
        if segment != self._segment:
            self._begin_segment(segment)
        return self._stamp(event, source=source, actor=actor, time=time)

    def begin_segment(self) -> None:
        """Record the whole state now, because something before it is missing from the record."""
        self._begin_segment(self.clock.room_ms() // SEGMENT_MS)

    def _begin_segment(self, segment: int) -> None:
        self._segment = segment
        baseline = BaselineRecorded(state=keyframe.encode(self.state))
        self._stamp(baseline, source=ROOM_SOURCE, actor=None, time=None)

    def _stamp(self, event: Event, *, source: str, actor: Person | None, time: datetime | None) -> Envelope:
        observed = self.clock.now()
        if time is not None and time.tzinfo is None:
            raise ValueError(f"{event.type} of {source} happened at a time without a zone")
        envelope = Envelope(
            self.state.seq + 1,
            max(self.clock.room_ms(), self.state.room_ms),
            time or observed,
            observed,
            source,
            actor,
            event.type,
            event.version,
            encode_event(event),
        )
        self.recorder.accept([envelope], urgent=family_of(event.type) in URGENT)
        self.state = apply(self.state, envelope)
        self.log_tail.apply(envelope)
        for listener in self._listeners:
            listener(envelope)
        return envelope
