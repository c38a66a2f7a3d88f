"""What a request would touch, said before anybody presses it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

import msgspec

from warroom.model.nouns import Instance, Node, NodeName, NodeState, WorkloadState
from warroom.model.requests import (
    Acknowledge,
    Capability,
    Cordon,
    CreateAlert,
    Drain,
    Plan,
    Request,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
    kind_of,
)
from warroom.model.text import Safe, neutral
from warroom.response.matching import silenced_by
from warroom.state.slices import SourceFacts, State

LISTED = 12
"""Sentences of one kind shown in full; the rest is counted."""
RUNS_ON_S = 3600
"""How long a drain is watched on a cluster that lets running work go on."""
ROOM_ROLE = "room"


def role_of(request: Request) -> str:
    """Through which role of a source the request works and is verified."""
    match request:
        case SilenceAlerts() | CreateAlert():
            return "alerts"
        case Acknowledge():
            return ROOM_ROLE
        case _:
            return "cluster"


def capability_of(state: State, request: Request) -> tuple[SourceFacts, Capability] | None:
    """The source that carries this kind of request out, and its words for it."""
    kind = kind_of(request)
    for facts in state.sources.sources.values():
        for capability in facts.capabilities:
            if capability.kind is kind:
                return facts, capability
    return None


def plan(state: State, request: Request, *, person: str, now: datetime) -> Plan:
    """Everything a person should know before they confirm."""
    made = _described(state, request, now)
    able = capability_of(state, request)
    if role_of(request) == ROOM_ROLE:
        return msgspec.structs.replace(made, refused=made.refused)
    if able is None:
        return msgspec.structs.replace(made, refused=Safe("no source of this room can do that"))
    facts, capability = able
    refused = made.refused
    if not capability.possible:
        refused = capability.wording
    elif facts.status != "synced" and not refused:
        refused = neutral(f"source {facts.name} is {facts.status}; what the action does could not be seen")
    calls = tuple(
        neutral(capability.call.replace("{target}", target).replace("{reason}", str(getattr(request, "reason", ""))))
        for target in _targets(request)
    )
    return msgspec.structs.replace(made, wording=capability.wording, calls=_short(calls), refused=refused)


def digest(made: Plan) -> str:
    """A short identity of what would be done: two plans with the same one touch the same things."""
    # Warnings and effects are in it: who confirmed two instances must not move three.
    return hashlib.sha256(msgspec.msgpack.encode(made)).hexdigest()[:16]


def _targets(request: Request) -> tuple[str, ...]:
    match request:
        case Cordon() | Uncordon() | Drain():
            return tuple(request.nodes)
        case Stop():
            return tuple(request.workloads)
        case Submit() | CreateAlert():
            return (request.name,)
        case Scale():
            return (f"{request.workload} to {request.replicas}",)
        case SilenceAlerts():
            return (", ".join(f"{m.name}{_operator(m.is_regex, m.is_equal)}{m.value}" for m in request.matchers),)
        case Acknowledge():
            return tuple(request.fingerprints)
        case _ as forgotten:
            assert_never(forgotten)


def _operator(is_regex: bool, is_equal: bool) -> str:
    return ("=~" if is_equal else "!~") if is_regex else ("=" if is_equal else "!=")


def _short(sentences: Iterable[str]) -> tuple[Safe, ...]:
    every = [neutral(sentence) for sentence in sentences]
    if len(every) <= LISTED:
        return tuple(every)
    return (*every[:LISTED], Safe(f"... and {len(every) - LISTED} more"))


def _described(state: State, request: Request, now: datetime) -> Plan:
    match request:
        case Cordon() | Uncordon():
            return _cordon(state, request)
        case Drain():
            return _drain(state, request)
        case Stop():
            return _stop(state, request)
        case Submit():
            return _submit(state, request)
        case Scale():
            return _scale(state, request)
        case SilenceAlerts():
            return _silence(state, request, now)
        case Acknowledge():
            return _acknowledge(state, request)
        case CreateAlert():
            return Plan(
                request,
                neutral(f"create alert {request.name} ({request.severity})"),
                effects=(neutral(f"everyone who watches alerts reads: {request.message}"),),
                goal=neutral(f"alert {request.name} fires"),
                within_s=30,
                refused=Safe("" if request.name and request.message else "an alert needs a name and a message"),
            )
        case _ as forgotten:
            assert_never(forgotten)


def names(words: Iterable[str], most: int = 6) -> str:
    """A few names and how many more."""
    every = list(words)
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")


def live_instances(state: State, nodes: Iterable[NodeName]) -> list[Instance]:
    """Instances that are on these nodes."""
    wanted = set(nodes)
    over = (WorkloadState.STOPPED, WorkloadState.COMPLETED, WorkloadState.FAILED)
    return [
        i
        for i in state.cluster.instances.values()
        if i.node in wanted and not (i.state in over and not i.ready and _workload_over(state, i))
    ]


def _workload_over(state: State, instance: Instance) -> bool:
    workload = state.cluster.workloads.get(instance.workload)
    return workload is None or workload.state in (WorkloadState.STOPPED, WorkloadState.COMPLETED)


def _no_nodes(state: State, nodes: tuple[NodeName, ...]) -> str:
    missing = [name for name in nodes if name not in state.cluster.nodes]
    if not nodes:
        return "no node was named"
    return f"there is no node {names(missing)}" if missing else ""


def _open_after(state: State, nodes: tuple[NodeName, ...]) -> list[Node]:
    """Ready nodes that still take new work once these are closed."""
    return [
        n
        for n in state.cluster.nodes.values()
        if n.state is NodeState.READY and not n.cordoned and n.name not in nodes
    ]


def _cordon(state: State, request: Cordon | Uncordon) -> Plan:
    nodes = [state.cluster.nodes[n] for n in request.nodes if n in state.cluster.nodes]
    closing = isinstance(request, Cordon)
    verb = "cordon" if closing else "uncordon"
    warnings = [f"{n.name} is {'cordoned already' if closing else 'not cordoned'}" for n in nodes if n.cordoned is closing]
    effects = [f"{n.name} ({n.state.value.replace('_', ' ')}, rack {n.rack or 'unknown'})" for n in nodes]
    if closing:
        warnings += _capacity_warnings(state, request.nodes)
    return Plan(
        request,
        neutral(f"{verb} {names(request.nodes)}"),
        effects=_short(effects),
        warnings=_short(warnings),
        goal=neutral(f"{names(request.nodes)} {'closed to' if closing else 'open for'} new work"),
        refused=neutral(_no_nodes(state, request.nodes)),
        within_s=30,
        undo=neutral(f"{'uncordon' if closing else 'cordon'} {names(request.nodes)}"),
        challenge=_count_challenge(state, request.nodes) if closing else "",
    )


def _capacity_warnings(state: State, nodes: tuple[NodeName, ...]) -> list[str]:
    total = len(state.cluster.nodes)
    left = _open_after(state, nodes)
    warnings = [f"{len(left)} of {total} nodes would be ready and open for new work"]
    if total and not left:
        warnings.append("no ready node would be left for new work")
    return warnings


def _count_challenge(state: State, nodes: tuple[NodeName, ...]) -> str:
    """More than half of the cluster is not closed by two keys: the number of nodes must be typed."""
    return str(len(nodes)) if len(nodes) * 2 > max(1, len(state.cluster.nodes)) else ""


def _drain(state: State, request: Drain) -> Plan:
    able = capability_of(state, request)
    evicts = able is not None and able[1].evicts
    moving = live_instances(state, request.nodes)
    verb = "evicted" if evicts else "goes on until it ends by itself"
    effects = [f"{i.id} on {i.node}: {verb}" for i in moving]
    warnings = _capacity_warnings(state, request.nodes)
    warnings += _single_points(state, moving) if evicts else []
    what = f"{len(moving)} instances, {request.grace_s} s grace" if evicts else f"{len(moving)} running go on"
    return Plan(
        request,
        neutral(f"drain {names(request.nodes)} ({what})"),
        effects=_short(effects or ["nothing runs there"]),
        warnings=_short(warnings),
        goal=neutral(f"{names(request.nodes)} closed to new work and empty"),
        refused=neutral(_no_nodes(state, request.nodes)),
        challenge=str(request.nodes[0])[-4:] if request.nodes else "",
        within_s=request.grace_s + 120 if evicts else RUNS_ON_S,
        undo=neutral(f"uncordon {names(request.nodes)}; what moved stays where it is"),
    )


def _single_points(state: State, moving: list[Instance]) -> list[str]:
    """Workloads that would have nothing ready left."""
    found: list[str] = []
    leaving = {i.id for i in moving}
    for identity in dict.fromkeys(i.workload for i in moving):
        staying = [i for i in state.cluster.instances.values() if i.workload == identity and i.ready and i.id not in leaving]
        if not staying:
            workload = state.cluster.workloads.get(identity)
            mark = " (critical)" if workload is not None and workload.critical else ""
            found.append(f"{identity}{mark} has no ready instance elsewhere")
    return found


def _stop(state: State, request: Stop) -> Plan:
    known = [state.cluster.workloads[w] for w in request.workloads if w in state.cluster.workloads]
    missing = [w for w in request.workloads if w not in state.cluster.workloads]
    force = " by force" if request.force else ""
    refused = "no workload was named" if not request.workloads else f"there is no workload {names(missing)}" if missing else ""
    if not refused and all(w.state in (WorkloadState.STOPPED, WorkloadState.COMPLETED) for w in known):
        refused = f"{names(request.workloads)} is over already"
    critical = [w.name for w in known if w.critical]
    return Plan(
        request,
        neutral(f"stop {names(request.workloads)}{force}"),
        effects=_short(f"{w.name} ({w.id}): {w.ready} of {w.desired} ready on {names(w.nodes) or 'no node'}" for w in known),
        warnings=_short([f"{names(critical)} is marked critical"] if critical else []),
        goal=neutral(f"{names(request.workloads)} stopped, no instance left"),
        refused=neutral(refused),
        challenge=str(known[0].id)[-4:] if known else "",
        within_s=60,
        undo=Safe("submit it again"),
    )


def _submit(state: State, request: Submit) -> Plan:
    like = state.cluster.workloads.get(request.like) if request.like else None
    refused = "" if request.name else "a workload needs a name"
    if request.like and like is None:
        refused = f"there is no workload {request.like} to copy from"
    replicas = request.replicas if request.replicas is not None else (like.desired if like else 1)
    gpus = request.gpus if request.gpus is not None else (like.gpus if like else None)
    selector = {**(like.selector if like else {}), **request.selector}
    fitting = _fitting(state, selector)
    where = ", ".join(f"{k}={v}" for k, v in sorted(selector.items())) or "anywhere"
    effects = [f"{replicas} x {request.image or (like.image if like else '') or request.command or request.name} on {where}"]
    warnings = [] if fitting else [f"no ready, open node matches {where}: it would wait"]
    free = sum(max(0, (n.gpus or 0) - (n.gpus_used or 0)) for n in fitting)
    if fitting and gpus and free < gpus * replicas:
        warnings.append(f"{free} GPUs are free there, {gpus * replicas} are needed: part of it would wait")
    return Plan(
        request,
        neutral(f"submit {request.name} ({replicas} on {where})"),
        effects=_short(effects),
        warnings=_short(warnings),
        goal=neutral(f"{request.name} running, {replicas} of {replicas} ready"),
        refused=neutral(refused),
        within_s=120,
        undo=neutral(f"stop {request.name}"),
    )


def _fitting(state: State, selector: dict[str, str]) -> list[Node]:
    return [
        n
        for n in state.cluster.nodes.values()
        if n.state is NodeState.READY
        and not n.cordoned
        and all({**n.labels, "rack": n.rack, "pool": n.pool}.get(k) == v for k, v in selector.items())
    ]


def _scale(state: State, request: Scale) -> Plan:
    workload = state.cluster.workloads.get(request.workload)
    refused = "" if workload else f"there is no workload {request.workload}"
    if request.replicas < 0:
        refused = "a workload cannot have fewer than 0 instances"
    before = workload.desired if workload else 0
    warnings = [f"{request.workload} would have no instance left"] if request.replicas == 0 else []
    return Plan(
        request,
        neutral(f"scale {request.workload} from {before} to {request.replicas}"),
        effects=_short([f"{abs(request.replicas - before)} instances {'started' if request.replicas > before else 'ended'}"]),
        warnings=_short(warnings),
        goal=neutral(f"{request.replicas} of {request.replicas} ready"),
        refused=neutral(refused),
        challenge=str(request.workload)[-4:] if request.replicas == 0 else "",
        within_s=120,
        undo=neutral(f"scale {request.workload} to {before}"),
    )


def _silence(state: State, request: SilenceAlerts, now: datetime) -> Plan:
    hit = silenced_by(state, request.matchers)
    total = len(state.alerts.alerts)
    warnings = ["nothing that fires now matches"] if not hit else []
    wide = len(hit) * 2 > total > 1
    if wide:
        warnings.append(f"more than half of what fires would be quiet ({len(hit)} of {total})")
    refused = "" if request.matchers else "a silence needs at least one matcher"
    if not 0 < request.duration_s <= 86_400:
        refused = "a silence lasts between 1 second and 24 hours"
    words = names(f"{m.name}{_operator(m.is_regex, m.is_equal)}{m.value}" for m in request.matchers)
    return Plan(
        request,
        neutral(f"silence {words} for {request.duration_s // 60} min"),
        effects=_short(f"{a.name}: {a.summary}" for a in hit),
        warnings=_short(warnings),
        goal=Safe("the silence is active"),
        refused=neutral(refused),
        challenge=str(len(hit)) if wide else "",
        within_s=30,
        undo=Safe("end the silence where alerts are managed"),
    )


def _acknowledge(state: State, request: Acknowledge) -> Plan:
    hit = [state.alerts.alerts[f] for f in request.fingerprints if f in state.alerts.alerts]
    return Plan(
        request,
        neutral(f"acknowledge {names(dict.fromkeys(a.name for a in hit)) or 'nothing'}"),
        wording=Safe("noted in this room; nothing is silenced"),
        effects=_short(f"{a.name}: {a.summary}" for a in hit),
        goal=Safe("your name stands on it"),
        refused=Safe("" if hit else "none of these alerts fires"),
        within_s=10,
    )
