"""Dialogs: nothing acts before it could be read, nothing acts without its word, Esc leaves it undone."""

import re

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.stage import MAYA, StillRoom, on_screen, screen_text
from tests.views.test_panes import node
from warroom.events.cluster import NodesChanged
from warroom.events.incident import IncidentDeclared
from warroom.events.room import RoomUnlocked
from warroom.model.commands import Act, DeclareIncident
from warroom.model.nouns import NodeName, NodeState, Severity
from warroom.model.requests import Cordon
from warroom.model.text import Safe
from warroom.ui.screens.dialogs import Confirm, Form, Menu, Reading
from warroom.ui.screens.room import RoomScreen


def rack_down() -> StillRoom:
    room = StillRoom(
        NodesChanged(tuple(node(f"gpu-{n}", NodeState.NOT_READY, rack=f"rack{n % 2}") for n in range(4)))
    )
    room.add(RoomUnlocked(), by=MAYA)
    return room


async def ask_to_cordon(pilot: Pilot[str]) -> Confirm:
    await pilot.press("3", "b", "x", "enter")
    await pilot.press(*"switch", "enter")
    await pilot.pause()
    assert isinstance(pilot.app.screen, Confirm)
    return pilot.app.screen


async def armed(pilot: Pilot[str], dialog: Confirm) -> None:
    while not dialog.armed:
        await pilot.pause(0.05)


async def test_what_is_typed_before_a_dialog_is_armed_counts_for_nothing() -> None:
    room = rack_down()
    async with on_screen(room) as (_, pilot):
        dialog = await ask_to_cordon(pilot)
        assert not dialog.armed
        await pilot.press("d", "o", "enter")
        assert room.wishes == []
        await armed(pilot, dialog)
        assert dialog.query_one(Input).value == ""
        assert pilot.app.screen is dialog


async def test_only_the_word_itself_acts_and_it_acts_as_shown() -> None:
    room = rack_down()
    async with on_screen(room) as (screen, pilot):
        dialog = await ask_to_cordon(pilot)
        await armed(pilot, dialog)
        await pilot.press("n", "o", "enter")
        assert room.wishes == []
        assert "that was not do" in screen_text(pilot.app)
        await pilot.press("d", "o", "enter")
        await pilot.pause()
        sent = room.wishes[0]
        assert isinstance(sent, Act)
        assert sent.request == Cordon((NodeName("gpu-0"), NodeName("gpu-2")), reason=Safe("switch"))
        assert screen.panes["nodes"].selected == frozenset()


async def test_escape_leaves_one_layer_and_nothing_is_done() -> None:
    room = rack_down()
    async with on_screen(room) as (screen, pilot):
        dialog = await ask_to_cordon(pilot)
        await armed(pilot, dialog)
        await pilot.press("d", "o", "escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, RoomScreen)
        assert room.wishes == []
        assert screen.panes["nodes"].selected == {"gpu-0", "gpu-2"}
        await pilot.press("escape")
        assert screen.panes["nodes"].selected == frozenset()
        await pilot.press("escape", "escape")
        assert pilot.app.is_running


async def test_a_locked_room_says_so_instead_of_opening_the_menu() -> None:
    room = StillRoom(NodesChanged((node("gpu-1"),)))
    async with on_screen(room) as (_, pilot):
        await pilot.press("3", "x")
        await pilot.pause()
        assert isinstance(pilot.app.screen, RoomScreen)
        assert "the room is locked" in screen_text(pilot.app)


async def test_an_open_incident_is_left_by_the_word_alone() -> None:
    room = rack_down()
    room.add(IncidentDeclared("i", Safe("all is red"), Severity("SEV1")), by=MAYA)
    async with on_screen(room) as (_, pilot):
        for key in ("escape", "q", "ctrl+q"):
            await pilot.press(key, "enter")
            await pilot.pause()
            assert pilot.app.is_running, key
            await pilot.press("escape")
        await pilot.press("q", *"leave", "enter")
        await pilot.pause()
        assert pilot.app.return_code == 0


async def test_an_incident_is_declared_by_keys() -> None:
    room = rack_down()
    async with on_screen(room) as (_, pilot):
        await pilot.press("X")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Menu)
        await pilot.press("enter")
        await pilot.press("1", "space", *"down", "enter")
        await pilot.pause()
        assert room.wishes[0] == DeclareIncident(Safe("down"), Severity("SEV1"))


async def test_what_was_refused_stays_in_the_dialog_to_be_corrected() -> None:
    room = rack_down()
    async with on_screen(room) as (_, pilot):
        await pilot.press("X", "enter")
        await pilot.press(*"9", "space", *"down", "enter")
        await pilot.pause()
        form = pilot.app.screen
        assert isinstance(form, Form)
        assert form.entry.value == "9 down"
        assert "sev" in screen_text(pilot.app).lower()
        await pilot.press("home", "delete", "1", "enter")
        await pilot.pause()
        assert room.wishes[0] == DeclareIncident(Safe("down"), Severity("SEV1"))


async def test_ctrl_c_says_the_way_out_and_ends_nothing() -> None:
    async with on_screen(rack_down()) as (_, pilot):
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert "q leaves the screen and the room goes on" in screen_text(pilot.app)
        assert "ctrl+q" not in screen_text(pilot.app)


async def test_a_long_reason_is_whole_in_the_detail() -> None:
    """A reason longer than its column could not be read anywhere."""
    reason = "no heartbeat since " + "the switch of the rack and " * 9 + "its spare died"
    room = StillRoom(NodesChanged((node("gpu-1", NodeState.NOT_READY, reason=Safe(reason)),)))
    async with on_screen(room, width=60, height=24) as (_, pilot):
        await pilot.press("3", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Reading)
        inside = re.findall(r"┃ ┃ (.*) ┃ ┃", screen_text(pilot.app))
        assert reason in " ".join(" ".join(inside).split())


@pytest.mark.parametrize("size", [(80, 24), (60, 15), (40, 10), (20, 5)])
async def test_a_plan_can_be_read_to_its_end_on_any_terminal(size: tuple[int, int]) -> None:
    async with on_screen(rack_down(), width=size[0], height=size[1]) as (_, pilot):
        dialog = await ask_to_cordon(pilot)
        await armed(pilot, dialog)
        for _ in range(40):
            dialog.action_scroll(1)
        assert dialog.inside.below == 0
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert "and Enter to do it" in screen_text(pilot.app)
