"""The sample cluster behind the ports: what a tick brings, what a command leaves, how it is rebuilt."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulator.wishes import requests
from tests.simulator.worlds import START, shipped, small
from warroom.clock import TickClock
from warroom.errors import SourceError
from warroom.events.base import Event
from warroom.events.logs import LogsAppended
from warroom.events.metrics import IndicatorsWatched, SeriesSampled
from warroom.events.room import SimulationCommanded
from warroom.events.sources import SourcePolled, SourceSynced
from warroom.host.ports import Actuator, LogReader, MetricReader, Observation, Outcome, Source, Ticking
from warroom.model.commands import MetricRange, WorkloadLogs
from warroom.model.nouns import LogLevel, NodeName, WorkloadId
from warroom.model.requests import ActionKind, Cordon, CreateAlert, Request, Stop, Submit
from warroom.model.text import Safe
from warroom.simulator.scenario import Scenario
from warroom.sources.sample.adapter import SampleCluster

FAULTY = """
[[fault]]
at_s = 9
kind = "switch_down"
target = "sw1"
"""
SMALL_SCENARIO = small(FAULTY).scenario

Wishes = Sequence[tuple[int, Request]]


def sample(scenario: Scenario = SMALL_SCENARIO, *, tick: int = 0) -> tuple[SampleCluster, TickClock]:
    clock = TickClock(start=START, tick=tick)
    return SampleCluster(scenario, clock=clock), clock


def events(seen: Sequence[Observation]) -> list[Event]:
    return [observation.event for observation in seen]


def as_bytes(seen: Sequence[Observation]) -> list[bytes]:
    return [msgspec.msgpack.encode((o.event.type, o.event, o.time)) for o in seen]


async def carried_out(cluster: SampleCluster, request: Request, operation: str) -> Outcome:
    """Queue a command and let the cluster's tick answer it; the tick's observations are lost."""
    async with asyncio.TaskGroup() as crew:
        answer = crew.create_task(cluster.carry_out(request, operation=operation, report=lambda *_: None))
        await asyncio.sleep(0)
        cluster.tick()
    return answer.result()


async def course(wishes: Wishes, *, ticks: int, stride: int) -> tuple[SampleCluster, list[Observation]]:
    """Run a cluster with commands at given ticks, catching up ``stride`` ticks at a time."""
    cluster, clock = sample()
    seen = list(cluster.tick())
    waiting = list(wishes)
    async with asyncio.TaskGroup() as crew:
        while clock.tick < ticks or waiting:
            while waiting and waiting[0][0] <= clock.tick:
                _, request = waiting.pop(0)
                name = f"op{len(wishes) - len(waiting)}"
                crew.create_task(cluster.carry_out(request, operation=name, report=lambda *_: None))
            await asyncio.sleep(0)
            stop = min([ticks, *(tick for tick, _ in waiting)])
            clock.advance(max(1, min(stride, stop - clock.tick)))
            seen += cluster.tick()
        await asyncio.sleep(0)
        # What was wished for at the last tick has landed by now.
        seen += cluster.tick()
    return cluster, [o for o in seen if not isinstance(o.event, SourcePolled)]


wish_lists = st.lists(st.tuples(st.integers(0, 40), requests), max_size=6).map(
    lambda wishes: sorted(wishes, key=lambda wish: wish[0])
)


def test_it_is_all_that_the_host_asks_of_a_cluster() -> None:
    cluster, _ = sample()
    source: Source = cluster
    assert source.name == "sample"
    for port in (Ticking, Actuator, MetricReader, LogReader):
        assert isinstance(cluster, port)
    announced = cluster.announce()
    assert announced.roles == ("cluster", "metrics", "alerts", "logs")
    assert [c.kind for c in announced.capabilities] == list(ActionKind)
    assert all(c.possible and c.wording for c in announced.capabilities)


def test_the_first_look_shows_everything_and_then_says_synced() -> None:
    """It said synced before it had shown a single node."""
    cluster, _ = sample()
    first = events(cluster.tick())
    assert isinstance(first[0], IndicatorsWatched)
    assert isinstance(first[-1], SourceSynced)
    shown = {event.type for event in first}
    assert {
        "nodes.changed",
        "workloads.changed",
        "instances.changed",
        "alerts.changed",
        "series.sampled",
    } <= shown


def test_a_second_without_anything_new_is_a_poll() -> None:
    cluster, clock = sample()
    cluster.tick()
    quiet = 0
    for _ in range(8):
        clock.advance()
        seen = events(cluster.tick())
        assert seen
        quiet += seen == [SourcePolled()]
    assert quiet
    assert events(cluster.tick()) == [SourcePolled()]


def test_figures_come_every_five_seconds_for_the_cluster_and_for_each_node() -> None:
    cluster, clock = sample()
    cluster.tick()
    for tick in range(1, 11):
        clock.advance()
        sampled = [event for event in events(cluster.tick()) if isinstance(event, SeriesSampled)]
        assert bool(sampled) is (tick % 5 == 0)
    whole = {s.metric for s in sampled[0].samples if not s.labels}
    assert whole == {
        "request_latency_p99",
        "error_rate",
        "request_rate",
        "gpu_utilization",
        "gpu_temperature",
    }
    # Rack 1 cannot be reached since second 9: no figure is shown for it, not even a zero.
    assert {s.labels["node"] for s in sampled[0].samples if s.labels} == {"n3", "n4"}


@settings(max_examples=15)
@given(wish_lists, st.integers(2, 17))
def test_it_does_not_matter_how_many_ticks_are_taken_at_once(wishes: Wishes, stride: int) -> None:
    """A call that caught up with several ticks left out what came and went between them."""
    _, one_by_one = asyncio.run(course(wishes, ticks=45, stride=1))
    _, in_strides = asyncio.run(course(wishes, ticks=45, stride=stride))
    assert as_bytes(one_by_one) == as_bytes(in_strides)


@settings(max_examples=15)
@given(wish_lists, st.integers(41, 60))
def test_seed_and_landed_commands_rebuild_the_cluster(wishes: Wishes, crash: int) -> None:
    killed, seen = asyncio.run(course(wishes, ticks=crash, stride=1))
    commands = [o.event for o in seen if isinstance(o.event, SimulationCommanded)]
    assert len(commands) == len(wishes)
    restored, clock = sample(tick=crash)
    restored.restore(commands, tick=crash)
    restored.tick()
    went_on = TickClock(start=START, tick=crash)
    killed._clock = went_on
    killed.tick()
    for _ in range(20):
        clock.advance()
        went_on.advance()
        assert as_bytes(restored.tick()) == as_bytes(killed.tick())


def test_another_seed_gives_another_run() -> None:
    runs = []
    for seed in (1, 2):
        clock = TickClock(start=START)
        cluster = SampleCluster(SMALL_SCENARIO, clock=clock, seed=seed)
        clock.advance(30)
        runs.append(as_bytes(cluster.tick()))
    assert runs[0] != runs[1]


async def test_a_command_lands_on_a_tick_and_is_answered_there() -> None:
    cluster, clock = sample()
    cluster.tick()
    clock.advance(3)
    cluster.tick()
    request = Cordon((NodeName("n1"),))
    async with asyncio.TaskGroup() as crew:
        answer = crew.create_task(cluster.carry_out(request, operation="op1", report=lambda *_: None))
        await asyncio.sleep(0)
        assert not answer.done()
        landed, changed = events(cluster.tick())
    assert landed == SimulationCommanded(tick=3, operation="op1", request=request)
    assert changed.type == "nodes.changed"
    assert answer.result().status == "succeeded"


async def test_a_refused_command_fails_with_a_sentence_and_a_submit_names_what_it_made() -> None:
    cluster, _ = sample()
    refused = await carried_out(cluster, Stop((WorkloadId("none"),)), "op1")
    assert (refused.status, refused.detail) == ("failed", "no workload none")
    made = await carried_out(cluster, Submit("api"), "op2")
    assert (made.status, made.created) == ("succeeded", ("api-2",))


async def test_the_generic_port_reports_each_tick_as_well() -> None:
    cluster, clock = sample()
    seen: list[Event] = []

    async def watch() -> None:
        async for observation in cluster.observe():
            seen.extend(events([observation]))

    async with asyncio.TaskGroup() as crew:
        watching = crew.create_task(watch())
        for _ in range(6):
            await asyncio.sleep(0)
            clock.advance()
        watching.cancel()
    assert any(isinstance(event, SourceSynced) for event in seen)
    assert any(isinstance(event, LogsAppended) for event in seen)


async def test_the_half_hour_before_the_start_can_be_asked_for() -> None:
    cluster, clock = sample(shipped("calm"))
    cluster.tick()
    start = clock.now() - timedelta(minutes=30)
    found = await cluster.metric_range(MetricRange("error_rate", start, clock.now(), step_s=60))
    (series,) = found.series
    assert (len(series.points), series.labels) == (30, {})
    assert series.points[0][0] == start
    assert all(value is not None and 0 <= value < 0.01 for _, value in series.points)


async def test_an_unknown_metric_workload_or_level_is_one_sentence() -> None:
    cluster, clock = sample()
    with pytest.raises(SourceError, match="there is no metric nope; there are error_rate, "):
        await cluster.metric_range(MetricRange("nope", clock.now(), clock.now()))
    with pytest.raises(SourceError, match="there is no workload nope"):
        await cluster.workload_logs(WorkloadLogs(WorkloadId("nope")))
    with pytest.raises(SourceError, match="there is no level loud; there are fatal, "):
        await cluster.workload_logs(WorkloadLogs(WorkloadId("api"), level="loud"))


async def test_a_workload_has_the_newest_lines_of_its_own_log() -> None:
    cluster, clock = sample()
    clock.advance(60)
    cluster.tick()
    everything = await cluster.workload_logs(WorkloadLogs(WorkloadId("api"), tail=1000))
    assert {line.workload for line in everything.lines} == {"api"}
    assert everything.matched == len(everything.lines)
    errors = await cluster.workload_logs(WorkloadLogs(WorkloadId("api"), level="error", tail=2))
    assert [line.level for line in errors.lines] == [LogLevel.ERROR] * 2
    assert errors.matched > 2
    assert errors.lines[-1] == [line for line in everything.lines if line.level is LogLevel.ERROR][-1]
    assert (await cluster.workload_logs(WorkloadLogs(WorkloadId("api"), tail=0))).lines == ()


async def test_an_alert_that_was_made_is_over_when_it_is_resolved() -> None:
    cluster, _ = sample()
    await carried_out(cluster, CreateAlert("Told", message=Safe("x")), "op1")
    assert (await carried_out(cluster, CreateAlert("Told", "resolved"), "op2")).status == "succeeded"
    again = await carried_out(cluster, CreateAlert("Told", "resolved"), "op3")
    assert (again.status, again.detail) == ("failed", "alert Told was made by nobody")
