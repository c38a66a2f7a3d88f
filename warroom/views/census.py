"""Counts and order of a cluster's members, brought up to date by what changed instead of counted anew."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from datetime import datetime

from warroom.model.nouns import Node, NodeName, NodeState, Workload, WorkloadId, WorkloadState
from warroom.state.slices import State
from warroom.views.alert_census import Alerts
from warroom.views.changed import replaced
from warroom.views.node_map import NodeMap
from warroom.views.node_measures import role_of
from warroom.views.rows import Block

Place = tuple[int, bool, str, WorkloadId]
"""What a workload is sorted by."""

MANY = 500
"""More changes than that are sorted in at once rather than one by one."""
SPARSE = 8
"""Where fewer than one in so many is wanted, those are sorted; else the whole order is gone through."""
WORST_FIRST = (
    WorkloadState.FAILED,
    WorkloadState.DEGRADED,
    WorkloadState.UNKNOWN,
    WorkloadState.PENDING,
    WorkloadState.RUNNING,
    WorkloadState.COMPLETED,
    WorkloadState.STOPPED,
)
RANKS = {state: rank for rank, state in enumerate(WORST_FIRST)}


def place_of(workload: Workload) -> Place:
    """The broken first, the critical before others, then by name."""
    return RANKS[workload.state], not workload.critical, str(workload.name), workload.id


class Nodes:
    """How many nodes are in which state, and where each of them stands."""

    def __init__(self) -> None:
        self.roles: Counter[str] = Counter()
        self.cordoned = 0
        self.down = 0
        self.down_in: Counter[str] = Counter()
        """Nodes that are down by rack; racks with none may stand there with 0."""
        self.map = NodeMap()
        self._known: dict[NodeName, Node] = {}

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self._known)

    @property
    def blocks(self) -> Sequence[Block]:
        """The nodes in their failure domains."""
        return self.map.blocks

    def update(self, nodes: Mapping[NodeName, Node]) -> None:
        """Take over what changed."""
        changes = list(replaced(self._known, nodes))
        if not changes:
            return
        for _, before, after in changes:
            if before is not None:
                self._count(before, -1)
            if after is not None:
                self._count(after, 1)
        self._known = dict(nodes)
        self.map.change(changes, self._known)

    def _count(self, node: Node, by: int) -> None:
        self.roles[role_of(node)] += by
        self.cordoned += by * node.cordoned
        if node.state is not NodeState.READY:
            self.down += by
            self.down_in[node.rack] += by


class Workloads:
    """The workloads in the order of their table."""

    def __init__(self) -> None:
        self.states: Counter[WorkloadState] = Counter()
        self.deployed: datetime | None = None
        self._known: dict[WorkloadId, Workload] = {}
        self._order: list[Place] = []

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self._known)

    @property
    def broken(self) -> int:
        """How many do not run as wanted."""
        return self.states[WorkloadState.FAILED] + self.states[WorkloadState.DEGRADED]

    def update(self, workloads: Mapping[WorkloadId, Workload]) -> None:
        """Take over what changed."""
        changes = list(replaced(self._known, workloads))
        if not changes:
            return
        for _, before, after in changes:
            if before is not None:
                self.states[before.state] -= 1
            if after is not None:
                self.states[after.state] += 1
        self._known = dict(workloads)
        if len(changes) > MANY:
            self._order = sorted(map(place_of, workloads.values()))
        else:
            for _, before, after in changes:
                self._resort(before, after)
        self._deploys(changes)

    def _resort(self, before: Workload | None, after: Workload | None) -> None:
        old, new = (None if one is None else place_of(one) for one in (before, after))
        if old == new:
            return
        if old is not None:
            del self._order[bisect_left(self._order, old)]
        if new is not None:
            insort(self._order, new)

    def _deploys(self, changes: list[tuple[WorkloadId, Workload | None, Workload | None]]) -> None:
        newest = self.deployed
        if newest and any(before is not None and before.deployed == newest for _, before, _ in changes):
            self.deployed = max((w.deployed for w in self._known.values() if w.deployed), default=None)
            return
        times = [after.deployed for _, _, after in changes if after is not None and after.deployed]
        self.deployed = max([*times, *([newest] if newest else [])], default=None)

    def at(self, place: int) -> Workload:
        """The workload at a place of the table."""
        return self._known[self._order[place][-1]]

    def first(self, most: int) -> list[Workload]:
        """The first of the table: the broken ones."""
        return [self._known[place[-1]] for place in self._order[:most]]

    def chosen(self, wanted: Set[WorkloadId]) -> "ChosenWorkloads":
        """Those of them, in the order of the table."""
        if len(wanted) * SPARSE < len(self._order):
            order = sorted(place_of(self._known[one]) for one in wanted if one in self._known)
        else:
            order = [place for place in self._order if place[-1] in wanted]
        return ChosenWorkloads(self._known, order)

    def place(self, identity: WorkloadId) -> int | None:
        """Where a workload stands in the table."""
        workload = self._known.get(identity)
        return None if workload is None else bisect_left(self._order, place_of(workload))


class ChosenWorkloads:
    """Some of the workloads, in the order of their table."""

    def __init__(self, known: Mapping[WorkloadId, Workload], order: Sequence[Place]) -> None:
        self._known = known
        self._order = order

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self._order)

    def at(self, place: int) -> Workload:
        """The workload at a place of the table."""
        return self._known[self._order[place][-1]]

    def place(self, identity: WorkloadId) -> int | None:
        """Where a workload stands in the table; None when it is not among them."""
        workload = self._known.get(identity)
        if workload is None:
            return None
        wanted = place_of(workload)
        at = bisect_left(self._order, wanted)
        return at if at < len(self._order) and self._order[at] == wanted else None


class Census:
    """All of a cluster, and its alerts."""

    def __init__(self) -> None:
        self.nodes, self.workloads, self.alerts = Nodes(), Workloads(), Alerts()
        self._revisions = (-1, -1)
        self._state: State | None = None

    def update(self, state: State) -> "Census":
        """Bring it up to date; costs nothing while the revisions stand still."""
        cluster, alerts = self._revisions if state is self._state else (-1, -1)
        if state.cluster.revision != cluster:
            self.nodes.update(state.cluster.nodes)
            self.workloads.update(state.cluster.workloads)
        if state.alerts.revision != alerts:
            self.alerts.update(state.alerts.alerts, state.alerts.acknowledged)
        self._state, self._revisions = state, (state.cluster.revision, state.alerts.revision)
        return self


def census_of(state: State) -> Census:
    """Counted anew."""
    return Census().update(state)
