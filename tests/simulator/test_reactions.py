"""The simulated cluster reacts to what people do and to what goes wrong."""

import pytest

from tests.simulator.worlds import command, pass_time, placed_on, shipped_world, small, waited
from warroom.model.nouns import AlertState, Matcher, NodeName, WorkloadId, WorkloadState
from warroom.model.requests import (
    Acknowledge,
    Cordon,
    CreateAlert,
    Drain,
    Request,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
)
from warroom.model.text import Safe
from warroom.simulator.commands import land
from warroom.simulator.showing import history_of, samples_of, workload_of
from warroom.simulator.world import World

N1, N2, N3, N4 = (NodeName(f"n{n}") for n in range(1, 5))
API, BATCH = WorkloadId("api"), WorkloadId("batch")


def fault(at_s: int, kind: str, target: str, value: str = "") -> str:
    return f'[[fault]]\nat_s = {at_s}\nkind = "{kind}"\ntarget = "{target}"\nvalue = "{value}"\n'


def state(world: World, name: str) -> WorkloadState:
    return workload_of(world, name, world.services[name]).state


@pytest.mark.parametrize("seed", [0, 4, 99])
def test_half_an_hour_of_calm_fires_no_alert_and_leaves_nothing_pending(seed: int) -> None:
    """The training job found no node with four free GPUs and stayed pending from the first second."""
    world = shipped_world("calm", seed=seed)
    seen: set[str] = set()
    for _ in range(1800):
        world.step()
        seen |= {alert.name for alert in world.alerting.shown()}
    assert seen == set()
    finished = {name for name in world.services if state(world, name) is WorkloadState.COMPLETED}
    assert finished == {"tokenize"}
    assert {state(world, name) for name in world.services} - {WorkloadState.COMPLETED} == {
        WorkloadState.RUNNING
    }


def test_the_figures_go_on_where_the_history_ends() -> None:
    """The temperature fell from 70 to 40 degrees at the first second of every demo."""
    world = shipped_world("calm")
    last = {s.metric: s.value for s in history_of(world)}
    for sample in samples_of(pass_time(world, 5), world.now()):
        before = last[sample.metric]
        if not sample.labels and sample.value and before:
            assert sample.value == pytest.approx(before, rel=0.05)


def test_drained_work_moves_one_by_one_and_the_service_goes_on() -> None:
    world = shipped_world("calm")
    pass_time(world, 5)
    node = NodeName(placed_on(world, "chat-api")[0])
    command(world, Drain((node,), grace_s=10))
    worst = 0.0
    for _ in range(40):
        world.step()
        worst = max(worst, world.flow.error_rate)
    assert not any(r.node == node for s in world.services.values() for r in s.replicas)
    assert state(world, "chat-api") is WorkloadState.RUNNING
    assert worst < 0.01


def test_drained_work_without_room_is_pending_and_says_why() -> None:
    world = small()
    command(world, Drain((N3, N4), grace_s=1))
    pass_time(world, 5)
    assert state(world, "batch") is WorkloadState.PENDING
    assert world.services["batch"].reason == "0 of 4 nodes: 2 are cordoned, 2 do not match the selector"


def test_one_node_is_spoken_of_as_one() -> None:
    world = small()
    command(world, Cordon((N1,)))
    command(world, Submit("more", gpus=9))
    pass_time(world, 5)
    assert world.services["more"].reason == "0 of 4 nodes: 1 is cordoned, 3 lack free GPUs"


def test_work_stays_on_a_cordoned_node_and_none_comes() -> None:
    world = small()
    before = placed_on(world, "api")
    command(world, Cordon((N1, N2, N3, N4)))
    command(world, Scale(API, 5))
    pass_time(world, 10)
    assert placed_on(world, "api") == before
    command(world, Uncordon((N1, N2)))
    pass_time(world, 10)
    assert len(placed_on(world, "api")) == 5


def test_stopped_low_priority_work_frees_room_for_what_waits() -> None:
    world = small()
    command(world, Submit("urgent", replicas=2, gpus=4, priority="critical", selector={"rack": "rack2"}))
    pass_time(world, 10)
    assert state(world, "urgent") is WorkloadState.DEGRADED
    command(world, Stop((BATCH,)))
    pass_time(world, 20)
    assert state(world, "urgent") is WorkloadState.RUNNING


def test_the_more_important_of_two_waiting_workloads_is_placed() -> None:
    world = small()
    command(world, Cordon((N1, N2, N3, N4)))
    command(world, Submit("later", gpus=2, priority="low"))
    command(world, Submit("sooner", gpus=2, priority="critical"))
    command(world, Stop((API,), force=True))
    pass_time(world, 2)
    command(world, Uncordon((N1,)))
    pass_time(world, 10)
    assert (state(world, "sooner"), state(world, "later")) == (WorkloadState.RUNNING, WorkloadState.PENDING)


def test_too_little_capacity_loses_requests_and_more_replicas_answer_them() -> None:
    world = small()
    command(world, Scale(API, 1))
    pass_time(world, 40)
    assert world.flow.error_rate == pytest.approx(1 - 40 / 90, abs=0.05)
    assert world.flow.p99_s > 5
    assert [a.state for a in world.alerting.shown()] == [AlertState.FIRING]
    command(world, Scale(API, 3))
    pass_time(world, 60)
    assert world.flow.error_rate < 0.01
    assert world.alerting.shown() == []


def test_latency_grows_with_the_load_before_requests_are_lost() -> None:
    latencies = []
    for factor in ("1", "1.2", "1.28"):
        world = pass_time(small(fault(1, "demand", "web", factor)), 60)
        assert world.flow.error_rate < 0.01
        latencies.append(world.flow.p99_s)
    assert latencies == sorted(latencies)
    assert latencies[-1] > 1.5 * latencies[0]


def test_a_bad_image_crash_loops_until_the_previous_one_is_submitted() -> None:
    world = small(fault(5, "bad_deploy", "api", "web:2"))
    pass_time(world, 40)
    assert state(world, "api") is WorkloadState.FAILED
    assert world.services["api"].replicas[0].restarts > 1
    assert world.flow.error_rate > 0.9
    command(world, Stop((API,), force=True))
    command(world, Submit("api-rollback", like=API, image="web:1"))
    pass_time(world, 40)
    assert state(world, "api-rollback") is WorkloadState.RUNNING
    assert world.flow.error_rate < 0.01


def test_a_submit_of_the_bad_image_crashes_as_well() -> None:
    world = pass_time(small(fault(5, "bad_deploy", "api", "web:2")), 10)
    command(world, Submit("again", like=API))
    pass_time(world, 10)
    assert state(world, "again") is WorkloadState.FAILED


def test_a_dead_node_keeps_its_instances_until_it_is_drained_or_back() -> None:
    world = small(fault(5, "node_down", "n1") + fault(60, "node_up", "n1"))
    command(world, Stop((BATCH,)))
    mine = placed_on(world, "api").count("n1")
    command(world, Cordon((N3, N4)))
    pass_time(world, 30)
    assert not world.heard(world.machines["n1"])
    assert placed_on(world, "api").count("n1") == mine
    pass_time(world, 50)
    assert state(world, "api") is WorkloadState.RUNNING


def test_a_lost_gpu_is_in_the_log_and_what_ran_on_it_is_placed_anew() -> None:
    world = small(fault(3, "gpu_xid", "n3"))
    assert placed_on(world, "batch") == ["n3", "n3"]
    pass_time(world, 3)
    assert any("Xid" in line.text and line.node == "n3" for line in world.spoken)
    assert any("device lost" in line.text and line.workload == "batch" for line in world.spoken)
    assert (world.machines["n3"].gpus, state(world, "batch")) == (3, WorkloadState.DEGRADED)
    pass_time(world, 15)
    assert placed_on(world, "batch") == ["n3", "n4"]
    assert state(world, "batch") is WorkloadState.RUNNING


def test_a_batch_job_completes_by_the_time_it_ran_not_by_the_time_it_waited() -> None:
    """A job that had never found a node was shown as completed once its duration was over."""
    world = small()
    command(world, Drain((N3, N4), grace_s=1))
    pass_time(world, 100)
    assert state(world, "batch") is WorkloadState.PENDING
    command(world, Uncordon((N3, N4)))
    assert waited(world, lambda w: state(w, "batch") is WorkloadState.COMPLETED, most=60) > 30


def test_two_workloads_never_share_a_name() -> None:
    """A submit of the name `api` replaced a workload that was already called `api-2`."""
    world = small()
    names = [command(world, Submit(name)).created[0] for name in ("api-2", "api", "api", "api-2")]
    assert len(set(names) | set(world.services)) == 2 + 4


def test_an_alert_pends_fires_and_resolves() -> None:
    world = small(fault(5, "switch_down", "sw2") + fault(40, "switch_up", "sw2"))
    pass_time(world, 20)
    assert {a.labels["node"] for a in world.alerting.shown() if a.name == "NodeNotReady"} == {"n3", "n4"}
    pass_time(world, 60)
    assert world.alerting.shown() == []


def test_a_created_alert_stays_and_a_silence_keeps_it_quiet_for_its_time() -> None:
    world = small()
    command(world, CreateAlert("sev1-mitigated", message=Safe("restored")))
    command(world, SilenceAlerts((Matcher("alertname", "sev1.*", is_regex=True),), duration_s=10))
    assert [bool(a.silenced_by) for a in world.alerting.shown()] == [True]
    pass_time(world, 11)
    assert [(a.name, bool(a.silenced_by), a.summary) for a in world.alerting.shown()] == [
        ("sev1-mitigated", False, "restored")
    ]


def test_an_alert_created_with_the_labels_of_a_rule_does_not_go_back_to_pending() -> None:
    world = small()
    command(world, CreateAlert("Errors", severity="critical"))
    command(world, Scale(API, 0))
    for _ in range(10):
        world.step()
        assert {a.state for a in world.alerting.shown() if a.name == "Errors"} == {AlertState.FIRING}


@pytest.mark.parametrize(
    "request_",
    [
        Cordon((NodeName("n9"),)),
        Drain((NodeName("n9"),)),
        Stop((WorkloadId("none"),)),
        Scale(WorkloadId("none"), 1),
        Scale(API, -1),
        Scale(API, 10**9),
        Submit("x", like=WorkloadId("none")),
        Submit("x", replicas=10**9),
        Submit("x", gpus=-3),
        Submit(" "),
        SilenceAlerts(()),
        SilenceAlerts((Matcher("a", "b"),), duration_s=10**12),
        SilenceAlerts((Matcher("a", "(" * 3000, is_regex=True),)),
        SilenceAlerts((Matcher("a", "(a+)+$", is_regex=True),)),
        Acknowledge(()),
    ],
    ids=str,
)
def test_an_impossible_command_is_refused_with_a_sentence_and_changes_nothing(request_: Request) -> None:
    world, untouched = small(), small()
    landed = land(world, request_, "op")
    assert not landed.done
    assert landed.detail
    for cluster in (world, untouched):
        pass_time(cluster, 5)
    assert world.spoken == untouched.spoken
    assert list(world.services) == list(untouched.services)
