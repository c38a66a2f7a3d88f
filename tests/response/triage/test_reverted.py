"""A suspected change that was taken back: that is said, and what the figures did after it."""

from tests.response.triage.following import action
from tests.response.triage.runs import Run
from tests.simulator.worlds import shipped
from warroom.model.nouns import NodeName, Severity, WorkloadId
from warroom.model.requests import Drain, Stop, Submit
from warroom.model.response import Confidence

STOPPED_S = 20


def stopped(name: str, scenario: str, second: int) -> Run:
    run = Run(shipped(scenario)).seconds(second)
    run.do(Stop((WorkloadId(name),), force=True))
    return run.seconds(STOPPED_S)


def again(run: Run, name: str, image: str) -> str:
    return run.do(Submit(f"{name}-rollback", like=WorkloadId(name), image=image))


def test_a_deploy_that_was_taken_back_is_not_cleared_by_that() -> None:
    """As soon as the bad image was stopped the finding said that nothing tied it to the trouble but the time."""
    run = stopped("chat-api", "crash-loop", 110)
    change = run.standing["recent-change"]
    assert "not run again as it was" in change.title
    assert (change.confidence, change.severity) == (Confidence.MEDIUM, Severity.SEV2)
    assert "nothing ties it" not in change.refuted_by

    name = again(run, "chat-api", "registry.local/chat:4.2.1")
    run.until(lambda r: "it got better after that" in r.standing["recent-change"].title, most=90)
    change = run.standing["recent-change"]
    assert change.confidence is Confidence.HIGH
    assert change.runbook == "", "it was taken back already"
    told = [str(fact.text) for fact in change.facts]
    assert any(words.startswith(f"{name} submit chat-api-rollback") for words in told)
    assert any(words.startswith("errors 39") and " before and " in words for words in told)

    run.until(lambda r: "recent-change" not in r.standing, most=120)
    ended = next(s for s in run.said if s.what == "withdrawn" and s.key == "recent-change")
    assert ended.reason.startswith("errors 39")


def test_an_innocent_deploy_that_was_taken_back_is_said_not_to_have_helped() -> None:
    run = stopped("find-api", "node-failure", 150)
    name = again(run, "find-api", "registry.local/find:8.1.0")
    run.until(lambda r: action(r, name).verdict is not None, most=60)
    run.until(lambda r: "did not get better" in r.standing["recent-change"].title, most=120)
    change = run.standing["recent-change"]
    assert change.title.startswith("find-api was deployed")
    assert change.confidence is Confidence.LOW
    assert [str(p.text) for p in change.proposals] == [
        "look for another cause: taking this back did not help"
    ]

    run.do(Drain((NodeName("gpu-02"),), 20))
    run.seconds(40)
    assert run.cluster.world.flow.error_rate < 0.05
    assert not any("it got better" in s.finding.title for s in run.said), (
        "the drain mended it, not the roll back"
    )
