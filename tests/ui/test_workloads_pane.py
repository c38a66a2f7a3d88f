"""The Workloads pane by keys: crowds, instances and their lines, sorting; and no row left blank by moving about."""

import random

import pytest

from tests.hostile import CORPUS, raw_of
from tests.ui.incident import calm_room
from tests.ui.stage import StillRoom, large_room, on_screen, repainted, screen_text
from tests.views.any_state import MAYA, START
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.logs import LogsAppended
from warroom.events.room import RoomUnlocked
from warroom.model.nouns import (
    Instance,
    InstanceId,
    LogLevel,
    LogLine,
    Node,
    NodeName,
    NodeState,
    Workload,
    WorkloadId,
    WorkloadState,
)
from warroom.model.text import Safe, neutral


def chat(*reasons: str) -> StillRoom:
    """A degraded service with one instance for each reason; an empty reason is a ready one."""
    workload = Workload(
        WorkloadId("chat"),
        Safe("chat"),
        WorkloadState.DEGRADED,
        desired=len(reasons),
        ready=reasons.count(""),
        restarts=17,
        image=Safe("registry.example/serving/chat:1.4"),
        priority=Safe("high"),
        changed=START,
    )
    room = StillRoom(
        NodesChanged((Node(NodeName("gpu-1"), NodeState.READY),)),
        WorkloadsChanged((workload,)),
        InstancesChanged(
            tuple(
                Instance(
                    InstanceId(f"chat-{n}"),
                    WorkloadId("chat"),
                    NodeName("gpu-1"),
                    WorkloadState.FAILED if reason else WorkloadState.RUNNING,
                    ready=not reason,
                    restarts=n,
                    reason=neutral(reason),
                )
                for n, reason in enumerate(reasons)
            )
        ),
        LogsAppended((LogLine(START, LogLevel.ERROR, Safe("CUDA error 719"), "gpu-1", "chat"),)),
    )
    room.add(RoomUnlocked(), by=MAYA)
    return room


async def test_enter_opens_the_instances_the_broken_first_then_one_with_its_lines() -> None:
    async with on_screen(chat("", "", "OOMKilled"), width=80, height=24) as (screen, pilot):
        await pilot.press("4", "enter")
        shown = await repainted(screen, pilot)
        assert "4 Workloads › chat  2/3 ready  high  chat:1.4" in shown
        assert shown.index("chat-2") < shown.index("chat-0")
        await pilot.press("enter")
        await pilot.pause()
        shown = screen_text(screen.app)
        for said in ("chat-2  failed, not ready", "OOMKilled", "CUDA error 719", "serving/chat:1.4"):
            assert said in shown
        await pilot.press("escape", "escape")
        assert "1 broken" in await repainted(screen, pilot)


async def test_what_is_done_inside_of_a_workload_is_done_to_the_workload() -> None:
    async with on_screen(chat("", "OOMKilled"), width=80, height=24) as (screen, pilot):
        await pilot.press("4", "enter", "j", "space", "*")
        assert screen.pane.targets() == ["chat"]
        assert screen.pane.subject == "chat"


async def test_twenty_thousand_that_run_are_one_row_below_what_is_broken() -> None:
    room = large_room(nodes=10, workloads=20_000)
    room.add(WorkloadsChanged((Workload(WorkloadId("bad"), Safe("bad"), WorkloadState.FAILED),)))
    async with on_screen(room, width=80, height=24) as (screen, pilot):
        await pilot.press("4")
        shown = await repainted(screen, pilot)
        assert shown.index("bad") < shown.index("✔ 20,000 workloads")
        assert "w00000" not in shown
        await pilot.press("j", "enter")
        shown = await repainted(screen, pilot)
        assert "w00000" in shown
        assert "more" in shown
        await pilot.press("G")
        assert screen.pane.cursor == "w19999"
        await pilot.press("escape", "j", "space")
        assert screen.pane.targets() in (["bad"], [])


async def test_sorted_by_a_column_every_workload_has_its_row_and_keeps_its_place() -> None:
    room = large_room(nodes=10, workloads=2_000)
    room.add(WorkloadsChanged((Workload(WorkloadId("zz"), Safe("zz"), WorkloadState.FAILED, restarts=9),)))
    async with on_screen(room, width=120, height=40) as (screen, pilot):
        await pilot.press("4", ">", "O", "g")
        assert screen.pane.cursor == "zz"
        room.add(WorkloadsChanged((Workload(WorkloadId("zzz"), Safe("zzz"), WorkloadState.RUNNING),)))
        await repainted(screen, pilot)
        assert screen.pane.cursor == "zz"
        await pilot.press("k")
        assert screen.pane.cursor == "zzz"


KEYS = (
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "z",
    "tab",
    "enter",
    "escape",
    "j",
    "k",
    "G",
    "g",
    "D",
    "=",
    "+",
    "-",
    ">",
)


@pytest.mark.parametrize("seed", range(8))
async def test_after_any_keys_the_screen_is_what_a_fresh_screen_paints(seed: int) -> None:
    """Rows stayed blank after going from pane to pane."""
    chance = random.Random(seed)
    room = calm_room() if seed % 2 else chat("", "OOMKilled")
    async with on_screen(room, width=120, height=40) as (screen, pilot):
        if seed == 1:
            await pilot.press("3", "3", "7", "7", "7", "4", "4")
        for _ in range(25):
            await pilot.press(chance.choice(KEYS))
            while screen.app.screen is not screen:
                await pilot.press("escape")
            shown = await repainted(screen, pilot)
            screen.app.refresh(layout=True, repaint=True)
            for part in screen.shown():
                part.on_show()
            assert await repainted(screen, pilot) == shown


@pytest.mark.parametrize("raw", [pytest.param(raw_of(entry), id=entry["id"]) for entry in CORPUS[::4]])
async def test_a_hostile_workload_is_shown_harmless_at_every_level(raw: str | bytes) -> None:
    bad = neutral(raw)
    identity = WorkloadId(str(bad))
    room = StillRoom(
        WorkloadsChanged(
            (Workload(identity, bad, WorkloadState.FAILED, image=bad, reason=bad, priority=bad),)
        ),
        InstancesChanged((Instance(InstanceId(f"i{bad}"), identity, NodeName(str(bad)), reason=bad),)),
    )
    async with on_screen(room, width=80, height=24) as (screen, pilot):
        for key in ("4", "enter", "enter", "escape", "escape"):
            await pilot.press(key)
            shown = await repainted(screen, pilot)
            assert all(char.isprintable() or char == "\n" for char in shown)
