"""Alertmanager passes the conformance suite."""

from pathlib import Path
from typing import Any

import pytest

from warroom.host.ports import Source
from warroom.model.secret import SecretPlace, SecretSource
from warroom.sources.alertmanager.adapter import AlertmanagerAlerts
from warroom.sources.settings import AlertmanagerSettings
from warroom.testing.fake_alertmanager import FakeAlertmanager
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.source_suite import SECRET, SourceSuite
from warroom.testing.watcher import Watcher


class TestAlertmanager(SourceSuite):
    @pytest.fixture(autouse=True)
    def token_from_a_program(self, tmp_path: Path) -> None:
        self.token = tmp_path / "token"
        self.token.write_text(SECRET)

    def wire(self) -> FakeAlertmanager:
        wire = FakeAlertmanager()
        wire.token = SECRET
        return wire

    def source(self, wire: Any, clock: LeapingClock) -> Source:
        token = SecretSource(SecretPlace.COMMAND, f"cat {self.token}")
        return AlertmanagerAlerts(
            AlertmanagerSettings(url=wire.url, token=token, deadline_s=self.deadline_s), clock=clock
        )

    def change(self, wire: Any) -> None:
        wire.fire("GpuHot", instance="gpu02")

    def remove(self, wire: Any) -> None:
        wire.alerts.clear()

    def shown(self, watcher: Watcher) -> object:
        return sorted(str(alert.name) for alert in watcher.state.alerts.alerts.values())
