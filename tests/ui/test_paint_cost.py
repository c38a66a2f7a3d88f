"""What a frame costs: nothing when nothing changed, little when one thing changed, whatever the cluster's size."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from tests.ui.stage import StillRoom, large_room, lines_of, on_screen, repainted
from tests.views.any_state import Tape
from warroom.clock import monotonic_s
from warroom.events.cluster import NodesChanged
from warroom.model.nouns import Node, NodeName, NodeState
from warroom.model.text import Safe


def steps_of(work: Callable[[], object]) -> int:
    """How many lines of Python a piece of work runs; each turn of a loop counts."""
    steps = 0

    def count(_: FrameType, event: str, __: Any) -> Any:
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work()
    finally:
        sys.settrace(before)
    return steps


@pytest.fixture(scope="module")
def large() -> StillRoom:
    return large_room()


async def steps_of_a_frame(room: StillRoom, *, after_ms: int, width: int = 120, height: int = 40) -> int:
    async with on_screen(room, width=width, height=height) as (screen, pilot):
        await repainted(screen, pilot)
        await repainted(screen, pilot)
        room.pass_ms(after_ms)
        return steps_of(screen.draw)


@pytest.mark.parametrize(("width", "height"), [(120, 40), (200, 60)])
async def test_a_frame_in_which_nothing_changed_costs_the_same_for_any_cluster(
    large: StillRoom, width: int, height: int
) -> None:
    small = large_room(nodes=80, workloads=100)
    costs = [await steps_of_a_frame(room, after_ms=1, width=width, height=height) for room in (small, large)]
    assert costs[0] == costs[1] < 2_000


async def test_nothing_is_painted_when_nothing_changed(large: StillRoom) -> None:
    async with on_screen(large, width=200, height=60) as (screen, pilot):
        await repainted(screen, pilot)
        await repainted(screen, pilot)
        painted = [part.repaints for part in screen.shown()]
        for _ in range(20):
            large.pass_ms(1)
            screen.draw()
        assert [part.repaints for part in screen.shown()] == painted


async def test_a_minute_later_only_the_rows_on_screen_are_made_anew(large: StillRoom) -> None:
    small = large_room(nodes=480, workloads=500)
    costs = [await steps_of_a_frame(room, after_ms=60_000) for room in (small, large)]
    assert costs[1] < 2 * costs[0]


async def test_one_changed_node_among_thousands_is_painted_alone(large: StillRoom) -> None:
    """A node that went down cost a walk through all rows of all panes, four times a second."""
    async with on_screen(large, width=200, height=60) as (screen, pilot):
        await repainted(screen, pilot)
        before = lines_of(screen.panes["nodes"].body)
        down = Node(NodeName("n04242"), NodeState.NOT_READY, rack="r106", reason=Safe("no heartbeat"))
        large.add(NodesChanged((down,)))
        # Three steps a node to find which one it was, and what is on screen; one row alone is made in thirty.
        assert steps_of(screen.draw) < 3 * 5_000 + 30_000
        await pilot.pause()
        after = lines_of(screen.panes["nodes"].body)
        changed = [line for old, line in zip(before, after, strict=True) if old != line]
        assert len(changed) == 2
        assert "✖" in changed[0]
        assert "1 not ready" in changed[1]
        assert "NODES 4999/5000 ▼1" in screen.vitals.render_line(0).text


async def test_moving_the_cursor_paints_the_pane_it_moves_in_and_nothing_else(large: StillRoom) -> None:
    async with on_screen(large) as (screen, pilot):
        await pilot.press("4", "enter")
        await repainted(screen, pilot)
        painted = {name: pane.body.repaints for name, pane in screen.panes.items()}
        await pilot.press("j")
        moved = {name for name, pane in screen.panes.items() if pane.body.repaints != painted[name]}
        assert moved == {"workloads"}


async def test_a_key_in_a_flood_paints_what_it_changed_and_leaves_the_rest_to_the_next_frame(
    large: StillRoom,
) -> None:
    """Each key went through all that had happened since the last frame before it was seen to do anything."""
    async with on_screen(large) as (screen, pilot):
        await repainted(screen, pilot)
        every = (Node(NodeName(f"n{n:05d}"), NodeState.NOT_READY, rack=f"r{n // 40:03d}") for n in range(900))
        large.add(NodesChanged(tuple(every)))
        screen.wire.key(monotonic_s())
        screen.focused_name = "nodes"
        assert steps_of(screen.draw) < 20_000
        assert lines_of(screen.panes["nodes"])[0].startswith("┏━ 3 Nodes")
        assert "▼90" not in screen.vitals.render_line(0).text
        screen.draw(data=True)
        assert "▼90" in screen.vitals.render_line(0).text


async def test_the_last_of_twenty_thousand_rows_is_one_key_away(large: StillRoom) -> None:
    async with on_screen(large) as (screen, pilot):
        await pilot.press("4", "enter", "G")
        assert screen.pane.cursor == "w19999"
        assert "w19999" in lines_of(screen.pane.body)[-1]


async def test_what_is_first_known_of_a_room_is_painted_at_once_and_not_with_the_next_frame() -> None:
    """A screen stood empty for up to a quarter of a second after its room had told all."""
    room = StillRoom()
    told, room.tape = room.tape, Tape()
    async with on_screen(room) as (screen, pilot):
        room.tape = told
        painted = screen.bar.repaints
        room.pass_ms(0)
        assert screen.bar.repaints > painted
        assert not screen.dirty
        await pilot.pause()


async def test_a_key_that_leads_to_the_grid_draws_the_line_of_its_cursor_and_no_other(
    large: StillRoom,
) -> None:
    """All lines of a grid were drawn anew each time the keys came to it or went."""
    async with on_screen(large, width=200, height=60) as (screen, pilot):
        await repainted(screen, pilot)
        grid = screen.panes["nodes"].body
        height = grid.outer_size.height
        before = [grid.draw_line(y) for y in range(height - 2)]
        grid.activate(True)
        drawn = [y for y in range(height - 2) if grid.draw_line(y) is not before[y]]
        assert len(drawn) == 1
