"""A screen whose host is gone says so, says nothing that only a host keeps true, and takes no wish."""

from tests.ui.stage import MAYA, StillRoom, on_screen, repainted, screen_text
from tests.views.test_panes import node
from warroom.events.cluster import NodesChanged
from warroom.events.room import RoomUnlocked
from warroom.model.nouns import NodeState
from warroom.ui.screens.dialogs import Form
from warroom.views.absence import Absence


def unlocked() -> StillRoom:
    room = StillRoom(NodesChanged((node("gpu-1", NodeState.NOT_READY),)))
    room.add(RoomUnlocked(), by=MAYA)
    return room


async def test_after_the_host_was_lost_nothing_says_recording_or_unlocked() -> None:
    room = unlocked()
    for width in (120, 80):
        async with on_screen(room, width=width, height=24) as (screen, pilot):
            room.absence = None
            assert "UNLOCKED maya" in (await repainted(screen, pilot)).split("\n")[0]
            room.absence = Absence(room.now, why="no such file", tries=7)
            room.pass_ms(0)
            shown = await repainted(screen, pilot)
            bar = shown.split("\n")[0]
            assert f"HOST LOST {room.now:%H:%M:%S}Z" in bar
            assert "try 7" in bar
            assert "NOT RECORDING" in bar
            assert "UNLOCKED" not in bar
            assert "REC ●" not in bar
            assert "nothing is recorded, keys that act are refused" in shown
            assert f"as of {room.now:%H:%M:%S}Z" in shown, "no pane calls what it shows fresh"


async def test_a_room_that_was_stopped_says_by_whom() -> None:
    room = unlocked()
    async with on_screen(room) as (screen, pilot):
        room.absence = Absence(room.now, closed="stopped by sam")
        room.pass_ms(0)
        shown = await repainted(screen, pilot)
        bar = shown.split("\n")[0]
        assert f"CLOSED {room.now:%H:%M:%S}Z" in bar
        assert "stopped by sam" in bar
        assert "LOST" not in bar


async def test_without_a_host_nobody_types_in_vain() -> None:
    room = unlocked()
    async with on_screen(room) as (screen, pilot):
        room.absence = Absence(room.now)
        room.pass_ms(0)
        for key in ("a", "x", "X", "T", "u", "N", "U", "P"):
            screen.told = ("", "text", 0.0)
            await pilot.press(key)
            await pilot.pause()
            assert screen.app.screen is screen, f"{key} asked for words that could not be sent"
            assert "refused: the host is lost since" in screen_text(screen.app), key
        assert not room.wishes
        assert not isinstance(screen.app.screen, Form)
