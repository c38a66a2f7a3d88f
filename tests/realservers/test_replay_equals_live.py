"""What a live screen painted of a real cluster is what its replay paints, at fifty random moments."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.driver.program import warroom
from tests.driver.repainting import differing_frames
from tests.driver.terminal import Terminal
from tests.realservers.asking import wait_for, wait_synced, wait_workload
from tests.realservers.cluster import NAME, Cluster
from tests.realservers.jobs import submit_all
from warroom.ui.paintlog import read_paint_log

pytestmark = [pytest.mark.real, pytest.mark.pty, pytest.mark.slow, pytest.mark.timeout(180)]

FRAMES = 60


async def test_a_replay_paints_what_the_live_screen_painted(
    cluster: Cluster, home: Path, terminal: Callable[..., Terminal]
) -> None:
    cluster.configure(home)
    log = home / "paint.jsonl"
    screen = terminal(120, 40)
    screen.start("open", NAME, WARROOM_PAINT_LOG=str(log))
    screen.wait_for("NODES 16/16")
    wait_synced(home)
    numbers = submit_all(cluster.slurm)
    wait_workload(home, numbers[2], "running")
    cluster.prometheus.break_({"gpu07": {"gpu_temperature": 97}, "*": {"request_latency_p99": 1.5}})
    cluster.slurm.kill("gpu03")
    for words in (
        ("incident", "declare", "a drill", "--severity", "3"),
        ("node-drain", "gpu05", "--reason", "drill", "--yes"),
        ("workload-stop", numbers[2], "--yes"),
        ("alert-silence", "GpuHot", "--comment", "known", "--yes"),
        ("note", "halfway"),
    ):
        done = warroom(home, *words)
        assert done.code == 0, done.err
    screen.wait_for(r"NODES 15/16")
    cluster.slurm.boot("gpu03")
    wait_for(lambda: len(read_paint_log(log)) >= FRAMES, what=f"{FRAMES} frames painted")
    assert warroom(home, "incident", "resolve", "over").code == 0
    screen.wait_for("RESOLVED")
    screen.keys("q")
    screen.wait_for("EXIT 0")
    assert warroom(home, "stop", "--force").code == 0
    recording = next((home / "incidents").glob("*.db"))
    assert await differing_frames(recording, log) == []
