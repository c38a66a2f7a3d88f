"""The Health pane: the cluster in a sentence, what is wrong first, and whether we can see at all."""

from warroom.model.nouns import NodeState, WorkloadState
from warroom.state.slices import State
from warroom.views.lines import line
from warroom.views.rows import Line, Title
from warroom.views.sources import titled

STATUS = {"synced": ("✔", "ok"), "stale": ("◷", "stale"), "lost": ("✖", "lost"), "loading": ("…", "unknown")}
MOST = 6


def cluster_sentence(state: State) -> str:
    """``0 of 8 nodes ready, unhealthy``."""
    if not state.cluster.listed:
        return f"{state.room.cluster}: nodes not listed yet"
    nodes = state.cluster.nodes.values()
    ready = sum(n.state is NodeState.READY for n in nodes)
    broken = [w for w in state.cluster.workloads.values() if w.state in (WorkloadState.FAILED, WorkloadState.DEGRADED)]
    words = "healthy"
    if ready * 2 < len(nodes) or (nodes and not ready):
        words = "unhealthy"
    elif ready < len(nodes) or broken:
        words = "degraded"
    return f"{ready} of {len(nodes)} nodes ready, {words}"


def health_title(state: State, room_ms: int) -> Title:
    """Name and sources."""
    return titled(state, "cluster", room_ms, name="Health", count="")


def health_lines(state: State) -> list[Line]:
    """The sentence, what is wrong, the actions under way, the sources."""
    sentence = cluster_sentence(state)
    role = "critical" if sentence.endswith("unhealthy") else "ok" if sentence.endswith(", healthy") else "warning"
    if not state.cluster.listed:
        role = "unknown"
    glyph = {"critical": "✖", "warning": "▲", "ok": "✔", "unknown": "?"}[role]
    lines = [line((f"{glyph} {sentence}", role))]
    lines += _wrong(state)
    waiting = [a for a in state.actions.actions.values() if not a.over]
    lines += [line((f"◌ {a.action} {a.plan.title}: {a.stage}, {a.detail or 'waiting'}", "info")) for a in waiting[-3:]]
    for facts in state.sources.sources.values():
        mark, meaning = STATUS[facts.status]
        why = f": {facts.reason}" if facts.reason else ""
        lines.append(line((f"{mark} ", meaning), f"{facts.name} ", (f"{facts.status}{why}  {facts.address}", meaning if why else "muted")))
    people = sorted({str(c.person.name) for c in state.room.clients.values()})
    lines.append(line(("attached: " + (", ".join(people) or "nobody"), "muted")))
    lines.append(line(("findings and checklist: not in this version", "muted")))
    return lines


def _wrong(state: State) -> list[Line]:
    down = sorted(n.name for n in state.cluster.nodes.values() if n.state is not NodeState.READY)
    lines: list[Line] = []
    racks = sorted({state.cluster.nodes[n].rack for n in down} - {""})
    if down:
        where = f" in {', '.join(racks[:MOST])}" if racks else ""
        lines.append(line((f"✖ {len(down)} nodes not ready{where}", "critical")))
    broken = sorted(
        (w for w in state.cluster.workloads.values() if w.state in (WorkloadState.FAILED, WorkloadState.DEGRADED)),
        key=lambda w: (not w.critical, w.name),
    )
    for workload in broken[:MOST]:
        mark = " critical" if workload.critical else ""
        lines.append(
            line((f"✖ {workload.name}{mark}: {workload.state.value}, {workload.ready}/{workload.desired} ready", "critical"))
        )
    if len(broken) > MOST:
        lines.append(line((f"  and {len(broken) - MOST} more workloads", "critical")))
    return lines
