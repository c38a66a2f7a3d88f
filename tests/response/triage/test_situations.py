"""Clusters in which one thing goes wrong: the right finding in time, and none of another kind."""

from collections.abc import Callable

import pytest

from tests.response.triage import situations
from tests.response.triage.runs import Run, Wishes
from tests.response.triage.situations import AT
from tests.simulator.worlds import shipped
from warroom.model.nouns import NodeName, Severity, WorkloadId
from warroom.model.requests import Cordon, Drain, Scale, Stop, Submit, Uncordon
from warroom.model.response import Confidence
from warroom.simulator.scenario import Scenario

IN_TIME_S = 60
SEEDS = range(1, 11)
ASK, SEE = WorkloadId("svc-ask"), WorkloadId("svc-see")
MORE_WANTED: Wishes = {40: [Scale(ASK, 12)]}
"""The owner of a service asks for more instances than there is room for."""
MAINTENANCE: Wishes = {
    50: [Cordon((NodeName("n2-01"),))],
    100: [Drain((NodeName("n0-01"),), 20)],
    180: [Uncordon((NodeName("n0-01"), NodeName("n2-01")))],
    220: [Scale(SEE, 8)],
    300: [Scale(SEE, 5)],
}
"""What people do on an ordinary afternoon."""

WRONG = (
    (situations.cut_off, "network", "network"),
    (situations.rack_lost, "network", "network"),
    (situations.node_lost, "node-failure", "node-failure"),
    (situations.gpu_lost, "node-failure", "node-failure"),
    (situations.bad_deploy, "crash-loop", "crash-loop"),
    (situations.starved, "resource-exhaustion", "resource-exhaustion"),
    (situations.wrong_alert, "false-alarm", ""),
)


def run_of(situation: Callable[[int], Scenario], seed: int, *, missing: float = 0.0) -> Run:
    wishes = MORE_WANTED if situation is situations.starved else {}
    return Run(situation(seed), seed=seed, missing=missing).seconds(AT + IN_TIME_S + 30, wishes)


@pytest.mark.parametrize("missing", [0.0, 0.05])
@pytest.mark.parametrize(("situation", "rule", "scenario"), WRONG)
def test_what_goes_wrong_is_found_within_a_minute_and_nothing_else_is(
    situation: Callable[[int], Scenario], rule: str, scenario: str, missing: float
) -> None:
    for seed in SEEDS if missing == 0 else (1, 2, 3):
        run = run_of(situation, seed, missing=missing)
        raised = run.raised(rule)
        assert raised, (seed, [s.finding.title for s in run.said])
        assert raised[0].second - AT <= IN_TIME_S, seed
        assert run.scenarios == ({scenario} if scenario else set()), seed


def test_nothing_is_found_while_people_do_ordinary_work() -> None:
    for seed in SEEDS[:4]:
        run = Run(situations.ordinary(seed), seed=seed).seconds(600, MAINTENANCE)
        assert [s.finding.title for s in run.said] == []


def test_nothing_is_found_on_the_quiet_sample_cluster_in_ten_minutes() -> None:
    assert Run(shipped("calm")).seconds(600).said == []


def test_a_finding_is_said_once_and_then_only_when_it_means_something_else() -> None:
    run = run_of(situations.cut_off, 1)
    assert len(run.raised("network")) == 1
    for key in {s.key for s in run.said}:
        seconds = [s.second for s in run.said if s.key == key]
        assert len(seconds) <= 4, (key, seconds)


def test_a_cut_off_rack_is_named_with_who_still_lives_and_where_there_is_room() -> None:
    run = run_of(situations.cut_off, 1)
    found = run.standing["network"]
    assert found.confidence is Confidence.HIGH
    assert found.severity is Severity.SEV1
    assert set(found.targets.nodes) == {f"n0-0{n}" for n in range(1, 5)}
    assert found.targets.selector == {"rack": "r2"}
    assert any("still write heartbeats" in f.text for f in found.facts)
    assert all(f.time is not None for f in found.facts if "heartbeat" in f.text)
    requests = [p.request for p in found.proposals]
    assert [type(r) for r in requests] == [Cordon, Stop, Submit, Submit, Submit]
    assert isinstance(requests[1], Stop)
    assert requests[1].force
    assert all(r.selector == {"rack": "r2"} for r in requests if isinstance(r, Submit))


def test_a_lost_node_is_closed_and_drained_with_a_minute_of_grace() -> None:
    found = run_of(situations.node_lost, 1).standing["node-failure"]
    cordon, drain = (p.request for p in found.proposals)
    assert isinstance(cordon, Cordon)
    assert isinstance(drain, Drain)
    assert (cordon.nodes, drain.nodes, drain.grace_s) == (found.targets.nodes, found.targets.nodes, 60)


def test_an_innocent_deploy_before_the_trouble_is_named_but_not_blamed() -> None:
    found = run_of(situations.node_lost, 1).standing["recent-change"]
    assert found.confidence is Confidence.LOW
    assert "do not take" in found.proposals[0].text


def test_a_bad_deploy_is_stopped_by_force_and_the_image_before_it_is_submitted_as_rollback() -> None:
    run = run_of(situations.bad_deploy, 2)
    found = next(f for f in run.standing.values() if f.rule == "crash-loop")
    stop, back = (p.request for p in found.proposals)
    name = found.targets.workloads[0]
    assert stop == Stop((name,), force=True, reason=stop.reason)
    assert isinstance(back, Submit)
    assert (back.name, back.like, back.image) == (f"{name}-rollback", name, str(found.targets.image))
    assert not back.image.endswith(":99")
    assert run.standing["recent-change"].targets.workloads == (name,)


def test_starved_work_has_the_low_priority_work_stopped_that_takes_its_room() -> None:
    found = run_of(situations.starved, 1).standing["resource-exhaustion"]
    assert found.confidence is Confidence.HIGH
    assert [p.request for p in found.proposals if p.request] == [
        Stop((WorkloadId("batch-1"),), reason=found.proposals[0].request.reason)  # type: ignore[union-attr]
    ]


def test_a_finding_is_withdrawn_when_the_node_is_out_of_service_and_its_work_runs_elsewhere() -> None:
    run = run_of(situations.node_lost, 1)
    node = run.standing["node-failure"].targets.nodes
    hit = [w.id for w in run.state.cluster.workloads.values() if node[0] in w.nodes]
    assert hit
    wishes: Wishes = {
        run.clock.tick + 1: [Cordon(node), Stop(tuple(hit), force=True)],
        run.clock.tick + 3: [Submit(f"{name}-again", like=name) for name in hit],
    }
    run.seconds(60, wishes)
    gone = [s for s in run.said if s.what == "withdrawn" and s.key == "node-failure"]
    assert [s.reason for s in gone] == [f"{node[0]} is out of service and empty"]
    assert "node-failure" not in run.standing
