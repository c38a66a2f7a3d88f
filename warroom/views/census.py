"""Counts and order of a cluster's members, brought up to date by what changed instead of counted anew."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from warroom.model.nouns import Node, NodeName, NodeState, Workload, WorkloadId, WorkloadState
from warroom.state.slices import State
from warroom.views.alert_census import Alerts
from warroom.views.changed import replaced
from warroom.views.rows import Block, Tile

Place = tuple[int, bool, str, WorkloadId]
"""What a workload is sorted by."""

MANY = 500
"""More changes than that are sorted in at once rather than one by one."""
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
NODE_ROLES = {NodeState.NOT_READY: "critical", NodeState.OFFLINE: "lost", NodeState.UNKNOWN: "unknown"}


def role_of(node: Node) -> str:
    """How bad a node is: the states of a cell, worst first, are critical, lost, unknown, warning, ok."""
    return NODE_ROLES.get(node.state) or ("warning" if node.cordoned else "ok")


def domain_of(node: Node) -> str:
    """The failure domain a node is shown in."""
    return node.rack or node.zone or node.pool or "all"


def place_of(workload: Workload) -> Place:
    """The broken first, the critical before others, then by name."""
    return RANKS[workload.state], not workload.critical, str(workload.name), workload.id


def _tile(node: Node) -> Tile:
    return Tile(str(node.name), role_of(node), str(node.name))


class Nodes:
    """The nodes in their failure domains."""

    def __init__(self) -> None:
        self.roles: Counter[str] = Counter()
        self.cordoned = 0
        self.down = 0
        self.down_in: Counter[str] = Counter()
        """Nodes that are down by rack; racks with none may stand there with 0."""
        self.blocks: Sequence[Block] = ()
        self._known: dict[NodeName, Node] = {}
        self._names: dict[str, list[NodeName]] = {}
        self._tiles: dict[str, list[Tile]] = {}
        self._made: dict[str, Block] = {}

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self._known)

    def update(self, nodes: Mapping[NodeName, Node]) -> None:
        """Take over what changed."""
        touched: set[str] = set()
        for name, before, after in replaced(self._known, nodes):
            if before is not None:
                self._count(before, -1)
            if after is not None:
                self._count(after, 1)
            touched |= self._move(name, before, after)
        if touched:
            self._known = dict(nodes)
            self._rebuild(touched)

    def _count(self, node: Node, by: int) -> None:
        self.roles[role_of(node)] += by
        self.cordoned += by * node.cordoned
        if node.state is not NodeState.READY:
            self.down += by
            self.down_in[node.rack] += by

    def _move(self, name: NodeName, before: Node | None, after: Node | None) -> set[str]:
        old = None if before is None else domain_of(before)
        new = None if after is None else domain_of(after)
        if old is not None and old != new:
            at = bisect_left(self._names[old], name)
            del self._names[old][at], self._tiles[old][at]
        if after is not None and new is not None:
            names, tiles = self._names.setdefault(new, []), self._tiles.setdefault(new, [])
            at = bisect_left(names, name)
            if new != old:
                names.insert(at, name)
                tiles.insert(at, _tile(after))
            else:
                tiles[at] = _tile(after)
        return {domain for domain in (old, new) if domain is not None}

    def _rebuild(self, touched: set[str]) -> None:
        for domain in touched:
            if self._names[domain]:
                self._made[domain] = Block(domain, tuple(self._tiles[domain]))
            else:
                del self._names[domain], self._tiles[domain]
                self._made.pop(domain, None)
        self.blocks = tuple(self._made[domain] for domain in sorted(self._made))


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

    def place(self, identity: WorkloadId) -> int | None:
        """Where a workload stands in the table."""
        workload = self._known.get(identity)
        return None if workload is None else bisect_left(self._order, place_of(workload))


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
