"""Plans for nodes: cordon, uncordon, drain."""

from collections import Counter

from warroom.model.nouns import Instance, NodeName
from warroom.model.requests import Capability, Cordon, Drain, Plan, Uncordon
from warroom.model.text import neutral
from warroom.response.reach import live_instances, more_than_half, open_nodes, silent_nodes
from warroom.response.sentences import counted, names, placed, short, typed
from warroom.state.slices import State
from warroom.views.ready import ready_words

UNHEARD = "the node does not answer; listed there until it is stopped by force or given up"
RUNS_ON_S = 3600
"""How long a drain is watched on a cluster that lets running work go on."""


def distinct(nodes: tuple[NodeName, ...]) -> tuple[NodeName, ...]:
    """Each node once, in the order they were named."""
    return tuple(dict.fromkeys(nodes))


def scheduling_plan(state: State, request: Cordon | Uncordon) -> Plan:
    """Closing nodes to new work, or opening them again."""
    chosen = distinct(request.nodes)
    nodes = [state.cluster.nodes[n] for n in chosen if n in state.cluster.nodes]
    closing = isinstance(request, Cordon)
    verb, back = ("cordon", "uncordon") if closing else ("uncordon", "cordon")
    already = "cordoned already" if closing else "not cordoned"
    warnings = [f"{n.name} is {already}" for n in nodes if n.cordoned is closing]
    if closing:
        warnings += _capacity(state, chosen)
    return Plan(
        request,
        neutral(f"{verb} {names(chosen)}"),
        effects=short(
            f"{n.name} ({n.state.value.replace('_', ' ')}, {placed('rack', n.rack or 'unknown')})"
            for n in nodes
        ),
        warnings=short(warnings),
        goal=neutral(f"{names(chosen)} {'closed to' if closing else 'open for'} new work"),
        refused=neutral(_missing(state, chosen)),
        challenge=str(len(chosen)) if closing and more_than_half(state, chosen) else "",
        within_s=30,
        undo=neutral(f"{back} {names(chosen)}"),
        reverse=_back(state, chosen, closing=closing),
        touches=chosen,
    )


def _back(state: State, chosen: tuple[NodeName, ...], *, closing: bool) -> tuple[Cordon | Uncordon, ...]:
    """Take back only what would be different: a node that was closed before stays closed."""
    nodes = state.cluster.nodes
    turned = tuple(n for n in chosen if n in nodes and nodes[n].cordoned is not closing)
    if not turned:
        return ()
    return (Uncordon(turned),) if closing else (Cordon(turned),)


def drain_plan(state: State, request: Drain, able: Capability | None) -> Plan:
    """Closing nodes and emptying them; whether running work moves is the cluster's own way."""
    chosen = distinct(request.nodes)
    evicts = able is not None and able.evicts
    moving = live_instances(state, chosen)
    grace = max(0, request.grace_s)
    fate = "evicted" if evicts else "goes on until it ends by itself"
    silent = silent_nodes(state, chosen)
    effects = [f"{i.id} on {i.node}: {UNHEARD if i.node in silent else fate}" for i in moving]
    warnings = _capacity(state, chosen)
    goal = f"{names(chosen)} closed to new work and empty"
    if any(i.node in silent for i in moving):
        goal += f"; of {names(silent)}, which cannot be asked, that its work runs elsewhere"
    if evicts:
        effects = _left(state, moving) + effects
        warnings += _last_ones(state, moving)
    amount = counted(len(moving), "instance")
    what = f"{amount}, {grace} s grace" if evicts else f"stop new work; {amount} {_keeps(moving)} running"
    refused = _missing(state, chosen)
    if request.grace_s < 0:
        refused = "a grace period cannot be shorter than 0 s"
    return Plan(
        request,
        neutral(f"drain {names(chosen)} ({what})"),
        effects=short(effects or ["nothing runs there"]),
        warnings=short(warnings),
        goal=neutral(goal),
        refused=neutral(refused),
        challenge=typed(chosen),
        within_s=grace + 120 if evicts else RUNS_ON_S,
        undo=neutral(f"uncordon {names(chosen)}; what moved stays where it is"),
        reverse=_back(state, chosen, closing=True),
        touches=tuple(str(i.id) for i in moving),
    )


def _keeps(moving: list[Instance]) -> str:
    return "keeps" if len(moving) == 1 else "keep"


def _missing(state: State, nodes: tuple[NodeName, ...]) -> str:
    if not nodes:
        return "no node was named"
    missing = [name for name in nodes if name not in state.cluster.nodes]
    return f"the cluster shows no node {names(missing)}" if missing else ""


def _capacity(state: State, nodes: tuple[NodeName, ...]) -> list[str]:
    total = len(state.cluster.nodes)
    left = len(open_nodes(state, without=nodes))
    if total and not open_nodes(state):
        return [f"none of {counted(total, 'node')} is ready and open for new work even now"]
    if total and not left:
        return [f"none of {counted(total, 'node')} would be left that is ready and open for new work"]
    return [f"{left} of {counted(total, 'node')} would be ready and open for new work"]


def _left(state: State, moving: list[Instance]) -> list[str]:
    """How much of each workload stays ready meanwhile."""
    leaving = Counter(i.workload for i in moving if i.ready)
    found: list[str] = []
    for identity in dict.fromkeys(i.workload for i in moving):
        workload = state.cluster.workloads.get(identity)
        if workload is not None:
            stays = max(0, workload.ready - leaving[identity])
            found.append(f"{workload.name}: {ready_words(stays, workload.desired)} elsewhere meanwhile")
    return found


def _last_ones(state: State, moving: list[Instance]) -> list[str]:
    """Workloads whose last ready instance leaves."""
    leaving = {i.id for i in moving}
    served = {i.workload for i in state.cluster.instances.values() if i.ready and i.id not in leaving}
    found: list[str] = []
    for identity in dict.fromkeys(i.workload for i in moving if i.ready and i.workload not in served):
        workload = state.cluster.workloads.get(identity)
        mark = " (critical)" if workload is not None and workload.critical else ""
        found.append(f"{workload.name if workload else identity}{mark} has no ready instance elsewhere")
    return found
