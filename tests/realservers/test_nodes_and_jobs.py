"""Nodes and jobs of a real Slurm: what the room sees of them and what its verbs do to them."""

import time
from pathlib import Path

import pytest

from tests.driver.program import warroom
from tests.realservers.asking import moment, source_status, told, wait_for, wait_said, wait_workload, when
from tests.realservers.slurm import Slurm

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timeout(120)]

INTERVAL_S = 2.0
"""How often the room looks at Slurm."""
SLEEP = "exec sleep 600"


def first_time(slurm: Slurm, name: str, word: str) -> float:
    """When Slurm itself first showed a word in a node's state."""

    def look() -> float | None:
        shown = slurm.run("sinfo", "-h", "-n", name, "-o", "%T")
        return time.time() if word in shown else None

    return wait_for(look, what=f"{name} is {word} in sinfo")


def test_a_killed_slurmd_is_down_in_the_room_within_two_polls_of_slurm_knowing_it(
    slurm: Slurm, room: Path
) -> None:
    slurm.kill("gpu07")
    known = first_time(slurm, "gpu07", "down")
    seen = wait_said(room, "gpu07 offline")
    late_s = when(seen["observed_time"]) - known
    assert late_s < 2 * INTERVAL_S, f"the room saw it {late_s:.1f} s after Slurm"
    shown = next(n for n in told(room, "node-list") if n["name"] == "gpu07")
    assert shown["state"] == "offline"
    slurm.boot("gpu07")
    wait_said(room, "gpu07 ready")


def test_what_happens_to_nodes_does_not_read_as_losing_the_source(slurm: Slurm, room: Path) -> None:
    """Slurm 22.05 refuses to list only the changed nodes when their partitions did not change."""
    for number in range(3):
        name = f"gpu{number + 10}"
        slurm.run("scontrol", "update", f"nodename={name}", "state=drain", f"reason=look {number}")
        wait_for(lambda name=name: moment(room, name, "cordoned"), what=f"{name} cordoned")
    assert moment(room, "source slurm lost") is None
    assert source_status(room)["slurm"] == "synced"


def test_a_job_is_stopped_and_submitted_again_by_verbs(slurm: Slurm, room: Path) -> None:
    job = slurm.submit(SLEEP, "-J", "chat-api", "-N1", "--gres=gpu:1")
    wait_workload(room, job, "running")
    stopped = warroom(room, "workload-stop", job, "--reason", "wedged", "--yes", "--wait")
    assert stopped.code == 0, stopped.out + stopped.err
    assert "effect seen" in stopped.out
    assert slurm.job_state(job) == "CANCELLED"
    again = warroom(room, "workload-submit", "chat-api", "--like", job, "--yes", "--wait")
    assert again.code == 0, again.out + again.err
    listed = slurm.run("squeue", "-h", "-n", "chat-api", "-t", "R", "-o", "%i %T").split()
    assert listed[1] == "RUNNING"
    assert listed[0] != job
    assert "[warroom:" in slurm.run("scontrol", "show", "job", listed[0])


def test_a_node_is_closed_and_opened_by_verbs(slurm: Slurm, room: Path) -> None:
    closed = warroom(room, "node-cordon", "gpu04", "--reason", "loose cable", "--yes", "--wait")
    assert closed.code == 0, closed.out + closed.err
    # What was read before the call says nothing of it.
    assert moment(room, "not cordoned") is None
    assert "DRAIN" in slurm.node("gpu04")
    assert "Reason=loose cable" in slurm.node("gpu04")
    opened = warroom(room, "node-uncordon", "gpu04", "--yes", "--wait")
    assert opened.code == 0, opened.out + opened.err
    assert "DRAIN" not in slurm.node("gpu04")


def test_the_room_says_beforehand_that_slurm_cannot_scale_and_lets_jobs_run_on(
    slurm: Slurm, room: Path
) -> None:
    job = slurm.submit(SLEEP, "-J", "train", "-w", "gpu08")
    wait_workload(room, job, "running")
    plan = warroom(room, "node-drain", "gpu08")
    assert "nothing was done" in plan.err
    assert "goes on until it ends by itself" in plan.out
    refused = warroom(room, "workload-scale", job, "3", "--yes")
    assert refused.code != 0
    assert "submit it again with another number" in refused.err + refused.out
    assert "DRAIN" not in slurm.node("gpu08")
