"""What of an event belongs on the timeline, as a sentence; reads the state as it was before the event."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby

from warroom.events.alerts import AlertAcknowledged, AlertsChanged, SilencesChanged
from warroom.events.base import Event
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.envelope import Envelope
from warroom.events.incident import MilestoneNoted
from warroom.events.room import RecorderDegraded, RecorderRecovered, RoomOpened
from warroom.events.sources import SourceLost, SourceStale, SourceSynced
from warroom.model.nouns import Alert, Node, NodeState, Workload, WorkloadId, WorkloadState
from warroom.model.text import Safe
from warroom.state.changes import Change
from warroom.state.sayings import said_of_person
from warroom.state.slices import Moment, State

MADE = ("deploy", "selector", "config")
"""Changes with a line of their own; scaling, closing and opening have one already."""

KEPT = 1000
"""Moments kept in the state; older ones are read from the recording."""

Said = tuple[str, str, str]
"""kind, role, text"""

WORKLOAD_ROLES = {
    WorkloadState.FAILED: "critical",
    WorkloadState.DEGRADED: "warning",
    WorkloadState.RUNNING: "ok",
    WorkloadState.UNKNOWN: "unknown",
}
NODE_ROLES = {NodeState.READY: "ok", NodeState.UNKNOWN: "unknown"}
ALERT_ROLES = {"critical": "critical", "warning": "warning"}


SILENT: Mapping[str, str] = {
    "baseline.recorded": "it repeats what is known",
    "checklist.chosen": "the checklist shows its items",
    "finding.measured": "the finding shows its figures",
    "indicators.watched": "it is how the room looks, not what it saw",
    "instances.changed": "their workload's line says it",
    "series.sampled": "the metrics pane shows figures",
    "settings.noted": "it is how the room looks, not what it saw",
    "simulation.commanded": "its action's lines say it",
    "source.announced": "what it sees follows",
    "source.polled": "nothing was different",
    "update.left": "whether it arrived follows",
}
"""Types that never bring a line, and why."""


def note_moments(state: State, envelope: Envelope, event: Event) -> None:
    """Append the event's lines to the timeline."""
    gap = _gap(envelope, event)
    _append(state, [_moment(envelope, said, envelope.time, gap) for said in _said(state, envelope, event)])


def note_made(state: State, envelope: Envelope, changes: list[Change]) -> None:
    """Append what somebody changed: deploys, where work may run, rules and settings that a log says were loaded."""
    made = sorted((change for change in changes if change.kind in MADE), key=_alike)
    moments = []
    for (kind, before, after, time), group in groupby(made, key=_alike):
        names = listed([_name_of(state, c.subject) for c in group if c.subject != envelope.source])
        said = ("change", "accent", _made(kind, names, before, after))
        moments.append(_moment(envelope, said, time, ""))
    _append(state, moments)


def _alike(change: Change) -> tuple[str, str, str, datetime]:
    return change.kind, change.before, change.after, change.time


def _name_of(state: State, subject: str) -> str:
    workload = state.cluster.workloads.get(WorkloadId(subject))
    return str(workload.name) if workload is not None else subject


def _made(kind: str, names: str, before: str, after: str) -> str:
    if kind == "deploy" and before != after and after:
        return f"{names} deployed: {before or 'unknown'} → {after}"
    if kind == "deploy" and before:
        return f"{names} deployed again: {after}"
    if kind == "selector":
        return f"{names} may run on {after or 'any node'}, before: {before or 'any node'}"
    return f"{names}: {after}" if names else after


def _moment(envelope: Envelope, said: Said, time: datetime, gap: str) -> Moment:
    kind, role, text = said
    actor = envelope.actor.name if envelope.actor else Safe(envelope.source)
    return Moment(
        envelope.seq,
        envelope.room_ms,
        time,
        envelope.observed_time,
        kind,
        actor,
        Safe(text),
        role,
        gap,
    )


def _append(state: State, moments: list[Moment]) -> None:
    if not moments:
        return
    timeline = state.timeline
    timeline.moments += moments
    extra = len(timeline.moments) - KEPT
    if extra > 0:
        del timeline.moments[:extra]
        timeline.older += extra
    timeline.revision += 1


def _said(state: State, envelope: Envelope, event: Event) -> Iterator[Said]:
    match event:
        case NodesChanged():
            yield from _of_nodes(state, event)
        case WorkloadsChanged():
            yield from _of_workloads(state, event, first=_status(state, envelope) == "loading")
        case InstancesChanged():
            return
        case AlertsChanged():
            yield from _of_alerts(state, event)
        case SilencesChanged():
            yield from _of_silences(state, event)
        case AlertAcknowledged():
            names = sorted(
                state.alerts.alerts[f].name for f in event.fingerprints if f in state.alerts.alerts
            )
            yield "alert", "info", f"acknowledged {listed(names)}" + (f": {event.note}" if event.note else "")
        case SourceLost():
            if _status(state, envelope) != "lost":
                yield "source", "lost", f"source {envelope.source} lost: {event.reason}"
        case SourceStale():
            if _status(state, envelope) != "stale":
                yield (
                    "source",
                    "stale",
                    f"source {envelope.source} stale" + (f": {event.reason}" if event.reason else ""),
                )
        case SourceSynced():
            if _status(state, envelope) != "synced":
                yield (
                    "source",
                    "ok",
                    f"source {envelope.source} synced{_after(state, envelope)}{_said_by(event)}",
                )
        case MilestoneNoted() if (before := _milestone(state, event)) is not None:
            yield (
                "incident",
                "warning",
                f"{event.milestone} corrected to {envelope.time:%H:%M:%S}Z, was {before:%H:%M:%S}Z: {event.how}",
            )
        case _:
            yield from said_of_person(state, event)


def _gap(envelope: Envelope, event: Event) -> str:
    match event:
        case SourceLost() | SourceStale():
            return f"+{envelope.source}"
        case SourceSynced():
            return f"-{envelope.source}"
        case RecorderDegraded():
            return "+the record"
        case RecorderRecovered():
            return "-the record"
        case RoomOpened(after_crash=True):
            return "!the host"
        case _:
            return ""


def _after(state: State, envelope: Envelope) -> str:
    """For how long nothing was seen, where something had been seen before."""
    facts = state.sources.sources.get(envelope.source)
    if facts is None or facts.status not in ("lost", "stale"):
        return ""
    seconds = (envelope.room_ms - facts.since_ms) // 1000
    return f" after {seconds // 60}m{seconds % 60:02d}s {facts.status}"


def _said_by(event: SourceSynced) -> str:
    return f": {event.detail}" if event.detail else ""


def _milestone(state: State, event: MilestoneNoted) -> datetime | None:
    """When it was said to have been reached before."""
    incident = state.incident.incident
    reached = incident.milestones.get(event.milestone) if incident is not None else None
    return reached.time if reached is not None else None


def _status(state: State, envelope: Envelope) -> str:
    facts = state.sources.sources.get(envelope.source)
    return facts.status if facts else "loading"


def listed(names: Iterable[str], most: int = 4) -> str:
    """A few names and how many more: ``a1, a2, a3, a4 and 12 more``."""
    every = list(names)
    shown = ", ".join(every[:most])
    return shown + (f" and {len(every) - most} more" if len(every) > most else "")


def _of_nodes(state: State, event: NodesChanged) -> Iterator[Said]:
    if not state.cluster.listed:
        ready = sum(1 for node in event.nodes if node.state is NodeState.READY)
        yield "node", "info", f"{len(event.nodes)} nodes listed, {ready} ready"
        return
    known = state.cluster.nodes
    turned = [n for n in event.nodes if n.name not in known or known[n.name].state is not n.state]
    for became, nodes in groupby(sorted(turned, key=lambda n: (n.state, n.name)), key=lambda n: n.state):
        group = list(nodes)
        words = became.value.replace("_", " ")
        yield "node", NODE_ROLES.get(became, "critical"), f"{counted(group)} {words}{_why(group)}"
    yield from _of_scheduling(state, event)
    if event.gone:
        how = "gone" if event.witnessed else "gone, nobody saw when"
        yield "node", "warning", f"{listed(sorted(event.gone))} {how}"


def counted(nodes: list[Node]) -> str:
    """``gpu-03`` or ``8 nodes (gpu-01, gpu-02, gpu-03, gpu-04 and 4 more)``."""
    names = [node.name for node in nodes]
    return names[0] if len(names) == 1 else f"{len(names)} nodes ({listed(names)})"


def _why(nodes: list[Node]) -> str:
    reasons = {node.reason for node in nodes if node.reason}
    return f": {reasons.pop()}" if len(reasons) == 1 else ""


def _of_scheduling(state: State, event: NodesChanged) -> Iterator[Said]:
    known = state.cluster.nodes
    for cordoned, words in ((True, "cordoned"), (False, "open to new work")):
        nodes = [
            n
            for n in event.nodes
            if n.cordoned is cordoned
            and (known[n.name].cordoned if n.name in known else False) is not cordoned
        ]
        if nodes:
            yield "node", "info", f"{counted(nodes)} {words}{_why(nodes) if cordoned else ''}"


def _of_workloads(state: State, event: WorkloadsChanged, *, first: bool) -> Iterator[Said]:
    """What turned; ``first`` for what a source lists when it is first looked at, which turned before anybody saw."""
    known = state.cluster.workloads
    if first and not known:
        states = [w.state for w in event.workloads]
        running = states.count(WorkloadState.RUNNING)
        number = f"{len(states)} workload" + ("" if len(states) == 1 else "s")
        yield "workload", "info", f"{number} listed, {running} running"
        return
    turned = [w for w in event.workloads if w.id not in known or known[w.id].state is not w.state]
    for became, group in groupby(
        sorted(turned, key=lambda w: (w.state, w.name, w.id)), key=lambda w: w.state
    ):
        yield "workload", WORKLOAD_ROLES.get(became, "info"), _workloads_became(list(group), became)
    scaled = [w for w in event.workloads if w.id in known and known[w.id].desired != w.desired]
    for workload in scaled:
        yield (
            "workload",
            "info",
            f"{workload.name} scaled from {known[workload.id].desired} to {workload.desired}",
        )
    if event.gone and not event.witnessed:
        names = sorted(known[w].name for w in event.gone if w in known)
        yield "workload", "warning", f"{listed(names)} gone, nobody saw when"


def _workloads_became(workloads: list[Workload], became: WorkloadState) -> str:
    names = [str(w.name) if str(w.id) == str(w.name) else f"{w.name} ({w.id})" for w in workloads]
    reasons = {w.reason for w in workloads if w.reason}
    why = f": {reasons.pop()}" if len(reasons) == 1 else ""
    head = names[0] if len(names) == 1 else f"{len(names)} workloads ({listed(names)})"
    return f"{head} {became.value}{why}"


def _of_alerts(state: State, event: AlertsChanged) -> Iterator[Said]:
    known = state.alerts.alerts
    fresh = [
        a for a in event.alerts if a.fingerprint not in known or known[a.fingerprint].state is not a.state
    ]
    yield from _alert_groups(fresh)
    ended = [known[f] for f in event.resolved if f in known]
    how = "ended" if event.witnessed else "ended, nobody saw when"
    for name, group in groupby(sorted(ended, key=lambda a: a.name), key=lambda a: a.name):
        count = len(list(group))
        yield "alert", "ok", f"alert {name}{f' x{count}' if count > 1 else ''} {how}"


def _alert_groups(alerts: list[Alert]) -> Iterator[Said]:
    ordered = sorted(alerts, key=lambda a: (a.name, a.severity, a.state, a.fingerprint))
    for (name, severity, alert_state), group in groupby(ordered, key=lambda a: (a.name, a.severity, a.state)):
        members = list(group)
        role = ALERT_ROLES.get(severity, "info")
        count = f" x{len(members)}" if len(members) > 1 else ""
        summary = f": {members[0].summary}" if members[0].summary else ""
        yield "alert", role, f"alert {name}{count} {alert_state.value} ({severity or 'no severity'}){summary}"


def _of_silences(state: State, event: SilencesChanged) -> Iterator[Said]:
    for silence in event.silences:
        if silence.id not in state.alerts.silences:
            matchers = ", ".join(f"{m.name}{'=' if m.is_equal else '!='}{m.value}" for m in silence.matchers)
            yield "alert", "info", f"silence until {silence.ends:%H:%M:%S}Z: {matchers}"
    if event.ended:
        yield "alert", "info", f"{len(event.ended)} silence{'s' if len(event.ended) > 1 else ''} ended"
