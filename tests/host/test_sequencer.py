"""The sequencer gives every event its place and tells everybody, in the same order."""

from datetime import timedelta

import pytest

from warroom.events.envelope import Envelope
from warroom.events.incident import NoteAdded
from warroom.events.logs import LogsAppended
from warroom.events.room import BaselineRecorded, RoomUnlocked
from warroom.events.sources import SourcePolled
from warroom.host.sequencer import SEGMENT_MS, Sequencer
from warroom.model.nouns import LogLevel, LogLine, Person
from warroom.model.text import Safe
from warroom.state import keyframe
from warroom.state.fold import apply_all
from warroom.state.slices import State
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.memory_recorder import MemoryRecorder
from warroom.testing.memory_recording import START

MAYA = Person(Safe("maya"), 1000, "tui")


class Rig:
    def __init__(self) -> None:
        self.clock = LeapingClock()
        self.recorder = MemoryRecorder()
        self.sequencer = Sequencer(self.clock, self.recorder)
        self.heard: list[Envelope] = []
        self.sequencer.subscribe(self.heard.append)

    def note(self, text: str = "a note", **more: object) -> Envelope:
        return self.sequencer.accept(NoteAdded(Safe(text)), actor=MAYA, **more)  # type: ignore[arg-type]


def test_events_are_numbered_without_gaps_and_everybody_hears_them_in_that_order() -> None:
    rig = Rig()
    for _ in range(20):
        rig.clock.leap(47)
        rig.note()
    queued = rig.recorder._queue
    assert [envelope.seq for envelope in queued] == list(range(1, len(queued) + 1))
    assert rig.heard == queued
    assert keyframe.encode(rig.sequencer.state) == keyframe.encode(apply_all(State(), queued))


def test_an_event_knows_when_it_happened_and_when_it_was_learned() -> None:
    rig = Rig()
    rig.clock.leap(60)
    earlier = rig.clock.now() - timedelta(minutes=5)
    said = rig.note(time=earlier)
    assert (said.time, said.observed_time, said.room_ms) == (earlier, rig.clock.now(), 60_000)


def test_a_wall_clock_that_steps_back_changes_no_room_time() -> None:
    rig = Rig()
    rig.clock.leap(100)
    first = rig.note()
    rig.clock.start -= timedelta(hours=1)
    rig.clock.leap(1)
    second = rig.note()
    assert second.observed_time < first.observed_time
    assert second.room_ms - first.room_ms == 1000


def test_a_clock_that_runs_backwards_never_takes_room_time_back() -> None:
    rig = Rig()
    rig.clock.leap(100)
    rig.note()
    rig.clock._ms -= 50_000
    assert rig.note().room_ms == 100_000


def test_a_time_without_a_zone_is_a_bug_of_who_reports_it_and_leaves_nothing_behind() -> None:
    rig = Rig()
    rig.note()
    with pytest.raises(ValueError, match="without a zone"):
        rig.note(time=START.replace(tzinfo=None))
    assert rig.note(time=START).seq == 3


def test_a_segment_begins_with_the_state_and_every_five_minutes_anew() -> None:
    rig = Rig()
    for _ in range(11):
        rig.note()
        rig.clock.leap(60)
    baselines = [e for e in rig.heard if e.type == BaselineRecorded.type]
    assert [e.room_ms for e in baselines] == [0, SEGMENT_MS, 2 * SEGMENT_MS]
    assert rig.heard[0] is baselines[0]


def test_another_recording_begins_with_everything_known() -> None:
    rig = Rig()
    rig.note("before")
    other = MemoryRecorder()
    rig.sequencer.begin(other)
    rig.note("after")
    assert [e.type for e in other._queue] == ["baseline.recorded", "note.added"]
    assert keyframe.encode(apply_all(State(), other._queue)) == keyframe.encode(rig.sequencer.state)


def test_words_of_people_are_urgent_and_observations_are_not() -> None:
    rig = Rig()
    rig.note()
    rig.sequencer.accept(SourcePolled(), source="sample")
    rig.sequencer.accept(LogsAppended((LogLine(None, LogLevel.INFO, Safe("x")),)), source="sample")
    rig.sequencer.accept(RoomUnlocked(), actor=MAYA)
    assert [rig.heard[seq - 1].type for seq in rig.recorder.urgent] == [
        "baseline.recorded",
        "note.added",
        "room.unlocked",
    ]
