"""The two rows that are always there: the severity bar and the vitals."""

from datetime import datetime

from warroom.model.nouns import NodeState, WorkloadState
from warroom.state.slices import State
from warroom.views.ages import clock, figure
from warroom.views.metrics import latest, trend
from warroom.views.lines import line
from warroom.views.rows import Cell, Line

SEPARATOR = ("│", "muted")


def severity_bar(state: State, now: datetime, width: int) -> Line:
    """Severity, clock, title, recorder, lock, cluster, time; the title gives way first."""
    incident = state.incident.incident
    role = "bar"
    if incident is None:
        head, words = "no incident", ""
    elif incident.open:
        role = str(incident.severity).lower()
        head, words = f"{incident.severity} {clock(now - incident.declared)}", str(incident.title)
    else:
        head, words = f"{incident.severity} RESOLVED", str(incident.title)
        role = "ok"
    ticking = incident is not None and incident.open
    recorder = ("NOT RECORDING", "critical") if state.room.degraded else ("REC ●", "ok")
    lock = (f"UNLOCKED {state.room.unlocked_by.name}", "warning") if state.room.unlocked_by else ("LOCKED", "ok")
    right = [recorder, lock, (state.room.cluster, role), (f"{now:%H:%M:%S}Z" if ticking else f"{now:%H:%M}Z", "text")]
    taken = len(head) + 4 + sum(len(text) + 2 for text, _ in right)
    room = max(0, width - taken)
    title = words if len(words) <= room else words[: max(0, room - 1)] + "…" if room > 1 else ""
    gap = " " * max(0, room - len(title))
    cells = [Cell(f" {head} ", role), Cell(f" {title}{gap}", "text")]
    for text, meaning in right:
        cells.append(Cell(f" {text} ", meaning))
    return Line(tuple(cells))


def vitals(state: State, width: int) -> Line:
    """Nodes, alerts, workloads, errors, p99, traffic, GPU; what is not known is a dash."""
    nodes = state.cluster.nodes.values()
    ready = sum(n.state is NodeState.READY for n in nodes)
    closed = sum(n.cordoned for n in nodes)
    alerts = [a for a in state.alerts.alerts.values() if not a.silenced_by]
    critical = sum(a.severity == "critical" for a in alerts)
    states = [w.state for w in state.cluster.workloads.values()]
    broken = sum(s in (WorkloadState.FAILED, WorkloadState.DEGRADED) for s in states)
    parts: list[tuple[str, str]] = [
        (
            f"NODES {ready}/{len(nodes)}" + (f" ▼{len(nodes) - ready}" if ready < len(nodes) else "") + (f" ⊘{closed}" if closed else "")
            if state.cluster.listed
            else "NODES —",
            "critical" if ready < len(nodes) else "warning" if closed else "ok",
        ),
        (
            f"ALERTS {critical}C {len(alerts) - critical}W" if state.alerts.listed else "ALERTS —",
            "critical" if critical else "warning" if alerts else "ok",
        ),
        (f"WORK {states.count(WorkloadState.RUNNING)}" + (f" ✖{broken}" if broken else ""), "critical" if broken else "ok"),
    ]
    units = {i.metric: i for i in state.metrics.indicators}
    for metric, name in (("error_rate", "ERR"), ("request_latency_p99", "p99"), ("request_rate", "RPS"), ("gpu_utilization", "GPU")):
        indicator, value = units.get(metric), latest(state, metric)
        series = state.metrics.series.get(metric)
        bad = indicator is not None and indicator.threshold is not None and value is not None and value > indicator.threshold
        arrow = trend(series.points) if series else ""
        text = f"{name} {figure(value, indicator.unit if indicator else '')}{' ' + arrow if arrow else ''}"
        parts.append((text, "critical" if bad else "unknown" if value is None else "text"))
    deployed = max((w.deployed for w in state.cluster.workloads.values() if w.deployed), default=None)
    if deployed:
        parts.append((f"DEPLOY {deployed:%H:%M}Z", "text"))
    cells: list[tuple[str, str]] = []
    used = 0
    for text, role in parts:
        if used + len(text) + 3 > width:
            break
        if cells:
            cells.append(SEPARATOR)
        cells.append((f" {text} ", role))
        used += len(text) + 3
    return line(*cells)
