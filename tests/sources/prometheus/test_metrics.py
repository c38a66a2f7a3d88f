"""Figures from Prometheus: what is asked, how much of it, and what is said of what is missing."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.sources.watched import source_on, watched
from warroom.errors import SourceError
from warroom.events.metrics import IndicatorsWatched, SeriesSampled
from warroom.events.sources import SourceSynced
from warroom.host.ports import MetricReader
from warroom.model.commands import MetricRange, MetricsFound
from warroom.sources.prometheus.parse import parse_answer
from warroom.sources.settings import PrometheusSettings
from warroom.testing.fake_prometheus import FakePrometheus
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.watcher import Watcher
from warroom.testing.wire import Fault, Request

SETTINGS = PrometheusSettings(url="")


class Counting(FakePrometheus):
    """Knows how many calls were there at once; answers a little late."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0

    async def _reply(self, request: Request, writer: Any) -> bool:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.01)
        try:
            return await super()._reply(request, writer)
        finally:
            self.now -= 1


async def ranged(seen: Watcher, query: str, seconds: float, step_s: float) -> MetricsFound:
    assert isinstance(seen.source, MetricReader)
    end = LeapingClock().now()
    return await seen.source.metric_range(MetricRange(query, end - timedelta(seconds=seconds), end, step_s))


async def test_no_more_than_four_calls_are_in_flight() -> None:
    wire = Counting()
    queries = {f"figure{n}": f"max(gpu_temperature) * {n}" for n in range(20)}
    async with watched(wire, PrometheusSettings(url="", queries=queries)) as seen:
        await seen.synced()
        assert len(wire.requests) > 40
        assert wire.most == 4


async def test_what_the_server_has_no_series_of_is_not_watched_until_it_has() -> None:
    wire = FakePrometheus()
    async with watched(wire, SETTINGS) as seen:
        await seen.synced()
        watched_first = seen.of(IndicatorsWatched)[0].indicators
        assert [i.metric for i in watched_first] == [
            "request_latency_p99",
            "gpu_utilization",
            "gpu_temperature",
        ]
        wire.values["error_rate"] = {"gpu01": "0.01"}
        again = await seen.next(IndicatorsWatched)
        assert "error_rate" in [i.metric for i in again.indicators]
        del wire.values["error_rate"]
        await seen.until(lambda: newest(seen, "error_rate") is None, what="a gap instead of the figure")
        assert "error_rate" in [i.metric for i in seen.state.metrics.indicators]


def newest(seen: Watcher, metric: str) -> float | None:
    (series,) = [s for s in seen.state.metrics.series.values() if s.metric == metric and not s.labels]
    return series.points[-1].value


async def test_a_figure_that_vanishes_becomes_a_gap_and_never_zero() -> None:
    wire = FakePrometheus()
    async with watched(wire, SETTINGS) as seen:
        await seen.synced()
        assert newest(seen, "request_latency_p99") == 0.15
        wire.values["request_latency_p99"] = {"gpu01": "NaN"}
        await seen.until(lambda: newest(seen, "request_latency_p99") is None, what="NaN as a gap")
        wire.values["request_latency_p99"] = {"gpu01": "0.2"}
        await seen.until(lambda: newest(seen, "request_latency_p99") == 0.2, what="the figure again")
        del wire.values["request_latency_p99"]
        await seen.until(lambda: newest(seen, "request_latency_p99") is None, what="nothing as a gap")


async def test_figures_by_node_are_named_by_node() -> None:
    wire = FakePrometheus()
    wire.values["gpu_temperature"] = {"gpu01:9100": "55", "gpu02": "61"}
    async with watched(wire, SETTINGS) as seen:
        await seen.synced()
        found = [s.labels for s in seen.state.metrics.series.values() if s.metric == "gpu_temperature"]
        assert {"node": "gpu01"} in found


async def test_of_too_many_series_the_first_are_taken_and_the_rest_is_counted() -> None:
    wire = FakePrometheus()
    wire.values["gpu_temperature"] = {f"gpu{n:03d}": "50" for n in range(100)}
    async with watched(wire, PrometheusSettings(url="", most_series=30)) as seen:
        await seen.synced()
        by_node = [
            s for s in seen.state.metrics.series.values() if s.metric == "gpu_temperature" and s.labels
        ]
        assert len(by_node) == 30
        assert seen.state.metrics.left_out == 70


async def test_an_old_sample_keeps_its_own_time() -> None:
    """An instant answer carries the time it was computed, which makes a dead target look alive."""
    wire = FakePrometheus()
    wire.sample_age = 240.0
    async with watched(wire, SETTINGS) as seen:
        await seen.synced()
        sample = next(s for s in seen.of(SeriesSampled)[-1].samples if s.metric == "request_latency_p99")
        assert 230 < wire.clock - sample.time.timestamp() < 300


async def test_the_half_hour_before_the_start_is_read_and_after_a_blind_time_only_that() -> None:
    wire = FakePrometheus()
    clock = LeapingClock()
    async with watched(wire, SETTINGS, clock) as seen:
        await seen.synced()
        spans = [(float(r.form["start"]), float(r.form["end"])) for r in wire.requests if "range" in r.path]
        assert {round(end - start) for start, end in spans} == {1800}
        wire.fault = Fault.BROKEN
        await seen.lost()
        clock.leap(600)
        wire.fault = Fault.NONE
        before = len(wire.requests)
        await seen.synced()
        later = [r for r in wire.requests[before:] if "range" in r.path]
        assert all(float(r.form["end"]) - float(r.form["start"]) < 700 for r in later)
        assert later


async def test_a_server_whose_clock_is_ahead_is_not_asked_for_a_range_that_ends_before_it_begins() -> None:
    """A blip of a second kept the source lost: Prometheus refuses such a range."""
    wire = FakePrometheus()
    wire.clock += 86_400
    async with watched(wire, SETTINGS) as seen:
        await seen.synced()
        wire.fault = Fault.BROKEN
        await seen.lost()
        wire.fault = Fault.NONE
        await seen.synced()
        assert all(
            float(r.form["end"]) > float(r.form["start"]) for r in wire.requests if r.path.endswith("range")
        )


async def test_one_query_that_cannot_be_computed_does_not_blind_the_others() -> None:
    """A typing error in one configured query lost the whole server."""
    settings = PrometheusSettings(url="", queries={"broken": "max(gpu_temperature{"})
    async with watched(FakePrometheus(), settings) as seen:
        await seen.synced()
        assert newest(seen, "gpu_temperature") == 61
        (synced,) = seen.of(SourceSynced)
        assert "broken is refused: invalid parameter" in synced.detail


async def test_a_server_that_refuses_everything_is_lost() -> None:
    queries = dict.fromkeys(
        (
            "request_latency_p99",
            "error_rate",
            "request_rate",
            "gpu_utilization",
            "gpu_temperature",
        ),
        "x{",
    )
    async with watched(FakePrometheus(), PrometheusSettings(url="", queries=queries)) as seen:
        lost = await seen.lost()
        assert "it refuses every query" in lost.reason


async def test_warnings_and_ambiguous_queries_are_told_when_they_appear() -> None:
    wire = FakePrometheus()
    settings = PrometheusSettings(url="", queries={"temperatures": "gpu_temperature"})
    async with watched(wire, settings) as seen:
        await seen.synced()
        assert "temperatures gives 2 series, the first is shown" in seen.of(SourceSynced)[-1].detail
        wire.warnings = ["PromQL: remote read timed out"]
        wire.values["gpu_temperature"] = {"gpu01": "50"}
        await seen.until(lambda: "remote read" in seen.of(SourceSynced)[-1].detail, what="the warning")
        assert seen.status == "synced"


async def test_a_server_that_knows_no_timeout_is_asked_without() -> None:
    wire = FakePrometheus()
    wire.knows_timeout = False
    async with watched(wire, SETTINGS) as seen:
        await seen.synced()
        assert "timeout" in wire.requests[0].form
        assert "timeout" not in wire.requests[-1].form


async def test_a_range_is_answered_with_its_query() -> None:
    async with watched(FakePrometheus(), SETTINGS) as seen:
        await seen.synced()
        found = await ranged(seen, "gpu_temperature", 600, 60)
        assert found.query == "max(gpu_temperature)"
        ((_, points),) = [(s.labels, s.points) for s in found.series]
        assert len(points) == 11
        own = await ranged(seen, "avg(gpu_utilization)", 600, 60)
        assert own.query == "avg(gpu_utilization)"


async def test_a_range_never_asks_for_more_points_than_prometheus_gives() -> None:
    async with watched(FakePrometheus(), SETTINGS) as seen:
        await seen.synced()
        found = await ranged(seen, "gpu_temperature", 86_400 * 30, 1)
        assert "step widened to 236 s" in found.warnings[-1]
        assert len(found.series[0].points) <= 11_000


async def test_of_a_range_over_many_series_fifty_are_shown_and_the_rest_is_counted() -> None:
    wire = FakePrometheus()
    wire.values["gpu_temperature"] = {f"gpu{n:03d}": "50" for n in range(100)}
    async with watched(wire, SETTINGS) as seen:
        await seen.synced()
        found = await ranged(seen, "gpu_temperature * 1", 60, 60)
        assert (len(found.series), found.left_out) == (50, 50)


@pytest.mark.parametrize(
    ("query", "seconds", "step", "why"),
    [
        ("gpu_temperature{", 60, 5, "parse error"),
        ("gpu_temperature", 0, 5, "the end must be later"),
        ("gpu_temperature", 60, 0, "the step more than 0 s"),
    ],
)
async def test_a_range_that_cannot_be_read_is_one_sentence(
    query: str, seconds: float, step: float, why: str
) -> None:
    async with watched(FakePrometheus(), SETTINGS) as seen:
        await seen.synced()
        with pytest.raises(SourceError, match=why):
            await ranged(seen, query, seconds, step)


def test_series_without_a_point_and_histograms_are_no_figures() -> None:
    """An empty series ended the source as a bug; a histogram lost it."""
    result = [
        {"metric": {"a": "1"}, "values": []},
        {"metric": {"a": "2"}, "histograms": [[1, {}]]},
        {"metric": {"a": "3"}, "values": [[1, "2"]]},
    ]
    found = parse_answer({"status": "success", "data": {"resultType": "matrix", "result": result}}, most=10)
    assert [labels for labels, _ in found.series] == [{"a": "3"}]


@pytest.mark.parametrize("text", ["NaN", "+Inf", "-Inf"])
def test_what_is_no_number_is_a_gap(text: str) -> None:
    answer = {
        "status": "success",
        "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1, text]}]},
    }
    ((_, ((_, value),)),) = parse_answer(answer, most=1).series
    assert value is None


def test_its_address_is_announced_without_what_may_be_secret() -> None:
    wire = FakePrometheus()
    wire.port = 9090
    announced = source_on(wire, SETTINGS, LeapingClock()).announce()
    assert (announced.address, announced.roles) == ("http://127.0.0.1:9090", ("metrics",))
    assert announced.capabilities == ()
