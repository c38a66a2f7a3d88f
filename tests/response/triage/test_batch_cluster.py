"""An ordinary batch cluster: jobs wait, fail and end by themselves, and none of that is a finding."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tests.response.rooms import alert, names, node, workload
from tests.response.triage.asking import WATCHED, found, measured, said
from tests.views.any_state import Tape, room
from warroom.events.alerts import AlertsChanged
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.model.nouns import NodeState, Workload, WorkloadId, WorkloadState
from warroom.model.requests import Submit
from warroom.model.text import Safe

T0 = datetime(2026, 11, 25, 8, tzinfo=UTC)
PENDING, FAILED, RUNNING = WorkloadState.PENDING, WorkloadState.FAILED, WorkloadState.RUNNING


def batch_cluster() -> Tape:
    """Sixteen full nodes, one of them closed by its owner, with a queue of jobs as Slurm lists it."""
    nodes = [node(f"c{n}", gpus_used=4, pool="main") for n in range(16)]
    closed = node("c3", cordoned=True, gpus_used=2, pool="main", reason=Safe("new memory on Monday"))
    jobs = [
        workload(str(100 + n), RUNNING, ready=1, priority=Safe("4294"), nodes=names(f"c{n}"))
        for n in range(16)
    ]
    waiting = [
        workload(
            str(200 + n), PENDING, reason=Safe("Resources" if n == 0 else "Priority"), priority=Safe("4290")
        )
        for n in range(5)
    ]
    old = [workload(str(90 + n), FAILED, reason=Safe("NonZeroExitCode")) for n in range(3)]
    return room(
        WATCHED,
        NodesChanged(tuple(nodes)),
        WorkloadsChanged((*jobs, *waiting, *old)),
        AlertsChanged(()),
        NodesChanged((closed,)),
    )


def test_a_full_cluster_with_a_queue_and_failed_jobs_in_its_list_has_no_finding() -> None:
    assert found(batch_cluster(), after_s=600) == {}


def test_a_job_that_fails_and_one_that_is_cancelled_are_no_findings() -> None:
    tape = batch_cluster()
    ended = (workload("101", FAILED, reason=Safe("NonZeroExitCode")), workload("102", WorkloadState.STOPPED))
    tape.add(WorkloadsChanged(ended), source="sample")
    assert found(tape, after_s=20) == {}
    assert found(tape, after_s=600) == {}


def test_figures_within_their_limits_and_a_silenced_hint_are_no_findings() -> None:
    tape = measured(batch_cluster(), "error_rate", *[0.01, 0.02] * 10)
    tape.add(AlertsChanged((alert("f", "LicenceExpires", "warning", silenced_by=("s1",)),)), source="sample")
    assert found(tape, after_s=40) == {}


def test_a_node_that_comes_back_from_its_maintenance_and_answers_only_some_seconds_later_is_no_finding() -> (
    None
):
    tape = batch_cluster()
    tape.add(NodesChanged((node("c9", cordoned=True, pool="main"),)), source="sample")
    tape.ms += 20_000
    tape.add(NodesChanged((node("c9", NodeState.NOT_READY, pool="main"),)), source="sample")
    assert found(tape, after_s=4) == {}
    assert "recent-change" in found(tape, after_s=12)


def test_a_line_that_only_mentions_memory_disks_and_errors_is_no_finding() -> None:
    tape = batch_cluster()
    for line in (
        "memory: 80 GB free",
        "disk /scratch 71 % full",
        "0 errors, 12 warnings",
        "loading Xid table",
    ):
        tape.add(said(line, node="c1"), source="sample")
    assert found(tape, after_s=5) == {}


def test_a_node_that_dies_with_a_job_on_it_is_found_without_any_heartbeat_in_the_log() -> None:
    tape = batch_cluster()
    lost = node("c5", NodeState.NOT_READY, pool="main", native=Safe("IDLE+NOT_RESPONDING"))
    job = workload("105", WorkloadState.DEGRADED, nodes=names("c5"), reason=Safe("no answer from c5"))
    tape.add(NodesChanged((lost,)), source="sample")
    tape.add(WorkloadsChanged((job,)), source="sample")
    assert "node-failure" not in found(tape, after_s=2)
    finding = found(tape, after_s=12)["node-failure"]
    assert finding.targets.nodes == ("c5",)
    assert finding.targets.workloads == ("105",)


def lost_service() -> Tape:
    """A node dies, and with it a service that its cluster does not start again."""
    tape = batch_cluster()
    service: dict[str, Any] = {
        "owner": Safe("kim"),
        "labels": {"critical": "true"},
        "nodes": names("c5"),
        "submitted": T0,
    }
    running = workload("400", RUNNING, ready=1, **service)
    tape.add(WorkloadsChanged((running,)), source="sample")
    tape.add(NodesChanged((node("c5", NodeState.OFFLINE, pool="main"),)), source="sample")
    gone = workload("400", FAILED, reason=Safe("NodeDown"), **service)
    tape.add(WorkloadsChanged((workload("105", PENDING), gone)), source="sample")
    return tape


def test_what_ended_with_its_node_is_named_and_may_be_run_again_elsewhere() -> None:
    finding = found(lost_service(), after_s=12)["node-failure"]
    assert finding.targets.workloads == ("400",)
    assert any("400 (400) ended with its node: NodeDown" in f.text for f in finding.facts)
    again = [p.request for p in finding.proposals if isinstance(p.request, Submit)]
    assert [(r.name, r.like) for r in again] == [("400", "400")]


def test_what_failed_long_before_its_node_went_did_not_end_with_it() -> None:
    tape = batch_cluster()
    tape.add(WorkloadsChanged((workload("105", FAILED, nodes=names("c5")),)), source="sample")
    tape.ms += 60_000
    tape.add(NodesChanged((node("c5", NodeState.OFFLINE, pool="main"),)), source="sample")
    finding = found(tape, after_s=12)["node-failure"]
    assert finding.targets.workloads == ()
    assert not any("ended with its node" in f.text for f in finding.facts)


def test_a_dead_node_that_is_closed_is_out_of_service_though_jobs_that_died_on_it_are_still_listed() -> None:
    tape = lost_service()
    assert "node-failure" in found(tape, after_s=12)
    closed = node("c5", NodeState.OFFLINE, cordoned=True, pool="main")
    tape.add(NodesChanged((closed,)), source="sample")
    assert "node-failure" not in found(tape, after_s=12)


def test_a_service_that_was_submitted_again_and_runs_is_no_longer_missed() -> None:
    tape = lost_service()
    assert "user-impact" in found(tape, after_s=20)
    again = {"name": Safe("400"), "owner": Safe("kim"), "labels": {"critical": "true"}}
    later = Workload(
        WorkloadId("401"),
        state=RUNNING,
        ready=1,
        nodes=names("c6"),
        submitted=T0 + timedelta(minutes=1),
        **again,
    )
    tape.add(WorkloadsChanged((later,)), source="sample")
    assert "user-impact" not in found(tape, after_s=20)
    waits = msgspec.structs.replace(later, state=PENDING, ready=0)
    tape.add(WorkloadsChanged((waits,)), source="sample")
    assert "user-impact" in found(tape, after_s=20)


def test_a_node_that_swallows_one_job_after_the_other_is_suspected() -> None:
    tape = batch_cluster()
    for number in range(3):
        name = str(300 + number)
        tape.add(WorkloadsChanged((workload(name, RUNNING, ready=1, nodes=names("c7")),)), source="sample")
        tape.add(WorkloadsChanged((workload(name, FAILED, nodes=names("c7")),)), source="sample")
        assert ("node-failure" in found(tape)) is (number == 2)
    finding = found(tape)["node-failure"]
    assert finding.title == "Node failed: everything on c7 fails"
    assert finding.targets.nodes == ("c7",)


def test_an_array_of_one_owner_that_fails_on_one_node_does_not_speak_against_the_node() -> None:
    tape = batch_cluster()
    for number in range(5):
        job = workload(str(300 + number), RUNNING, ready=1, nodes=names("c7"), owner=Safe("kim"))
        failed = workload(str(300 + number), FAILED, nodes=names("c7"), owner=Safe("kim"))
        tape.add(WorkloadsChanged((job,)), source="sample")
        tape.add(WorkloadsChanged((failed,)), source="sample")
    assert found(tape) == {}
