"""Plans for workloads: stop, submit, scale."""

from collections.abc import Sequence

from warroom.model.nouns import NodeState, Workload, WorkloadState
from warroom.model.requests import Plan, Scale, Stop, Submit
from warroom.model.text import Safe, neutral
from warroom.response.reach import ENDED, free_gpus, instances_of, open_nodes
from warroom.response.sentences import counted, names, short, typed
from warroom.state.slices import State
from warroom.views.ready import ready_words


def stop_plan(state: State, request: Stop) -> Plan:
    """Ending workloads."""
    chosen = tuple(dict.fromkeys(request.workloads))
    known = [state.cluster.workloads[w] for w in chosen if w in state.cluster.workloads]
    critical = [str(w.name) for w in known if w.critical]
    warnings = (
        [f"{names(critical)} {'is' if len(critical) == 1 else 'are'} marked critical"] if critical else []
    )
    warnings += [
        sentence for w in known for sentence in (_unheard(state, w), _unreplaced(state, w)) if sentence
    ]
    matters = request.force or critical or len(chosen) > 1
    return Plan(
        request,
        neutral(f"stop {names(chosen)}{' by force' if request.force else ''}"),
        effects=short(
            f"{_called(w)}: {ready_words(w.ready, w.desired)} on {names(w.nodes) or 'no node'}" for w in known
        ),
        warnings=short(warnings),
        goal=neutral(f"{names(chosen)} stopped, no instance left"),
        refused=neutral(_unstoppable(state, chosen, known)),
        challenge=typed(chosen) if matters else "",
        within_s=60,
        undo=Safe("submit it again"),
        reverse=tuple(Submit(str(w.name), like=w.id) for w in known),
        touches=chosen,
    )


def _called(workload: Workload) -> str:
    """Its name, and its id where that is another word."""
    same = str(workload.name) == str(workload.id)
    return str(workload.name) if same else f"{workload.name} ({workload.id})"


def _unstoppable(state: State, chosen: tuple[str, ...], known: list[Workload]) -> str:
    if not chosen:
        return "no workload was named"
    missing = [identity for identity in chosen if identity not in state.cluster.workloads]
    if missing:
        return f"the cluster shows no workload {names(missing)}"
    if all(w.state in ENDED and not instances_of(state, w.id) for w in known):
        return f"{names(chosen)} {'is' if len(chosen) == 1 else 'are'} over already"
    return ""


def _unheard(state: State, workload: Workload) -> str:
    """What nobody answers for may go on running after the cluster calls it stopped."""
    nodes = state.cluster.nodes
    silent = sorted(
        {
            i.node
            for i in instances_of(state, workload.id)
            if i.node in nodes and nodes[i.node].state is not NodeState.READY
        }
    )
    if not silent:
        return ""
    return f"{workload.name} may go on running unseen on {names(silent)}, which {_does(silent)} not answer"


def _unreplaced(state: State, workload: Workload) -> str:
    """What runs in place of something that was stopped leaves nothing behind."""
    for action in reversed(state.actions.actions.values()):
        asked = action.request
        if isinstance(asked, Submit) and asked.like and str(workload.id) in action.created:
            before = state.cluster.workloads.get(asked.like)
            over = before is not None and before.id != workload.id and before.state in ENDED
            return (
                f"{asked.like}, which it stands in for, is stopped: nothing of it would be left"
                if over
                else ""
            )
    return ""


def _does(words: Sequence[str]) -> str:
    return "does" if len(words) == 1 else "do"


def submit_plan(state: State, request: Submit) -> Plan:
    """Running something new."""
    like = state.cluster.workloads.get(request.like) if request.like else None
    desired = like.desired if like else 1
    replicas = desired if request.replicas is None else request.replicas
    selector = {**(like.selector if like else {}), **request.selector}
    where = ", ".join(f"{k}={v}" for k, v in sorted(selector.items())) or "anywhere"
    what = request.image or request.command or (like and (like.image or like.command)) or request.name
    refused = ""
    if not request.name:
        refused = "a workload needs a name"
    elif request.like and like is None:
        refused = f"the cluster shows no workload {request.like} to copy from"
    elif replicas < 1:
        refused = "a workload needs at least one instance"
    return Plan(
        request,
        neutral(f"submit {request.name} ({replicas} on {where})"),
        effects=short([f"{replicas} x {what} on {where}"]),
        warnings=short(_room(state, request, like, replicas=replicas, selector=selector)),
        goal=neutral(f"{request.name} running, {replicas} of {replicas} ready"),
        refused=neutral(refused),
        within_s=120,
        undo=neutral(f"stop {request.name}"),
        touches=(request.name,),
    )


def _room(
    state: State, request: Submit, like: Workload | None, *, replicas: int, selector: dict[str, str]
) -> list[str]:
    where = ", ".join(f"{k}={v}" for k, v in sorted(selector.items())) or "it"
    fitting = open_nodes(state, selector=selector)
    if not fitting:
        return [f"no ready, open node fits {where}: it would wait"]
    gpus = request.gpus if request.gpus is not None else (like.gpus if like else None)
    free = free_gpus(fitting)
    if gpus and free is not None and free < gpus * replicas:
        return [f"{counted(free, 'GPU')} free there, {gpus * replicas} needed: part of it would wait"]
    return []


def scale_plan(state: State, request: Scale) -> Plan:
    """Changing how many instances there should be."""
    workload = state.cluster.workloads.get(request.workload)
    before = workload.desired if workload else 0
    change = request.replicas - before
    warnings: list[str] = []
    if request.replicas == 0:
        warnings.append(f"{request.workload} would have no instance left")
    if workload and change == 0:
        warnings.append(f"{workload.name} has {before} already")
    if workload and workload.critical and change < 0:
        warnings.append(f"{workload.name} is marked critical")
    effect = f"{counted(abs(change), 'instance')} {'started' if change > 0 else 'ended'}"
    return Plan(
        request,
        neutral(f"scale {request.workload} from {before} to {request.replicas}"),
        effects=short([effect]),
        warnings=short(warnings),
        goal=neutral(f"{request.replicas} of {request.replicas} ready"),
        refused=neutral(_unscalable(request, workload)),
        challenge=typed([request.workload]) if _hurts(workload, request) else "",
        within_s=120,
        undo=neutral(f"scale {request.workload} to {before}"),
        reverse=(Scale(request.workload, before),) if workload and change else (),
        touches=(request.workload,),
    )


def _hurts(workload: Workload | None, request: Scale) -> bool:
    fewer = workload is not None and workload.critical and request.replicas < workload.desired
    return request.replicas == 0 or fewer


def _unscalable(request: Scale, workload: Workload | None) -> str:
    if workload is None:
        return (
            f"the cluster shows no workload {request.workload}"
            if request.workload
            else "no workload was named"
        )
    if request.replicas < 0:
        return "a workload cannot have fewer than 0 instances"
    if workload.state in (WorkloadState.STOPPED, WorkloadState.COMPLETED):
        return f"{workload.name} is over; submit it again instead"
    return ""
