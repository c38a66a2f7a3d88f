"""The sample cluster behind the same ports as a real one: what a tick changed becomes observations."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from warroom.clock import TickClock
from warroom.errors import SourceError
from warroom.events.alerts import AlertsChanged, SilencesChanged
from warroom.events.base import Event
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.logs import LogsAppended
from warroom.events.metrics import IndicatorsWatched, SeriesSampled
from warroom.events.room import SimulationCommanded
from warroom.events.sources import SourceAnnounced, SourcePolled, SourceSynced
from warroom.host.ports import Observation, Outcome, Report
from warroom.model.commands import LogsFound, MetricRange, MetricsFound, RangeSeries, WorkloadLogs
from warroom.model.nouns import Alert, Instance, LogLevel, LogLine, Node, Sample, Silence, Workload
from warroom.model.requests import ActionKind, Capability, Request
from warroom.model.text import Safe, neutral
from warroom.simulator.commands import land
from warroom.simulator.scenario import Scenario
from warroom.simulator.showing import (
    INDICATORS,
    SAMPLE_S,
    history_of,
    instances_of,
    lines_of,
    node_of,
    samples_of,
    workload_of,
)
from warroom.simulator.world import World
from warroom.views.logquery import at_least

KEPT_LINES = 20_000
KEPT_SAMPLES = 50_000
LONGEST_STEP_S = 86_400

CAPABILITIES = (
    Capability(
        ActionKind.CORDON,
        wording=Safe("no new instances here; running ones stay"),
        call=Safe("cordon {target}"),
    ),
    Capability(
        ActionKind.UNCORDON, wording=Safe("new instances may come here again"), call=Safe("uncordon {target}")
    ),
    Capability(
        ActionKind.DRAIN,
        wording=Safe("cordon, then evict; instances move if there is room"),
        call=Safe("drain {target}"),
        evicts=True,
    ),
    Capability(
        ActionKind.STOP,
        wording=Safe("ends the instances; force also forgets unreachable ones"),
        call=Safe("stop {target}"),
    ),
    Capability(
        ActionKind.SUBMIT,
        wording=Safe("placed by the scheduler where there is room"),
        call=Safe("submit {target}"),
    ),
    Capability(ActionKind.SCALE, wording=Safe("instances are started or ended"), call=Safe("scale {target}")),
    Capability(ActionKind.SILENCE, wording=Safe("matching alerts stay quiet"), call=Safe("silence {target}")),
    Capability(
        ActionKind.END_SILENCE, wording=Safe("alerts are heard again"), call=Safe("end silence {target}")
    ),
    Capability(
        ActionKind.ACKNOWLEDGE,
        wording=Safe("noted in this room; nothing is silenced"),
        call=Safe("acknowledge {target}"),
    ),
    Capability(
        ActionKind.CREATE_ALERT,
        wording=Safe("shown to all who watch alerts"),
        call=Safe("create alert {target}"),
    ),
)

LEVELS = ", ".join(level for level in LogLevel if level)

Thing = TypeVar("Thing", Node, Workload, Instance, Alert, Silence)
Key = TypeVar("Key", bound=str)


class SampleCluster:
    """Source, actuator, metric reader and log reader of one simulated cluster, driven tick by tick."""

    name = "sample"

    def __init__(self, scenario: Scenario, *, clock: TickClock, seed: int | None = None) -> None:
        self._clock = clock
        self.world = World(scenario, start=clock.start, seed=seed)
        self._shown: dict[str, Mapping[Any, Any]] = {}
        self._queued: list[tuple[Request, str, asyncio.Future[Outcome]]] = []
        self._lines: deque[LogLine] = deque(maxlen=KEPT_LINES)
        self._samples: deque[Sample] = deque(history_of(self.world), maxlen=KEPT_SAMPLES)
        self._first = True

    def announce(self) -> SourceAnnounced:
        """A simulation says that it is one."""
        return SourceAnnounced(
            kind="sample",
            roles=("cluster", "metrics", "alerts", "logs"),
            address=neutral(f"simulated: {self.world.scenario.title}"),
            interval_s=1.0,
            capabilities=CAPABILITIES,
        )

    async def observe(self) -> AsyncIterator[Observation]:
        """The ticks as they come, for a host that does not drive them itself."""
        while True:
            for seen in self.tick():
                yield seen
            await self._clock.sleep(1)

    async def close(self) -> None:
        """Nothing is open."""

    def restore(self, commands: Sequence[SimulationCommanded], *, tick: int) -> None:
        """Rebuild the world that the same seed and commands led to, up to a tick."""
        waiting = deque(commands)
        while self.world.tick < tick:
            self._land_recorded(waiting)
            self._step()
        self._land_recorded(waiting)

    def _land_recorded(self, waiting: deque[SimulationCommanded]) -> None:
        while waiting and waiting[0].tick <= self.world.tick:
            command = waiting.popleft()
            land(self.world, command.request, command.operation)

    def _step(self) -> None:
        self.world.step()
        self._lines.extend(lines_of(self.world))
        if self.world.tick % SAMPLE_S == 0:
            self._samples.extend(samples_of(self.world, self.world.now()))

    def tick(self) -> list[Observation]:
        """Bring the world to the clock's tick and tell what is different; the first call tells everything.

        Every tick is told by itself, so that it does not matter how many of them one call catches up with.
        """
        landed = self._land_queued()
        seen = self._told([*landed, *(self._everything() if self._first else self._differences())])
        while self.world.tick < self._clock.tick:
            self._step()
            lines = lines_of(self.world)
            events: list[Event] = [LogsAppended(lines=lines)] if lines else []
            if self.world.tick % SAMPLE_S == 0:
                events.append(SeriesSampled(samples=tuple(samples_of(self.world, self.world.now()))))
            told = [*events, *self._differences()]
            # Lines of a log show nothing of the cluster; without anything else the look itself is told.
            seen += self._told(told if told[len(lines) > 0 :] else [*told, SourcePolled()])
        return seen or self._told([SourcePolled()])

    def _told(self, events: Sequence[Event]) -> list[Observation]:
        return [Observation(event, self.world.now()) for event in events]

    def _land_queued(self) -> list[Event]:
        landed: list[Event] = []
        for request, operation, future in self._queued:
            answer = land(self.world, request, operation)
            landed.append(SimulationCommanded(tick=self.world.tick, operation=operation, request=request))
            if not future.done():
                outcome = Outcome("succeeded" if answer.done else "failed", answer.detail, answer.created)
                future.set_result(outcome)
        self._queued.clear()
        return landed

    def _everything(self) -> list[Event]:
        history = SeriesSampled(samples=tuple(s for s in self._samples if s.time < self.world.now()))
        everything = [IndicatorsWatched(indicators=INDICATORS), history, *self._differences(), SourceSynced()]
        self._first = False
        return everything

    def _differences(self) -> list[Event]:
        world = self.world
        nodes = {node.name: node for node in (node_of(world, m) for m in world.machines.values())}
        workloads = {w.id: w for w in (workload_of(world, name, s) for name, s in world.services.items())}
        instances = {i.id: i for name, s in world.services.items() for i in instances_of(world, name, s)}
        alerts = {a.fingerprint: a for a in world.alerting.shown()}
        silences = {name: quiet.silence for name, quiet in world.alerting.silences.items()}
        found: list[Event] = []
        changed, gone = self._changed("nodes", nodes)
        if changed or gone or self._first:
            found.append(NodesChanged(nodes=changed, gone=gone))
        changed_w, gone_w = self._changed("workloads", workloads)
        if changed_w or gone_w:
            found.append(WorkloadsChanged(workloads=changed_w, gone=gone_w))
        changed_i, gone_i = self._changed("instances", instances)
        if changed_i or gone_i:
            found.append(InstancesChanged(instances=changed_i, gone=gone_i))
        changed_a, gone_a = self._changed("alerts", alerts)
        if changed_a or gone_a or self._first:
            found.append(AlertsChanged(alerts=changed_a, resolved=gone_a))
        changed_s, gone_s = self._changed("silences", silences)
        if changed_s or gone_s:
            found.append(SilencesChanged(silences=changed_s, ended=gone_s))
        return found

    def _changed(self, what: str, there: Mapping[Key, Thing]) -> tuple[tuple[Thing, ...], tuple[Key, ...]]:
        before = self._shown.get(what, {})
        self._shown[what] = there
        changed = tuple(thing for key, thing in there.items() if before.get(key) != thing)
        return changed, tuple(sorted(key for key in before if key not in there))

    async def carry_out(self, request: Request, *, operation: str, report: Report) -> Outcome:
        """Queue a command; it lands before the next tick."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._queued.append((request, operation, future))
        return await future

    async def metric_range(self, query: MetricRange) -> MetricsFound:
        """A watched figure over a time, from the simulated past and present."""
        known = {i.metric for i in INDICATORS}
        if query.metric not in known:
            raise SourceError(
                self.name, neutral(f"there is no metric {query.metric}; there are {', '.join(sorted(known))}")
            )
        found: dict[tuple[tuple[str, str], ...], list[tuple[datetime, float | None]]] = {}
        step = timedelta(seconds=min(max(SAMPLE_S, query.step_s), LONGEST_STEP_S))
        for sample in self._samples:
            if sample.metric != query.metric or not query.start <= sample.time <= query.end:
                continue
            points = found.setdefault(tuple(sorted(sample.labels.items())), [])
            if not points or sample.time - points[-1][0] >= step:
                points.append((sample.time, sample.value))
        series = tuple(RangeSeries(dict(labels), tuple(points)) for labels, points in found.items())
        return MetricsFound(series, neutral(query.metric), Safe(self.name))

    async def workload_logs(self, query: WorkloadLogs) -> LogsFound:
        """The newest lines of a workload."""
        if query.workload not in self.world.services:
            raise SourceError(self.name, neutral(f"there is no workload {query.workload}"))
        if query.level not in set(LogLevel):
            raise SourceError(self.name, neutral(f"there is no level {query.level}; there are {LEVELS}"))
        levels = at_least(query.level)
        mine = [line for line in self._lines if line.workload == query.workload]
        wanted = [line for line in mine if line.level in levels]
        newest = wanted[max(0, len(wanted) - max(0, query.tail)) :]
        return LogsFound(tuple(newest), len(wanted), len(mine), Safe(self.name))
