"""What triage says while people act on its findings: the right way is quiet, the wrong one is told."""

from tests.response.triage import situations
from tests.response.triage.following import action as shown
from tests.response.triage.following import begin
from tests.response.triage.runs import Run
from tests.simulator.worlds import shipped
from warroom.events.procedure import RunbookEnded
from warroom.model.nouns import NodeName, WorkloadId
from warroom.model.requests import Cordon, Drain, Scale, Uncordon, Verdict
from warroom.model.response import StepResult
from warroom.model.text import Safe


def follow(run: Run, rule: str) -> None:
    """Do what a finding proposes, one after the other, half a minute apart."""
    finding = next(f for f in run.standing.values() if f.rule == rule)
    for proposal in finding.proposals:
        if proposal.request is not None:
            run.do(proposal.request)
            run.seconds(30)


def rules_said_after(run: Run, second: int) -> set[str]:
    return {s.finding.rule for s in run.said if s.second >= second and s.what == "raised"}


def withdrawn(run: Run) -> dict[str, str]:
    return {s.key: s.reason for s in run.said if s.what == "withdrawn"}


def test_the_proposals_of_a_cut_off_rack_restore_the_service_and_end_every_finding() -> None:
    run = Run(shipped("rack-switch")).seconds(45)
    follow(run, "network")
    acted = run.clock.tick
    run.seconds(120)
    assert run.standing == {}, [f.title for f in run.standing.values()]
    assert rules_said_after(run, 46) <= {"user-impact", "where", "spread"}
    assert rules_said_after(run, acted) == set()
    assert "out of service" in withdrawn(run)["network"]


def test_the_proposals_of_a_bad_deploy_bring_the_previous_image_back_and_end_every_finding() -> None:
    run = Run(situations.bad_deploy(1), seed=1).seconds(60)
    follow(run, "crash-loop")
    run.seconds(120)
    assert run.standing == {}, [f.title for f in run.standing.values()]
    assert not {"second-wave", "wrong-turn"} & {s.finding.rule for s in run.said}


def test_the_proposals_of_starved_work_give_it_room_and_end_every_finding() -> None:
    run = Run(situations.starved(1), seed=1).seconds(75, {40: [Scale(WorkloadId("svc-ask"), 12)]})
    follow(run, "resource-exhaustion")
    run.seconds(120)
    assert run.standing == {}, [f.title for f in run.standing.values()]
    assert not {"second-wave", "wrong-turn"} & {s.finding.rule for s in run.said}


def test_the_proposals_of_a_lost_gpu_empty_the_node_and_end_every_finding() -> None:
    run = Run(situations.gpu_lost(1), seed=1).seconds(60)
    follow(run, "node-failure")
    run.seconds(180)
    assert run.standing == {}, [f.title for f in run.standing.values()]
    assert not {"second-wave", "wrong-turn"} & {s.finding.rule for s in run.said}


def test_closing_the_living_rack_is_called_a_wrong_turn_until_it_is_taken_back() -> None:
    run = Run(shipped("rack-switch")).seconds(60)
    alive = tuple(NodeName(f"gpu-0{n}") for n in (5, 6, 7, 8))
    action = run.do(Cordon(alive))
    run.until(lambda r: f"wrong-turn:{action}" in r.standing, most=20)
    finding = run.standing[f"wrong-turn:{action}"]
    back = next(p.request for p in finding.proposals if p.request is not None)
    assert isinstance(back, Uncordon)
    undone = run.do(back, undoes=action)
    run.seconds(60)
    assert withdrawn(run)[f"wrong-turn:{action}"] == f"{action} was taken back by {undone}"
    assert "network" in run.standing


def test_a_step_of_a_runbook_is_no_wrong_turn_while_the_runbook_goes_on_and_is_one_when_it_came_to_nothing() -> (
    None
):
    """The first step of the right runbook was called a wrong turn after three minutes of reading the second."""
    run = Run(shipped("rack-switch")).seconds(60)
    finding = run.standing["network"]
    begun = begin(run, finding)
    first = run.do(Cordon(finding.targets.nodes), run=f"{begun.run}.2")
    run.seconds(240)
    assert shown(run, first).verdict is Verdict.SEEN
    assert shown(run, first).goal is None, "what it is for comes with the last step"
    assert not any(key.startswith("wrong-turn") for key in run.standing)
    run.add(RunbookEnded(begun.run, StepResult.FAILED, Safe("step 5 failed")))
    run.seconds(10)
    goal = shown(run, first).goal
    assert goal is not None
    assert goal.verdict is Verdict.NOT_SEEN
    assert f"wrong-turn:{first}" in run.standing


def test_a_node_without_power_that_was_drained_is_out_of_service_though_its_instances_stay_listed() -> None:
    """The step of the runbook failed and the findings stood for ever, with nothing left to be done."""
    run = Run(situations.node_lost(1), seed=1).seconds(60)
    begun = begin(run, run.standing["node-failure"])
    name = run.do(Drain(begun.targets.nodes, 20), run=f"{begun.run}.4")
    run.until(lambda r: shown(r, name).verdict is not None, most=60)
    assert shown(run, name).verdict is Verdict.SEEN
    listed = [i for i in run.state.cluster.instances.values() if i.node in begun.targets.nodes]
    assert listed, "nobody could ask them to end"
    run.until(lambda r: "node-failure" not in r.standing, most=90)
    assert withdrawn(run)["node-failure"].endswith("is out of service; its work runs elsewhere")
    assert not any(s.finding.rule in ("wrong-turn", "second-wave") for s in run.said)
