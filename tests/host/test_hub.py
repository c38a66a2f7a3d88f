"""The hub never waits for a reader; who falls behind gets the whole state; answers are never dropped."""

import asyncio
from collections.abc import Iterator

from warroom.events.incident import NoteAdded
from warroom.events.logs import LogsAppended
from warroom.host.hub import MOST_QUEUED, MOST_REPLIES, Hub, Reader
from warroom.host.protocol import Answer, Beat, Events, Frame, Snapshot, decode_body, encode_frame
from warroom.host.sequencer import Sequencer
from warroom.model.nouns import LogLevel, LogLine
from warroom.model.text import Safe
from warroom.state import keyframe
from warroom.state.fold import apply
from warroom.state.slices import State
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.memory_recorder import MemoryRecorder


def frames(data: bytes) -> Iterator[Frame]:
    """The frames of one write."""
    while data:
        length = int.from_bytes(data[:4], "big")
        yield decode_body(data[4 : 4 + length])
        data = data[4 + length :]


class Follower:
    """A client's fold of what a reader was given."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.state = State()
        self.seen: list[str] = []

    async def read(self) -> list[Frame]:
        taken = list(frames(await asyncio.wait_for(self.reader.next_bytes(), 5)))
        for frame in taken:
            self.seen.append(type(frame).__name__)
            if isinstance(frame, Snapshot):
                self.state = keyframe.decode(frame.state)
            elif isinstance(frame, Events):
                for envelope in frame.envelopes:
                    self.state = apply(self.state, envelope)
                    assert self.state.missed == 0
        return taken


class Rig:
    def __init__(self) -> None:
        self.sequencer = Sequencer(LeapingClock(), MemoryRecorder())
        self.hub = Hub(self.sequencer, epoch=3)

    def note(self, text: str = "a note") -> None:
        self.sequencer.accept(NoteAdded(Safe(text)))

    def flood(self) -> None:
        """More than a reader may have queued."""
        line = LogLine(None, LogLevel.INFO, Safe("x" * 100_000))
        for _ in range(MOST_QUEUED // 100_000 + 2):
            self.sequencer.accept(LogsAppended((line,)), source="sample")
            self.hub.flush()

    def same(self, follower: Follower) -> bool:
        return keyframe.encode(follower.state) == keyframe.encode(self.sequencer.state)


async def test_a_reader_begins_with_the_whole_state_and_then_hears_what_happens() -> None:
    rig = Rig()
    rig.note("before")
    follower = Follower(rig.hub.join())
    await follower.read()
    assert rig.same(follower)
    rig.note("after")
    await follower.read()
    assert follower.seen == ["Snapshot", "Events"]
    assert rig.same(follower)


async def test_what_happens_between_joining_and_the_first_read_is_in_the_snapshot_alone() -> None:
    rig = Rig()
    follower = Follower(rig.hub.join())
    rig.note("just then")
    await follower.read()
    assert follower.seen == ["Snapshot"]
    assert rig.same(follower)


async def test_one_turn_of_the_host_is_one_frame() -> None:
    rig = Rig()
    follower = Follower(rig.hub.join())
    await follower.read()
    for _ in range(50):
        rig.note()
    await asyncio.sleep(0)
    (frame,) = await follower.read()
    assert isinstance(frame, Events)
    assert [e.type for e in frame.envelopes] == ["baseline.recorded", *["note.added"] * 50]


async def test_a_slow_reader_costs_bounded_memory_and_gets_one_snapshot_when_it_reads_again() -> None:
    rig = Rig()
    slow = Follower(rig.hub.join())
    await slow.read()
    rig.flood()
    assert slow.reader._bytes <= MOST_QUEUED
    assert sum(map(len, slow.reader._queue)) <= MOST_QUEUED
    await slow.read()
    assert slow.seen == ["Snapshot", "Snapshot"]
    assert slow.reader.snapshots == 2
    assert rig.same(slow)


async def test_a_slow_reader_takes_nothing_from_a_fast_one() -> None:
    rig = Rig()
    slow, fast = Follower(rig.hub.join()), Follower(rig.hub.join())
    await slow.read()
    await fast.read()
    for _ in range(5):
        rig.flood()
        rig.hub.beat()
        await fast.read()
        rig.note()
        rig.hub.flush()
        await fast.read()
        assert rig.same(fast)
    await slow.read()
    assert rig.same(slow)


async def test_answers_survive_an_overflow_and_stand_after_what_they_answer() -> None:
    rig = Rig()
    slow = Follower(rig.hub.join())
    await slow.read()
    slow.reader.reply(encode_frame(Answer(1)))
    rig.flood()
    slow.reader.reply(encode_frame(Answer(2)))
    taken = await slow.read()
    assert [frame.id for frame in taken if isinstance(frame, Answer)] == [1, 2]
    assert isinstance(taken[0], Snapshot)


async def test_a_reader_that_leaves_answers_unread_is_asked_nothing_more_until_it_reads() -> None:
    rig = Rig()
    reader = rig.hub.join()
    await asyncio.wait_for(reader.room_for_a_reply(), 5)
    reader.reply(bytes(MOST_REPLIES + 1))
    waiting = asyncio.ensure_future(reader.room_for_a_reply())
    await asyncio.sleep(0)
    assert not waiting.done()
    assert len(await reader.next_bytes()) > MOST_REPLIES
    await asyncio.wait_for(waiting, 5)


async def test_a_reader_that_left_hears_nothing() -> None:
    rig = Rig()
    reader = rig.hub.join()
    await reader.next_bytes()
    rig.hub.leave(reader)
    rig.note()
    rig.hub.beat()
    assert not reader._queue


async def test_a_beat_tells_the_time_and_how_far_the_record_is() -> None:
    rig = Rig()
    follower = Follower(rig.hub.join())
    await follower.read()
    rig.note()
    rig.sequencer.clock.leap(9)  # type: ignore[attr-defined]
    rig.hub.beat()
    beat = (await follower.read())[-1]
    assert beat == Beat(3, rig.sequencer.state.seq, 9000, 0)
