"""Seed and commands give the same recording at any speed."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from warroom.clock import TickClock
from warroom.events.room import RoomOpened
from warroom.host.ports import Recorder
from warroom.host.room import Room
from warroom.model.commands import Act, Command, UnlockRoom
from warroom.model.nouns import NodeName, Person, WorkloadId
from warroom.model.requests import Cordon, Stop, Submit
from warroom.model.text import Safe
from warroom.recorder.opening import new_recorder
from warroom.recorder.reader import Recording
from warroom.simulator.check import read_scenario, scenario_path
from warroom.sources.sample.adapter import SampleCluster

MAYA = Person(Safe("maya"), uid=1000, via="tui")
TICKS = 45
LAST_MS = (TICKS - 1) * 1000
"""The room is stopped from outside its clock; what comes then is not compared."""
COMMANDS: dict[int, Command] = {
    2: UnlockRoom(),
    24: Act(Cordon(tuple(NodeName(f"gpu-0{n}") for n in range(1, 5)), Safe("switch"))),
    26: Act(Stop((WorkloadId("chat-api"),), force=True)),
    27: Act(Submit("chat-api", like=WorkloadId("chat-api"), selector={"rack": "rack2"})),
}


class NoMore:
    """A room that declares no second incident needs no second recording."""

    async def next(self) -> tuple[str, Recorder]:
        raise AssertionError("no second recording was expected")


async def recorded(folder: Path, speed: float) -> list[tuple[object, ...]]:
    """The events of a run with these commands, without what names the speed."""
    clock = TickClock(start=datetime(2026, 3, 3, 14, 0, tzinfo=UTC))
    cluster = SampleCluster(read_scenario(scenario_path("rack-switch")), clock=clock)
    recorder = await new_recorder(folder / f"at-{speed:g}.db", meta={}, keys=folder / "keys")
    opened = RoomOpened(
        room="r",
        cluster="rack-switch",
        kind="sample",
        epoch=1,
        program="test",
        scenario="rack-switch",
        seed=20,
        speed=speed,
    )
    room = Room(opened, clock=clock, sources=[cluster], recording=("r", recorder), recordings=NoMore())

    async def script(served: Room) -> None:
        for tick in range(1, TICKS):
            await clock.sleep(1)
            if tick in COMMANDS:
                await served.wish(COMMANDS[tick], MAYA)
        served.stop("done")
        await asyncio.Event().wait()

    await room.run(script)
    with Recording(folder / f"at-{speed:g}.db") as recording:
        return [
            (e.seq, e.room_ms, e.time, e.observed_time, e.source, e.actor, e.type, bytes(e.data))
            for e in recording.envelopes()
            if e.type not in (RoomOpened.type, "baseline.recorded") and e.room_ms < LAST_MS
        ]


@pytest.mark.slow
async def test_a_run_at_speed_60_records_what_a_run_at_speed_1_records(tmp_path: Path) -> None:
    slow, fast = await asyncio.gather(recorded(tmp_path, 1), recorded(tmp_path, 60))
    assert len(slow) > TICKS
    assert msgspec.json.encode([repr(e) for e in slow]) == msgspec.json.encode([repr(e) for e in fast])
    assert any(event[6] == "action.verified" for event in fast)
