"""The mouse: a click goes to a pane or a row, the wheel scrolls, and nothing is ever done or chosen by it."""

import pytest
from textual.geometry import Offset

from tests.ui.pressing import DEADLINE_S, RecordedRoom, press, seen, settled
from tests.ui.stage import large_room, on_screen
from warroom.clock import monotonic_s
from warroom.ui.app import WarroomApp
from warroom.ui.preferences import mouse_wanted
from warroom.ui.screens.board import Board
from warroom.ui.screens.dialogs import Menu
from warroom.ui.screens.room import RoomScreen
from warroom.ui.widgets.node_grid import NodeGrid

SIZES = ((80, 24), (120, 40), (200, 60))


def shown_at(room: RoomScreen, words: str) -> Offset:
    """Where these words stand on the screen."""
    lines = [strip.text for strip in room.app.screen._compositor.render_strips()]
    y = next(y for y, text in enumerate(lines) if words in text)
    return Offset(lines[y].index(words), y)


async def click(room: RoomScreen, at: Offset) -> None:
    assert isinstance(room.app, WarroomApp)
    room.app.clicked(at)
    await settled(room.app)


async def wheel(room: RoomScreen, at: Offset, by: int) -> None:
    assert isinstance(room.app, WarroomApp)
    room.app.wheeled(at, by)
    await settled(room.app)


@pytest.mark.parametrize("words", ["4 Workloads", "5 Metrics", "3 Nodes", "6 Logs"])
async def test_a_click_gives_a_pane_the_keys(words: str) -> None:
    async with on_screen(RecordedRoom()) as (room, _):
        await click(room, shown_at(room, words))
        assert room.focused_name == words.split()[1].lower()


async def test_a_click_on_a_row_puts_the_cursor_there_and_does_nothing_else() -> None:
    async with on_screen(RecordedRoom()) as (room, _):
        for node in ("gpu-03", "gpu-06", "gpu-01"):
            await press(room.app, "3")
            await click(room, shown_at(room, node))
            assert (room.focused_name, room.pane.cursor) == ("nodes", node)
        now = seen(room)
        assert (now.sent, now.dialog, now.selected) == ((), "", frozenset())


def stands_there(nodes: NodeGrid, at: Offset, top: int) -> bool:
    """Whether the tile under the cursor is one that stood at that place of the screen, below that first line."""
    x, y = at - nodes.region.offset
    for piece in nodes._layout.lines[top + y]:
        place = nodes._cursor_in(piece)
        if place is not None:
            begin = piece.x + nodes._label + (place - piece.first) * nodes.zoom.cells
            return begin <= x < begin + nodes.zoom.cells
    return False


def is_arranged(nodes: NodeGrid) -> bool:
    """Whether its tiles stand where they stay: laid out for the size it has, and drawn so."""
    shape = nodes._shape
    laid_out = isinstance(shape, tuple) and shape[:2] == tuple(nodes.size)
    return laid_out and nodes._drawn_size == nodes.outer_size


@pytest.mark.parametrize("size", SIZES)
async def test_each_node_of_a_grid_is_where_the_mouse_finds_it(size: tuple[int, int]) -> None:
    async with on_screen(large_room(nodes=400, workloads=10), width=size[0], height=size[1]) as (room, _):
        await press(room.app, "3", "z")
        nodes = room.pane.body
        assert isinstance(nodes, NodeGrid)
        deadline_s = monotonic_s() + DEADLINE_S
        while nodes.size.width != size[0] - 2 or not is_arranged(nodes):
            assert monotonic_s() < deadline_s
            await settled(room.app)
        grid, chosen = nodes.region, set()
        for y in range(grid.y, grid.bottom - 2, 5):
            for x in range(grid.x + 2, grid.right, 17):
                before, top = room.pane.cursor, nodes._top
                await click(room, Offset(x, y))
                if room.pane.cursor != before:
                    chosen.add(room.pane.cursor)
                    assert stands_there(nodes, Offset(x, y), top), (x, y, room.pane.cursor)
        assert len(chosen) > 5
        assert room.focused_name == "nodes"


async def test_a_click_on_the_strip_of_tabs_goes_to_that_pane() -> None:
    async with on_screen(RecordedRoom(), width=80, height=24) as (room, _):
        for word, name in (("6 Logs", "logs"), ("1 Health", "health"), ("7 Time", "timeline")):
            await click(room, shown_at(room, word))
            assert room.focused_name == name


async def test_the_wheel_scrolls_what_is_under_it_and_leaves_the_keys_where_they_are() -> None:
    async with on_screen(large_room(nodes=40, workloads=200)) as (room, _):
        at = shown_at(room, "4 Workloads")
        before = room.panes["workloads"].cursor
        await wheel(room, at, 1)
        await wheel(room, at, 1)
        assert room.panes["workloads"].cursor != before
        assert room.focused_name == "alerts"
        await wheel(room, at, -1)
        await wheel(room, at, -1)
        assert room.panes["workloads"].cursor == before


async def test_a_click_in_a_menu_goes_to_a_choice_and_only_enter_takes_it() -> None:
    async with on_screen(RecordedRoom()) as (room, _):
        await press(room.app, "3", "g", "x")
        menu = room.app.screen
        assert isinstance(menu, Menu)
        await click(room, shown_at(room, "drain: close and empty"))
        assert room.app.screen is menu, "nothing was chosen"
        assert menu.choices[menu.at][0] == "drain"
        await click(room, Offset(0, 0))
        assert room.app.screen is menu, "a click beside it does not close it"


async def test_a_click_on_the_board_goes_to_an_entry() -> None:
    async with on_screen(RecordedRoom()) as (room, _):
        await press(room.app, "R", "3", "g")
        board = room.app.screen
        assert isinstance(board, Board)
        await click(room, shown_at(room, "Ask the building about power"))
        assert board.entries_list.cursor == "item:hand" or "power" in board.entries_list.cursor
        assert room.app.screen is board


async def test_clicks_everywhere_and_in_every_dialog_send_nothing() -> None:
    ways = (
        (),
        ("3", "x"),
        ("X",),
        ("2", "A"),
        ("question_mark",),
        ("colon",),
        ("R",),
        ("q",),
        ("5", "enter"),
    )
    for keys in ways:
        async with on_screen(RecordedRoom()) as (room, _):
            await press(room.app, *keys)
            dialog = room.app.screen
            for y in range(0, 40, 3):
                for x in range(2, 120, 29):
                    await click(room, Offset(x, y))
                await wheel(room, Offset(60, y), 1)
            assert room.app.screen is dialog
            assert seen(room).sent == ()


def test_the_mouse_is_off_unless_wanted_and_never_begins_over_ssh() -> None:
    assert not mouse_wanted(False, {})
    assert mouse_wanted(True, {})
    assert not mouse_wanted(True, {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"})
    assert not mouse_wanted(True, {"SSH_TTY": "/dev/pts/3"})
