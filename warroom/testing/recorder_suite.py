"""What every recorder must do, also when it cannot write.

For a recorder of your own: subclass ``RecorderSuite`` in a file of tests and give the four methods that raise
``NotImplementedError``. pytest collects the rest from there; they are coroutines (``asyncio_mode = "auto"``).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from typing import NamedTuple

import pytest

from warroom.clock import monotonic_s
from warroom.errors import WarroomError
from warroom.events.base import Event
from warroom.events.codec import Family, family_of
from warroom.events.envelope import Envelope
from warroom.events.incident import NoteAdded
from warroom.events.logs import LogsAppended
from warroom.events.sources import SourceAnnounced, SourcePolled
from warroom.host.ports import Recorder, RecordingReader
from warroom.model.commands import LogsRead, ReadLogs, SearchLogs
from warroom.model.nouns import LogLevel, LogLine, Person
from warroom.model.text import Safe
from warroom.state import keyframe
from warroom.state.fold import apply_all
from warroom.state.slices import State
from warroom.testing.memory_recording import START, Script

MAYA = Person(Safe("maya"), 1000, "cli")
SOON_S = 10.0
"""How long a test waits for what must come."""


class Told(NamedTuple):
    """One call of ``on_trouble``."""

    reason: str
    merged: int
    lost: int


class Rig:
    """A recorder at work, and a script that feeds it as a sequencer does."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.script = Script()
        self.told: list[Told] = []
        recorder.on_trouble = lambda *told: self.told.append(Told(*told))

    def say(self, event: Event, *, urgent: bool | None = None) -> Envelope:
        """Hand one event over; people's words are urgent."""
        envelope = self.script.at(self.script.last_seq, event, by=MAYA, source="sample")
        people = family_of(event.type) in {Family.ROOM, Family.ACTIONS, Family.INCIDENT}
        self.recorder.accept([envelope], urgent=people if urgent is None else urgent)
        return envelope

    def note(self, text: str) -> Envelope:
        """A person says something."""
        return self.say(NoteAdded(Safe(text)))

    def line(self, text: str) -> Envelope:
        """A log line comes in."""
        at = START + timedelta(seconds=self.script.last_seq)
        return self.say(LogsAppended((LogLine(at, LogLevel.INFO, Safe(text)),)))

    async def durable(self) -> None:
        """Wait until all that was said is kept."""
        async with asyncio.timeout(SOON_S):
            await self.recorder.durable(self.script.last_seq)


async def until(true: Callable[[], object], what: str) -> None:
    """Look again and again until something is so."""
    deadline = monotonic_s() + SOON_S
    while not true():
        assert monotonic_s() < deadline, f"{what}: not within {SOON_S:g} s"
        await asyncio.sleep(0.01)


class RecorderSuite:
    """The conformance suite; its tests are collected from subclasses."""

    async def recorder(self) -> Recorder:
        """A recorder on a new recording."""
        raise NotImplementedError

    def reader(self, recorder: Recorder) -> RecordingReader:
        """What another process reads of the recording, closed or not."""
        raise NotImplementedError

    def break_it(self, recorder: Recorder) -> None:
        """Make writing impossible."""
        raise NotImplementedError

    def mend(self, recorder: Recorder) -> None:
        """Make writing possible again."""
        raise NotImplementedError

    @asynccontextmanager
    async def rig(self) -> AsyncIterator[Rig]:
        """A recorder that runs, and is closed at the end."""
        rig = Rig(await self.recorder())
        async with asyncio.TaskGroup() as crew:
            crew.create_task(rig.recorder.run(), name="recorder")
            try:
                yield rig
            finally:
                await rig.recorder.close()

    def kept(self, rig: Rig) -> list[Envelope]:
        """The events that another process can read."""
        with closing(self.reader(rig.recorder)) as reading:
            return list(reading.envelopes())

    def assert_kept(self, rig: Rig, said: list[Envelope]) -> None:
        """Exactly these events were kept, in this order, as they were."""
        kept = self.kept(rig)
        assert [(e.seq, e.type, e.data) for e in kept] == [(e.seq, e.type, e.data) for e in said]
        assert [(e.room_ms, e.time, e.observed_time, e.source, e.actor) for e in kept] == [
            (e.room_ms, e.time, e.observed_time, e.source, e.actor) for e in said
        ]

    async def test_events_are_kept_in_their_order_and_as_they_were(self) -> None:
        async with self.rig() as rig:
            for number in range(50):
                rig.note(f"note {number}")
                rig.line(f"line {number}")
            await rig.durable()
            self.assert_kept(rig, rig.script.envelopes)

    async def test_durable_means_that_another_process_can_read_it(self) -> None:
        async with self.rig() as rig:
            for number in range(5):
                said = rig.note(f"note {number}")
                await rig.durable()
                assert rig.recorder.recorded_seq >= said.seq
                assert self.kept(rig)[-1].seq >= said.seq

    async def test_nothing_is_called_recorded_before_it_is(self) -> None:
        async with self.rig() as rig:
            for number in range(40):
                rig.line(f"line {number}")
                await asyncio.sleep(0.003)
                recorded = rig.recorder.recorded_seq
                assert len(self.kept(rig)) >= recorded

    async def test_telemetry_is_committed_soon_without_anybody_asking(self) -> None:
        async with self.rig() as rig:
            rig.line("alone")
            await until(lambda: rig.recorder.recorded_seq == 1, "a lone line is recorded")

    async def test_a_word_of_a_person_takes_the_waiting_telemetry_along(self) -> None:
        async with self.rig() as rig:
            for number in range(20):
                rig.line(f"line {number}")
            rig.note("now")
            await rig.durable()
            self.assert_kept(rig, rig.script.envelopes)

    async def test_a_state_read_at_any_event_is_the_fold_up_to_there(self) -> None:
        async with self.rig() as rig:
            rig.say(SourceAnnounced(kind="sample", roles=("cluster",)))
            for number in range(10):
                rig.note(f"note {number}")
                rig.say(SourcePolled())
            await rig.durable()
            with closing(self.reader(rig.recorder)) as reading:
                for seq in range(1, reading.last_seq + 1):
                    folded = apply_all(State(), rig.script.envelopes[:seq])
                    assert keyframe.encode(reading.state_at(seq)) == keyframe.encode(folded)

    async def test_a_search_sees_every_line_that_was_accepted_before_it(self) -> None:
        async with self.rig() as rig:
            for number in range(30):
                rig.line(f"heartbeat {number}")
                await asyncio.sleep(0.002)
                found = await rig.recorder.search_logs(SearchLogs("heartbeat"), now=START)
                assert found.matched == number + 1

    async def test_the_whole_log_is_read_page_by_page(self) -> None:
        async with self.rig() as rig:
            for number in range(30):
                rig.line(f"heartbeat {number}")
            await rig.durable()
            lines: list[str] = []
            read: LogsRead | None = None
            while read is None or read.older:
                asked = ReadLogs(before=read.begin if read else None, limit=7)
                read = await rig.recorder.read_logs(asked)
                lines[:0] = [str(entry.line.text) for entry in read.lines]
            assert lines == [f"heartbeat {number}" for number in range(30)]

    async def test_closing_keeps_what_was_accepted_last(self) -> None:
        async with self.rig() as rig:
            rig.line("the last line")
        self.assert_kept(rig, rig.script.envelopes)

    async def test_what_was_accepted_before_it_ran_is_kept_when_it_never_ran(self) -> None:
        rig = Rig(await self.recorder())
        rig.note("early")
        await rig.recorder.close()
        self.assert_kept(rig, rig.script.envelopes)

    async def test_trouble_is_told_once_and_whoever_waits_is_told_why(self) -> None:
        async with self.rig() as rig:
            rig.note("before")
            await rig.durable()
            self.break_it(rig.recorder)
            rig.note("during")
            with pytest.raises(WarroomError, match="the record cannot be kept: "):
                await rig.durable()
            await until(lambda: rig.told, "somebody is told")
            rig.note("still during")
            with pytest.raises(WarroomError):
                await rig.durable()
            assert len(rig.told) == 1
            assert rig.told[0].reason
            self.mend(rig.recorder)

    async def test_after_trouble_everything_is_there_and_the_room_is_told(self) -> None:
        async with self.rig() as rig:
            rig.note("before")
            await rig.durable()
            self.break_it(rig.recorder)
            for number in range(5):
                rig.note(f"note {number} during")
                rig.line(f"line {number} during")
                await asyncio.sleep(0.01)
            await until(lambda: rig.told, "somebody is told")
            self.mend(rig.recorder)
            await until(lambda: len(rig.told) > 1, "somebody is told that it is over")
            rig.note("after")
            await rig.durable()
            assert rig.told[1].reason == ""
            assert rig.told[1].merged >= 5
            assert rig.told[1].lost == 0
            self.assert_kept(rig, rig.script.envelopes)

    async def test_it_can_be_closed_in_trouble(self) -> None:
        async with asyncio.timeout(SOON_S), self.rig() as rig:
            rig.note("before")
            await rig.durable()
            self.break_it(rig.recorder)
            rig.note("during")
            await until(lambda: rig.told, "somebody is told")
        self.mend(rig.recorder)
        self.assert_kept(rig, rig.script.envelopes[:1])
