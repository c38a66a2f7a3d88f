"""How the screen looks, as text, at the sizes people have; WARROOM_GOLDEN=write makes the pictures anew."""

import os
from pathlib import Path

import pytest

from tests.ui.incident import calm_room, recorded_incident, sev1_room
from tests.ui.responses import waiting_room
from tests.ui.stage import StillRoom, large_room, on_screen, repainted, screen_text
from tests.ui.test_dialogs import armed
from warroom.host.player import Player
from warroom.testing.memory_recording import MemoryRecording
from warroom.ui.boards import TABS
from warroom.ui.screens.dialogs import Confirm

GOLDEN = Path(__file__).parent / "golden"


def compare(name: str, shown: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("WARROOM_GOLDEN") == "write":
        path.write_text(shown + "\n", "utf-8")
    assert shown == path.read_text("utf-8").removesuffix("\n")


@pytest.mark.parametrize(
    ("name", "size", "keys"),
    [
        ("sev1", (80, 24), ()),
        ("sev1", (120, 40), ()),
        ("sev1", (200, 60), ()),
        ("sev1", (60, 15), ()),
        ("sev1-nodes", (80, 24), ("3", "b")),
        ("sev1-workloads", (60, 15), ("4", "space", "space")),
        ("sev1-log-held", (80, 24), ("6", "k", "w")),
        ("sev1-menu", (80, 24), ("3", "x")),
        ("sev1-plan", (80, 24), ("3", "b", "x", "enter", *"bad", "enter")),
        ("sev1-alert", (60, 15), ("2", "enter")),
    ],
)
async def test_an_incident_looks_as_it_did(name: str, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    async with on_screen(sev1_room(), width=size[0], height=size[1]) as (screen, pilot):
        await pilot.press(*keys)
        await pilot.pause()
        if isinstance(screen.app.screen, Confirm):
            await armed(pilot, screen.app.screen)
            await pilot.pause()
        compare(f"{name}-{size[0]}x{size[1]}", screen_text(screen.app))


@pytest.mark.parametrize(
    ("name", "size", "keys"),
    [
        ("response-health", (80, 24), ("1",)),
        ("response-health", (200, 60), ("1",)),
        ("response-finding", (80, 24), ("1", "enter")),
        *((f"response-{tab}", (80, 24), ("R", str(n))) for n, tab in enumerate(TABS, 1)),
        ("response-command", (120, 40), ("R", "2")),
        ("response-inquiry", (40, 10), ("R", "4")),
        ("response-waiting", (80, 24), ("Y", "enter")),
        ("response-what-changed", (80, 24), ("W",)),
        ("response-metrics", (80, 24), ("5", "enter")),
    ],
)
async def test_the_response_looks_as_it_did(name: str, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    async with on_screen(waiting_room(), width=size[0], height=size[1]) as (screen, pilot):
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        compare(f"{name}-{size[0]}x{size[1]}", await repainted(screen, pilot))


async def test_without_colour_the_screen_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR set the screen ended by a bug as soon as a log line was painted."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with on_screen(sev1_room(), width=120, height=40) as (screen, pilot):
        assert screen.look.name == "warroom-mono"
        compare("sev1-120x40", await repainted(screen, pilot))
        await pilot.press("6", "k", "3", "b", "x")
        await pilot.pause()
        assert "cordon" in screen_text(screen.app)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_calm_cluster_looks_as_it_did(size: tuple[int, int]) -> None:
    async with on_screen(calm_room(), width=size[0], height=size[1]) as (screen, pilot):
        compare(f"calm-{size[0]}x{size[1]}", await repainted(screen, pilot))


async def test_five_thousand_nodes_look_as_they_did() -> None:
    room: StillRoom = large_room()
    async with on_screen(room, width=120, height=40) as (screen, pilot):
        await pilot.press("3", "3")
        compare("five-thousand-nodes-120x40", await repainted(screen, pilot))


async def test_a_replay_shows_what_the_live_screen_showed_but_for_its_own_line() -> None:
    live = sev1_room()
    async with on_screen(live, width=120, height=40) as (screen, pilot):
        expected = await repainted(screen, pilot)
        painted = screen.painted_hash()
    player = Player(MemoryRecording(recorded_incident()), title="sev1")
    async with on_screen(player, width=120, height=40) as (screen, pilot):
        player.seek_seq(live.state.seq, live.room_ms)
        shown = await repainted(screen, pilot)
        assert screen.painted_hash() == painted
        assert shown.split("\n")[:-2] == expected.split("\n")[:-2]
        compare("replay-120x40", shown)
        await pilot.press("comma", "full_stop", "left", "right")
        assert await repainted(screen, pilot) != ""
