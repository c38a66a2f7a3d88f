"""Alerts of a real Alertmanager and figures of a real Prometheus, as the room has them."""

import json
import re
import urllib.parse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.driver.program import warroom
from tests.driver.terminal import Terminal
from tests.realservers.asking import source_status, told, wait_for, wait_said, wait_synced, wait_workload
from tests.realservers.cluster import Cluster
from tests.realservers.prometheus import Prometheus, fetch

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timeout(120)]


def range_of(prometheus: Prometheus, query: str, *, start: str, end: str, step: str) -> list[list[Any]]:
    """What Prometheus itself answers to a range query of one series."""
    words = urllib.parse.urlencode({"query": query, "start": start, "end": end, "step": step})
    answer = json.loads(fetch(f"{prometheus.url}/api/v1/query_range?{words}"))
    return list(answer["data"]["result"][0]["values"])


def test_an_alert_of_alertmanager_is_the_rooms_and_a_silence_of_the_room_is_alertmanagers(
    prometheus: Prometheus, room: Path
) -> None:
    prometheus.break_({"gpu07": {"gpu_temperature": 97}})
    wait_for(lambda: told(room, "alert-list"), what="the room lists an alert")
    shown, real = told(room, "alert-list")[0], prometheus.alerts()[0]
    assert (shown["fingerprint"], shown["summary"]) == (real["fingerprint"], real["annotations"]["summary"])
    quiet = warroom(
        room, "alert-silence", "GpuHot", "--for", "30m", "--comment", "fan is swapped", "--yes", "--wait"
    )
    assert quiet.code == 0, quiet.out + quiet.err
    assert "the silence is active" in quiet.out
    kept = next(s for s in prometheus.silences() if s["comment"].startswith("fan is swapped"))
    assert kept["status"]["state"] == "active"
    assert [(m["name"], m["value"]) for m in kept["matchers"]] == [("alertname", "GpuHot")]
    assert prometheus.alerts()[0]["status"]["silencedBy"] == [kept["id"]]
    prometheus.break_({})
    wait_for(lambda: not told(room, "alert-list"), what="the room sees that the alert ended")


def test_an_announcement_is_in_alertmanager(prometheus: Prometheus, room: Path) -> None:
    made = warroom(
        room, "alert-create", "sev1-mitigated", "--message", "service is restored", "--yes", "--wait"
    )
    assert made.code == 0, made.out + made.err
    assert "sev1-mitigated" in [alert["labels"]["alertname"] for alert in prometheus.alerts()]


def test_a_range_is_the_same_from_the_room_and_from_prometheus(prometheus: Prometheus, room: Path) -> None:
    end = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=10)
    start = end - timedelta(minutes=30)
    times = {"start": f"{start:%Y-%m-%dT%H:%M:%SZ}", "end": f"{end:%Y-%m-%dT%H:%M:%SZ}"}
    asked = ("request_latency_p99", "--start", times["start"], "--end", times["end"], "--step", "1m")
    shown = told(room, "metrics-query", *asked)["series"][0]["points"]
    real = range_of(prometheus, "max(request_latency_p99)", **times, step="60")
    assert [(datetime.fromisoformat(at).timestamp(), value) for at, value in shown] == [
        (at, float(value)) for at, value in real
    ]
    assert len(shown) == 31


@pytest.mark.pty
def test_the_p99_on_the_screen_is_the_one_prometheus_has(
    prometheus: Prometheus, room: Path, terminal: Callable[..., Terminal]
) -> None:
    screen = terminal(120, 40)
    screen.start("attach")
    screen.wait_for(r"p99 1[0-9][0-9]ms")
    prometheus.break_({"*": {"request_latency_p99": 0.777}})
    screen.wait_for(r"p99 777ms")
    screen.keys("5")
    screen.wait_for(r"p99 .* 777ms")


@pytest.mark.pty
def test_lost_servers_leave_their_last_facts_with_their_age_and_come_back_by_themselves(
    cluster: Cluster, room: Path, terminal: Callable[..., Terminal]
) -> None:
    slurm, prometheus = cluster.slurm, cluster.prometheus
    prometheus.break_({"gpu07": {"gpu_temperature": 97}})
    screen = terminal(120, 40)
    job = slurm.submit("exec sleep 600", "-J", "train", "-N2")
    screen.start("attach")
    screen.wait_for("GpuHot")
    wait_workload(room, job, "running")
    screen.wait_for("train .* running")
    slurm.stop_rest()
    for name in ("prometheus", "alertmanager"):
        prometheus.daemons.end(name)
    for title in (r"Nodes .*LOST \d+s old", r"Metrics .*LOST \d+s old", r"Alerts .*LOST \d+s old"):
        screen.wait_for(title)
    shown = screen.screen()
    for fact in ("GpuHot", "gpu16", r"train +2/2 running .*gpu01,gpu02", r"p99 .*ms", "GPU use"):
        assert re.search(fact, shown), f"{fact} is gone from\n{shown}"
    assert set(source_status(room).values()) == {"lost"}
    assert "source slurm is lost" in warroom(room, "node-list").err
    slurm.start_rest()
    prometheus.start_prometheus()
    prometheus.start_alertmanager()
    wait_synced(room)
    screen.wait_without("LOST")
    for name in ("slurm", "prometheus", "alertmanager"):
        wait_said(room, f"source {name} lost")
        wait_said(room, f"source {name} synced")
