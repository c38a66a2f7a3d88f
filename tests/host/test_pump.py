"""Sources run for ever: a bug of one ends in "lost" and another try, silence ends in "stale"."""

import asyncio
from datetime import UTC, datetime

import pytest

from tests.host.rigs import RoomRig, nodes, open_room
from warroom.clock import TickClock
from warroom.events.incident import NoteAdded
from warroom.events.sources import SourceAnnounced, SourceLost, SourcePolled, SourceStale, SourceSynced
from warroom.host.ports import Observation
from warroom.host.pump import AFTER_BUG_S, LATE_INTERVALS, drive
from warroom.host.sequencer import Sequencer
from warroom.host.work import Work
from warroom.model.text import Safe
from warroom.testing.memory_recorder import MemoryRecorder
from warroom.testing.recorder_suite import until
from warroom.testing.scripted_source import ScriptedSource


def status(rig: RoomRig) -> str:
    return rig.state.sources.sources["scripted"].status


@pytest.mark.parametrize(
    ("bug", "said"),
    [
        (KeyError("metadata"), "bug in scripted: KeyError('metadata')"),
        (RuntimeError("\x1b[2J"), "bug in scripted: RuntimeError('\\x1b[2J')"),
        (RecursionError("too deep"), "bug in scripted: RecursionError('too deep')"),
        (StopAsyncIteration(), "bug in scripted: RuntimeError('it stopped observing')"),
    ],
    ids=["bug", "escape", "recursion", "it just ends"],
)
async def test_a_source_with_a_bug_is_lost_and_tried_again(bug: Exception, said: str) -> None:
    async with open_room() as rig:
        await rig.synced("n1")
        rig.source.fail(bug)
        await rig.settle()
        assert status(rig) == "lost"
        assert rig.events(SourceLost) == [SourceLost(Safe(said), retry_s=AFTER_BUG_S)]
        await rig.advance(int(AFTER_BUG_S) - 1)
        assert rig.source.observed == 1
        await rig.advance(1)
        assert rig.source.observed == 2
        await rig.synced("n1", "n2")
        assert (status(rig), len(rig.state.cluster.nodes)) == ("synced", 2)


async def test_what_a_buggy_source_says_of_times_harms_nobody_else() -> None:
    async with open_room() as rig:
        naive = datetime(2026, 3, 2, 14, 0, tzinfo=UTC).replace(tzinfo=None)

        async def observe() -> object:
            yield Observation(SourceSynced(), naive)

        rig.source.observe = observe  # type: ignore[assignment]
        rig.source.fail(ValueError("go on"))
        await rig.settle()
        await rig.advance(int(AFTER_BUG_S))
        assert "happened at a time without a zone" in rig.events(SourceLost)[-1].reason
        rig.room.sequencer.accept(NoteAdded(Safe("the room goes on")))
        assert rig.texts()[-1] == "the room goes on"


async def test_a_silent_source_is_stale_after_three_of_its_intervals_and_not_before() -> None:
    async with open_room() as rig:
        await rig.synced("n1")
        late = int(LATE_INTERVALS * rig.source.interval_s)
        await rig.advance(late)
        assert status(rig) == "synced"
        await rig.advance(1)
        assert status(rig) == "stale"
        await rig.advance(30)
        assert rig.events(SourceStale) == [SourceStale(Safe(f"nothing heard for {late + 1} s"))]
        await rig.show(SourceSynced())
        assert status(rig) == "synced"


async def test_a_source_that_looks_and_sees_nothing_new_is_not_stale() -> None:
    async with open_room() as rig:
        await rig.synced("n1")
        for _ in range(20):
            await rig.advance(4)
            rig.source.show(SourcePolled())
            await rig.settle()
        assert status(rig) == "synced"


async def test_a_source_that_hangs_in_its_first_look_is_not_loading_for_ever() -> None:
    async with open_room() as rig:
        await rig.advance(int(LATE_INTERVALS * rig.source.interval_s) + 1)
        assert status(rig) == "stale"


# --- a simulated cluster --------------------------------------------------------------------------------


class Ticked(ScriptedSource):
    """A simulation with a bug in some of its ticks."""

    def __init__(self, clock: TickClock, *, broken: range) -> None:
        super().__init__("sample")
        self._clock = clock
        self._broken = broken
        self.ticks: list[int] = []

    def tick(self) -> list[Observation]:
        self.ticks.append(self._clock.tick)
        if self._clock.tick in self._broken:
            raise KeyError(self._clock.tick)
        return [Observation(SourceSynced()), Observation(nodes(f"n{self._clock.tick}"))]


async def driven(broken: range, ticks: int) -> tuple[Ticked, Sequencer]:
    """A simulation driven for that many ticks, as fast as it goes."""
    clock = TickClock(start=datetime(2026, 3, 2, tzinfo=UTC))
    source, work = Ticked(clock, broken=broken), Work()
    sequencer = Sequencer(clock, MemoryRecorder())
    sequencer.accept(SourceAnnounced("sample", ("cluster",)), source="sample")
    async with asyncio.TaskGroup() as crew:
        driving = crew.create_task(drive(source, sequencer, work, speed=10_000, after=lambda: False))
        await until(lambda: clock.tick >= ticks, "the ticks pass")
        driving.cancel()
    return source, sequencer


async def test_a_simulation_is_shown_tick_by_tick() -> None:
    source, sequencer = await driven(range(0), 20)
    assert source.ticks[:20] == list(range(20))
    assert {f"n{tick}" for tick in range(20)} <= set(sequencer.state.cluster.nodes)


async def test_a_bug_of_the_simulation_is_a_lost_source_for_ten_seconds() -> None:
    source, sequencer = await driven(range(3, 8), 20)
    assert source.ticks[:6] == [0, 1, 2, 3, 13, 14]
    said = [str(moment.text) for moment in sequencer.state.timeline.moments if moment.kind == "source"]
    assert said == [
        "source sample synced",
        "source sample lost: bug in sample: KeyError(3)",
        "source sample synced after 0m10s lost",
    ]


async def test_simulated_time_waits_while_the_host_has_something_to_do() -> None:
    clock = TickClock(start=datetime(2026, 3, 2, tzinfo=UTC))
    source, work = Ticked(clock, broken=range(0)), Work()
    sequencer = Sequencer(clock, MemoryRecorder())
    async with asyncio.TaskGroup() as crew:
        with work.busy():
            driving = crew.create_task(drive(source, sequencer, work, speed=10_000, after=lambda: False))
            await asyncio.sleep(0.05)
            assert clock.tick == 0
            with work.parked():
                await until(lambda: clock.tick > 3, "a parked host lets time pass")
        driving.cancel()


async def test_a_look_in_parts_is_over_before_simulated_time_moves_on() -> None:
    clock = TickClock(start=datetime(2026, 3, 2, tzinfo=UTC))
    source, work = Ticked(clock, broken=range(0)), Work()
    sequencer = Sequencer(clock, MemoryRecorder())
    parts: dict[int, int] = {}

    def in_seven() -> bool:
        parts[clock.tick] = parts.get(clock.tick, 0) + 1
        return parts[clock.tick] < 7

    async with asyncio.TaskGroup() as crew:
        driving = crew.create_task(drive(source, sequencer, work, speed=10_000, after=in_seven))
        await until(lambda: clock.tick >= 5, "the ticks pass")
        driving.cancel()
    assert [parts[tick] for tick in range(5)] == [7] * 5
