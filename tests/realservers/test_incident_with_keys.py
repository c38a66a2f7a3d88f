"""An incident on real servers, led with keys alone; then its record, its replay and its post-mortem."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from tests.driver.dialogs import answer, choose, confirm
from tests.driver.program import warroom
from tests.driver.terminal import Terminal
from tests.realservers.asking import wait_for, wait_said
from tests.realservers.cluster import NAME, Cluster
from tests.realservers.prometheus import Prometheus
from tests.realservers.slurm import Slurm

pytestmark = [pytest.mark.real, pytest.mark.pty, pytest.mark.slow, pytest.mark.timeout(240)]

LOGGED = "tail -n +1 -F {lines}"
"""A job that writes what the test gives it to write."""
UNTIL_TOLD = "until [ -e {file} ]; do sleep 0.2; done"
"""A job that ends when the test says so."""


def declare(screen: Terminal) -> None:
    screen.keys("X")
    screen.wait_for("declare an incident")
    screen.keys("Enter")
    answer(screen, "then the title", "2 GPU nodes of rack 1 fail")
    screen.wait_for("SEV2 00:0")
    screen.keys("U")
    screen.wait_for("UNLOCKED")


def follow_the_log(screen: Terminal, lines: Path) -> None:
    with lines.open("a") as out:
        out.write("ERROR step 4711: NCCL watchdog timeout on rank 3\n")
    screen.wait_for("NCCL watchdog timeout on rank 3")
    screen.keys("F")
    answer(screen, "search the log", "watchdog timeout")
    screen.wait_for(r"search watchdog timeout: 1 found")
    screen.keys("Escape")
    screen.wait_for("6 Logs  follow")


def silence_the_alert(screen: Terminal, prometheus: Prometheus) -> None:
    prometheus.break_({"gpu07": {"gpu_temperature": 97}})
    screen.wait_for("GpuHot")
    screen.keys("2", "g", "S")
    answer(screen, "for how long", "fan is being replaced")
    confirm(screen)
    screen.wait_for("A1 silence .*: effect seen")
    kept = next(s for s in prometheus.silences() if s["comment"].startswith("fan is being replaced"))
    assert kept["status"]["state"] == "active"
    assert prometheus.alerts()[0]["status"]["silencedBy"] == [kept["id"]]


def drain_the_node(screen: Terminal, slurm: Slurm, job: str, told: Path) -> None:
    screen.keys("3", "3")
    screen.wait_for("rack2  8 nodes")
    go_to(screen, r"▪ gpu05", first=r"▪ gpu01")
    choose(screen, "drain", downs=2)
    answer(screen, "grace period", "bad switch")
    plan = confirm(screen, "gpu05")
    assert "running jobs go on until they end by themselves" in " ".join(plan.split())
    wait_for(lambda: "DRAIN" in slurm.node("gpu05"), what="Slurm shows gpu05 draining")
    assert "Reason=bad switch" in slurm.node("gpu05")
    screen.keys("3", "7", "7")
    screen.wait_for("1 instance still there")
    told.touch()
    verdict = r"A2 drain gpu05: effect seen, the last of 1 instance left gpu05; .* at (\d\d:\d\d:\d\d)Z"
    at = re.search(verdict, screen.wait_for(verdict))
    assert at is not None
    left = re.search(r"EndTime=(\S+)", slurm.run("scontrol", "show", "job", job))
    assert left is not None
    ended = datetime.fromisoformat(left[1]).astimezone(UTC)
    said = datetime.fromisoformat(f"{ended.date()}T{at[1]}Z")
    assert 0 <= (said - ended).total_seconds() <= 5
    screen.keys("7")


def go_to(screen: Terminal, wanted: str, *, first: str) -> None:
    """Move the cursor from the first row of the pane down to another one."""
    screen.keys("g")
    rows = screen.wait_for(wanted).splitlines()
    top, at = (next(n for n, row in enumerate(rows) if re.search(words, row)) for words in (first, wanted))
    for _ in range(at - top):
        screen.keys("j")


def cancel_and_resubmit(screen: Terminal, slurm: Slurm, job: str) -> None:
    row = rf"┃ . +{job} train"
    screen.keys("4", "4")
    screen.wait_without("Timeline")
    go_to(screen, row, first=r"┃ . +\d+ \w+ ")
    choose(screen, "stop: ask it to end")
    answer(screen, "why", "wedged")
    confirm(screen)
    screen.wait_for(r"A3 stop .*: effect seen")
    assert slurm.job_state(job) == "CANCELLED"
    go_to(screen, row, first=r"┃ . +\d+ \w+ ")
    choose(screen, "submit a copy", downs=2)
    answer(screen, "where", "rack=rack2")
    confirm(screen)
    screen.wait_for(r"A4 submit train.*: effect seen")
    again = slurm.run("squeue", "-h", "-n", "train", "-t", "R", "-o", "%i %N").split()
    assert again[0] != job
    assert again[1] >= "gpu09"
    screen.keys("4")


def resolve(screen: Terminal) -> None:
    screen.keys("X")
    screen.wait_for("resolve the incident")
    screen.keys("Down", "Down", "Enter")
    answer(screen, "one sentence", "switch replaced; train runs on rack 2")
    screen.wait_for("SEV2 RESOLVED")


def check_post_mortem(home: Path, recording: str) -> None:
    text = warroom(home, "export", recording).out
    assert "# Post-mortem: GPU nodes of rack 1 fail" in text
    actions = text.split("## Mitigation Actions")[1]
    for words in ("silence", "drain gpu05", "stop", "submit train"):
        line = next(row for row in actions.split("\n") if words in row)
        assert "VERDICT effect seen" in line
    for words in ("GpuHot", "gpu07 offline", "bad switch"):
        assert words in text
    assert "watchdog timeout" in text.split("## Evidence looked at")[1]
    record = msgspec.json.decode(warroom(home, "export", recording, "--format", "json").out.encode())
    said = str(record)
    for words in ("NCCL watchdog timeout on rank 3", "request_latency_p99", "fan is being replaced", "gpu07"):
        assert words in said
    checked = warroom(home, "verify", recording)
    assert checked.code == 0, checked.out


def check_replay(screen: Terminal, recording: str) -> None:
    """Played to its end the replay shows what the live screen showed."""
    screen.start("replay", recording)
    screen.wait_for("REPLAY ⏸ paused")
    screen.keys(">", ">", ">", ">", "Space")
    screen.wait_for("SEV2 RESOLVED")
    for shown in (
        r"NODES 15/16 ▼1 ⊘1",
        r"GpuHot .* silenced",
        r"last +0/1 completed",
        r"p99 .* \d+ms",
        r"NCCL watchdog timeout on rank 3",
    ):
        screen.wait_for(shown)
    screen.keys("7", "G")
    screen.wait_for(r"A4 submit train: effect seen")
    screen.wait_for("resolved: switch replaced")
    screen.keys("x")
    screen.wait_without("submit a copy")
    screen.keys("q")
    screen.wait_for("EXIT 0")


def test_an_incident_is_led_with_keys_alone_and_all_of_it_is_kept(
    cluster: Cluster, home: Path, terminal: Callable[..., Terminal]
) -> None:
    slurm = cluster.slurm
    lines, told = slurm.folder / "lines", slurm.folder / "told"
    lines.write_text("INFO begin\n")
    told.unlink(missing_ok=True)
    train = slurm.submit(LOGGED.format(lines=lines), "-J", "train", "-w", "gpu01", "--gres=gpu:2")
    last = slurm.submit(UNTIL_TOLD.format(file=told), "-J", "last", "-w", "gpu05")
    wait_for(lambda: slurm.job_state(last) == "RUNNING", what="the jobs run")
    cluster.configure(home)
    screen = terminal(120, 40)
    screen.start("open", NAME)
    screen.wait_for("NODES 16/16")
    screen.wait_for(r"p99 \d+ms")
    declare(screen)
    slurm.kill("gpu07")
    follow_the_log(screen, lines)
    silence_the_alert(screen, cluster.prometheus)
    drain_the_node(screen, slurm, last, told)
    cancel_and_resubmit(screen, slurm, train)
    wait_said(home, "gpu07 offline")
    resolve(screen)
    screen.keys("q")
    screen.wait_for("EXIT 0")
    assert warroom(home, "stop").code == 0
    recording = next((home / "incidents").glob("*.db")).stem
    check_post_mortem(home, recording)
    check_replay(terminal(120, 40), recording)
