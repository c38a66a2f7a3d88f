"""A short ``make soak``: ordinary work raises no finding, and what is not ordinary does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.driver.fixtures import ended, short_home
from tests.realservers.asking import wait_for
from tests.realservers.cluster import NAME, Cluster
from tests.realservers.ordinary_work import ROUND_S
from tests.realservers.soak import CALM, open_rooms, soak

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timeout(240)]

LONGEST_S = 90.0
"""Within that time a dead node is a finding: Slurm and triage wait before they call it one."""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A cluster of its own: the shared one still tells of services that died in other tests."""
    started = Cluster().start()
    try:
        started.prometheus.wait_scraped()
        yield started
    finally:
        started.stop()


@pytest.fixture
def calm_home() -> Iterator[Path]:
    folder = short_home()
    yield folder
    ended(folder)


def test_ordinary_work_on_real_servers_and_on_calm_raises_no_finding(
    cluster: Cluster, home: Path, calm_home: Path
) -> None:
    open_rooms(cluster, home, calm_home)
    report = soak(cluster, home, calm_home, seconds=ROUND_S)
    assert report.code == 0, "\n".join(report.lines())
    assert report.lines()[-1] == "no findings raised"
    assert report.done["deploys"] == report.done["nodes drained and resumed"] == 1
    assert report.done["jobs cancelled"] == 3
    assert {"workload", "node", "action", "alert"} <= report.seen[NAME].keys()
    assert report.seen[CALM]["workload"]


def test_a_node_that_dies_meanwhile_ends_the_soak_with_its_finding(
    cluster: Cluster, home: Path, calm_home: Path
) -> None:
    open_rooms(cluster, home, calm_home)
    dies = cluster.slurm.names[3]
    cluster.slurm.kill(dies)
    wait_for(lambda: "down" in cluster.slurm.run("sinfo", "-h", "-n", dies, "-o", "%T"), what=f"{dies} down")
    report = soak(cluster, home, calm_home, seconds=LONGEST_S)
    assert report.code == 1
    assert report.seconds < LONGEST_S
    assert any(dies in line for line in report.findings), report.lines()
