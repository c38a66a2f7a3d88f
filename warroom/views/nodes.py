"""The Nodes pane: failure domains as visible blocks, and one node in words."""

from collections import Counter
from datetime import datetime

from warroom.model.nouns import Node, NodeName, NodeState
from warroom.state.slices import State
from warroom.views.lines import line
from warroom.views.rows import Block, Line, Tile, Title
from warroom.views.sources import titled

WORDS = {
    "critical": "not ready",
    "lost": "offline",
    "unknown": "unknown",
    "warning": "cordoned",
    "ok": "ready",
}


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
    """How many nodes are in which state."""
    counts = Counter(role_of(n) for n in state.cluster.nodes.values())
    closed = sum(n.cordoned for n in state.cluster.nodes.values())
    glyphs = {"critical": "✖", "lost": "✖", "unknown": "?", "warning": "⊘", "ok": "✔"}
    parts = [(f"{glyphs[r]} {counts[r]} {WORDS[r]}  ", r) for r in WORDS if counts[r] and r != "warning"]
    if closed:
        parts.append((f"⊘ {closed} cordoned", "warning"))
    return line(*parts)


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
    used = "—" if node.gpus_used is None else str(node.gpus_used)
    lines.append(line(("GPUs ", "muted"), f"{used}/{node.gpus if node.gpus is not None else '—'} {node.gpu_model}"))
    here = [i for i in state.cluster.instances.values() if i.node == node.name]
    lines.append(line((f"{len(here)} instances", "muted")))
    lines += [line(f"  {i.id}  {i.state.value}  {i.reason}") for i in sorted(here, key=lambda i: i.id)]
    turned = [m for m in state.timeline.moments if node.name in m.text][-5:]
    lines += [line((f"{m.time:%H:%M:%S}Z ", "muted"), (m.text, m.role)) for m in turned]
    return lines
