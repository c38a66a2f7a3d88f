"""The Nodes pane: failure domains as visible blocks, a table, and one node in words."""

import re
from collections import Counter
from datetime import datetime

from warroom.model.nouns import Node, NodeName, NodeState
from warroom.state.slices import Moment, State
from warroom.views.ages import since
from warroom.views.lines import line
from warroom.views.rows import Block, Cell, Column, Line, Row, Tile, Title, rank
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


def role_of(node: Node) -> str:
    """How bad a node is: the states of a cell, worst first, are critical, lost, unknown, warning, ok."""
    match node.state:
        case NodeState.NOT_READY:
            return "critical"
        case NodeState.OFFLINE:
            return "lost"
        case NodeState.UNKNOWN:
            return "unknown"
        case _:
            return "warning" if node.cordoned else "ok"


def domain_of(node: Node) -> str:
    """The failure domain a node is shown in."""
    return node.rack or node.zone or node.pool or "all"


def nodes_title(state: State, room_ms: int) -> Title:
    """Name, how many are ready, source."""
    nodes = state.cluster.nodes.values()
    ready = sum(n.state is NodeState.READY for n in nodes)
    count = f"{ready}/{len(nodes)} ready" if state.cluster.listed else ""
    return titled(state, "cluster", room_ms, name="Nodes", count=count)


def node_blocks(state: State) -> list[Block]:
    """A block per failure domain, by name."""
    domains: dict[str, list[Node]] = {}
    for node in state.cluster.nodes.values():
        domains.setdefault(domain_of(node), []).append(node)
    return [
        Block(
            name,
            tuple(
                Tile(str(n.name), role_of(n), f"{n.name}{' ⊘' if n.cordoned else ''}")
                for n in sorted(domains[name], key=lambda n: n.name)
            ),
        )
        for name in sorted(domains)
    ]


def node_legend(state: State) -> Line:
    """How many nodes are in which state, the worst first."""
    counts = Counter(role_of(n) for n in state.cluster.nodes.values())
    closed = sum(n.cordoned for n in state.cluster.nodes.values())
    parts = [(f"{GLYPHS[r]} {counts[r]} {WORDS[r]}  ", r) for r in WORDS if counts[r] and r != "warning"]
    if closed:
        parts.append((f"⊘ {closed} cordoned", "warning"))
    return line(*parts)


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
