"""Where the panes are: every layout at every size, and what stays when another one is chosen."""

from itertools import combinations, product
from typing import Any

import pytest

from tests.ui.incident import recorded_incident, sev1_room
from tests.ui.stage import StillRoom, on_screen, repainted, screen_text
from tests.ui.test_commands import command
from tests.ui.test_golden import compare
from tests.ui.test_reading import spoken, under
from warroom.host.player import Player
from warroom.model.commands import Query
from warroom.testing.memory_recording import MemoryRecording
from warroom.ui.layout import PANES, Box, arrange, has_tabs, panes_of
from warroom.ui.presets import NAMES, PRESETS

SIZES = ((80, 24), (120, 40), (200, 60), (60, 15), (40, 10), (80, 50), (120, 20), (90, 100), (20, 5))


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@pytest.mark.parametrize(("size", "layout"), [*product(SIZES, NAMES)], ids=str)
def test_panes_fill_the_screen_without_overlap_whichever_has_the_focus(
    size: tuple[int, int], layout: str
) -> None:
    width, height = size
    for focused in PANES:
        boxes = arrange(width, height, focused, zoomed=False, layout=layout)
        assert focused in boxes
        guest = focused not in panes_of(layout)
        top = 3 if has_tabs(width, height, zoomed=guest) else 2
        for box in boxes.values():
            assert box.x >= 0
            assert box.y >= top
            assert box.x + box.width <= width
            assert box.y + box.height <= max(height - 2, 3)
        assert not any(overlap(one, other) for one, other in combinations(boxes.values(), 2))
        assert sum(box.width * box.height for box in boxes.values()) == width * max(1, height - 2 - top)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_made_of_panes_and_knows_which_of_them_to_keep(name: str) -> None:
    preset = PRESETS[name]
    assert set(preset.panes) <= set(PANES)
    assert sorted(preset.first) == sorted(set(preset.panes)) == sorted(preset.panes)


@pytest.mark.parametrize(
    ("size", "layout", "seen"),
    [
        ((120, 40), "triage", "alerts nodes"),
        ((120, 40), "diagnose", "workloads metrics logs"),
        ((120, 40), "command", "health alerts timeline"),
        ((120, 40), "logs", "logs"),
        ((80, 24), "triage", "alerts nodes"),
        ((80, 24), "diagnose", "workloads metrics logs"),
        ((80, 24), "portrait", "alerts logs"),
        ((60, 15), "diagnose", "workloads"),
        ((80, 50), "overview", "alerts nodes workloads logs timeline"),
        ((80, 45), "overview", "alerts timeline"),
    ],
)
def test_what_is_seen_is_what_fits(size: tuple[int, int], layout: str, seen: str) -> None:
    focused = "alerts" if "alerts" in panes_of(layout) else panes_of(layout)[0]
    assert " ".join(arrange(*size, focused, zoomed=False, layout=layout)) == seen


class Counted(StillRoom):
    """A room that knows what it was asked."""

    asked: tuple[Query, ...] = ()

    async def ask(self, query: Query) -> Any:
        self.asked += (query,)
        return await super().ask(query)


@pytest.mark.parametrize("size", SIZES[:5], ids=str)
async def test_going_through_all_layouts_keeps_what_was_filtered_and_where_one_was(
    size: tuple[int, int],
) -> None:
    room = sev1_room()
    async with on_screen(room, width=size[0], height=size[1]) as (screen, pilot):
        for number in range(1, 8):
            await pilot.press(str(number))
            await pilot.pause()
        await command(pilot, "nodes gpu")
        await pilot.press("j", "6", *"kkkkkkkkkkkkkkkkkkkkkkkk", "7", *"kkkkkkkkkk", "2", "j")
        await pilot.pause()
        shown = (await repainted(screen, pilot)).splitlines()
        before = {name: (pane.passing, pane.cursor) for name, pane in screen.panes.items()}
        for name in (*NAMES[1:], "overview"):
            await pilot.press("v")
            await pilot.pause()
            assert screen.layout_name == name
            assert screen.pane.display
            assert f"layout {name}" in screen_text(pilot.app).splitlines()[-2]
            assert {name: (pane.passing, pane.cursor) for name, pane in screen.panes.items()} == before
        await pilot.press("2")
        again = (await repainted(screen, pilot)).splitlines()
        assert again[:-2] == shown[:-2]
        await pilot.press("V")
        assert screen.layout_name == "portrait"


async def test_another_layout_asks_the_room_for_nothing() -> None:
    room = Counted(*(spoken(first, first + 50) for first in range(0, 1000, 50)))
    async with on_screen(room, width=80, height=24) as (screen, pilot):
        await pilot.press("6", "k", "k")
        await pilot.pause()
        held = under(screen)
        asked = room.asked
        await pilot.press(*"vvvvvv0V")
        await pilot.pause()
        assert screen.layout_name == "portrait"
        assert room.asked == asked
        assert room.wishes == []
        assert under(screen) == held == "line 997"


async def test_tab_stays_in_the_layout_and_a_digit_leads_out_of_it_until_esc() -> None:
    async with on_screen(sev1_room()) as (screen, pilot):
        await command(pilot, "layout triage")
        await pilot.press("tab")
        assert screen.focused_name == "nodes"
        await pilot.press("tab")
        assert screen.focused_name == "alerts"
        await pilot.press("6")
        await pilot.pause()
        assert [name for name, pane in screen.panes.items() if pane.display] == ["logs"]
        assert "Logs is not in the layout triage" in screen_text(pilot.app)
        await pilot.press("escape")
        await pilot.pause()
        assert [name for name, pane in screen.panes.items() if pane.display] == ["alerts", "nodes"]
        await pilot.press("6", "6")
        assert (screen.focused_name, screen.zoomed) == ("alerts", False)
        await pilot.press("z", "6", "escape")
        assert (screen.focused_name, screen.zoomed) == ("alerts", False)
        await pilot.press("6", "shift+tab")
        assert screen.focused_name == "nodes"
        await pilot.press("z", "0")
        assert (screen.focused_name, screen.zoomed, screen.layout_name) == ("nodes", False, "overview")


async def test_a_layout_that_is_not_there_is_said() -> None:
    async with on_screen(sev1_room()) as (screen, pilot):
        await command(pilot, "layout nosuch")
        assert "there is no layout 'nosuch'; there is: overview, triage" in screen_text(pilot.app)
        assert screen.layout_name == "overview"


async def test_a_replay_has_layouts_too() -> None:
    player = Player(MemoryRecording(recorded_incident()), title="sev1")
    async with on_screen(player) as (screen, pilot):
        await pilot.press("v", "v")
        await pilot.pause()
        assert [name for name, pane in screen.panes.items() if pane.display] == [
            "workloads",
            "metrics",
            "logs",
        ]


@pytest.mark.parametrize(
    ("layout", "size"), [("triage", (120, 40)), ("command", (120, 40)), ("overview", (80, 50))]
)
async def test_a_layout_looks_as_it_did(layout: str, size: tuple[int, int]) -> None:
    async with on_screen(sev1_room(), width=size[0], height=size[1]) as (screen, pilot):
        await command(pilot, f"layout {layout}")
        await pilot.pause()
        compare(f"layout-{layout}-{size[0]}x{size[1]}", screen_text(screen.app))
