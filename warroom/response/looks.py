"""One look at the state for each kind of action: is its effect there, and how much of it."""

from datetime import timedelta

import msgspec

from warroom.model.nouns import Alert, Silence, Workload, WorkloadId, WorkloadState
from warroom.model.requests import (
    RESOLVED,
    Acknowledge,
    Cordon,
    CreateAlert,
    Drain,
    EndSilences,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
)
from warroom.model.text import Safe, neutral
from warroom.response.reach import ENDED, instances_of, live_instances, runs_elsewhere, silent_nodes
from warroom.response.sentences import counted, names
from warroom.state.slices import Action, State
from warroom.views.ready import ready_words

CLOCKS_DIFFER = timedelta(seconds=60)
"""How far the target's clock may be behind ours when its times are compared with our call."""


class Look(msgspec.Struct, frozen=True):
    """What one look at the state shows of an action's goal."""

    seen: bool
    detail: Safe
    done: int = 0
    total: int = 0


def scheduling_look(state: State, request: Cordon | Uncordon) -> Look:
    """Whether the nodes are closed to new work, or open."""
    closing = isinstance(request, Cordon)
    chosen = tuple(dict.fromkeys(request.nodes))
    nodes = state.cluster.nodes
    right = [n for n in chosen if n in nodes and nodes[n].cordoned is closing]
    wrong = [n for n in chosen if n in nodes and nodes[n].cordoned is not closing]
    gone = [n for n in chosen if n not in nodes]
    words = "cordoned" if closing else "open to new work"
    total = len(chosen)
    if gone:
        return Look(False, neutral(f"the cluster no longer shows {names(gone)}"), len(right), total)
    if wrong:
        return Look(False, neutral(f"the cluster shows {names(wrong)} not {words}"), len(right), total)
    return Look(
        bool(right), neutral(f"the cluster shows {names(right) or 'nothing'} {words}"), len(right), total
    )


def drained_look(state: State, action: Action, request: Drain) -> Look:
    """Whether the nodes are closed and empty; of one that does not answer, whether its work runs elsewhere."""
    closed = scheduling_look(state, Cordon(request.nodes))
    every = live_instances(state, request.nodes)
    silent = silent_nodes(state, request.nodes)
    moved = {w for w in {i.workload for i in every if i.node in silent} if runs_elsewhere(state, w, silent)}
    stay = [i for i in every if i.node in silent and i.workload in moved]
    left = [i for i in every if i not in stay]
    total = max(len(action.plan.touches), len(every))
    done = total - len(left)
    if not closed.seen:
        return Look(False, closed.detail, done, total)
    where = names(dict.fromkeys(request.nodes))
    if left:
        still = f"{counted(len(left), 'instance')} still there: {names((str(i.id) for i in left), 3)}"
        return Look(False, neutral(f"{where} closed to new work; {still}"), done, total)
    if stay:
        what = f"what ran on {names(silent)} runs elsewhere ({names(sorted(moved), 3)})"
        listed = (
            f"{counted(len(stay), 'instance')} listed there until stopped by force, as it does not answer"
        )
        return Look(True, neutral(f"{where} closed to new work; {what}; {listed}"), done, total)
    last = f"the last of {counted(total, 'instance')} left {where}" if total else f"nothing runs on {where}"
    return Look(True, neutral(f"{last}; closed to new work"), done, total)


def stopped_look(state: State, request: Stop) -> Look:
    """Whether the workloads are over, with no instance left."""
    chosen = tuple(dict.fromkeys(request.workloads))
    left = [words for identity in chosen if (words := _still_there(state, identity))]
    total = len(chosen)
    if left:
        return Look(False, neutral(f"still there: {names(left)}"), total - len(left), total)
    return Look(bool(chosen), neutral(f"{names(chosen)} stopped, no instance left"), total, total)


def _still_there(state: State, identity: WorkloadId) -> str:
    """What is left of a workload; a failed one that still has instances is tried again by its cluster."""
    workload = state.cluster.workloads.get(identity)
    alive = len(instances_of(state, identity))
    over = workload is None or workload.state in (*ENDED, WorkloadState.FAILED)
    if over and not alive:
        return ""
    state_now = workload.state.value if workload else "gone from the list"
    return f"{identity} ({state_now}, {counted(alive, 'instance')})"


def submitted_look(state: State, action: Action, request: Submit) -> Look:
    """Whether what the call made runs."""
    created = action.created or tuple(str(w.id) for w in _made(state, action, request))
    if not created:
        return Look(False, neutral(f"nothing called {request.name} was listed since the call"))
    looks = [ready_look(state, WorkloadId(identity), None) for identity in created]
    return next((one for one in looks if not one.seen), looks[0])


def _made(state: State, action: Action, request: Submit) -> list[Workload]:
    """What the call may have made though no answer came: marked by the operation, or new of that name."""
    workloads = state.cluster.workloads.values()
    marked = [w for w in workloads if action.operation and action.operation in w.labels.values()]
    started = action.step("started")
    if marked or started is None:
        return marked
    begin = started.time - CLOCKS_DIFFER
    return [
        w
        for w in workloads
        if w.name == request.name
        and w.submitted is not None
        and w.submitted >= begin
        and w.id != request.like
    ]


def ready_look(state: State, identity: WorkloadId, wanted: int | None) -> Look:
    """Whether as much is ready as is wanted, or as the workload itself desires."""
    workload = state.cluster.workloads.get(identity)
    if workload is None:
        return Look(False, neutral(f"{identity} is not listed"))
    desired = max(0, workload.desired if wanted is None else wanted)
    if wanted is None and workload.state is WorkloadState.COMPLETED:
        return Look(True, neutral(f"{identity} ran and completed"), desired, desired)
    words = f"{identity} {workload.state.value}, {ready_words(workload.ready, desired)}"
    # Scaled to nothing it has no state to wait for, only instances that must end.
    settled = workload.state is WorkloadState.RUNNING if desired else not instances_of(state, identity)
    if workload.desired == desired and workload.ready == desired and settled:
        where = f" on {names(workload.nodes)}" if workload.nodes else ""
        return Look(True, neutral(f"{words}{where}"), desired, desired)
    why = f": {workload.reason}" if workload.reason else ""
    return Look(False, neutral(f"{words}{why}"), max(0, min(workload.ready, desired)), desired)


def silenced_look(state: State, action: Action, request: SilenceAlerts) -> Look:
    """Whether the silence is active."""
    there = [s for s in state.alerts.silences.values() if _is_made(s, action, request)]
    if not there:
        return Look(False, Safe("no such silence is listed"))
    quiet = sum(any(s.id in a.silenced_by for s in there) for a in state.alerts.alerts.values())
    ends = max(s.ends for s in there)
    return Look(
        True, neutral(f"the silence is active until {ends:%H:%M:%S}Z, {counted(quiet, 'alert')} quiet")
    )


def _is_made(silence: Silence, action: Action, request: SilenceAlerts) -> bool:
    if action.created:
        return silence.id in action.created
    if action.operation and action.operation in silence.comment:
        return True
    started = action.step("started")
    same = set(silence.matchers) == set(request.matchers)
    return same and started is not None and silence.starts >= started.time - CLOCKS_DIFFER


def heard_look(state: State, request: EndSilences) -> Look:
    """Whether the silences are over."""
    chosen = tuple(dict.fromkeys(request.silences))
    left = [s for s in chosen if s in state.alerts.silences]
    if left:
        return Look(False, neutral(f"still active: {names(left)}"), len(chosen) - len(left), len(chosen))
    return Look(bool(chosen), neutral(f"{counted(len(chosen), 'silence')} over"), len(chosen), len(chosen))


def acknowledged_look(state: State, request: Acknowledge) -> Look:
    """Whether each alert that still fires was taken."""
    chosen = tuple(dict.fromkeys(request.fingerprints))
    taken = sum(f in state.alerts.acknowledged for f in chosen)
    waiting = sum(f in state.alerts.alerts and f not in state.alerts.acknowledged for f in chosen)
    if waiting:
        return Look(False, neutral(f"{counted(waiting, 'alert')} not acknowledged"), taken, taken + waiting)
    words = f"{counted(taken, 'alert')} acknowledged" if taken else "none of these alerts fires any more"
    return Look(bool(chosen), neutral(words), taken, taken)


def created_look(state: State, request: CreateAlert) -> Look:
    """Whether such an alert fires; of one to be resolved, that none of its name does any more."""
    if request.severity == RESOLVED:
        left = sum(request.name in (a.name, a.labels.get("alertname")) for a in state.alerts.alerts.values())
        words = (
            f"{counted(left, 'alert')} {request.name} still listed"
            if left
            else f"alert {request.name} is gone"
        )
        return Look(not left, neutral(words))
    fires = any(_is_created(alert, request) for alert in state.alerts.alerts.values())
    return Look(fires, neutral(f"alert {request.name} {'fires' if fires else 'does not fire'}"))


def _is_created(alert: Alert, request: CreateAlert) -> bool:
    named = request.name in (alert.name, alert.labels.get("alertname"))
    same_severity = alert.severity in ("", request.severity)
    return named and same_severity and all(alert.labels.get(k) == v for k, v in request.labels.items())
