"""The Nodes pane by keys: blocks, their lists, one node, domains, figures, tile sizes."""

import pytest

from tests.hostile import CORPUS, raw_of
from tests.ui.incident import recorded_incident, sev1_room
from tests.ui.stage import StillRoom, large_room, lines_of, on_screen, repainted, screen_text
from tests.views.any_state import START
from warroom.events.alerts import AlertsChanged
from warroom.events.cluster import InstancesChanged, NodesChanged
from warroom.events.logs import LogsAppended
from warroom.events.metrics import SeriesSampled
from warroom.host.player import Player
from warroom.model.nouns import (
    Alert,
    Fingerprint,
    Instance,
    InstanceId,
    LogLevel,
    LogLine,
    Node,
    NodeName,
    NodeState,
    Sample,
    WorkloadId,
)
from warroom.model.text import Safe, neutral
from warroom.testing.memory_recording import MemoryRecording


async def test_enter_opens_the_list_of_a_block_then_the_node() -> None:
    room = large_room(nodes=400, workloads=0)
    bad = NodeName("n00130")
    room.add(NodesChanged((Node(bad, NodeState.NOT_READY, rack="r003", reason=Safe("no heartbeat")),)))
    async with on_screen(room, width=80, height=24) as (screen, pilot):
        await pilot.press("3", "down", "down", "down", "enter")
        shown = await repainted(screen, pilot)
        assert "3 Nodes › r003  40 nodes, 1 not ready" in shown
        assert "✖ n00130" in lines_of(screen.panes["nodes"].body)[1]
        await pilot.press("g", "enter")
        await pilot.pause()
        shown = screen_text(screen.app)
        assert "n00130  not ready, open to new work" in shown
        assert "in this room" in shown
        await pilot.press("escape", "escape")
        assert "r004" in await repainted(screen, pilot)


async def test_a_node_tells_its_figures_work_alerts_lines_and_history() -> None:
    room = StillRoom(
        NodesChanged(
            (Node(NodeName("gpu-1"), NodeState.READY, rack="r1", zone="eu1", cpus=64, cpus_used=9),)
        ),
        InstancesChanged((Instance(InstanceId("chat-0"), WorkloadId("chat"), NodeName("gpu-1")),)),
        SeriesSampled((Sample("gpu_temperature", {"node": "gpu-1"}, START, 83.0),)),
        AlertsChanged((Alert(Fingerprint("1"), Safe("Hot"), "warning", labels={"instance": "gpu-1:9400"}),)),
        LogsAppended((LogLine(START, LogLevel.ERROR, Safe("fan 3 stopped"), node="gpu-1"),)),
    )
    async with on_screen(room, width=100, height=40) as (screen, pilot):
        await pilot.press("3", "enter")
        await pilot.pause()
        shown = screen_text(screen.app)
    for said in ("zone eu1", "CPUs 9/64", "GPU temperature 83°C", "chat-0", "▲ W Hot", "fan 3 stopped"):
        assert said in shown


async def test_blocks_are_by_rack_zone_or_pool_and_tiles_by_what_is_measured() -> None:
    room = StillRoom(
        NodesChanged(
            tuple(
                Node(NodeName(f"n{n:03d}"), NodeState.READY, rack=f"r{n % 5}", zone=f"z{n % 2}", gpus=8)
                for n in range(60)
            )
        ),
        SeriesSampled(
            tuple(Sample("gpu_temperature", {"node": f"n{n:03d}"}, START, 30.0 + n) for n in range(60))
        ),
    )
    async with on_screen(room, width=80, height=24) as (screen, pilot):
        await pilot.press("3", "D", "D")
        shown = await repainted(screen, pilot)
        assert "3 Nodes  by zone" in shown
        assert "r1" not in shown
        await pilot.press("=", "=")
        shown = await repainted(screen, pilot)
        assert "GPU temperature, digit ×10 °C" in shown
        assert "✖" not in shown.replace("85+", "").split("GPU temperature")[0].splitlines()[-1]
        await pilot.press("D", "=", "=")
        assert "60 ready" in await repainted(screen, pilot)


async def test_tiles_grow_and_shrink_and_fit_again() -> None:
    async with on_screen(large_room(nodes=300, workloads=0), width=80, height=24) as (screen, pilot):
        await pilot.press("3")
        before = await repainted(screen, pilot)
        seen = []
        for key in ("+", "+", "+", "-", "-", "-", "-"):
            await pilot.press(key)
            seen.append(await repainted(screen, pilot))
            await pilot.press("G")
            assert "n00299" in await repainted(screen, pilot)
            await pilot.press("g")
        assert any("n00001" in one for one in seen)
        assert any("1 cell = 2 nodes" in one for one in seen)
        while "as large as all fit" not in seen[-1]:
            await pilot.press("-")
            seen.append(await repainted(screen, pilot))
        assert seen[-1].splitlines()[3:16] == before.splitlines()[3:16]


async def test_a_replay_shows_the_same_blocks_and_lists() -> None:
    live = sev1_room()
    player = Player(MemoryRecording(recorded_incident()), title="sev1")
    async with on_screen(player, width=60, height=15) as (screen, pilot):
        player.seek_seq(live.state.seq, live.room_ms)
        await pilot.press("3", "D", "=", "+", "enter")
        assert "rack1" in await repainted(screen, pilot)


@pytest.mark.parametrize("size", [(40, 10), (60, 15), (20, 6)])
async def test_every_level_stands_in_a_small_terminal(size: tuple[int, int]) -> None:
    async with on_screen(large_room(nodes=120, workloads=0), width=size[0], height=size[1]) as (
        screen,
        pilot,
    ):
        for key in ("3", "enter", "enter", "escape", "escape", "+", "+", "-", "D", "=", "z"):
            await pilot.press(key)
            await repainted(screen, pilot)


@pytest.mark.parametrize("raw", [pytest.param(raw_of(entry), id=entry["id"]) for entry in CORPUS[::4]])
async def test_a_hostile_node_is_shown_harmless_at_every_level(raw: str | bytes) -> None:
    bad = neutral(raw)
    room = StillRoom(
        NodesChanged(
            tuple(
                Node(
                    NodeName(f"{n}{bad}"), NodeState.READY, rack=str(bad), reason=bad, labels={"a": str(bad)}
                )
                for n in range(30)
            )
        )
    )
    async with on_screen(room, width=80, height=24) as (screen, pilot):
        for key in ("3", "enter", "enter", "escape", "escape", "D", "+"):
            await pilot.press(key)
            shown = await repainted(screen, pilot)
            assert all(char.isprintable() or char == "\n" for char in shown)
