"""What was typed for a question that was refused presses no keys; what was said before makes room for the next key."""

from tests.ui.stage import StillRoom, on_screen, repainted, screen_text
from tests.views.test_panes import node
from warroom.clock import monotonic_s
from warroom.events.actions import ActionProposed, ActionVerified
from warroom.events.cluster import NodesChanged
from warroom.model.nouns import NodeName, NodeState
from warroom.model.requests import Cordon, Verdict
from warroom.model.text import Safe
from warroom.response.plans import plan
from warroom.ui.screens.bars import flash_of
from warroom.ui.screens.room import READ_S


def locked() -> StillRoom:
    return StillRoom(NodesChanged((node("gpu-1", NodeState.NOT_READY),)))


async def test_words_typed_after_a_refusal_do_nothing_to_the_room() -> None:
    room = locked()
    async with on_screen(room) as (screen, pilot):
        await pilot.press("3", "x", *"mU0", "enter")
        await pilot.pause()
        assert room.wishes == [], "m would have put a marker, U would have unlocked"
        assert screen.app.screen is screen
        assert screen.focused_name == "nodes"
        assert "what you typed on was dropped; the room is locked" in screen_text(screen.app)


async def test_escape_makes_the_keys_keys_again() -> None:
    room = locked()
    async with on_screen(room) as (screen, pilot):
        await pilot.press("3", "z", "x", "escape", "m")
        await pilot.pause()
        assert len(room.wishes) == 1
        assert screen.zoomed, "that Esc ended the words and undid nothing else"


async def test_what_was_said_is_gone_once_the_next_key_was_pressed() -> None:
    async with on_screen(locked()) as (screen, pilot):
        screen.tell("noted", "ok")
        assert "noted" in await repainted(screen, pilot)
        screen.wire.key(monotonic_s())
        assert "noted" in await repainted(screen, pilot), "nobody can have read it yet"
        screen.wire.key(monotonic_s() + READ_S + 0.1)
        assert "noted" not in await repainted(screen, pilot)


async def test_what_was_said_of_a_pane_does_not_stay_in_the_next_one() -> None:
    async with on_screen(locked()) as (screen, pilot):
        screen.tell("sorted by AGE", "info")
        await pilot.press("4")
        assert "sorted by AGE" not in await repainted(screen, pilot)
        screen.tell("sorted by AGE", "info")
        await pilot.press("tab")
        assert "sorted by AGE" not in await repainted(screen, pilot)


async def test_a_time_that_no_pane_in_sight_shows_is_said() -> None:
    async with on_screen(locked(), width=80, height=24) as (screen, pilot):
        await pilot.press("3", "z", "colon", *"goto -1s", "enter")
        await pilot.pause()
        assert "Metrics, Logs and Timeline are at" in screen_text(screen.app)


async def test_the_error_key_in_a_pane_without_errors_says_where_they_are() -> None:
    async with on_screen(locked()) as (screen, pilot):
        await pilot.press("2", "right_curly_bracket")
        await pilot.pause()
        assert "errors and critical moments are in Logs (6) or Timeline (7)" in screen_text(screen.app)


def test_a_long_list_of_targets_does_not_cut_the_verdict_off() -> None:
    names = tuple(NodeName(f"gpu-node-number-{n}") for n in range(4))
    room = StillRoom(NodesChanged(tuple(node(str(name), NodeState.READY) for name in names)))
    request = Cordon(names)
    made = plan(room.state, request, person="maya", now=room.now)
    room.add(ActionProposed("A1", "op", request, made))
    room.add(ActionVerified("A1", Verdict.NOT_SEEN, Safe("gpu-node-number-1 is open")))
    shown = "".join(cell.text for cell in flash_of(room, ("", "text", 0.0), width=80).spans)
    assert shown[:80].rstrip().endswith(": not seen"), shown
