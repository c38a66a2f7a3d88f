"""Prometheus passes the conformance suite."""

from typing import Any

import pytest

from warroom.host.ports import Source
from warroom.model.secret import SecretPlace, SecretSource
from warroom.sources.prometheus.adapter import PrometheusMetrics
from warroom.sources.settings import PrometheusSettings
from warroom.testing.fake_prometheus import FakePrometheus
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.source_suite import SECRET, SourceSuite
from warroom.testing.watcher import Watcher


class TestPrometheus(SourceSuite):
    loses_things = False

    @pytest.fixture(autouse=True)
    def token_in_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("METRICS_TOKEN", SECRET)

    def wire(self) -> FakePrometheus:
        wire = FakePrometheus()
        wire.token = SECRET
        return wire

    def source(self, wire: Any, clock: LeapingClock) -> Source:
        token = SecretSource(SecretPlace.ENV, "METRICS_TOKEN")
        return PrometheusMetrics(
            PrometheusSettings(url=wire.url, token=token, deadline_s=self.deadline_s), clock=clock
        )

    def change(self, wire: Any) -> None:
        wire.values["request_latency_p99"]["gpu01"] = "2.5"

    def remove(self, wire: Any) -> None:
        del wire.values["request_latency_p99"]

    def shown(self, watcher: Watcher) -> object:
        found = watcher.state.metrics.series
        return {str(key): series.points[-1].value for key, series in found.items() if "p99" in str(key)}
