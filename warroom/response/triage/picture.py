"""What several rules need to know, worked out of the state once and only when something asks for it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple, TypeVar, cast

import msgspec

from warroom.model.nouns import (
    Alert,
    Instance,
    Node,
    NodeName,
    NodeState,
    Workload,
    WorkloadId,
    WorkloadState,
)
from warroom.model.response import Fact
from warroom.response.reach import missed_nodes
from warroom.response.triage.figures import Figure, figure_of
from warroom.response.triage.past import Past, past_of
from warroom.response.triage.wording import fact
from warroom.response.watching import Moment
from warroom.state.signals import Sign
from warroom.state.slices import SourceFacts, State
from warroom.state.spells import SpellKind

ALIVE_S = 20
"""A node that wrote a heartbeat within that time is alive; one that used to and did not is silent."""
LASTING_S = 60
"""A degraded workload with no other sign of trouble is only coming up until then."""
FRESH_DEPLOY_S = 120
"""What was deployed, scaled or submitted that recently may still be coming up."""

HICCUP_S = 10
"""A node that is back before that only hiccupped."""
RESTARTS = 2
"""What started anew that often does not fail by chance."""
SHOWN = 4
AGAIN = (WorkloadState.RUNNING, WorkloadState.DEGRADED, WorkloadState.COMPLETED)
"""What was submitted again is one of these once it came up; a degraded one is in trouble by itself."""
UNANSWERED = ("no answer from", "node does not answer")
"""Words with which sources say that it is the node of a workload that is silent."""

Part = TypeVar("Part")


class Kept:
    """Parts of the picture with the revisions they were worked out from; owned by who asks for pictures."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[tuple[int, ...], object]] = {}

    def part(self, name: str, revisions: tuple[int, ...], make: Callable[[], Part]) -> Part:
        """The part as it was worked out from these revisions, or made anew."""
        known = self._parts.get(name)
        if known is None or known[0] != revisions:
            known = self._parts[name] = (revisions, make())
        return cast(Part, known[1])


class Down(msgspec.Struct, frozen=True, gc=False):
    """A node that its cluster reports as not ready or offline."""

    node: Node
    since: datetime | None
    """When it was first reported so; None when that was before the room looked."""
    heard: datetime | None
    """Its last heartbeat in the log."""
    alive: bool
    """It wrote after it was reported, and lately."""
    silent: bool
    """It used to write and does not any more."""


class Trouble(NamedTuple):
    """A workload that does not run as wanted."""

    workload: Workload
    since: datetime | None
    crashed: bool
    """Some of it ended by itself, by the cluster's word."""
    unreached: bool
    """It stands on a node that is down or silent, so that nothing can be said of the workload itself."""


class _Listed(NamedTuple):
    """What one look at every node and workload picks out."""

    down: tuple[Node, ...]
    troubled: tuple[Workload, ...]
    waiting: tuple[Workload, ...]


class Picture:
    """The state as rules see it at one moment. Everything in it is worked out at most once."""

    def __init__(self, moment: Moment, kept: Kept | None = None) -> None:
        self.state: State = moment.state
        self.now = moment.now
        self.room_ms = moment.room_ms
        self.kept = kept or Kept()
        self._once: dict[object, object] = {}

    def once(self, make: "Callable[[Picture], Part]") -> Part:
        """What a function makes of this picture, asked for by several rules and worked out once."""
        if make not in self._once:
            self._once[make] = make(self)
        return cast(Part, self._once[make])

    def ago(self, time: datetime | None) -> float:
        """Seconds since then; endless for what nobody knows the time of."""
        return float("inf") if time is None else (self.now - time).total_seconds()

    def at(self, room_ms: int) -> datetime:
        """The time of day at that room time."""
        return self.now - timedelta(milliseconds=max(0, self.room_ms - room_ms))

    @cached_property
    def listed(self) -> _Listed:
        """Nodes and workloads that are not as they should be, in the cluster's order."""
        return self.kept.part("listed", (self.state.cluster.revision,), self._look)

    def _look(self) -> _Listed:
        cluster = self.state.cluster
        down = [
            n
            for n in cluster.nodes.values()
            if n.state is NodeState.NOT_READY or n.state is NodeState.OFFLINE
        ]
        replaced = self.replaced
        troubled, waiting = [], []
        for workload in cluster.workloads.values():
            state = workload.state
            if state is WorkloadState.FAILED or state is WorkloadState.DEGRADED:
                if workload.id not in replaced:
                    troubled.append(workload)
            elif state is WorkloadState.PENDING:
                waiting.append(workload)
        return _Listed(tuple(down), tuple(troubled), tuple(waiting))

    @cached_property
    def past(self) -> Past:
        """Since when things are as they are, and what was changed."""
        changes = self.state.changes
        return self.kept.part("past", (changes.revision,), lambda: past_of(changes.changes))

    # Nodes.

    @cached_property
    def down(self) -> tuple[Down, ...]:
        """Nodes reported down that are still meant to work: not those taken out of service."""
        closed = [n.name for n in self.listed.down if n.cordoned]
        missed = missed_nodes(self.state, [name for name in closed if name in self.occupied])
        out = set(closed) - missed
        return self.seen_down([n for n in self.listed.down if n.name not in out] if out else self.listed.down)

    def seen_down(self, nodes: Iterable[Node]) -> tuple[Down, ...]:
        """What cluster and logs say of nodes that are reported down."""
        # All nodes of a large cluster can be down at once: nothing here is worked out for each that need not be.
        since_when, heard = self.past.down.get, self.state.signals.heard.get
        lately = self.now - timedelta(seconds=ALIVE_S)
        found = []
        for node in nodes:
            since, last = since_when(node.name), heard(node.name)
            recent = last is not None and last >= lately
            alive = recent and (since is None or last >= since)  # type: ignore[operator]
            found.append(Down(node, since, last, alive, last is not None and not recent))
        return tuple(found)

    @cached_property
    def surely_down(self) -> tuple[Down, ...]:
        """Those of ``down`` that are so for longer than a hiccup."""
        latest_start = self.now - timedelta(seconds=HICCUP_S)
        return tuple([d for d in self.down if d.since is None or d.since <= latest_start])

    def sizes(self, kind: str, of: Callable[[Node], str]) -> Counter[str]:
        """How many nodes each group of a kind has."""
        nodes = self.state.cluster.nodes
        revisions = (self.state.cluster.revision,)
        return self.kept.part(f"sizes {kind}", revisions, lambda: Counter(map(of, nodes.values())))

    @cached_property
    def gone(self) -> frozenset[NodeName]:
        """Names of all nodes that are reported down, in service or not."""
        return self.kept.part("gone", (self.state.cluster.revision,), self._gone)

    def _gone(self) -> frozenset[NodeName]:
        return frozenset(n.name for n in self.listed.down)

    @cached_property
    def down_names(self) -> frozenset[NodeName]:
        """Names of ``down``."""
        return frozenset(d.node.name for d in self.down)

    @cached_property
    def out_of_service(self) -> tuple[Node, ...]:
        """Nodes that are down, closed and empty: somebody took them out."""
        names = self.down_names
        return tuple(n for n in self.listed.down if n.name not in names)

    @cached_property
    def occupied(self) -> frozenset[NodeName]:
        """Nodes on which something is placed that has not ended."""
        revisions = (self.state.cluster.revision,)
        return self.kept.part("occupied", revisions, self._occupied)

    def _occupied(self) -> frozenset[NodeName]:
        ended, over = (WorkloadState.STOPPED, WorkloadState.COMPLETED), self.dead
        return frozenset(
            name
            for w in self.state.cluster.workloads.values()
            if w.state not in ended and w.id not in over
            for name in w.nodes
        )

    @cached_property
    def open_nodes(self) -> tuple[Node, ...]:
        """Nodes that are ready and take new work."""
        revisions = (self.state.cluster.revision,)
        return self.kept.part("open", revisions, self._open_nodes)

    def _open_nodes(self) -> tuple[Node, ...]:
        ready = NodeState.READY
        return tuple(n for n in self.state.cluster.nodes.values() if n.state is ready and not n.cordoned)

    # Workloads.

    @cached_property
    def dead(self) -> frozenset[WorkloadId]:
        """Workloads that failed and of which nothing is left: their cluster does not try them again."""
        return self.kept.part("dead", (self.state.cluster.revision,), self._dead)

    def _dead(self) -> frozenset[WorkloadId]:
        cluster = self.state.cluster
        failed = {w.id for w in cluster.workloads.values() if w.state is WorkloadState.FAILED}
        return frozenset(failed - {i.workload for i in cluster.instances.values()} if failed else ())

    @cached_property
    def replaced(self) -> frozenset[WorkloadId]:
        """Dead workloads that their owner submitted again under the same name, and that run or ran."""
        return self.kept.part("replaced", (self.state.cluster.revision,), self._replaced)

    def _replaced(self) -> frozenset[WorkloadId]:
        if not self.dead:
            return frozenset()
        workloads = self.state.cluster.workloads
        dead = [(w, w.submitted) for i in self.dead if (w := workloads[i]).submitted is not None]
        missed = {(w.name, w.owner) for w, _ in dead}
        again: dict[tuple[str, str], datetime] = {}
        for w in workloads.values():
            key = (w.name, w.owner)
            if key in missed and w.submitted is not None and w.state in AGAIN:
                again[key] = max(again.get(key, w.submitted), w.submitted)
        return frozenset(w.id for w, first in dead if again.get((w.name, w.owner), first) > first)

    @cached_property
    def broken(self) -> tuple[Trouble, ...]:
        """Workloads in trouble that is more than coming up, the critical ones first."""
        found = [self._trouble(w) for w in self.listed.troubled]
        real = [t for t in found if self._is_real(t)]
        return tuple(sorted(real, key=lambda t: (not t.workload.critical, t.workload.id)))

    def _trouble(self, workload: Workload) -> Trouble:
        seen_ms = self.past.broken.get(workload.id)
        since = None if seen_ms is None else self.at(seen_ms)
        crashed = any(i.state is WorkloadState.FAILED for i in self.unready.get(workload.id, ()))
        if not self.state.cluster.instances:
            crashed = workload.state is WorkloadState.FAILED
        unanswered = any(words in workload.reason for words in UNANSWERED)
        return Trouble(workload, since, crashed, unanswered or not self.gone.isdisjoint(workload.nodes))

    def _is_real(self, trouble: Trouble) -> bool:
        if not self._is_missed(trouble):
            return False
        if trouble.crashed or trouble.unreached:
            return True
        workload, lasting = trouble.workload, self.ago(trouble.since)
        if workload.state is WorkloadState.FAILED:
            return lasting >= 5
        touched = self.past.touched.get(workload.id)
        if touched is not None and self.ago(touched) < FRESH_DEPLOY_S:
            return False
        return lasting >= LASTING_S

    def _is_missed(self, trouble: Trouble) -> bool:
        """Whether it is more than a batch job that failed or was ended, as they do on any day."""
        workload = trouble.workload
        if self.matters(workload) or any(words in workload.reason for words in UNANSWERED):
            return True
        if workload.state is WorkloadState.DEGRADED and trouble.unreached:
            return True
        return bool(self.state.cluster.instances) and trouble.crashed and (workload.restarts or 0) >= RESTARTS

    @cached_property
    def unready(self) -> Mapping[WorkloadId, list[Instance]]:
        """Instances that are not ready, by workload; asked for only when something is in trouble."""
        return self.kept.part("unready", (self.state.cluster.revision,), self._unready)

    def _unready(self) -> dict[WorkloadId, list[Instance]]:
        found: dict[WorkloadId, list[Instance]] = {}
        for instance in self.state.cluster.instances.values():
            if not instance.ready:
                found.setdefault(instance.workload, []).append(instance)
        return found

    def matters(self, workload: Workload) -> bool:
        """Whether somebody waits for its answers: critical, or a service; a batch job may fail by itself."""
        return workload.critical or "service" in workload.labels or workload.priority in ("critical", "high")

    # What is seen beside the cluster itself.

    @cached_property
    def looked(self) -> datetime:
        """When the cluster was last seen: the time of whatever is said of it as it is."""
        seen_ms = [
            f.seen_ms
            for f in self.state.sources.sources.values()
            if "cluster" in f.roles and f.seen_ms is not None
        ]
        return self.at(max(seen_ms)) if seen_ms else self.now

    def fires_since(self, alert: Alert) -> tuple[datetime | None, int]:
        """Since when an alert fires, and the event that showed it; some sources say since when it is pending."""
        spell = self.state.spells.open.get(f"{SpellKind.ALERT}:{alert.name}")
        if spell is None:
            return alert.started, 0
        if alert.started is not None and alert.started > spell.start:
            # Another alert of that name was first.
            return alert.started, 0
        return spell.start, spell.seq

    def alert_fact(self, alert: Alert) -> Fact:
        """An alert that fires, and since when."""
        return fact(f"alert {alert.name} fires: {alert.summary}", *self.fires_since(alert))

    @cached_property
    def signs(self) -> Mapping[str, list[Sign]]:
        """Signs in the logs by kind, the newest last."""
        return self.kept.part("signs", (self.state.signals.revision,), self._signs)

    def _signs(self) -> dict[str, list[Sign]]:
        found: dict[str, list[Sign]] = {}
        for sign in self.state.signals.signs.values():
            found.setdefault(sign.kind, []).append(sign)
        return found

    def recent(self, kind: str, seconds: float) -> list[Sign]:
        """Signs of a kind that were seen within that time."""
        oldest = self.room_ms - seconds * 1000
        return [s for s in self.signs.get(kind, ()) if s.last_ms >= oldest]

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """The watched indicators by name, with since when they are beyond their threshold."""
        series = self.state.metrics.series
        every = (figure_of(i, series.get(i.metric)) for i in self.state.metrics.indicators)
        return {f.indicator.metric: f for f in every}

    @cached_property
    def firing(self) -> tuple[Alert, ...]:
        """Alerts that fire, silenced or not, without those that only inform."""
        return self.kept.part("firing", (self.state.alerts.revision,), self._firing)

    def _firing(self) -> tuple[Alert, ...]:
        alerts = self.state.alerts.alerts.values()
        return tuple(a for a in alerts if a.state == "firing" and a.severity not in ("info", "none"))

    def blind(self, role: str) -> tuple[SourceFacts, ...]:
        """Sources of a role that show what was, not what is."""
        having = (f for f in self.state.sources.sources.values() if role in f.roles)
        return tuple(f for f in having if f.status in ("stale", "lost"))

    def sees(self, role: str) -> bool:
        """Whether a role has a source and none of its sources is blind or still loading."""
        having = [f for f in self.state.sources.sources.values() if role in f.roles]
        return bool(having) and all(f.status == "synced" for f in having)


def names_of(down: Sequence[Down]) -> str:
    """The first names, and how many more."""
    more = f" and {len(down) - SHOWN} more" if len(down) > SHOWN else ""
    return ", ".join(d.node.name for d in down[:SHOWN]) + more


def earliest(times: Iterable[datetime | None]) -> datetime | None:
    """The first of the times that are known."""
    return min((t for t in times if t is not None), default=None)


def latest(times: Iterable[datetime | None]) -> datetime | None:
    """The last of the times that are known."""
    return max((t for t in times if t is not None), default=None)
