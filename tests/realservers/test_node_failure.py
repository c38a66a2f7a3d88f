"""A node of a real Slurm loses its power with jobs on it: found, taken out, its jobs run elsewhere, with times."""

import asyncio
import re
import time
from pathlib import Path

import pytest

from tests.driver.program import warroom
from tests.realservers.asking import wait_for, wait_said, wait_workload, when
from tests.realservers.cluster import NAME, Cluster
from tests.realservers.slurm import Slurm
from warroom.host.client import connected
from warroom.model.requests import Cordon, Drain, Submit
from warroom.model.response import Finding

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timeout(240)]

WORKS = "while :; do echo step $((n += 1)) on $SLURMD_NODENAME; sleep 1; done"
ON_TIME_S = 60.0
"""Within that time of the kill the node is found: Slurm waits before it gives one up, triage for a hiccup to pass."""
SEEN_S = 45.0
"""Within that time of its call the effect of an action is seen."""


def node_of(slurm: Slurm, job: str) -> str:
    """Where a job runs."""
    return slurm.run("squeue", "-h", "-j", job, "-t", "R", "-o", "%N")


def submit_on_one_node(slurm: Slurm, room: Path) -> tuple[str, str, str]:
    """A training that Slurm starts again by itself and a service that it does not, and the node of both."""
    train = slurm.submit(WORKS, "-J", "train", "--gres=gpu:2", "--requeue")
    serve = slurm.submit(WORKS, "-J", "serve", "--gres=gpu:1", "--no-requeue", "--comment", "critical=true")
    for job in (train, serve):
        wait_workload(room, job, "running")
    assert node_of(slurm, train) == node_of(slurm, serve)
    return train, serve, node_of(slurm, train)


def verdict(room: Path, *words: str) -> str:
    """What an acting verb says in the end; its effect was seen."""
    done = warroom(room, *words, "--yes", "--wait")
    assert done.code == 0, done.out + done.err
    assert "effect seen" in done.out
    return done.out


def standing(room: Path, key: str) -> Finding:
    """A finding as a client of the room has it."""

    async def look() -> Finding:
        async with connected(room / "rooms" / NAME / "socket", program="test", version="0") as client:
            return client.state.findings.standing[key].finding

    return asyncio.run(look())


def seconds_said(verdict: str) -> float:
    """How long after the call the effect was seen, as the verdict tells it."""
    found = re.search(r"at \d\d:\d\d:\d\dZ, (\d+) s after the call", verdict)
    assert found is not None, verdict
    return float(found[1])


def follow_the_runbook(room: Path, node: str) -> tuple[str, str]:
    """The runbook of the finding, started on what it names; what its two acting steps say in the end."""
    started = warroom(room, "runbook", "start", "node-failure", "--finding", "node-failure")
    assert started.code == 0, started.err
    assert node in warroom(room, "runbook", "show", "R1").out
    steps = (("do", "R1"), ("answer", "R1", "they say nothing"), ("answer", "R1", "all of it may move"))
    for words in steps:
        ran = warroom(room, "runbook", *words)
        assert ran.code == 0, ran.out + ran.err
    return verdict(room, "runbook", "do", "R1"), verdict(room, "runbook", "do", "R1")


def test_a_node_that_lost_its_power_is_found_taken_out_and_its_jobs_run_elsewhere(
    cluster: Cluster, room: Path
) -> None:
    slurm = cluster.slurm
    train, serve, node = submit_on_one_node(slurm, room)
    killed = time.time()
    slurm.kill(node)
    cluster.prometheus.break_({node: {"down": True}})

    raised = wait_said(room, f"finding: Node failed: {node} down")
    found_s = when(raised["observed_time"]) - killed
    assert found_s < ON_TIME_S
    kept = standing(room, "node-failure")
    facts = " | ".join(fact.text for fact in kept.facts)
    assert f"{node} is reported offline: Not responding" in facts
    assert f"serve ({serve}) ended with its node: NodeDown" in facts
    assert all(fact.time for fact in kept.facts)
    assert kept.targets.nodes == (node,)
    assert kept.targets.workloads == (serve,), "Slurm starts the training again by itself"
    assert [type(p.request) for p in kept.proposals] == [Cordon, Drain, Submit]

    assert warroom(room, "incident", "declare", f"{node} is gone", "--severity", "3").code == 0
    closed, emptied = follow_the_runbook(room, node)
    again = verdict(room, "workload-submit", "serve", "--like", serve)
    assert f"nothing runs on {node}" in emptied
    seen_s = [seconds_said(said) for said in (closed, emptied, again)]
    assert max(seen_s) < SEEN_S
    print(f"found {found_s:.0f} s after the kill; closed, emptied, run again: {seen_s} s after each call")
    assert "DRAIN" in slurm.node(node)
    wait_said(room, "R1", "effect seen: ", "p99")

    (fresh,) = slurm.run("squeue", "-h", "-n", "serve", "-t", "R", "-o", "%i").split()
    wait_for(lambda: node_of(slurm, train), what="Slurm starts the training again")
    wait_workload(room, train, "running")
    assert node not in (node_of(slurm, train), node_of(slurm, fresh))
    over = f"{node} is out of service and empty"
    assert over in wait_said(room, f"finding over: Node failed: {node} down")["text"]
    wait_said(room, "finding over: Users feel it")
    check_post_mortem(room, node)


def check_post_mortem(room: Path, node: str) -> None:
    """It says what was done, whether it worked and when."""
    assert warroom(room, "incident", "resolve", "runs elsewhere").code == 0
    assert warroom(room, "stop", "--force").code == 0
    (recording,) = (room / "incidents").glob("*.db")
    text = warroom(room, "export", recording.stem).out
    actions = text.split("## Mitigation Actions")[1]
    for action in (f"cordon {node}", f"drain {node}", "submit serve"):
        line = next(row for row in actions.split("\n") if action in row)
        assert "VERDICT effect seen" in line
        assert re.search(r"at \d\d:\d\d:\d\dZ", line), line
    assert warroom(room, "verify", recording.stem).code == 0
