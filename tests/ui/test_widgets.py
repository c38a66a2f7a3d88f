"""The widgets as values: what stands on which line, and how much of it is painted."""

from rich.cells import cell_len

from tests.ui.stage import DARK, alone, lines_of
from warroom.ui.widgets.columns import fit_columns
from warroom.ui.widgets.drawing import wrapped
from warroom.ui.widgets.entries import Entries
from warroom.ui.widgets.framed import Framed
from warroom.ui.widgets.lines import Lines
from warroom.ui.widgets.log_view import LogView
from warroom.ui.widgets.node_grid import NodeGrid, no_head, no_notes
from warroom.ui.widgets.virtual_table import ListedRows, VirtualTable
from warroom.views.lines import line
from warroom.views.rows import Block, Cell, Column, Entry, Line, LogRow, Row, Tile, Title

NOTHING = line("nothing")
COLUMNS = (Column("NAME", 6, priority=9), Column("WHY", None, priority=8), Column("N", 3, align="right"))


def rows(*names: str) -> ListedRows:
    return ListedRows([Row(name, (Cell(name), Cell("because"), Cell("7"))) for name in names])


def entries(first: int, last: int) -> list[LogRow]:
    return [LogRow((n, 0), (line(f"line {n}"),)) for n in range(first, last + 1)]


def tiles(block: str, count: int, *, bad: tuple[int, ...] = ()) -> Block:
    return Block(
        block,
        tuple(Tile(f"{block}-{n}", "critical" if n in bad else "ok", f"{block}-{n}") for n in range(count)),
    )


def text(one: Line) -> str:
    return "".join(cell.text for cell in one.spans)


# --- lines and columns ------------------------------------------------------------------------------------


def test_a_long_line_goes_on_below_between_words_and_nothing_of_it_is_lost() -> None:
    words = "the switch of rack one is dead and " + "x" * 30 + " ノード had to wait"
    for width in range(4, 60):
        parts = wrapped(line((words, "critical")), width)
        assert all(cell_len(text(part)) <= width for part in parts), width
        assert "".join("".join(map(text, parts)).split()) == "".join(words.split())


def test_columns_that_do_not_fit_go_by_priority_and_the_others_fill_the_width() -> None:
    for width in range(6, 80):
        fit = fit_columns(COLUMNS, width)
        assert sum(size for _, size in fit) + len(fit) - 1 <= width
    assert [n for n, _ in fit_columns(COLUMNS, 40)] == [0, 1, 2]
    assert [n for n, _ in fit_columns(COLUMNS, 20)] == [0, 1]
    assert [n for n, _ in fit_columns(COLUMNS, 12)] == [0, 2]


async def test_a_frame_says_less_where_there_is_less_room_and_is_never_too_wide() -> None:
    frame = Framed(DARK, Lines(DARK))
    title = Title("2 Alerts", "alertmanager", "34s old", "12 in 3 groups", note="refused", role="stale")
    for width, expected in ((70, "refused"), (44, "12 in 3 groups"), (36, "34s old"), (16, "2 Alerts")):
        async with alone(frame := Framed(DARK, Lines(DARK)), width=width, height=4):
            frame.place(0, 0, width, 4)
            frame.show_frame(title, heavy=True, more="9 more")
            await frame.app.animator.wait_for_idle()
            assert expected in frame.draw_line(0).text
            assert frame.draw_line(0).cell_length == frame.outer_size.width


# --- table ------------------------------------------------------------------------------------------------


async def test_a_cursor_nobody_moved_is_on_the_first_row_whatever_comes() -> None:
    async with alone(table := VirtualTable(DARK), width=30, height=5):
        table.show(COLUMNS, rows("b", "c"), selected=set(), empty=NOTHING)
        table.show(COLUMNS, rows("a", "b", "c"), selected=set(), empty=NOTHING)
        assert table.cursor == "a"


async def test_a_moved_cursor_stays_on_its_row_while_rows_come_and_go() -> None:
    async with alone(table := VirtualTable(DARK), width=30, height=5):
        table.show(COLUMNS, rows("a", "b", "c"), selected=set(), empty=NOTHING)
        table.move(1)
        table.show(COLUMNS, rows("0", "1", "2", "a", "b", "c", "d"), selected=set(), empty=NOTHING)
        assert table.cursor == "b"
        assert any(shown.startswith(" b") for shown in lines_of(table))
        table.show(COLUMNS, rows("0", "1", "2", "a", "c", "d"), selected=set(), empty=NOTHING)
        assert table.cursor == "c"
        table.show(COLUMNS, rows(), selected=set(), empty=NOTHING)
        assert table.cursor == ""
        assert lines_of(table)[0] == " nothing"


async def test_one_changed_cell_of_a_table_repaints_one_line() -> None:
    async with alone(table := VirtualTable(DARK), width=30, height=6) as pilot:
        table.show(COLUMNS, rows("a", "b", "c"), selected=set(), empty=NOTHING)
        await pilot.pause()
        before = [table.render_line(y) for y in range(6)]
        table.show(COLUMNS, rows("a", "B", "c"), selected={"c"}, empty=NOTHING)
        same = [table.render_line(y) is old for y, old in enumerate(before)]
        assert same == [True, True, False, False, True, True]
        assert lines_of(table)[3].startswith("▌c")


async def test_selected_rows_are_answered_in_the_order_of_the_table() -> None:
    async with alone(table := VirtualTable(DARK), width=30, height=6):
        table.show(COLUMNS, rows("a", "b", "c"), selected=set(), empty=NOTHING)
        assert table.known({"c", "gone", "a"}) == ["a", "c"]


# --- log --------------------------------------------------------------------------------------------------


async def test_a_log_shows_the_newest_until_one_moves_in_it() -> None:
    async with alone(log := LogView(DARK), width=30, height=3):
        log.show(entries(1, 9), empty=NOTHING)
        assert lines_of(log) == ["line 7", "line 8", "line 9"]
        log.move(-1)
        log.show(entries(1, 20), empty=NOTHING)
        assert lines_of(log) == ["line 7", "line 8", "line 9"]
        assert (log.following, log.newer) == (False, 12)
        log.jump(-1)
        assert lines_of(log)[-1] == "line 20"
        assert log.following


async def test_a_held_log_shows_the_oldest_there_is_when_its_lines_were_dropped() -> None:
    async with alone(log := LogView(DARK), width=30, height=3):
        log.show(entries(1, 9), empty=NOTHING)
        log.jump(0)
        log.show(entries(50, 60), empty=NOTHING)
        assert lines_of(log)[0] == "line 50"


async def test_long_lines_are_reached_to_the_side_or_below() -> None:
    long = LogRow((1, 0), (line("0123456789" * 5), line("and a second line")))
    async with alone(log := LogView(DARK), width=20, height=6):
        log.show([long], empty=NOTHING)
        assert lines_of(log)[:2] == ["0123456789012345678…", "and a second line"]
        log.across(1)
        log.across(9)
        assert lines_of(log)[0] == "0123456789" * 2
        log.wrap()
        assert "".join(lines_of(log)[:3]) == "0123456789" * 5
        assert lines_of(log)[3] == "and a second line"


# --- grid -------------------------------------------------------------------------------------------------


def shown(grid: NodeGrid, *blocks: Block) -> None:
    grid.show(blocks, line("legend"), notes=no_notes, heads=no_head, selected=set())


async def test_a_grid_is_as_large_as_there_is_room() -> None:
    for width, height, expected in (
        (60, 20, "listed"),
        (60, 6, "named"),
        (30, 6, "two"),
        (8, 6, "one"),
        (7, 4, "half"),
    ):
        async with alone(grid := NodeGrid(DARK), width=width, height=height):
            shown(grid, tiles("r1", 8, bad=(3,)), tiles("r2", 8))
            assert grid.zoom.name == expected, (width, height)
            assert all(grid.render_line(y).cell_length == width for y in range(height))


async def test_a_cell_for_many_nodes_shows_the_worst_and_the_cursor_goes_to_it() -> None:
    async with alone(grid := NodeGrid(DARK), width=20, height=5):
        grid.activate(True)
        shown(grid, tiles("r1", 400, bad=(77,)))
        assert grid.zoom.share > 2
        assert "✖" in "".join(lines_of(grid)[:3])
        assert f"1 cell = {grid.zoom.share} nodes" in lines_of(grid)[-1] or "legend" in lines_of(grid)[-1]
        grid.across(77 // grid.zoom.share)
        assert grid.cursor == "r1-77"


async def test_the_cursor_of_a_grid_walks_in_two_dimensions() -> None:
    async with alone(grid := NodeGrid(DARK), width=18, height=8):
        shown(grid, tiles("r1", 12), tiles("r2", 3))
        assert grid.cursor == "r1-0"
        grid.across(2)
        assert grid.cursor == "r1-2"
        grid.jump(-1)
        assert grid.cursor == "r2-2"
        grid.move(-1)
        assert grid.cursor.startswith("r1-")
        grid.move(1)
        assert grid.cursor.startswith("r2-")
        grid.jump(0)
        grid.across(-1)
        assert grid.cursor == "r1-0"
        assert grid.block[:2] == ["r1-0", "r1-1"]


async def test_one_changed_node_repaints_one_line_of_the_grid() -> None:
    async with alone(grid := NodeGrid(DARK), width=18, height=8) as pilot:
        shown(grid, tiles("r1", 12), tiles("r2", 12))
        await pilot.pause()
        before = [grid.render_line(y) for y in range(8)]
        shown(grid, tiles("r1", 12), tiles("r2", 12, bad=(0,)))
        assert sum(grid.render_line(y) is not old for y, old in enumerate(before)) == 1


async def test_a_cursor_whose_node_is_gone_stays_in_its_rack() -> None:
    async with alone(grid := NodeGrid(DARK), width=18, height=8):
        shown(grid, tiles("r1", 3), tiles("r2", 3))
        grid.jump(-1)
        shown(grid, tiles("r1", 3), tiles("r2", 1))
        assert grid.cursor == "r2-0"


async def test_the_cursor_goes_from_entry_to_entry_and_then_on_by_lines() -> None:
    entries = Entries(DARK)
    rows = [Entry(key, (line(f"{key or 'read'} 1"), line(f"{key or 'read'} 2"))) for key in ("a", "", "b")]
    rows += [Entry("", (line(f"below {n}"),)) for n in range(6)]
    async with alone(entries, width=20, height=4) as pilot:
        entries.activate(True)
        entries.show(rows)
        await pilot.pause()
        assert (entries.cursor, entries.below) == ("a", 8)
        entries.move(1)
        assert entries.cursor == "b"
        assert "b 2" in lines_of(entries)
        entries.move(6)
        assert (entries.cursor, entries.below) == ("b", 0)
        assert lines_of(entries)[-1] == "below 5"
        entries.show(rows[2:])
        assert entries.cursor == "b"
        entries.jump(0)
        assert lines_of(entries)[0] == "b 1"


async def test_entries_that_are_too_long_go_on_below() -> None:
    entries = Entries(DARK, wrap=True)
    async with alone(entries, width=20, height=4) as pilot:
        entries.show([Entry("a", (line("one two three four five six"),))])
        await pilot.pause()
        assert [one.split() for one in lines_of(entries)[:2]] == [
            ["one", "two", "three", "four"],
            ["five", "six"],
        ]
