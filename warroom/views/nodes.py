"""The Nodes pane: failure domains as visible blocks, a table, and one node in words."""

from collections.abc import Callable, Container, Iterable, Sequence
from math import inf
from typing import Any

from warroom.model.nouns import Node, NodeName
from warroom.state.slices import State
from warroom.views.ages import figure
from warroom.views.census import Census, census_of
from warroom.views.lines import line
from warroom.views.members import Members
from warroom.views.node_detail import gpus_of
from warroom.views.node_measures import Measures, mark_of, role_of, scale_line
from warroom.views.rows import Block, Cell, Column, Line, Row, Title, rank
from warroom.views.sorting import Sorting, arranged
from warroom.views.sources import titled

COLUMNS = (
    Column("NODE", 16, priority=9),
    Column("STATE", 10, priority=9),
    Column("CORDON", 8, priority=8),
    Column("GPUS", 7, align="right", priority=6),
    Column("USE", 5, align="right", priority=4),
    Column("TEMP", 5, align="right", priority=5),
    Column("RUNS", 5, align="right", priority=7),
    Column("REASON", None, priority=9),
)
WORDS = {
    "critical": "not ready",
    "lost": "offline",
    "unknown": "unknown",
    "warning": "cordoned",
    "ok": "ready",
}
GLYPHS = {"critical": "✖", "lost": "✖", "unknown": "?", "warning": "⊘", "ok": "✔"}


def nodes_title(state: State, room_ms: int, census: Census | None = None) -> Title:
    """Name, how many are ready, by what they stand together when somebody asked for that, source."""
    nodes = (census or census_of(state)).nodes
    count = f"{nodes.total - nodes.down}/{nodes.total} ready" if state.cluster.listed else ""
    by = f"  by {nodes.map.by}" if nodes.map.by else ""
    return titled(state, "cluster", room_ms, name=f"Nodes{by}", count=count)


def block_title(state: State, room_ms: int, block: Block) -> Title:
    """Of one failure domain: how many nodes it has, and how many are not as they should be."""
    return titled(state, "cluster", room_ms, name=f"Nodes › {block.name}", count=block_notes(state, block))


def node_blocks(state: State) -> list[Block]:
    """A block per failure domain, by name."""
    return list(census_of(state).nodes.blocks)


def chosen_blocks(blocks: Iterable[Block], names: Container[str]) -> tuple[Block, ...]:
    """The blocks with those nodes alone; a block without any is left out."""
    left = ((block.name, tuple(tile for tile in block.cells if tile.key in names)) for block in blocks)
    return tuple(Block(name, cells) for name, cells in left if cells)


def node_legend(state: State, census: Census | None = None) -> Line:
    """How many nodes are in which state, the worst first; before that the scale of what the tiles show."""
    nodes = (census or census_of(state)).nodes
    if nodes.map.colour != "state":
        down = [
            Cell(f"  {GLYPHS[r]} {nodes.roles[r]} {WORDS[r]}", r)
            for r in ("critical", "lost")
            if nodes.roles[r]
        ]
        return Line((*scale_line(state, nodes.map.colour).spans, *down))
    parts = [
        (f"{GLYPHS[r]} {nodes.roles[r]} {WORDS[r]}  ", r) for r in WORDS if nodes.roles[r] and r != "warning"
    ]
    if nodes.cordoned:
        parts.append((f"⊘ {nodes.cordoned} cordoned", "warning"))
    return line(*parts)


def node_notes(state: State, name: str) -> tuple[Cell, ...]:
    """What is said beside a node's name: its GPUs, its state, why."""
    node = state.cluster.nodes.get(NodeName(name))
    if node is None:
        return ()
    words = node.state.value.replace("_", " ") + (", cordoned" if node.cordoned else "")
    return (
        Cell(f"{gpus_of(node) + ' gpu' if node.gpus is not None else '':<8} ", "muted"),
        Cell(words, role_of(node)),
        Cell(f"  {node.reason}" if node.reason else "", "muted"),
    )


def block_notes(state: State, block: Block) -> str:
    """How many nodes a failure domain has and how many of them are not as they should be."""
    known = (state.cluster.nodes.get(NodeName(tile.key)) for tile in block.cells)
    roles = [role_of(node) for node in known if node is not None]
    down = sum(role not in ("ok", "warning") for role in roles)
    closed = roles.count("warning")
    said = [f"{len(block.cells)} node{'s' if len(block.cells) > 1 else ''}"]
    said += [f"{down} not ready"] if down else []
    return ", ".join([*said, f"{closed} cordoned"] if closed else said)


def node_rows(state: State) -> list[Row]:
    """One row a node, the worst first."""
    names = [str(name) for name in state.cluster.nodes]
    return list(BlockRows(state, names, Members().update(state.cluster.instances)))


class BlockRows(Sequence[Row]):
    """The nodes of a block, the worst first; each row is made when it is looked at."""

    def __init__(
        self, state: State, names: Iterable[str], members: Members, sorting: Sorting | None = None
    ) -> None:
        self._members = members
        self._heat, self._use = Measures(state, "gpu_temperature"), Measures(state, "gpu_utilization")
        known = (state.cluster.nodes.get(NodeName(name)) for name in names)
        nodes = sorted((n for n in known if n is not None), key=lambda n: (rank(role_of(n)), n.name))
        self._nodes = arranged(nodes, self._sorts(), sorting)
        self._places = {str(node.name): place for place, node in enumerate(self._nodes)}

    def _sorts(self) -> dict[str, Callable[[Node], Any]]:
        return {
            "NODE": lambda n: n.name,
            "STATE": lambda n: (rank(role_of(n)), n.state.value),
            "CORDON": lambda n: not n.cordoned,
            "GPUS": lambda n: -(n.gpus_used or 0),
            "USE": lambda n: _highest(self._use.of(n)),
            "TEMP": lambda n: _highest(self._heat.of(n)),
            "RUNS": lambda n: -len(self._members.on_node(n.name)),
            "REASON": lambda n: str(n.reason),
        }

    def __len__(self) -> int:
        return len(self._nodes)

    def __getitem__(self, place: int) -> Row:  # type: ignore[override]
        node = self._nodes[place]
        role = role_of(node)
        heat = self._heat.of(node)
        hot = mark_of(node, "gpu_temperature", self._heat).role if heat is not None else "muted"
        cells = (
            Cell(f"{GLYPHS[role]} {node.name}", role),
            Cell(node.state.value.replace("_", " "), role),
            Cell("cordoned" if node.cordoned else "", "warning"),
            Cell(gpus_of(node), "text"),
            Cell(figure(self._use.of(node), "percent"), "text"),
            Cell(figure(heat, "celsius"), hot),
            Cell(str(len(self._members.on_node(node.name))), "text"),
            Cell(str(node.reason), "muted"),
        )
        return Row(str(node.name), cells, role)

    def place(self, key: str) -> int | None:
        """Where the row with that key stands."""
        return self._places.get(key)


def _highest(value: float | None) -> float:
    return inf if value is None else -value
