"""Slurm over slurmrestd passes the conformance suite, in the oldest and in a newer form of its answers."""

from pathlib import Path
from typing import Any

import pytest

from warroom.host.ports import Source
from warroom.model.secret import SecretPlace, SecretSource
from warroom.sources.settings import SlurmSettings
from warroom.sources.slurm.adapter import SlurmCluster
from warroom.testing.fake_slurm import FakeSlurm
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.source_suite import SECRET, SourceSuite
from warroom.testing.watcher import Watcher


class TestSlurm(SourceSuite):
    version = "v0.0.38"

    @pytest.fixture(autouse=True)
    def token_file(self, tmp_path: Path) -> None:
        self.token = tmp_path / "token"
        self.token.write_text(f"SLURM_JWT={SECRET}\n")

    def wire(self) -> FakeSlurm:
        wire = FakeSlurm(self.version)
        wire.token = SECRET
        return wire

    def source(self, wire: Any, clock: LeapingClock) -> Source:
        settings = SlurmSettings(
            url=wire.url,
            user="ops",
            token=SecretSource(SecretPlace.FILE, str(self.token)),
            deadline_s=self.deadline_s,
        )
        return SlurmCluster(settings, clock=clock)

    def change(self, wire: Any) -> None:
        wire.nodes["gpu01"].update(state="down", state_flags=["NOT_RESPONDING"], reason="Not responding")
        wire.touch()

    def remove(self, wire: Any) -> None:
        del wire.nodes["gpu02"]
        wire.touch()

    def shown(self, watcher: Watcher) -> object:
        return {name: node.native for name, node in watcher.state.cluster.nodes.items()}


class TestNewerSlurm(TestSlurm):
    version = "v0.0.40"
