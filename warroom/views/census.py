"""Counts and order of a cluster's members, brought up to date by what changed instead of counted anew."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from warroom.model.nouns import Node, NodeName, NodeState, Workload, WorkloadId, WorkloadState
from warroom.state.slices import State
from warroom.views.alert_census import Alerts
from warroom.views.changed import replaced
from warroom.views.node_map import NodeMap
from warroom.views.node_measures import role_of
from warroom.views.rows import Block

Place = tuple[int, bool, str, WorkloadId]
"""What a workload is sorted by."""

Key = tuple[Any, ...]
WorkloadChange = tuple[WorkloadId, Workload | None, Workload | None]
"""Which workload, as it was, as it is."""

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
        self._known = dict(nodes)
        if len(changes) > MANY:
            self._count_anew()
        else:
            for _, before, after in changes:
                if before is not None:
                    self._count(before, -1)
                if after is not None:
                    self._count(after, 1)
        self.map.change(changes, self._known)

    def _count_anew(self) -> None:
        members = self._known.values()
        down = [node for node in members if node.state is not NodeState.READY]
        closed = [node for node in members if node.cordoned]
        at_work = [node for node in closed if node.state is NodeState.READY]
        self.roles = Counter(map(role_of, (*down, *at_work)))
        self.roles["ok"] += len(members) - len(down) - len(at_work)
        self.cordoned = len(closed)
        self.down, self.down_in = len(down), Counter(node.rack for node in down)

    def _count(self, node: Node, by: int) -> None:
        self.roles[role_of(node)] += by
        self.cordoned += by * node.cordoned
        if node.state is not NodeState.READY:
            self.down += by
            self.down_in[node.rack] += by


class Order:
    """Workloads by a key that ends with their id, kept in order by what changed."""

    def __init__(self, key: Callable[[Workload], Key]) -> None:
        self._key = key
        self._entries: list[Key] = []

    def update(self, changes: Sequence[WorkloadChange], known: Mapping[WorkloadId, Workload]) -> None:
        """Take over what changed; many changes are sorted in at once."""
        if len(changes) > MANY:
            self._entries = sorted(map(self._key, known.values()))
            return
        for _, before, after in changes:
            old, new = (None if one is None else self._key(one) for one in (before, after))
            if old == new:
                continue
            if old is not None:
                del self._entries[bisect_left(self._entries, old)]
            if new is not None:
                insort(self._entries, new)

    def at(self, place: int) -> WorkloadId:
        """Which one stands there."""
        found: WorkloadId = self._entries[place][-1]
        return found

    def first(self, most: int) -> list[WorkloadId]:
        """The first of them."""
        return [entry[-1] for entry in self._entries[:most]]

    def place(self, workload: Workload) -> int | None:
        """Where one stands; None when it is not among them."""
        at = bisect_left(self._entries, self._key(workload))
        return at if at < len(self._entries) and self.at(at) == workload.id else None

    def chosen(self, wanted: Set[WorkloadId], known: Mapping[WorkloadId, Workload]) -> "Order":
        """Those of them, in the same order."""
        made = Order(self._key)
        if len(wanted) * SPARSE < len(self._entries):
            made._entries = sorted(self._key(known[one]) for one in wanted if one in known)
        else:
            made._entries = [entry for entry in self._entries if entry[-1] in wanted]
        return made

    def __len__(self) -> int:
        return len(self._entries)


class Workloads:
    """The workloads in the order of their table."""

    def __init__(self) -> None:
        self.states: Counter[WorkloadState] = Counter()
        self.deployed: datetime | None = None
        self._known: dict[WorkloadId, Workload] = {}
        self._worst = Order(place_of)
        self._asked: tuple[str, Order] = ("", self._worst)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self._known)

    @property
    def broken(self) -> int:
        """How many do not run as wanted."""
        return self.states[WorkloadState.FAILED] + self.states[WorkloadState.DEGRADED]

    def ordered(self, name: str = "", key: Callable[[Workload], Key] = place_of) -> Order:
        """The worst first, or by a key of that name; the last one asked for is kept up to date."""
        if not name:
            return self._worst
        if self._asked[0] != name:
            order = Order(key)
            order.update([(i, None, w) for i, w in self._known.items()], self._known)
            self._asked = name, order
        return self._asked[1]

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
        self._worst.update(changes, self._known)
        if self._asked[1] is not self._worst:
            self._asked[1].update(changes, self._known)
        self._deploys(changes)

    def _deploys(self, changes: Sequence[WorkloadChange]) -> None:
        newest = self.deployed
        if newest and any(before is not None and before.deployed == newest for _, before, _ in changes):
            self.deployed = max((w.deployed for w in self._known.values() if w.deployed), default=None)
            return
        times = [after.deployed for _, _, after in changes if after is not None and after.deployed]
        self.deployed = max([*times, *([newest] if newest else [])], default=None)

    def chosen(self, order: Order, wanted: Set[WorkloadId], only: WorkloadState | None) -> Order:
        """Those of them, and of one state where only that is meant, in that order."""
        if only is not None:
            wanted = {one for one in wanted if one in self._known and self._known[one].state is only}
        return order.chosen(wanted, self._known)

    def one(self, identity: str) -> Workload | None:
        """A workload, if it is listed."""
        return self._known.get(WorkloadId(identity))

    def first(self, most: int) -> list[Workload]:
        """The first of the table: the broken ones."""
        return [self._known[identity] for identity in self._worst.first(most)]


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
