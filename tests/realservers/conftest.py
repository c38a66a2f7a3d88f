"""One real cluster for all tests of this folder, brought back to health after each, and a room on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.driver.fixtures import home, terminal
from tests.driver.program import warroom
from tests.realservers.asking import wait_synced
from tests.realservers.cluster import NAME, Cluster
from tests.realservers.prometheus import Prometheus
from tests.realservers.slurm import Slurm

__all__ = ["home", "terminal"]


@pytest.fixture(scope="session")
def shared_cluster() -> Iterator[Cluster]:
    """Slurm, Prometheus and Alertmanager, started once."""
    started = Cluster().start()
    try:
        started.prometheus.wait_scraped()
        yield started
    finally:
        started.stop()


@pytest.fixture
def cluster(shared_cluster: Cluster) -> Iterator[Cluster]:
    """The cluster, healthy and empty; what a test broke is mended after it."""
    yield shared_cluster
    shared_cluster.mend()


@pytest.fixture
def slurm(cluster: Cluster) -> Slurm:
    """The Slurm of the cluster."""
    return cluster.slurm


@pytest.fixture
def prometheus(cluster: Cluster) -> Prometheus:
    """The Prometheus and Alertmanager of the cluster."""
    return cluster.prometheus


@pytest.fixture
def room(cluster: Cluster, home: Path) -> Path:
    """A room without a screen that sees the whole cluster; the answer is its home."""
    cluster.configure(home)
    opened = warroom(home, "open", NAME, "--headless")
    assert opened.code == 0, opened.err
    wait_synced(home)
    return home
