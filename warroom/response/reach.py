"""What a request reaches in the cluster: what runs on a node, what would be left without it."""

from collections.abc import Iterable, Sequence

from warroom.model.nouns import Instance, Labels, Node, NodeName, NodeState, WorkloadId, WorkloadState
from warroom.state.slices import State

ENDED = (WorkloadState.STOPPED, WorkloadState.COMPLETED)


def is_live(state: State, instance: Instance) -> bool:
    """Whether an instance takes up room or will again: a crashed one of a workload that goes on does."""
    if instance.ready:
        return True
    if instance.state in ENDED:
        return False
    workload = state.cluster.workloads.get(instance.workload)
    if instance.state is WorkloadState.FAILED:
        return workload is not None and workload.state not in ENDED
    return True


def live_instances(state: State, nodes: Iterable[NodeName]) -> list[Instance]:
    """What lives on these nodes, by name."""
    wanted = set(nodes)
    found = [i for i in state.cluster.instances.values() if i.node in wanted and is_live(state, i)]
    return sorted(found, key=lambda i: i.id)


def instances_of(state: State, identity: WorkloadId) -> list[Instance]:
    """What lives of a workload, by name."""
    found = [i for i in state.cluster.instances.values() if i.workload == identity and is_live(state, i)]
    return sorted(found, key=lambda i: i.id)


def silent_nodes(state: State, nodes: Iterable[NodeName]) -> list[NodeName]:
    """Those of the nodes that do not answer: nothing on them can be asked to end."""
    known = state.cluster.nodes
    dead = (NodeState.NOT_READY, NodeState.OFFLINE)
    return [name for name in dict.fromkeys(nodes) if name in known and known[name].state in dead]


def runs_elsewhere(state: State, identity: WorkloadId, nodes: Iterable[NodeName]) -> bool:
    """Whether as much of a workload as is wanted is ready on other nodes, or none of it is wanted any more."""
    workload = state.cluster.workloads.get(identity)
    if workload is None or workload.state in ENDED:
        return True
    left = set(nodes)
    ready = sum(
        i.ready and i.node is not None and i.node not in left
        for i in state.cluster.instances.values()
        if i.workload == identity
    )
    return ready >= max(1, workload.desired)


def missed_nodes(state: State, nodes: Sequence[NodeName]) -> frozenset[NodeName]:
    """Those of some nodes that do not answer on which something is placed that does not run elsewhere."""
    if not nodes or not state.cluster.instances:
        return frozenset(nodes)
    wanted = set(nodes)
    placed = [w for w in state.cluster.workloads.values() if not wanted.isdisjoint(w.nodes)]
    lacking = [w for w in placed if not runs_elsewhere(state, w.id, nodes)]
    return frozenset(name for w in lacking for name in w.nodes if name in wanted)


def ready_nodes(state: State) -> list[Node]:
    """Nodes that answer, cordoned or not."""
    return [n for n in state.cluster.nodes.values() if n.state is NodeState.READY]


def open_nodes(
    state: State, *, without: Iterable[NodeName] = (), selector: Labels | None = None
) -> list[Node]:
    """Ready nodes that take new work, once some are closed, and that fit a selector."""
    closed = set(without)
    return [
        n for n in ready_nodes(state) if not n.cordoned and n.name not in closed and _fits(n, selector or {})
    ]


def _fits(node: Node, selector: Labels) -> bool:
    places = {"rack": node.rack, "zone": node.zone, "pool": node.pool, **node.labels}
    return all(places.get(name) == value for name, value in selector.items())


def more_than_half(state: State, nodes: Iterable[NodeName]) -> bool:
    """Whether these are more than half of the cluster, or of what is still ready in it."""
    chosen = set(nodes)
    ready = [n.name for n in ready_nodes(state)]
    taken = sum(name in chosen for name in ready)
    return taken * 2 > max(1, len(ready)) or len(chosen) * 2 > max(1, len(state.cluster.nodes))


def free_gpus(nodes: Iterable[Node]) -> int | None:
    """GPUs nobody uses; None when one node does not say."""
    free = 0
    for node in nodes:
        if node.gpus is None or node.gpus_used is None:
            return None
        free += max(0, node.gpus - node.gpus_used)
    return free
