"""The Health pane: the cluster in a sentence, what is wrong first, and whether we can see at all."""

from warroom.model.nouns import Node, NodeState, Workload, WorkloadState
from warroom.state.slices import SourceFacts, State
from warroom.views.actions import waiting_lines
from warroom.views.lines import line
from warroom.views.rows import Line, Title
from warroom.views.sources import blindness, seen_words, titled

STATUS = {"synced": ("✔", "ok"), "stale": ("◷", "stale"), "lost": ("✖", "lost"), "loading": ("…", "unknown")}
GLYPHS = {"critical": "✖", "warning": "▲", "ok": "✔", "unknown": "?"}
CONDITIONS = {"healthy": "ok", "degraded": "warning", "unhealthy": "critical", "unknown": "unknown"}
MOST = 6


def _down(state: State) -> list[Node]:
    return [n for n in state.cluster.nodes.values() if n.state is not NodeState.READY]


def _broken(state: State) -> list[Workload]:
    """Workloads that do not run as wanted, the critical ones first."""
    bad = (WorkloadState.FAILED, WorkloadState.DEGRADED)
    found = [w for w in state.cluster.workloads.values() if w.state in bad]
    return sorted(found, key=lambda w: (not w.critical, w.name, w.id))


def condition(state: State) -> str:
    """``healthy``, ``degraded``, ``unhealthy``, or ``unknown`` without a single node to judge by."""
    total, down = len(state.cluster.nodes), len(_down(state))
    if not total:
        return "unknown"
    if down * 2 > total:
        return "unhealthy"
    return "degraded" if down or _broken(state) else "healthy"


def cluster_sentence(state: State) -> str:
    """``0 of 8 nodes ready, unhealthy``."""
    if not state.cluster.listed:
        return f"{state.room.cluster}: nodes not listed yet"
    total = len(state.cluster.nodes)
    return f"{total - len(_down(state))} of {total} nodes ready, {condition(state)}"


def health_title(state: State, room_ms: int) -> Title:
    """Name and sources."""
    return titled(state, "cluster", room_ms, name="Health", count="")


def health_lines(state: State, room_ms: int | None = None) -> list[Line]:
    """The sentence, what is wrong, the actions without a verdict, the sources, who looks on."""
    role = CONDITIONS[condition(state)] if state.cluster.listed else "unknown"
    words = f"{GLYPHS[role]} {cluster_sentence(state)}"
    blind = blindness(state, "cluster")
    if blind in ("stale", "lost"):
        words, role = f"{words} when last seen", blind
    lines = [line((words, role)), *_wrong(state), *waiting_lines(state)]
    at = state.room_ms if room_ms is None else room_ms
    lines += [_source_line(facts, at) for facts in state.sources.sources.values()]
    people = sorted({str(c.person.name) for c in state.room.clients.values()})
    lines.append(line(("attached: " + (", ".join(people) or "nobody"), "muted")))
    lines.append(line(("findings and checklist: not in this version", "muted")))
    return lines


def _wrong(state: State) -> list[Line]:
    lines: list[Line] = []
    if down := _down(state):
        racks = sorted({n.rack for n in down} - {""})
        where = f" in {', '.join(racks[:MOST])}" if racks else ""
        lines.append(line((f"✖ {len(down)} nodes not ready{where}", "critical")))
    broken = _broken(state)
    for workload in broken[:MOST]:
        mark = " critical" if workload.critical else ""
        words = f"{workload.name}{mark}: {workload.state.value}, {workload.ready}/{workload.desired} ready"
        glyph, role = ("✖", "critical") if workload.state is WorkloadState.FAILED else ("▲", "warning")
        lines.append(line((f"{glyph} {words}", role)))
    if len(broken) > MOST:
        lines.append(line((f"  and {len(broken) - MOST} more workloads", "critical")))
    return lines


def _source_line(facts: SourceFacts, room_ms: int) -> Line:
    mark, meaning = STATUS.get(facts.status, ("?", "unknown"))
    words, late = seen_words(facts, room_ms)
    if facts.status == "synced":
        return line(
            (f"{mark} ", meaning),
            f"{facts.name} ",
            (f"synced {words}", late),
            (f"  {facts.address}", "muted"),
        )
    why = f": {facts.reason}" if facts.reason else ""
    return line(
        (f"{mark} ", meaning), f"{facts.name} ", (f"{words}{why}", meaning), (f"  {facts.address}", "muted")
    )
