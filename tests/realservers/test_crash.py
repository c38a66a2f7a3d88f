"""The host is killed in the middle of an action on a real Slurm; the next one reads the cluster and says what is."""

import os
import signal
from pathlib import Path

import pytest

from tests.driver.program import warroom
from tests.realservers.asking import host_pid, told, wait_for, wait_said, wait_workload
from tests.realservers.cluster import NAME
from tests.realservers.slurm import Slurm

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timeout(120)]


def kill_host(home: Path, pid: int | None = None) -> None:
    """The room's process dies at once."""
    os.kill(pid or host_pid(home), signal.SIGKILL)
    wait_for(lambda: warroom(home, "cluster-status").code == 1, what="the room is gone")


def open_again(home: Path) -> None:
    """The next start, by the same command."""
    opened = warroom(home, "open", NAME, "--headless")
    assert opened.code == 0, opened.err
    wait_said(home, "room reopened after a crash")


def check_record(home: Path) -> None:
    """There is one record, and it verifies."""
    assert warroom(home, "stop", "--force").code == 0
    (recording,) = (home / "incidents").glob("*.db")
    checked = warroom(home, "verify", str(recording))
    assert checked.code == 0, checked.out
    assert "the record verifies" in checked.out


@pytest.mark.parametrize("ends_meanwhile", [True, False])
def test_a_drain_that_waited_for_a_job_is_judged_by_what_slurm_shows_at_the_next_start(
    slurm: Slurm, room: Path, *, ends_meanwhile: bool
) -> None:
    job = slurm.submit("exec sleep 600", "-J", "train", "-w", "gpu05")
    wait_workload(room, job, "running")
    assert warroom(room, "incident", "declare", "a bad switch", "--severity", "3").code == 0
    assert warroom(room, "node-drain", "gpu05", "--reason", "bad switch", "--yes").code == 0
    wait_said(room, "A1", "1 instance still there")
    kill_host(room)
    if ends_meanwhile:
        slurm.run("scancel", job)
        wait_for(lambda: slurm.job_state(job) == "CANCELLED", what="the job ended while nobody looked")
    open_again(room)
    found = wait_said(room, "A1 reconciled")["text"]
    assert "gpu05 closed to new work; 1 instance still there" in found or ends_meanwhile
    assert ("it happened" in found) is ends_meanwhile, found
    if not ends_meanwhile:
        slurm.run("scancel", job)
    wait_said(room, "A1 drain gpu05", "effect seen", "left gpu05")
    assert told(room, "incident", "show")["title"] == "a bad switch"
    assert "Reason=bad switch" in slurm.node("gpu05")
    check_record(room)


def test_a_call_that_was_cut_off_is_not_sent_again_but_looked_up(slurm: Slurm, room: Path) -> None:
    controller, host = slurm.daemons.pid("slurmctld"), host_pid(room)
    os.kill(controller, signal.SIGSTOP)
    try:
        assert warroom(room, "node-cordon", "gpu12", "--reason", "bad fan", "--yes").code == 0
        wait_said(room, "A1 started")
        # At once: slurmrestd gives the call up by itself after some seconds.
        kill_host(room, host)
    finally:
        os.kill(controller, signal.SIGCONT)
    open_again(room)
    wait_said(room, "A1 outcome unknown: the host stopped while the call was under way")
    found = wait_said(room, "A1 reconciled")["text"]
    assert ("it happened" in found) == ("DRAIN" in slurm.node("gpu12")), found
    check_record(room)
