"""The grid of nodes: first paint, and every node changed, as CPU time of what is drawn and written."""

import asyncio
import time
from collections.abc import Iterator

from textual.geometry import Size

from tests.ui.stage import StillRoom, large_room
from warroom.events.cluster import NodesChanged
from warroom.model.nouns import Node, NodeName, NodeState
from warroom.ui.app import WarroomApp
from warroom.ui.wire.wire import Wire

SIZES = (Size(80, 24), Size(120, 40), Size(200, 60))
NODES = 10_000


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


def every_node(state: NodeState, gpus_used: int) -> NodesChanged:
    nodes = (
        Node(NodeName(f"n{n:05d}"), state, rack=f"r{n // 40:03d}", gpus=8, gpus_used=gpus_used)
        for n in range(NODES)
    )
    return NodesChanged(tuple(nodes))


async def measured(size: Size) -> tuple[float, float, int]:
    """Milliseconds of the first paint with its mount, of a paint in which every node changed, and its bytes."""
    room = large_room(nodes=NODES, workloads=1)
    app = Written(room, size)
    began = time.process_time()
    async with app.run_test(size=tuple(size)) as pilot:
        await pilot.press("3", "z")
        await pilot.pause()
        first = time.process_time() - began
        changes = []
        for turn in range(6):
            room.add(every_node((NodeState.NOT_READY, NodeState.READY)[turn % 2], turn))
            before, app.bytes = time.process_time(), 0
            app.screen.draw()  # type: ignore[attr-defined]
            await pilot.pause()
            changes.append(time.process_time() - before)
    return first * 1000, sorted(changes)[len(changes) // 2] * 1000, app.bytes


def lines() -> Iterator[str]:
    yield f"| {NODES:,} nodes, CPU ms | 80x24 | 120x40 | 200x60 |"
    yield "|---|---|---|---|"
    found = [asyncio.run(measured(size)) for size in SIZES]
    yield f"| the app, mounted, and its first paint | {' | '.join(f'{one[0]:.0f}' for one in found)} |"
    cells = " | ".join(f"{one[1]:.0f} ({one[2] / 1000:.1f} kB)" for one in found)
    yield f"| all nodes changed, painted | {cells} |"


def report() -> str:
    """This section of docs/performance.md."""
    return "\n".join(
        ["## The grid of nodes", "", "The Nodes pane zoomed, in this process.", "", *lines(), ""]
    )
