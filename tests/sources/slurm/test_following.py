"""Following the logs of jobs, from their start through restarts to their last line."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from warroom.errors import SourceError
from warroom.events.logs import LogsAppended
from warroom.model.commands import WorkloadLogs
from warroom.model.nouns import LogLevel, WorkloadId
from warroom.sources.slurm import following
from warroom.sources.slurm.following import Following
from warroom.sources.slurm.parse_jobs import parse_jobs
from warroom.testing.fake_slurm import NOW, job_38

SEVEN = WorkloadId("7")


class Cluster:
    """Jobs that write into one folder, and what follows them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.jobs: dict[int, dict[str, Any]] = {}
        self.follows = Following("slurm", lines_a_look=100)

    def run(self, number: int, **fields: Any) -> None:
        raw = {"standard_output": f"{self.folder}/%j.log", "user_id": os.getuid(), **fields}
        self.jobs[number] = job_38(number, **raw)
        self.look()

    def ends(self, number: int) -> None:
        self.jobs[number].update(job_state="COMPLETED", end_time=NOW)
        self.look()

    def look(self) -> None:
        oldest = datetime(2020, 1, 1, tzinfo=UTC)
        self.follows.know(parse_jobs({"jobs": list(self.jobs.values())}, oldest=oldest, names={}), {})

    def say(self, number: int, text: str) -> None:
        with (self.folder / f"{number}.log").open("a") as file:
            file.write(text)

    async def lines(self) -> list[str]:
        return [str(line.text) for event in await self.follows.read() for line in event.lines]


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    made = Cluster(tmp_path)
    made.look()
    return made


async def test_a_job_is_followed_from_its_first_to_its_last_line(cluster: Cluster) -> None:
    cluster.run(7)
    assert await cluster.lines() == []
    assert "not on this machine (yet)" in cluster.follows.unread[SEVEN]
    cluster.say(7, "2026-03-02T14:00:01Z ERROR first\n")
    (event,) = await cluster.follows.read()
    (line,) = event.lines
    assert (line.level, line.node, line.workload) == (LogLevel.ERROR, "gpu01", "7")
    assert line.time == datetime(2026, 3, 2, 14, 0, 1, tzinfo=UTC)
    assert cluster.follows.unread == {}
    cluster.say(7, "last, without an end")
    cluster.ends(7)
    assert await cluster.lines() == ["last, without an end"]
    cluster.say(7, "nobody's\n")
    assert await cluster.lines() == []


async def test_a_requeued_job_goes_on_where_it_was(cluster: Cluster) -> None:
    cluster.run(7)
    cluster.say(7, "one\n")
    assert await cluster.lines() == ["one"]
    cluster.jobs[7].update(job_state="PENDING", nodes="")
    cluster.look()
    await cluster.lines()
    cluster.say(7, "two\n")
    cluster.run(7, restart_cnt=1)
    assert await cluster.lines() == ["two"]


async def test_more_lines_than_are_taken_are_counted(cluster: Cluster) -> None:
    cluster.run(7)
    cluster.say(7, "".join(f"{n}\n" for n in range(250)))
    (event,) = await cluster.follows.read()
    assert (len(event.lines), event.dropped) == (100, 150)
    assert event.lines[-1].text == "249"


async def test_a_job_that_names_a_file_of_somebody_else_shows_nothing(cluster: Cluster) -> None:
    cluster.run(7, standard_output="/etc/passwd", user_id=os.getuid() + 1)
    assert await cluster.follows.read() == []
    assert "does not belong to the job's user" in cluster.follows.unread[SEVEN]
    with pytest.raises(SourceError, match="does not belong"):
        await cluster.follows.last_lines(WorkloadLogs(SEVEN))


class Stuck:
    """A file system that does not answer until it is let go."""

    def __init__(self, read: Callable[..., Any]) -> None:
        self.let_go = threading.Event()
        self.read = read

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.let_go.wait(10)
        return self.read(*args, **kwargs)


async def test_what_a_slow_file_system_brings_late_is_not_lost(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines had been read, and nobody told them."""
    stuck = Stuck(following.read_added)
    monkeypatch.setattr(following, "read_added", stuck)
    cluster.follows = Following("slurm", lines_a_look=100, read_s=0.05)
    cluster.look()
    cluster.run(7)
    cluster.say(7, "late\n")
    assert await cluster.follows.read() == []
    assert "did not answer" in cluster.follows.unread[SEVEN]
    assert await cluster.follows.read() == [], "a second look does not queue behind the first"
    assert "does not answer" in cluster.follows.unread[SEVEN]
    stuck.let_go.set()
    found: list[LogsAppended] = []
    for _ in range(200):
        found += await cluster.follows.read()
        if found:
            break
    assert [line.text for event in found for line in event.lines] == ["late"]


async def test_the_newest_lines_of_one_job_are_answered(cluster: Cluster) -> None:
    cluster.run(7, standard_error=f"{cluster.folder}/7.err")
    cluster.say(7, "INFO a\nERROR b\nINFO c\n")
    found = await cluster.follows.last_lines(WorkloadLogs(SEVEN, tail=2))
    assert [line.text for line in found.lines] == ["ERROR b", "INFO c"], "one file of two is better than none"
    errors = await cluster.follows.last_lines(WorkloadLogs(SEVEN, level="error"))
    assert [line.text for line in errors.lines] == ["ERROR b"]
    assert (await cluster.follows.last_lines(WorkloadLogs(SEVEN, tail=0))).lines == ()


async def test_why_there_are_no_lines_is_said(cluster: Cluster) -> None:
    with pytest.raises(SourceError, match="there is no job 9"):
        await cluster.follows.last_lines(WorkloadLogs(WorkloadId("9")))
    cluster.run(8, job_state="PENDING", nodes="", batch_host="")
    with pytest.raises(SourceError, match="has not started"):
        await cluster.follows.last_lines(WorkloadLogs(WorkloadId("8")))
    cluster.run(7)
    with pytest.raises(SourceError, match="not on this machine"):
        await cluster.follows.last_lines(WorkloadLogs(SEVEN))
