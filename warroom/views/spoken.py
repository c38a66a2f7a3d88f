"""The room in sentences without signs, for screen readers, pipes and terminals that only print."""

from datetime import datetime
from typing import Any

from warroom.model.nouns import WorkloadState
from warroom.state.slices import Moment, State
from warroom.views.ages import figure
from warroom.views.bar import FIGURES, OVER, firing_counts
from warroom.views.census import Census, census_of
from warroom.views.metrics import is_bad, latest
from warroom.views.sources import blindness

LATE_S = 60
"""Learned of that long after it happened, a moment says so."""
LOUD = ("critical", "warning")
"""Roles of a moment that are said; the others are in its words."""
NAMES = {"ERR": "error rate", "p99": "99th percentile latency", "RPS": "requests", "GPU": "GPU utilisation"}
UNSEEN = {
    "stale": "stale: last seen some time ago",
    "lost": "not seen now: the source is lost",
    "unknown": "not known yet",
}


def spoken_time(time: datetime) -> str:
    """``14:32:07 UTC``."""
    return f"{time:%H:%M:%S} UTC"


def spoken_day(time: datetime) -> str:
    """``Wednesday 25 November 2026``."""
    return f"{time:%A} {time.day} {time:%B %Y}"


def spoken_moment(moment: Moment) -> str:
    """One entry of the timeline: when, how bad, what kind, who, what."""
    loud = f"{moment.role}, " if moment.role in LOUD else ""
    late = (moment.observed_time - moment.time).total_seconds() > LATE_S
    learned = f" (known since {spoken_time(moment.observed_time)})" if late else ""
    text = str(moment.text).replace("\n", "; ")
    return f"{spoken_time(moment.time)}, {loud}{moment.kind}, {moment.actor}: {text}{learned}"


def spoken_incident(state: State) -> str:
    """Whether there is an incident, how severe, and where it stands."""
    incident = state.incident.incident
    if incident is None:
        return "no incident"
    drill = "drill, " if incident.drill else ""
    if not incident.open:
        return f"{drill}{incident.severity}, resolved: {incident.title}"
    return (
        f"{drill}{incident.severity}, declared {spoken_time(incident.declared)}, phase {incident.phase}: "
        f"{incident.title}"
    )


def spoken_vitals(state: State, census: Census | None = None, *, figures: bool = True) -> str:
    """Nodes, alerts, workloads and what is measured; what is not seen now is said to be so."""
    counted = census or census_of(state)
    parts = [_nodes(state, counted), _alerts(state), _work(state, counted)]
    if figures:
        parts += _figures(state)
    else:
        parts += [f"{NAMES[name]} too high" for metric, name in FIGURES if _bad(state, metric)]
        parts += [f"metrics {UNSEEN[unseen]}"] if (unseen := blindness(state, "metrics")) in UNSEEN else []
    return "; ".join(parts)


def vitals_facts(state: State, census: Census | None = None) -> dict[str, Any]:
    """The same for programs."""
    counted = census or census_of(state)
    critical, other, info = firing_counts(state)
    seen = {role: blindness(state, role) or "synced" for role in ("cluster", "alerts", "metrics")}
    return {
        "nodes": {
            "total": counted.nodes.total,
            "down": counted.nodes.down,
            "cordoned": counted.nodes.cordoned,
        },
        "alerts": {"critical": critical, "warning": other, "info": info},
        "workloads": {
            "total": counted.workloads.total,
            "running": counted.workloads.states[WorkloadState.RUNNING],
            "broken": counted.workloads.broken,
        },
        "figures": {metric: latest(state, metric) for metric, _ in FIGURES},
        "seen": seen,
    }


def _aged(state: State, role: str, text: str) -> str:
    unseen = blindness(state, role)
    return f"{text}, {UNSEEN[unseen]}" if unseen in UNSEEN else text


def _nodes(state: State, census: Census) -> str:
    if not state.cluster.listed:
        return "nodes not known yet"
    nodes = census.nodes
    text = f"{nodes.total - nodes.down} of {nodes.total} nodes ready"
    text += f", {nodes.cordoned} cordoned" if nodes.cordoned else ""
    return _aged(state, "cluster", text)


def _alerts(state: State) -> str:
    if not state.alerts.listed:
        return "alerts not known yet"
    critical, other, info = firing_counts(state)
    text = f"alerts firing: {critical} critical, {other} warning" + (f", {info} info" if info else "")
    return _aged(state, "alerts", text if critical + other + info else "no alert fires")


def _work(state: State, census: Census) -> str:
    work = census.workloads
    wanted = work.total - sum(work.states[over] for over in OVER)
    if not wanted and not state.cluster.listed:
        return "workloads not known yet"
    broken = f", {work.broken} broken" if work.broken else ""
    return _aged(
        state, "cluster", f"{work.states[WorkloadState.RUNNING]} of {wanted} workloads running{broken}"
    )


def _figures(state: State) -> list[str]:
    said = []
    units = {indicator.metric: indicator.unit for indicator in state.metrics.indicators}
    for metric, name in FIGURES:
        if metric in units:
            value = latest(state, metric)
            words = figure(value, units[metric]) if value is not None else "not measured"
            said.append(f"{NAMES[name]} {words}{', too high' if _bad(state, metric) else ''}")
    return [_aged(state, "metrics", "; ".join(said))] if said else []


def _bad(state: State, metric: str) -> bool:
    watched = {i.metric: i for i in state.metrics.indicators}
    return metric in watched and is_bad(watched[metric], latest(state, metric))
