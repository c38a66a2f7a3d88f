"""Did the cluster change? Looks at what the sources show after a call and gives the verdict."""

from typing import assert_never

import msgspec

from warroom.model.nouns import WorkloadId, WorkloadState
from warroom.model.requests import (
    Acknowledge,
    Cordon,
    CreateAlert,
    Drain,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
    Verdict,
)
from warroom.model.text import Safe, neutral
from warroom.response.plans import ROOM_ROLE, live_instances, names, role_of
from warroom.state.slices import Action, SourceFacts, State, Step

OVER = (WorkloadState.STOPPED, WorkloadState.COMPLETED, WorkloadState.FAILED)


class Look(msgspec.Struct, frozen=True):
    """What one look at the state shows of an action's goal."""

    seen: bool
    detail: Safe
    done: int = 0
    total: int = 0


def look(state: State, action: Action) -> Look:
    """Compare the state with what the action was to bring about."""
    request = action.request
    match request:
        case Cordon() | Uncordon():
            return _scheduling(state, request)
        case Drain():
            return _drained(state, request)
        case Stop():
            return _stopped(state, request)
        case Submit():
            return _submitted(state, action, request)
        case Scale():
            return _ready(state, request.workload, request.replicas)
        case SilenceAlerts():
            there = [name for name in action.created if name in state.alerts.silences]
            return Look(bool(there), Safe("the silence is active" if there else "no such silence yet"))
        case Acknowledge():
            taken = [f for f in request.fingerprints if f in state.alerts.acknowledged]
            return Look(bool(taken), neutral(f"{len(taken)} alerts acknowledged"))
        case CreateAlert():
            firing = any(
                a.name == request.name or a.labels.get("alertname") == request.name for a in state.alerts.alerts.values()
            )
            return Look(firing, neutral(f"alert {request.name} {'fires' if firing else 'does not fire yet'}"))
        case _ as forgotten:
            assert_never(forgotten)


def _scheduling(state: State, request: Cordon | Uncordon) -> Look:
    wanted = isinstance(request, Cordon)
    nodes = state.cluster.nodes
    right = [n for n in request.nodes if n in nodes and nodes[n].cordoned is wanted]
    wrong = [n for n in request.nodes if n not in right]
    words = "cordoned" if wanted else "open to new work"
    if wrong:
        return Look(False, neutral(f"not {words}: {names(wrong)}"), len(right), len(request.nodes))
    return Look(True, neutral(f"the cluster shows {names(right)} {words}"), len(right), len(right))


def _drained(state: State, request: Drain) -> Look:
    closed = _scheduling(state, Cordon(request.nodes))
    left = live_instances(state, request.nodes)
    if not closed.seen:
        return closed
    if left:
        where = names(dict.fromkeys(str(i.id) for i in left), 3)
        return Look(False, neutral(f"closed to new work; {len(left)} still there: {where}"), 0, len(left))
    return Look(True, neutral(f"{names(request.nodes)} closed to new work and empty"))


def _stopped(state: State, request: Stop) -> Look:
    left: list[str] = []
    for identity in request.workloads:
        workload = state.cluster.workloads.get(identity)
        alive = [i for i in state.cluster.instances.values() if i.workload == identity and i.state not in OVER]
        if (workload is not None and workload.state not in OVER) or alive:
            left.append(f"{identity} ({len(alive)} instances)")
    total = len(request.workloads)
    if left:
        return Look(False, neutral(f"still there: {names(left)}"), total - len(left), total)
    return Look(True, neutral(f"{names(request.workloads)} stopped, no instance left"), total, total)


def _submitted(state: State, action: Action, request: Submit) -> Look:
    if not action.created:
        return Look(False, Safe("nothing with its id is listed"))
    looks = [_ready(state, WorkloadId(identity), None) for identity in action.created]
    waiting = [one for one in looks if not one.seen]
    return waiting[0] if waiting else looks[0]


def _ready(state: State, identity: WorkloadId, wanted: int | None) -> Look:
    workload = state.cluster.workloads.get(identity)
    if workload is None:
        return Look(False, neutral(f"{identity} is not listed yet"))
    desired = workload.desired if wanted is None else wanted
    if workload.state is WorkloadState.COMPLETED:
        return Look(True, neutral(f"{identity} ran and completed"), desired, desired)
    right = workload.desired == desired and workload.ready == desired
    running = workload.state is WorkloadState.RUNNING or desired == 0
    where = names(workload.nodes) or "no node"
    why = f": {workload.reason}" if workload.reason else ""
    if right and running:
        return Look(True, neutral(f"{workload.ready} of {desired} ready on {where}"), workload.ready, desired)
    detail = f"{workload.state.value}, {workload.ready} of {desired} ready{why}"
    return Look(False, neutral(detail), workload.ready, desired)


def governing(state: State, action: Action) -> SourceFacts | None:
    """The source through which the action's effect is seen; None for what only this room knows."""
    role = role_of(action.request)
    if role == ROOM_ROLE:
        return None
    return next((f for f in state.sources.sources.values() if role in f.roles), None)


def _called(action: Action) -> Step | None:
    return next((s for s in reversed(action.steps) if s.stage in ("succeeded", "unknown", "started")), None)


def is_fresh(state: State, action: Action) -> bool:
    """Whether what the state shows was read after the call, from a source that is not stale."""
    called = _called(action)
    if called is None:
        return False
    if role_of(action.request) == ROOM_ROLE:
        return True
    facts = governing(state, action)
    return (
        facts is not None and facts.status == "synced" and facts.seen_ms is not None and facts.seen_ms > called.room_ms
    )


def verdict(state: State, action: Action, room_ms: int) -> tuple[Verdict, Safe] | None:
    """The verdict, or None to keep looking.

    An effect counts as seen only when the source was read after the call and is not stale; when time is up it
    is *not seen*, or *unknown* when the source does not show what is.
    """
    called = _called(action)
    if called is None:
        return None
    fresh = is_fresh(state, action)
    seen = look(state, action)
    if fresh and seen.seen:
        took = (room_ms - called.room_ms) / 1000
        return Verdict.SEEN, neutral(f"{seen.detail} ({took:.0f} s after the call)")
    if action.stage == "started" or room_ms - called.room_ms < action.plan.within_s * 1000:
        return None
    if fresh:
        return Verdict.NOT_SEEN, neutral(f"{seen.detail} after {action.plan.within_s} s")
    facts = governing(state, action)
    why = f"source {facts.name} is {facts.status}" if facts else "no source shows it"
    return Verdict.UNKNOWN, neutral(f"{why}; last seen: {seen.detail}")


def settled_finding(state: State, action: Action) -> Safe:
    """What reading the target shows of an action whose call was cut off."""
    seen = look(state, action)
    return neutral(f"{seen.detail}: {'it happened' if seen.seen else 'it did not happen'}")
