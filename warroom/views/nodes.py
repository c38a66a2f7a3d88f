"""The Nodes pane: failure domains as visible blocks, a table, and one node in words."""

import re
from collections import Counter
from collections.abc import Container, Iterable
from datetime import datetime

from warroom.model.nouns import Node, NodeName
from warroom.state.slices import Moment, State
from warroom.views.ages import since
from warroom.views.census import Census, census_of, role_of
from warroom.views.lines import line
from warroom.views.rows import Block, Cell, Column, Line, Row, Title, rank
from warroom.views.sources import titled

COLUMNS = (
    Column("NODE", 16, priority=9),
    Column("STATE", 10, priority=9),
    Column("CORDON", 8, priority=8),
    Column("RACK", 10, priority=5),
    Column("GPUS", 7, align="right", priority=6),
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
LATEST = 5
"""Moments of the timeline shown with one node."""


def nodes_title(state: State, room_ms: int, census: Census | None = None) -> Title:
    """Name, how many are ready, source."""
    nodes = (census or census_of(state)).nodes
    count = f"{nodes.total - nodes.down}/{nodes.total} ready" if state.cluster.listed else ""
    return titled(state, "cluster", room_ms, name="Nodes", count=count)


def node_blocks(state: State) -> list[Block]:
    """A block per failure domain, by name."""
    return list(census_of(state).nodes.blocks)


def chosen_blocks(blocks: Iterable[Block], names: Container[str]) -> tuple[Block, ...]:
    """The blocks with those nodes alone; a block without any is left out."""
    left = ((block.name, tuple(tile for tile in block.cells if tile.key in names)) for block in blocks)
    return tuple(Block(name, cells) for name, cells in left if cells)


def node_legend(state: State, census: Census | None = None) -> Line:
    """How many nodes are in which state, the worst first."""
    nodes = (census or census_of(state)).nodes
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


def block_notes(block: Block) -> str:
    """How many nodes a failure domain has and how many of them are not as they should be."""
    down = sum(tile.role not in ("ok", "warning") for tile in block.cells)
    closed = sum(tile.role == "warning" for tile in block.cells)
    said = [f"{len(block.cells)} node{'s' if len(block.cells) > 1 else ''}"]
    said += [f"{down} not ready"] if down else []
    return ", ".join([*said, f"{closed} cordoned"] if closed else said)


def node_rows(state: State) -> list[Row]:
    """One row a node, the worst first."""
    runs = Counter(i.node for i in state.cluster.instances.values())
    nodes = sorted(state.cluster.nodes.values(), key=lambda n: (rank(role_of(n)), n.name))
    return [_row(node, runs[node.name]) for node in nodes]


def _row(node: Node, runs: int) -> Row:
    role = role_of(node)
    cells = (
        Cell(f"{GLYPHS[role]} {node.name}", role),
        Cell(node.state.value.replace("_", " "), role),
        Cell("cordoned" if node.cordoned else "", "warning"),
        Cell(node.rack or "—", "muted"),
        Cell(gpus_of(node), "text"),
        Cell(str(runs), "text"),
        Cell(str(node.reason), "muted"),
    )
    return Row(str(node.name), cells, role)


def gpus_of(node: Node) -> str:
    """``3/4``; what is not reported is a dash or a question mark, never 0."""
    if node.gpus is None:
        return "—"
    return f"{'?' if node.gpus_used is None else node.gpus_used}/{node.gpus}"


def node_lines(state: State, name: str, now: datetime) -> list[Line]:
    """Everything known of one node."""
    node = state.cluster.nodes.get(NodeName(name))
    if node is None:
        return [line((f"{name} is not in the cluster's list", "unknown"))]
    scheduling = "cordoned" if node.cordoned else "open to new work"
    lines = [
        line((f"{node.name}  {node.state.value.replace('_', ' ')}, {scheduling}", role_of(node))),
        line(("cluster says ", "muted"), node.native or "—", ("   rack ", "muted"), node.rack or "—"),
    ]
    if node.reason:
        lines.append(line(("reason ", "muted"), node.reason))
    lines.append(line(("GPUs ", "muted"), f"{gpus_of(node)} {node.gpu_model}".rstrip()))
    here = sorted((i for i in state.cluster.instances.values() if i.node == node.name), key=lambda i: i.id)
    lines.append(line((f"{len(here)} instances", "muted")))
    lines += [line(f"  {i.id}  {i.state.value}  {i.reason}".rstrip()) for i in here]
    lines += [
        line((f"{m.time:%H:%M:%S}Z  {since(m.time, now)} ago  ", "muted"), (m.text, m.role))
        for m in _moments_of(state, node.name)[-LATEST:]
    ]
    return lines


def _moments_of(state: State, name: NodeName) -> list[Moment]:
    """What the timeline says of a node; gpu-1 is not gpu-10."""
    whole = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    return [m for m in state.timeline.moments if whole.search(m.text)]
