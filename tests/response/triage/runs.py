"""Runs a simulated cluster with triage looking on; a share of what is observed can be left out."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from warroom.clock import TickClock
from warroom.events.actions import (
    ActionApproved,
    ActionProposed,
    ActionStarted,
    ActionSucceeded,
    ActionVerified,
)
from warroom.events.alerts import AlertsChanged
from warroom.events.base import Event
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.codec import encode_event
from warroom.events.envelope import Envelope
from warroom.events.logs import LogsAppended
from warroom.events.metrics import SeriesSampled
from warroom.events.triage import FindingRaised, FindingsMeasured, FindingUpdated, FindingWithdrawn
from warroom.model.nouns import LogLine, Node, NodeName, Person
from warroom.model.requests import Request
from warroom.model.response import Finding
from warroom.response.book import Book
from warroom.response.goals import watch_goals
from warroom.response.plans import plan
from warroom.response.runbooks.running import watch_runs
from warroom.response.triage.watch import watch_triage
from warroom.response.verification import verdict
from warroom.response.watching import Memory, Moment, Watcher
from warroom.simulator.commands import land
from warroom.simulator.scenario import Scenario, expand
from warroom.sources.sample.adapter import SampleCluster
from warroom.state.fold import apply
from warroom.state.slices import State

START = datetime(2026, 1, 31, 14, 0, tzinfo=UTC)
LISTS: Mapping[type, str] = {
    NodesChanged: "nodes",
    WorkloadsChanged: "workloads",
    InstancesChanged: "instances",
    AlertsChanged: "alerts",
    LogsAppended: "lines",
    SeriesSampled: "samples",
}
"""Observations that bring several things at once, and the field they are in."""

Wishes = Mapping[int, Sequence[Request]]
"""Second -> what people outside of the room do then."""


class Said(NamedTuple):
    """Something that triage said."""

    second: int
    what: str
    """``raised``, ``updated`` or ``withdrawn``."""
    key: str
    finding: Finding
    reason: str = ""
    refuted: bool = False


class Crowd:
    """Nodes beyond the simulated ones: each fares as one of the last rack's does, in a rack of its like."""

    def __init__(self, scenario: Scenario, number: int) -> None:
        rack = scenario.rack[-1]
        self._of = rack.name
        self._size = len(expand(rack.nodes))
        self._copies = range(1, number // self._size + 1)

    def joined(self, event: Event) -> Event:
        """The event with what the crowd does in it."""
        if not self._copies:
            return event
        if isinstance(event, NodesChanged):
            more = [c for n in event.nodes if n.rack == self._of for c in self._nodes(n)]
            return msgspec.structs.replace(event, nodes=(*event.nodes, *more))
        if isinstance(event, LogsAppended):
            rack = f"rack={self._of}"
            beats = [line for line in event.lines if "heartbeat ok" in line.text and rack in line.text]
            more_lines = [
                LogLine(line.time, line.level, line.text, f"{line.node}-c{i}")
                for line in beats
                for i in self._copies
            ]
            return msgspec.structs.replace(event, lines=(*event.lines, *more_lines))
        return event

    def _nodes(self, node: Node) -> Iterator[Node]:
        for i in self._copies:
            rack = f"{node.rack}-c{i}"
            labels = {**node.labels, "rack": rack}
            name = NodeName(f"{node.name}-c{i}")
            # What the simulated node's instances use is not used here as well.
            yield msgspec.structs.replace(node, name=name, rack=rack, labels=labels, gpus_used=node.gpus)


class Run:
    """One cluster, its state, and what triage said of it."""

    def __init__(
        self, scenario: Scenario, *, seed: int | None = None, missing: float = 0.0, crowd: int = 0
    ) -> None:
        self.clock = TickClock(start=START)
        self.cluster = SampleCluster(scenario, clock=self.clock, seed=seed)
        self.state = State()
        self.memory = Memory()
        self.book = Book()
        self.said: list[Said] = []
        self.measured: list[int] = []
        """Seconds at which the figures of standing findings were taken again."""
        self._left_out = random.Random(f"{scenario.name}/{seed}")
        self._missing = missing
        self._crowd = Crowd(scenario, crowd)
        self._first = True
        self.add(self.cluster.announce(), source="sample")

    def add(
        self,
        event: Event,
        *,
        source: str = "room",
        time: datetime | None = None,
        actor: Person | None = None,
    ) -> None:
        """Fold one event."""
        now = self.clock.now()
        data = encode_event(event)
        envelope = Envelope(
            self.state.seq + 1, self.clock.room_ms(), time or now, now, source, actor, event.type, 1, data
        )
        self.state = apply(self.state, envelope)

    def do(self, request: Request, *, undoes: str = "", run: str = "") -> str:
        """Somebody of the room acts; its verdict comes when the cluster shows the effect."""
        name = f"A{len(self.state.actions.actions) + 1}"
        made = plan(self.state, request, person="maya", now=self.clock.now())
        self.add(ActionProposed(name, f"op-{name}", request, made, undoes=undoes, run=run))
        self.add(ActionApproved(name))
        self.add(ActionStarted(name))
        landed = land(self.cluster.world, request, f"op-{name}")
        assert landed.done, landed.detail
        self.add(ActionSucceeded(name, landed.detail, landed.created))
        return name

    def _verify(self) -> None:
        for action in list(self.state.actions.actions.values()):
            judged = None if action.over else verdict(self.state, action, self.clock.room_ms())
            if judged is not None:
                self.add(ActionVerified(action.action, judged[0], judged[1]))

    def seconds(self, number: int, wishes: Wishes | None = None) -> "Run":
        """Let time pass."""
        for _ in range(number):
            for request in (wishes or {}).get(self.clock.tick, ()):
                landed = land(self.cluster.world, request, f"op-{self.clock.tick}")
                assert landed.done, landed.detail
            self._look()
            self.clock.advance()
        return self

    def until(self, holds: Callable[["Run"], bool], *, most: int) -> int:
        """Seconds until something holds; fails when it does not in time."""
        for second in range(most + 1):
            if holds(self):
                return second
            self.seconds(1)
        raise AssertionError(f"did not happen within {most} s; said: {[s.finding.title for s in self.said]}")

    def _look(self) -> None:
        for seen in self.cluster.tick():
            self.add(self._thinned(self._crowd.joined(seen.event)), source="sample", time=seen.time)
        self._first = False
        self._verify()
        moment = Moment(self.state, self.clock.now(), self.clock.room_ms(), self.book, self.memory)
        for watch in (watch_triage, watch_goals, watch_runs):
            self._follow(watch, moment)
        while self.memory.busy:
            self._follow(watch_triage, moment)

    def _follow(self, watch: Watcher, moment: Moment) -> None:
        for followed in list(watch(moment)):
            self._note(followed.event)
            self.add(followed.event)

    def _thinned(self, event: Event) -> Event:
        """The first listing is whole: without it there is no cluster to speak of."""
        field = LISTS.get(type(event))
        if not self._missing or field is None or self._first:
            return event
        every = getattr(event, field)
        kept = tuple(one for one in every if self._left_out.random() >= self._missing)
        return msgspec.structs.replace(event, **{field: kept})

    def _note(self, event: Event) -> None:
        second = self.clock.tick
        match event:
            case FindingRaised():
                self.said.append(Said(second, "raised", event.finding.key, event.finding))
            case FindingUpdated():
                self.said.append(Said(second, "updated", event.finding.key, event.finding))
            case FindingsMeasured():
                self.measured.append(second)
            case FindingWithdrawn():
                finding = self.state.findings.standing[event.key].finding
                self.said.append(
                    Said(second, "withdrawn", event.key, finding, str(event.reason), event.refuted)
                )

    @property
    def standing(self) -> dict[str, Finding]:
        """What triage holds now."""
        return {key: one.finding for key, one in self.state.findings.standing.items()}

    def raised(self, rule: str) -> list[Said]:
        """Findings of a rule that were raised, in order."""
        return [s for s in self.said if s.what == "raised" and s.finding.rule == rule]

    @property
    def scenarios(self) -> set[str]:
        """The kinds of mitigation that were ever suggested."""
        return {s.finding.scenario for s in self.said} - {""}
