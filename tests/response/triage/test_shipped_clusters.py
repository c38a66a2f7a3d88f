"""The shipped clusters: what is found in time, what the runbook comes to, and what the wrong turn costs."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.response.triage.following import action, follow, judged, not_seen
from tests.response.triage.runs import Run
from tests.simulator.worlds import shipped
from warroom.model.nouns import NodeName, WorkloadId
from warroom.model.requests import Drain, Request, Stop, Submit, Uncordon, Verdict
from warroom.model.response import Confidence, Finding, StepResult
from warroom.response.undo import reverse_of

IN_TIME_S = 60
FELT_S = 30
"""Nobody acts before users feel it: what is done earlier has no figure to bring back."""


class Case(NamedTuple):
    """A shipped cluster, when enough is there to know what is wrong, and what a finding must say."""

    name: str
    since: int
    rule: str
    said: tuple[str, ...]
    """In its title, facts, or what would refute it."""


CASES = (
    Case(
        "node-failure",
        61,
        "node-failure",
        ("gpu-02 with a failing GPU", "Double Bit ECC", "runs there again"),
    ),
    Case("crash-loop", 61, "crash-loop", ("chat-api crashes since", "chat:4.2.1 ->", "previous image")),
    Case(
        "resource-exhaustion",
        76,
        "resource-exhaustion",
        ("No room for chat-api", "sweep (low priority) holds 14 GPUs", "0 of 44 GPUs free"),
    ),
    Case(
        "rack-switch", 31, "network", ("rack1 cut off", "still write heartbeats", "heartbeats in the log end")
    ),
    Case(
        "false-alarm", 50, "false-alarm", ("False alarm? HighErrorRate", "did not move", "all 12 nodes ready")
    ),
)
each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def found(case: Case) -> tuple[Run, Finding]:
    """The cluster until the finding is sure and says all it has to."""
    run = Run(shipped(case.name))
    run.seconds(case.since)
    run.until(lambda r: any(_is_sure(f, case) for f in r.standing.values()), most=IN_TIME_S)
    return run, next(f for f in run.standing.values() if f.rule == case.rule)


def _is_sure(finding: Finding, case: Case) -> bool:
    told = "\n".join((str(finding.title), *(str(f.text) for f in finding.facts), str(finding.refuted_by)))
    known = finding.rule == case.rule and finding.confidence is Confidence.HIGH
    return known and all(words in told for words in case.said)


@each
def test_what_is_wrong_is_found_within_a_minute_and_no_other_kind_of_mitigation_is_proposed(
    case: Case,
) -> None:
    run, finding = found(case)
    assert finding.facts
    assert run.scenarios <= {finding.scenario}


@each
def test_the_runbook_of_the_finding_ends_with_the_effect_seen(case: Case) -> None:
    run, finding = found(case)
    run.seconds(FELT_S)
    followed = follow(run, finding)
    assert followed.result is StepResult.DONE
    assert followed.steps[-1].detail.startswith("effect seen: ")
    run.seconds(240)
    assert not_seen(run) == []
    goals = [a.goal.verdict for a in run.state.actions.actions.values() if a.goal]
    assert set(goals) <= {Verdict.SEEN}
    assert bool(goals) is (case.rule != "false-alarm")
    assert not {"wrong-turn", "second-wave"} & {s.finding.rule for s in run.said}
    assert {f.rule for f in run.standing.values()} <= {"gpu-misuse", "false-alarm"}


def test_on_the_quiet_cluster_nothing_is_found() -> None:
    assert Run(shipped("calm")).seconds(600).said == []


def test_the_change_that_took_the_room_is_held_against_it_and_the_innocent_deploy_is_not() -> None:
    run, _ = found(next(case for case in CASES if case.name == "resource-exhaustion"))
    change = run.standing["recent-change"]
    assert change.targets.workloads == ("sweep",)
    assert (change.confidence, change.runbook) == (Confidence.MEDIUM, "resource-exhaustion")


# --- wrong turns ---------------------------------------------------------------------------------------------


def worst(run: Run, seconds: int, of: Callable[[Run], float]) -> float:
    """The highest value of a figure while time passes."""
    values = []
    for _ in range(seconds):
        run.seconds(1)
        values.append(of(run))
    return max(values)


def errors(run: Run) -> float:
    """The share of requests that fails."""
    return run.cluster.world.flow.error_rate


def at_second(name: str, second: int) -> Run:
    return Run(shipped(name)).seconds(second)


def taken_back(run: Run, name: str) -> None:
    for request in reverse_of(run.state, name):
        run.do(request, undoes=name)


HOT = (NodeName("gpu-01"),)
BAD = (NodeName("gpu-02"),)


def test_draining_the_healthy_neighbour_makes_it_worse_and_is_not_seen_to_help() -> None:
    run, left_alone = at_second("node-failure", 120), at_second("node-failure", 120)
    name = run.do(Drain(HOT, 20))
    assert worst(run, 60, errors) > 1.4 * worst(left_alone, 60, errors)
    assert action(run, name).verdict is Verdict.SEEN
    goal = judged(run, name)
    assert goal.verdict is Verdict.NOT_SEEN
    run.until(lambda r: f"wrong-turn:{name}" in r.standing, most=10)


def test_after_the_wrong_drain_the_right_one_finds_no_room_until_it_is_taken_back() -> None:
    run = at_second("node-failure", 120)
    wrong = run.do(Drain(HOT, 10))
    run.seconds(30)
    run.do(Drain(BAD, 10))
    run.seconds(60)
    chat = run.cluster.world.services["chat-api"]
    assert sum(r.node is None for r in chat.replicas) == 2
    taken_back(run, wrong)
    run.seconds(240)
    assert not any(key.startswith("wrong-turn:A3") for key in {s.key for s in run.said}), (
        "an undo mends nothing"
    )
    assert all(r.node and r.ready for r in chat.replicas)
    assert errors(run) < 0.01


def again(name: str, image: str) -> tuple[Request, Request]:
    """Take a service's deploy back by hand: stop it, submit it with the image before."""
    workload = WorkloadId(name)
    return Stop((workload,), force=True), Submit(f"{name}-back", like=workload, image=image)


def test_taking_the_innocent_deploy_back_makes_nearly_everything_fail_and_mends_nothing() -> None:
    run, left_alone = at_second("crash-loop", 100), at_second("crash-loop", 100)
    stop, submit = again("find-api", "registry.local/find:8.1.0")
    run.do(stop)
    run.seconds(4)
    name = run.do(submit)
    assert worst(left_alone, 30, errors) < 0.45
    assert worst(run, 30, errors) > 0.65
    assert judged(run, name).verdict is Verdict.NOT_SEEN
    assert "crash-loop:chat-api" in run.standing
    assert errors(run) > 0.35


def test_submitting_what_crashes_again_with_its_own_image_is_not_seen_to_run() -> None:
    run = at_second("crash-loop", 100)
    run.do(Stop((WorkloadId("chat-api"),), force=True))
    run.seconds(4)
    name = run.do(Submit("chat-api-again", like=WorkloadId("chat-api")))
    run.until(lambda r: action(r, name).verdict is not None, most=240)
    assert action(run, name).verdict is Verdict.NOT_SEEN
    assert errors(run) > 0.35


def test_opening_the_node_that_waits_for_parts_gives_room_on_which_nothing_lasts() -> None:
    run = at_second("resource-exhaustion", 110)
    name = run.do(Uncordon((NodeName("gpu-12"),)))
    run.until(lambda r: "node-failure" in r.standing, most=30)
    assert "gpu-12" in run.standing["node-failure"].title
    assert judged(run, name).verdict is Verdict.NOT_SEEN
    crashed = run.cluster.world.services["chat-api"].replicas
    assert sum(r.restarts for r in crashed) > 10


def test_stopping_a_service_for_room_costs_its_users_everything() -> None:
    run = at_second("resource-exhaustion", 110)
    before = errors(run)
    name = run.do(Stop((WorkloadId("find-api"),), force=True))
    assert worst(run, 60, errors) > before + 0.15
    assert judged(run, name).verdict is Verdict.NOT_SEEN


def test_stopping_the_training_that_somebody_waits_for_helps_at_its_expense_and_is_warned_of() -> None:
    run = at_second("resource-exhaustion", 110)
    name = run.do(Stop((WorkloadId("train-fraud"),)))
    assert any("marked critical" in words for words in action(run, name).plan.warnings)
    assert judged(run, name).verdict is Verdict.SEEN
    assert run.cluster.world.services["train-fraud"].over == "stopped"


def test_a_roll_back_on_a_false_alarm_makes_the_outage_that_was_none() -> None:
    run = at_second("false-alarm", 110)
    assert errors(run) < 0.002
    alarm = next(key for key in run.standing if key.startswith("false-alarm"))
    stop, submit = again("find-api", "registry.local/find:8.1.0")
    name = run.do(stop)
    run.seconds(4)
    run.do(submit)
    assert worst(run, 40, errors) > 0.25
    assert "user-impact" in run.standing
    assert f"wrong-turn:{name}" in {s.key for s in run.said}
    run.until(lambda r: alarm not in r.standing, most=60)
    ended = next(s for s in run.said if s.what == "withdrawn" and s.key == alarm)
    assert ended.refuted
