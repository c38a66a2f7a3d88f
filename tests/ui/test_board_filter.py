"""The response board is filtered, commanded and copied as the panes are."""

from tests.ui.pressing import RecordedRoom, TakenOut, press, recorded_player
from tests.ui.stage import on_screen, screen_text
from warroom.host.feed import Feed
from warroom.ui.app import WarroomApp
from warroom.ui.screens.board import Board
from warroom.ui.screens.room import RoomScreen


def board_of(room: RoomScreen) -> Board:
    board = room.app.screen
    assert isinstance(board, Board)
    return board


def entries(room: RoomScreen) -> list[str]:
    return board_of(room).entries_list._keys


async def test_a_filter_narrows_a_tab_while_it_is_typed_and_stays_with_that_tab() -> None:
    async with on_screen(RecordedRoom()) as (room, _):
        await press(room.app, "R", "3")
        everything = entries(room)
        await press(room.app, "slash", *"power|", "a")
        shown = screen_text(room.app)
        assert f"of {len(everything)}" in shown.splitlines()[-2], "matched and total are said inline"
        await press(room.app, "backspace", "backspace", "enter")
        assert 0 < len(entries(room)) < len(everything)
        assert f"{len(entries(room))}/{len(everything)} /power" in screen_text(room.app).splitlines()[1]
        await press(room.app, "2")
        assert "/power" not in screen_text(room.app)
        await press(room.app, "3")
        assert len(entries(room)) < len(everything), "each tab keeps its own"
        await press(room.app, "escape")
        assert entries(room) == everything, "Esc undoes the filter first"
        await press(room.app, "escape")
        assert room.app.screen is room


async def test_a_filter_that_cannot_be_read_is_said_and_the_last_good_one_stays() -> None:
    async with on_screen(RecordedRoom()) as (room, _):
        await press(room.app, "R", "3", "slash", *"power")
        good = board_of_prompt(room)
        await press(room.app, *" /a(/")
        shown = screen_text(room.app)
        assert "cannot be read" in shown
        assert good.passing.text == "power /a("
        await press(room.app, "escape")
        assert not board_of(room).passing, "Esc drops what was typed"


def board_of_prompt(room: RoomScreen) -> Board:
    """The board below the prompt."""
    board = room.app.screen_stack[-2]
    assert isinstance(board, Board)
    return board


async def test_a_filter_nothing_passes_and_a_key_no_entry_has_are_said() -> None:
    async with on_screen(RecordedRoom()) as (room, _):
        await press(room.app, "R", "3", "slash", *"kind=item rack=r1")
        assert "nothing here has rack" in screen_text(room.app)
        await press(room.app, "enter")
        assert "nothing here passes /kind=item rack=r1; Esc shows all" in screen_text(room.app)


async def test_only_what_is_wrong_is_the_same_switch_in_the_room_and_on_the_board() -> None:
    async with on_screen(RecordedRoom()) as (room, _):
        await press(room.app, "R", "3")
        everything = entries(room)
        await press(room.app, "f")
        assert set(entries(room)) < set(everything)
        assert "faults" in screen_text(room.app).splitlines()[1]
        await press(room.app, "escape")
        assert room.faults_only
        await press(room.app, "f", "R")
        assert entries(room) == everything


async def commanded(room: RoomScreen, text: str) -> None:
    await press(room.app, "colon", *text.replace(" ", "\n").replace("\n", " "), "enter")


async def test_the_command_line_goes_to_a_tab_filters_it_and_leads_back_into_the_room() -> None:
    feeds: list[Feed] = [RecordedRoom(), recorded_player()]
    for feed in feeds:
        async with on_screen(feed) as (room, _):
            await press(room.app, "R")
            await commanded(room, "checklist power")
            assert board_of(room).at.tab == "checklist"
            assert board_of(room).passing.text == "power"
            await commanded(room, "filter clear")
            assert not board_of(room).passing
            await commanded(room, "last")
            assert board_of(room).entries_list.cursor == entries(room)[-1], (
                "a word of the board is the board's"
            )
            await commanded(room, "nodes rack2")
            assert room.app.screen is room, "a command of the room is done there"
            assert (room.focused_name, room.pane.passing.text) == ("nodes", "rack2")


async def test_a_command_that_cannot_be_is_said_over_the_board() -> None:
    async with on_screen(RecordedRoom()) as (room, _):
        await press(room.app, "R")
        await commanded(room, "chekclist")
        assert "did you mean checklist?" in screen_text(room.app)
        await press(room.app, "escape")
        assert board_of(room).at.tab == "command"


async def test_an_entry_is_copied_as_text_and_for_a_chat() -> None:
    async with on_screen(RecordedRoom()) as (room, _):
        app, outside = room.app, TakenOut()
        assert isinstance(app, WarroomApp)
        app.ways_out = outside
        await press(app, "R", "3", "G", "c")
        assert "Ask the building about power" in outside.text
        assert room.told[0].startswith("copied 1 entry")
        await press(app, "C")
        assert outside.text.startswith("```\nresponse checklist · ")
