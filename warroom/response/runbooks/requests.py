"""Which requests a step of a runbook stands for, in the state as it is when the step is planned."""

from collections.abc import Sequence

from warroom.errors import Refused
from warroom.model.nouns import Alert, Matcher, NodeName, Workload, WorkloadId
from warroom.model.requests import (
    Cordon,
    CreateAlert,
    Drain,
    Request,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
)
from warroom.model.response import Pick, RunbookStep, Targets
from warroom.model.text import Safe, neutral
from warroom.response.reach import ENDED
from warroom.state.slices import State


def requests_of(state: State, step: RunbookStep, targets: Targets, *, why: str) -> tuple[Request, ...]:
    """The requests of an acting step, to be planned one by one; raises ``Refused`` when there is nothing."""
    reason = neutral(why)
    match step.action:
        case "cordon":
            return (Cordon(_nodes(state, step, targets), reason),)
        case "uncordon":
            return (Uncordon(_nodes(state, step, targets), reason),)
        case "drain":
            return (Drain(_nodes(state, step, targets), step.grace_s, reason),)
        case "stop":
            found = [w for w in _workloads(state, step.pick, targets) if w.state not in ENDED]
            if not found:
                raise Refused("nothing is left to stop")
            return (Stop(tuple(w.id for w in found), step.force, reason),)
        case "submit":
            return tuple(
                _submit(step, w, targets, reason) for w in _something(state, step.pick, targets, ended=True)
            )
        case "scale":
            return tuple(
                Scale(w.id, _replicas(step.replicas, w.desired), reason)
                for w in _something(state, step.pick, targets)
            )
        case "silence":
            return tuple(_silence(alert, step.minutes, reason) for alert in _alerts(state, targets))
        case "create_alert":
            return (CreateAlert(step.name, step.severity, step.message),)
        case _:
            raise Refused(f"this version knows no action {step.action}")


def _alerts(state: State, targets: Targets) -> list[Alert]:
    found = [a for f in targets.alerts if (a := state.alerts.alerts.get(f)) is not None]
    if not found:
        raise Refused("the alert that the runbook was started for is not there any more")
    return found


def _silence(alert: Alert, minutes: float, reason: Safe) -> SilenceAlerts:
    """Of this alert and no other: every one of its labels has to be the same."""
    matchers = tuple(Matcher(name, value) for name, value in sorted(alert.labels.items()))
    return SilenceAlerts(matchers, int(minutes * 60), reason)


def targets_named(state: State, names: Sequence[str]) -> Targets:
    """The nodes and workloads of these names; raises ``Refused`` naming what is neither."""
    nodes, workloads = state.cluster.nodes, state.cluster.workloads
    strange = [one for one in names if NodeName(one) not in nodes and WorkloadId(one) not in workloads]
    if strange:
        raise Refused(f"no node or workload of this cluster is called {neutral(strange[0])}")
    found = [NodeName(one) for one in names if NodeName(one) in nodes]
    return Targets(tuple(found), tuple(WorkloadId(one) for one in names if WorkloadId(one) in workloads))


def _nodes(state: State, step: RunbookStep, targets: Targets) -> tuple[NodeName, ...]:
    if step.pick.targets:
        nodes = tuple(n for n in targets.nodes if n in state.cluster.nodes)
    else:
        wanted = step.pick.labels
        nodes = tuple(
            n.name
            for n in state.cluster.nodes.values()
            if all(
                {"rack": n.rack, "zone": n.zone, "pool": n.pool, **n.labels}.get(k) == v
                for k, v in wanted.items()
            )
        )
    if not nodes:
        raise Refused("the runbook was started without a node; start it from a finding or name nodes")
    return nodes


def _something(state: State, pick: Pick, targets: Targets, *, ended: bool = False) -> list[Workload]:
    found = [w for w in _workloads(state, pick, targets) if ended or w.state not in ENDED]
    if not found:
        raise Refused("no workload fits this step any more")
    return found


def _workloads(state: State, pick: Pick, targets: Targets) -> list[Workload]:
    known = state.cluster.workloads
    if pick.targets:
        return [known[w] for w in targets.workloads if w in known]
    return [w for w in known.values() if _fits(w, pick)]


def _fits(workload: Workload, pick: Pick) -> bool:
    if pick.state and workload.state != pick.state:
        return False
    if not pick.state and workload.state in ENDED:
        return False
    labelled = all(workload.labels.get(name) == value for name, value in pick.labels.items())
    return labelled and pick.priority in ("", workload.priority)


def _submit(step: RunbookStep, like: Workload, targets: Targets, reason: Safe) -> Submit:
    if step.image and not targets.image:
        raise Refused("no image before the suspected one is known; submit it by hand with the right image")
    return Submit(
        step.name.replace("{name}", str(like.name)),
        like=WorkloadId(like.id),
        image=str(targets.image) if step.image else "",
        selector=step.selector or targets.selector,
        reason=reason,
    )


def _replicas(text: str, now: int) -> int:
    return max(0, now + int(text)) if text[:1] in "+-" else int(text)
