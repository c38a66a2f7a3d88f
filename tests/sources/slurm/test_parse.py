"""What slurmrestd lists, as nodes, workloads and instances."""

from datetime import UTC, datetime
from typing import Any

import pytest

from warroom.errors import Unreadable
from warroom.model.nouns import Node, NodeName, NodeState, Workload, WorkloadId, WorkloadState
from warroom.sources.slurm.parse_jobs import STATES, Job, parse_jobs, selector_of, with_nodes
from warroom.sources.slurm.parse_nodes import parse_nodes
from warroom.testing.fake_slurm import NOW, job_38, job_40, node_38, node_40

OLDEST = datetime.fromtimestamp(NOW - 3600, UTC)


def node_of(raw: dict[str, Any]) -> Node:
    (node,) = parse_nodes({"nodes": [raw]}).values()
    return node


def job_of(**fields: Any) -> Job:
    (job,) = parse_jobs({"jobs": [job_38(7, **fields)]}, oldest=OLDEST, names={}).values()
    return job


def workload_of(**fields: Any) -> Workload:
    return job_of(**fields).workload


# What is seen | state, flags | as a node: ready, closed, in Slurm's words
STATES_SEEN = [
    ("idle", [], NodeState.READY, False, "idle"),
    ("mixed", [], NodeState.READY, False, "mixed"),
    ("allocated", [], NodeState.READY, False, "allocated"),
    ("mixed", ["DRAIN"], NodeState.READY, True, "mixed+DRAIN"),
    ("allocated", ["DRAIN"], NodeState.READY, True, "allocated+DRAIN"),
    ("idle", ["DRAIN"], NodeState.READY, True, "idle+DRAIN"),
    ("idle", ["NOT_RESPONDING"], NodeState.NOT_READY, False, "idle+NOT_RESPONDING"),
    ("mixed", ["NOT_RESPONDING"], NodeState.NOT_READY, False, "mixed+NOT_RESPONDING"),
    ("mixed", ["DRAIN", "NOT_RESPONDING"], NodeState.NOT_READY, True, "mixed+DRAIN+NOT_RESPONDING"),
    ("down", ["NOT_RESPONDING"], NodeState.OFFLINE, False, "down+NOT_RESPONDING"),
    ("down", [], NodeState.OFFLINE, False, "down"),
    ("down", ["DRAIN"], NodeState.OFFLINE, True, "down+DRAIN"),
    ("idle", ["FAIL"], NodeState.READY, True, "idle+FAIL"),
    ("unknown", [], NodeState.UNKNOWN, False, "unknown"),
    ("future", [], NodeState.UNKNOWN, False, "future"),
    ("idle", ["POWERED_DOWN"], NodeState.OFFLINE, False, "idle+POWERED_DOWN"),
    ("idle", ["INVALID_REG", "DRAIN"], NodeState.NOT_READY, True, "idle+DRAIN+INVALID_REG"),
    ("idle", ["MAINTENANCE", "RESERVED"], NodeState.READY, False, "idle+MAINTENANCE+RESERVED"),
]


@pytest.mark.parametrize("shape", [lambda raw: raw, node_40], ids=["0.0.38", "0.0.40"])
@pytest.mark.parametrize(("state", "flags", "health", "closed", "native"), STATES_SEEN)
def test_a_node_is_as_ready_and_as_closed_as_slurm_says(
    shape: Any, state: str, flags: list[str], health: NodeState, closed: bool, native: str
) -> None:
    node = node_of(shape(node_38("gpu01", state=state, state_flags=flags)))
    assert (node.state, node.cordoned, node.native) == (health, closed, native)


def test_a_node_has_its_hardware_its_rack_and_its_reason() -> None:
    raw = node_38(
        "gpu01",
        reason="Xid 79: GPU has fallen off the bus",
        features="ib,rack_2,a100",
        partitions=["gpu", "debug"],
        gres="gpu:a100:4(S:0-1),nic:2",
        gres_used="gpu:a100:3(IDX:0-2),nic:0",
        alloc_cpus=3,
    )
    node = node_of(raw)
    assert (node.gpu_model, node.gpus, node.gpus_used, node.cpus, node.cpus_used) == ("a100", 4, 3, 8, 3)
    assert (node.rack, node.pool) == ("rack_2", "gpu")
    assert node.labels == {"ib": "true", "a100": "true", "partitions": "gpu,debug"}
    assert node.reason == "Xid 79: GPU has fallen off the bus"
    assert node_of(node_40(raw)) == node


def test_what_a_node_does_not_have_is_unknown_and_never_zero() -> None:
    node = node_of({"name": "bare", "state": "idle"})
    assert (node.gpus, node.gpus_used, node.cpus, node.cpus_used) == (None, None, None, None)


JOB_STATES = [
    ("PENDING", WorkloadState.PENDING),
    ("RUNNING", WorkloadState.RUNNING),
    ("SUSPENDED", WorkloadState.DEGRADED),
    ("COMPLETED", WorkloadState.COMPLETED),
    ("FAILED", WorkloadState.FAILED),
    ("CANCELLED", WorkloadState.STOPPED),
    ("TIMEOUT", WorkloadState.FAILED),
    ("NODE_FAIL", WorkloadState.FAILED),
    ("OUT_OF_MEMORY", WorkloadState.FAILED),
    ("PREEMPTED", WorkloadState.STOPPED),
    ("NEVER_HEARD_OF", WorkloadState.UNKNOWN),
]


@pytest.mark.parametrize("shape", [lambda raw: raw, job_40], ids=["0.0.38", "0.0.40"])
@pytest.mark.parametrize(("word", "state"), JOB_STATES)
def test_a_job_is_in_the_state_slurm_says(shape: Any, word: str, state: WorkloadState) -> None:
    raw = shape(job_38(7, job_state=word, end_time=NOW))
    (job,) = parse_jobs({"jobs": [raw]}, oldest=OLDEST, names={}).values()
    assert (job.workload.state, job.workload.native) == (state, word)


def test_a_cancelled_job_that_is_still_completing_holds_its_nodes() -> None:
    (job,) = parse_jobs(
        {"jobs": [{**job_40(job_38(7)), "job_state": ["CANCELLED", "COMPLETING"]}]}, oldest=OLDEST, names={}
    ).values()
    assert job.workload.state is WorkloadState.RUNNING
    assert job.holds_nodes
    _, (instance,) = with_nodes(job, {})
    assert (instance.ready, instance.reason) == (False, "ending")


def test_every_state_of_slurm_has_a_meaning() -> None:
    assert set(STATES.values()) == set(WorkloadState) - {WorkloadState.UNKNOWN}


@pytest.mark.parametrize(
    ("status", "said"), [(1792, "exit 7"), (15, "signal 15"), (9, "signal 9"), (256, "exit 1"), (0, "")]
)
def test_how_a_job_ended_is_told_from_its_wait_status(status: int, said: str) -> None:
    ended = {"job_state": "FAILED", "exit_code": status, "state_reason": "NonZeroExitCode", "end_time": NOW}
    expected = f"NonZeroExitCode, {said}" if said else "NonZeroExitCode"
    assert workload_of(**ended).reason == expected
    newer = job_40(job_38(7, **ended))
    (job,) = parse_jobs({"jobs": [newer]}, oldest=OLDEST, names={}).values()
    assert job.workload.reason == expected


def test_a_job_that_is_ending_is_not_scaled_down_as_its_nodes_get_done() -> None:
    ending = {"nodes": "gpu[03-04]", "node_count": 2, "tres_req_str": "cpu=4,mem=250G,node=4,billing=4"}
    assert workload_of(job_state="COMPLETING", **ending).desired == 4
    assert workload_of(job_state="RUNNING", **ending).desired == 2, "of a range that was asked for"
    assert workload_of(job_state="COMPLETING", nodes="gpu03", node_count=1).desired == 1


def test_a_requeued_job_that_waits_is_on_none_of_the_nodes_it_had() -> None:
    assert workload_of(job_state="PENDING", nodes="gpu[03-04]").nodes == ()
    assert workload_of(job_state="CONFIGURING", nodes="gpu03").nodes == ("gpu03",)


def test_a_reason_that_its_description_begins_with_is_said_once() -> None:
    said = "ReqNodeNotAvail, UnavailableNodes:gpu03"
    waits = workload_of(job_state="PENDING", state_reason="ReqNodeNotAvail", state_description=said)
    assert waits.reason == said


@pytest.mark.parametrize("reason", ["Resources", "Priority", "JobHeldUser", "Dependency", "BeginTime"])
def test_why_a_job_waits_is_told(reason: str) -> None:
    assert workload_of(job_state="PENDING", nodes="", state_reason=reason).reason == reason


def test_times_without_meaning_are_none() -> None:
    running = job_of()
    assert running.ended is None, "the end of a running job without a limit lies a year ahead"
    assert running.time_limit_min is None
    assert job_of(time_limit=90).time_limit_min == 90
    assert job_of(time_limit=None).time_limit_min is None
    assert workload_of(submit_time=0, start_time=0).submitted is None


def test_jobs_that_ended_long_ago_are_left_out() -> None:
    long_ago, lately = (
        job_38(1, job_state="COMPLETED", end_time=NOW - 7200),
        job_38(2, job_state="FAILED", end_time=NOW - 60),
    )
    found = parse_jobs({"jobs": [long_ago, lately, job_38(3)]}, oldest=OLDEST, names={})
    assert list(found) == ["2", "3"]


def test_the_nodes_of_a_job_are_a_hostlist() -> None:
    workload = workload_of(nodes="gpu[01-03,07],login1", node_count=5)
    assert workload.nodes == ("gpu01", "gpu02", "gpu03", "gpu07", "login1")
    assert workload.desired == 5


def test_a_hostlist_that_cannot_be_read_is_no_job_without_nodes() -> None:
    with pytest.raises(Unreadable, match="nodes"):
        workload_of(nodes="gpu[01-")


def test_of_a_silent_node_it_is_unknown_whether_the_job_runs() -> None:
    job = job_of(nodes="gpu[01-02]", node_count=2)
    nodes = {
        NodeName("gpu01"): Node(NodeName("gpu01"), NodeState.READY),
        NodeName("gpu02"): Node(NodeName("gpu02"), NodeState.NOT_READY),
    }
    workload, instances = with_nodes(job, nodes)
    assert (workload.state, workload.ready, workload.desired) == (WorkloadState.DEGRADED, 1, 2)
    assert workload.reason == "no answer from gpu02"
    assert [(i.id, i.state, i.ready) for i in instances] == [
        ("7.0", WorkloadState.RUNNING, True),
        ("7.1", WorkloadState.UNKNOWN, False),
    ]


def test_labels_come_from_the_comment_and_where_it_runs_from_slurm() -> None:
    comment = "critical=true team=serving partition=debug not-a-label [warroom:r1-9-act2]"
    job = job_of(comment=comment, partition="gpu", account="ml", array_job_id=40, array_task_id=3)
    assert job.workload.labels == {
        "critical": "true",
        "team": "serving",
        "partition": "gpu",
        "account": "ml",
        "array": "40_3",
        "warroom": "r1-9-act2",
    }
    assert job.workload.critical
    assert job.comment == "critical=true team=serving partition=debug not-a-label"
    assert job.operation == "r1-9-act2"


@pytest.mark.parametrize(
    ("features", "selector"),
    [
        ("", {}),
        ("rack2", {"rack": "rack2"}),
        ("rack2&ib", {"rack": "rack2", "ib": "true"}),
        ("rack2,ib", {"rack": "rack2", "ib": "true"}),
        ("[rack1|rack2]", {"constraint": "[rack1|rack2]"}),
        ("ib*4", {"constraint": "ib*4"}),
    ],
)
def test_required_features_are_where_it_may_run(features: str, selector: dict[str, str]) -> None:
    assert selector_of(features) == selector


def test_gpus_are_read_from_what_was_asked_for_or_from_what_was_given() -> None:
    assert workload_of(tres_per_node="gres:gpu:2").gpus == 2
    assert workload_of(tres_per_node="gres/gpu:a100:4").gpus == 4
    assert workload_of(gres_detail=["gpu:a100:3(IDX:0-2)"]).gpus == 3
    assert workload_of().gpus is None


def test_a_missing_number_is_named() -> None:
    with pytest.raises(Unreadable, match="job_id"):
        parse_jobs({"jobs": [{"name": "x"}]}, oldest=OLDEST, names={})


def test_the_same_job_reads_the_same_in_both_shapes() -> None:
    raw = job_38(7, nodes="gpu[01-02]", node_count=2, tres_per_node="gres:gpu:2", cpus_per_task=4)
    older = parse_jobs({"jobs": [raw]}, oldest=OLDEST, names={})[WorkloadId("7")]
    newer = parse_jobs({"jobs": [job_40(raw)]}, oldest=OLDEST, names={})[WorkloadId("7")]
    assert older.workload == newer.workload
    assert (older.tasks, older.cpus_per_task, older.time_limit_min) == (
        newer.tasks,
        newer.cpus_per_task,
        newer.time_limit_min,
    )
