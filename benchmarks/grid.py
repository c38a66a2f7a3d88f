"""The grid of nodes: first paint, and every node changed, as CPU time of what is drawn and written."""

import asyncio
import time
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from textual.geometry import Size

from tests.ui.stage import StillRoom, large_room
from warroom.events.cluster import NodesChanged
from warroom.model.nouns import Node, NodeName, NodeState
from warroom.ui.app import WarroomApp
from warroom.ui.wire.wire import Wire

SIZES = (Size(80, 24), Size(120, 40), Size(200, 60))
NODES = 10_000
ROUNDS, CHANGES = 3, 7
STATES = (NodeState.NOT_READY, NodeState.READY)


class Written(WarroomApp):
    """The app, whose frames are made into bytes although there is no terminal."""

    def __init__(self, feed: StillRoom, size: Size) -> None:
        super().__init__(feed)
        self.own, self.cells = Wire(), size
        self.bytes = 0

    def _display(self, screen: object, renderable: object) -> None:
        if renderable is not None and self.own.take(renderable, self.cells, "truecolor", (0, 0), 0.0):
            self.bytes += len(self.own.next(0.0).encode())
            self.own.link.answered(0.0)
        super()._display(screen, renderable)  # type: ignore[arg-type]


def one_node(state: NodeState) -> NodesChanged:
    return NodesChanged((Node(NodeName("n00042"), state, rack="r001", gpus=8),))


def every_node(state: NodeState, gpus_used: int) -> NodesChanged:
    nodes = (
        Node(NodeName(f"n{n:05d}"), state, rack=f"r{n // 40:03d}", gpus=8, gpus_used=gpus_used)
        for n in range(NODES)
    )
    return NodesChanged(tuple(nodes))


class Found(NamedTuple):
    """CPU milliseconds, and bytes."""

    first: float
    """The nodes are there for the first time."""
    changed: float
    """Every node changed."""
    bytes: int
    one: float
    """One node changed."""


async def measured(size: Size) -> Found:
    """The medians of paints; that events are folded before them is not in."""
    firsts = []
    for _ in range(ROUNDS):
        room = large_room(nodes=0, workloads=0)
        app = Written(room, size)
        async with app.run_test(size=tuple(size)) as pilot:
            await pilot.press("3", "z")
            await pilot.pause()

            async def painted(happened: NodesChanged) -> float:
                room.add(happened)  # noqa: B023 - called in its round
                before, app.bytes = time.process_time(), 0  # noqa: B023
                app.screen.draw(data=True)  # type: ignore[attr-defined]  # noqa: B023
                await pilot.pause()
                return (time.process_time() - before) * 1000

            firsts.append(await painted(every_node(NodeState.READY, 0)))
            whole = [await painted(every_node(STATES[turn % 2], turn)) for turn in range(CHANGES)]
            size_of_it = app.bytes
            ones = [await painted(one_node(STATES[turn % 2])) for turn in range(CHANGES)]
    return Found(median(firsts), median(whole), size_of_it, median(ones))


ABOUT = f"""\
The Nodes pane zoomed, in one process with the benchmark: CPU time (`time.process_time`) from a state that is folded
already to the bytes for the terminal; medians of {ROUNDS} first paints and of {CHANGES} changes. All changed: every
node goes down, or comes back. Of each about 2 ms are the harness's, which takes as long when nothing changed."""


def lines() -> Iterator[str]:
    yield f"| {NODES:,} nodes, CPU ms | 80x24 | 120x40 | 200x60 |"
    yield "|---|---|---|---|"
    found = [asyncio.run(measured(size)) for size in SIZES]
    yield f"| first paint | {' | '.join(f'{one.first:.0f}' for one in found)} |"
    cells = " | ".join(f"{one.changed:.0f} ({one.bytes / 1000:.1f} kB)" for one in found)
    yield f"| all nodes changed | {cells} |"
    yield f"| one node changed | {' | '.join(f'{one.one:.1f}' for one in found)} |"


def report() -> str:
    """This section of docs/performance.md."""
    return "\n".join(["## The grid of nodes", "", ABOUT, "", *lines(), ""])
