"""Filters on the screen: what is typed is seen at once, what is wrong is said, nothing is lost."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.incident import sev1_room
from tests.ui.stage import StillRoom, large_room, on_screen, screen_text
from warroom.events.cluster import NodesChanged
from warroom.model.nouns import Node, NodeName, NodeState
from warroom.ui.app import WarroomApp
from warroom.ui.layout import PANES
from warroom.ui.memory import Memory
from warroom.ui.preferences import Preferences
from warroom.ui.screens.prompt import Prompt

NODES = NodesChanged(
    tuple(
        Node(NodeName(f"gpu-{n}"), NodeState.NOT_READY if n == 3 else NodeState.READY, rack=f"rack{n % 2}")
        for n in range(8)
    )
)


async def typed(pilot: Pilot[str], text: str) -> None:
    """Type this as a person does."""
    names = {
        "/": "slash",
        " ": "space",
        "=": "equals_sign",
        "!": "exclamation_mark",
        "~": "tilde",
        "|": "vertical_line",
    }
    await pilot.press(*(names.get(c, c) for c in text))
    await pilot.pause()


async def test_what_passes_is_seen_while_one_types_and_counted_in_the_title() -> None:
    async with on_screen(StillRoom(NODES)) as (_, pilot):
        await pilot.press("3", "slash")
        await typed(pilot, "rack=rack1")
        assert "4 of 8" in screen_text(pilot.app)
        await pilot.press("enter")
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert "4/8 /rack=rack1" in shown
        assert "gpu-3" in shown
        assert "gpu-2" not in shown


async def test_a_filter_that_cannot_be_read_keeps_the_last_good_one_and_what_was_typed() -> None:
    async with on_screen(StillRoom(NODES)) as (screen, pilot):
        await pilot.press("3", "slash")
        await typed(pilot, "gpu-3 /a(/")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Prompt)
        assert pilot.app.screen.entry.value == "gpu-3 /a(/"
        assert "cannot be read" in screen_text(pilot.app)
        # The last that could be read: the pattern was not closed yet, so it was a word.
        assert screen.pane.passing.terms[0].parts[0].value == "gpu-3"


async def test_esc_drops_what_is_typed_and_then_the_filter() -> None:
    async with on_screen(StillRoom(NODES)) as (screen, pilot):
        await pilot.press("3", "slash")
        await typed(pilot, "gpu-3")
        await pilot.press("enter", "slash")
        await typed(pilot, "x")
        await pilot.press("escape")
        await pilot.pause()
        assert screen.pane.passing.text == "gpu-3"
        await pilot.press("escape")
        await pilot.pause()
        assert not screen.pane.passing
        assert not screen.zoomed


@pytest.mark.parametrize("name", PANES)
async def test_every_pane_has_a_filter_and_says_when_nothing_passes(name: str) -> None:
    async with on_screen(sev1_room(), width=100, height=40) as (screen, pilot):
        await pilot.press(str(PANES.index(name) + 1), "slash")
        await typed(pilot, "nosuchthing")
        await pilot.press("enter")
        await pilot.pause()
        passed, total = screen.pane.matched
        assert (passed, total > 0) == (0, True)
        assert "nothing here passes /nosuchthing" in screen_text(pilot.app)


async def test_faults_only_hides_what_is_well_in_every_pane_and_comes_back() -> None:
    async with on_screen(StillRoom(NODES)) as (screen, pilot):
        await pilot.press("3", "f")
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert "1/8 faults" in shown
        assert "gpu-3" in shown
        assert "gpu-4" not in shown
        assert all(pane.passing.faults for pane in screen.panes.values())
        await pilot.press("f")
        await pilot.pause()
        assert "gpu-4" in screen_text(pilot.app)


async def test_what_changes_afterwards_is_filtered_too() -> None:
    room = StillRoom(NODES)
    async with on_screen(room) as (screen, pilot):
        await pilot.press("3", "f")
        room.add(NodesChanged((Node(NodeName("gpu-5"), NodeState.NOT_READY, rack="rack1"),)))
        screen.draw()
        await pilot.pause()
        assert screen.pane.matched == (2, 8)


async def test_a_key_that_no_row_has_is_said() -> None:
    async with on_screen(StillRoom(NODES)) as (_, pilot):
        await pilot.press("3", "slash")
        await typed(pilot, "rakc=rack1")
        assert "nothing here has rakc" in screen_text(pilot.app)


async def test_twenty_thousand_rows_are_filtered_in_slices() -> None:
    async with on_screen(large_room()) as (screen, pilot):
        await pilot.press("4", "slash")
        await typed(pilot, "w1999")
        await pilot.press("enter")
        await pilot.pause()
        for _ in range(30):
            if not screen.pane.unfinished:
                break
            await pilot.pause()
        assert screen.pane.matched == (10, 20_000)


async def test_what_was_typed_comes_back_with_the_next_screen(tmp_path: Path) -> None:
    kept = tmp_path / "state" / "screen.json"
    for expected in (None, "gpu-3"):
        app = WarroomApp(StillRoom(NODES), preferences=Preferences(kept=kept))
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.press("3", "slash")
            if expected is None:
                await typed(pilot, "gpu-3")
                await pilot.press("enter")
            else:
                await pilot.press("up")
                await pilot.pause()
                assert isinstance(app.screen, Prompt)
                assert app.screen.entry.value == expected
    assert kept.stat().st_mode & 0o077 == 0


def test_a_memory_that_cannot_be_read_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "screen.json").write_text('{"typed": [1, "filters"')
    memory = Memory(tmp_path / "screen.json")
    memory.save("pay", "pay|kube")
    assert Memory(tmp_path / "screen.json").filters == {"pay": "pay|kube"}
