"""Cancelling and submitting jobs, also when the answer is lost on the way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.sources.slurm.programs import Programs
from tests.sources.watched import outcome_of, watched
from warroom.model.nouns import WorkloadId
from warroom.model.requests import ActionKind, Stop, Submit
from warroom.sources.settings import SlurmSettings
from warroom.testing.fake_slurm import FakeSlurm, job_38
from warroom.testing.watcher import Watcher
from warroom.testing.wire import Fault, Reply, Request

SEVEN = WorkloadId("7")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return Programs(tmp_path)


@asynccontextmanager
async def cluster(wire: FakeSlurm, programs: Programs | None = None) -> AsyncIterator[Watcher]:
    conf = str(programs.conf) if programs else ""
    settings = SlurmSettings(url="", user="ops", conf=conf, deadline_s=0.5)
    async with watched(wire, settings) as seen:
        await seen.synced()
        yield seen


class Misbehaving(FakeSlurm):
    """Well for every call but those to one kind of place."""

    def __init__(self, method: str, what: str, fault: Fault) -> None:
        super().__init__()
        self.wrong = (method, what, fault)
        self.spoiled = False

    def fault_of(self, request: Request) -> Fault:
        method, what, fault = self.wrong
        return fault if request.method == method and what in request.path and self.spoiled else self.fault


async def test_a_job_is_cancelled_over_rest() -> None:
    wire = FakeSlurm()
    wire.jobs[8] = job_38(8, job_state="PENDING", nodes="")
    async with cluster(wire) as seen:
        done = await outcome_of(seen, Stop((SEVEN, WorkloadId("8"))))
        assert (done.status, done.detail) == ("succeeded", "2 of 2 cancelled")
        assert wire.done == ["cancel 7", "cancel 8"]
        await seen.until(lambda: seen.state.cluster.workloads[SEVEN].state == "stopped", what="stopped")


async def test_force_kills_the_batch_script_at_once_and_then_cancels(programs: Programs) -> None:
    wire = FakeSlurm()
    async with cluster(wire, programs) as seen:
        done = await outcome_of(seen, Stop((SEVEN,), force=True))
        assert done.detail == "1 of 1 cancelled by force"
    assert programs.calls == [["scancel", "--signal=KILL", "--batch", "7"]]
    assert [r.params for r in wire.requests if r.method == "DELETE"] == [{"signal": "KILL"}]


async def test_force_on_a_job_that_waits_only_cancels_it(programs: Programs) -> None:
    wire = FakeSlurm()
    wire.jobs[7].update(job_state="PENDING", nodes="")
    async with cluster(wire, programs) as seen:
        assert (await outcome_of(seen, Stop((SEVEN,), force=True))).status == "succeeded"
    assert programs.calls == []


@pytest.mark.parametrize("identity", ["nope", "7;id", "-1", "٧"])
async def test_only_numbers_of_listed_jobs_are_cancelled(identity: str) -> None:
    wire = FakeSlurm()
    async with cluster(wire) as seen:
        refused = await outcome_of(seen, Stop((WorkloadId(identity),)))
        assert refused.status == "failed"
        assert "not a job number" in refused.detail or "not in the list" in refused.detail
        assert wire.done == []


async def test_a_number_that_is_another_job_by_now_is_left_alone() -> None:
    wire = FakeSlurm()
    async with cluster(wire) as seen:
        wire.jobs[7] = job_38(7, name="somebody-elses", user_name="mallory")
        refused = await outcome_of(seen, Stop((SEVEN,)))
        assert refused.detail == "0 of 1 cancelled; 7: this number is another job by now"
        assert wire.done == []


async def test_a_job_that_just_ended_by_itself_is_no_failure() -> None:
    wire = FakeSlurm()
    async with cluster(wire) as seen:
        wire.errors = [{"error": "Job/step already completing or completed", "error_number": 2021}]
        assert (await outcome_of(seen, Stop((SEVEN,)))).status == "succeeded"


async def test_a_cancellation_whose_answer_is_lost_is_unknown() -> None:
    wire = Misbehaving("DELETE", "/job/", Fault.DROPS_ANSWER)
    async with cluster(wire) as seen:
        wire.spoiled = True
        assert (await outcome_of(seen, Stop((SEVEN,)))).status == "unknown"
        assert wire.done == ["cancel 7"]


async def test_a_check_before_the_call_that_fails_means_that_nothing_was_done() -> None:
    """It was called unknown, though only a question had been sent."""
    wire = Misbehaving("GET", "/job/", Fault.SILENT)
    async with cluster(wire) as seen:
        wire.spoiled = True
        failed = await outcome_of(seen, Stop((SEVEN,)))
        assert failed.status == "failed"
        assert "nothing was sent: no answer within 0.5 s" in failed.detail
        assert wire.done == []


async def test_a_new_job_has_a_script_a_path_and_the_operation_in_its_comment() -> None:
    wire = FakeSlurm()
    async with cluster(wire) as seen:
        request = Submit("api", command="serve --port 80", replicas=2, gpus=4, labels={"critical": "true"})
        done = await outcome_of(seen, request)
        assert (done.status, done.detail, done.created) == ("succeeded", "job 8", ("8",))
        (body,) = wire.submitted
        assert body["script"] == "#!/bin/sh\nserve --port 80\n"
        assert body["job"] == {
            "name": "api",
            "nodes": 2,
            "tasks": 2,
            "gres": "gpu:4",
            "comment": "critical=true [warroom:r-1-act1]",
            "current_working_directory": "/tmp",
            "environment": {"PATH": "/usr/local/bin:/usr/bin:/bin"},
        }
        await seen.until(lambda: WorkloadId("8") in seen.state.cluster.workloads, what="the job")
        assert seen.state.cluster.workloads[WorkloadId("8")].labels["warroom"] == "r-1-act1"


async def test_a_copy_takes_the_script_and_what_was_not_given_from_the_job(programs: Programs) -> None:
    programs.says(b"#!/bin/bash\nsrun serve\n")
    wire = FakeSlurm()
    wire.jobs[7].update(
        comment="critical=true team=ml [warroom:old-1-act1]",
        features="rack1",
        partition="gpu",
        tres_per_node="gres:gpu:2",
        time_limit=90,
        standard_output="/srv/%x-%j.log",
        cpus_per_task=3,
    )
    async with cluster(wire, programs) as seen:
        done = await outcome_of(seen, Submit("api", like=SEVEN, selector={"rack": "rack2"}, priority="high"))
        assert done.detail == "job 8, script copied from job 7, owner alice before"
    assert programs.calls == [["scontrol", "write", "batch_script", "7", "-"]]
    (body,) = wire.submitted
    assert body["script"] == "#!/bin/bash\nsrun serve\n"
    job = body["job"]
    assert (job["constraints"], job["partition"], job["gres"]) == ("rack2", "gpu", "gpu:2")
    assert (job["time_limit"], job["cpus_per_task"], job["nice"]) == (90, 3, -1000)
    assert job["standard_output"] == "/srv/%x-%j.log"
    assert job["comment"] == "critical=true team=ml priority=high [warroom:r-1-act1]"


async def test_a_script_that_json_cannot_carry_is_refused_in_words(programs: Programs) -> None:
    """It ended in an exception, and the action was called a bug."""
    programs.says("#!/bin/sh\necho Zürich\n".encode("latin-1"))
    wire = FakeSlurm()
    async with cluster(wire, programs) as seen:
        failed = await outcome_of(seen, Submit("api", like=SEVEN))
        assert failed.status == "failed"
        assert "no UTF-8 text" in failed.detail
        assert wire.done == []


async def test_a_script_that_cannot_be_read_means_that_nothing_was_submitted(programs: Programs) -> None:
    """It was called unknown, though nothing had been submitted."""
    programs.fails("Socket timed out on send/recv operation")
    wire = FakeSlurm()
    async with cluster(wire, programs) as seen:
        failed = await outcome_of(seen, Submit("api", like=SEVEN))
        assert failed.status == "failed"
        assert failed.detail.startswith("nothing was sent")
        assert wire.done == []


async def test_images_are_refused_and_said_so_beforehand() -> None:
    wire = FakeSlurm()
    async with cluster(wire) as seen:
        able = {c.kind: c for c in seen.state.sources.sources["slurm"].capabilities}
        assert "Slurm has no images" in able[ActionKind.SUBMIT].wording
        refused = await outcome_of(seen, Submit("api", image="registry/api:2", command="x"))
        assert (refused.status, refused.detail) == (
            "failed",
            "Slurm has no images: give a command, or copy an existing job",
        )
        assert wire.done == []


async def test_a_submission_whose_answer_is_lost_is_found_by_its_comment() -> None:
    wire = Misbehaving("POST", "/job/submit", Fault.DROPS_ANSWER)
    async with cluster(wire) as seen:
        wire.spoiled = True
        found = await outcome_of(seen, Submit("api", command="x"))
        assert (found.status, found.detail) == ("succeeded", "job 8, found by its comment")
        assert found.created == ("8",)
        assert wire.done == ["submit api"], "nothing is submitted twice"


async def test_a_submission_that_never_arrived_is_unknown_and_says_what_was_looked_for() -> None:
    wire = Misbehaving("POST", "/job/submit", Fault.SILENT)
    async with cluster(wire) as seen:
        wire.spoiled = True
        lost = await outcome_of(seen, Submit("api", command="x"))
        assert lost.status == "unknown"
        assert lost.detail == "no answer within 0.5 s; no job with [warroom:r-1-act1] is listed"


async def test_where_the_list_cannot_be_read_either_nobody_says_that_there_is_no_job() -> None:
    wire = FakeSlurm()
    async with cluster(wire) as seen:
        wire.fault = Fault.DROPS_ANSWER
        lost = await outcome_of(seen, Submit("api", command="x"))
        assert lost.status == "unknown"
        assert "could not be seen either" in lost.detail


class Garbled(FakeSlurm):
    """Submits, and answers with a job number nobody can read."""

    def answer(self, request: Request) -> Reply:
        reply = super().answer(request)
        return Reply(200, b'{"errors":[],"job_id":"eight"}') if "submit" in request.path else reply


async def test_an_answer_that_cannot_be_read_is_looked_up_too() -> None:
    wire = Garbled()
    async with cluster(wire) as seen:
        found = await outcome_of(seen, Submit("api", command="x"))
        assert found.detail == "job 8, found by its comment"


async def test_a_refusal_of_the_controller_failed_and_a_broken_controller_is_unknown() -> None:
    wire = FakeSlurm()
    async with cluster(wire) as seen:
        wire.errors = [{"error": "Requested node configuration is not available", "error_number": 2014}]
        refused = await outcome_of(seen, Submit("api", command="x"))
        assert (refused.status, refused.detail) == (
            "failed",
            "Requested node configuration is not available",
        )
        wire.errors = [{"error": "Unspecified error", "errno": -1}]
        broken = await outcome_of(seen, Submit("api", command="x"))
        assert broken.status == "unknown"
        assert "does not accept the token" in broken.detail
