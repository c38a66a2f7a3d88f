"""Follows shipped runbooks on a simulated cluster, as a commander does who answers and agrees at once."""

import tomllib

from tests.response.triage.runs import Run
from warroom.events.procedure import RunbookStarted, RunbookStepEnded
from warroom.model.requests import Verdict
from warroom.model.response import Finding, StepKind, StepResult
from warroom.model.text import Safe
from warroom.resources import PACKAGE
from warroom.response.runbooks.definition import parse_runbook
from warroom.response.runbooks.requests import requests_of
from warroom.response.runbooks.running import place_of
from warroom.state.procedure import Run as Followed
from warroom.state.slices import Action, Goal

STEP_S = 200
WAIT_S = 320


def begin(run: Run, finding: Finding) -> Followed:
    """Start the runbook that a finding proposes, with its targets."""
    path = PACKAGE / "runbooks" / f"{finding.runbook}.toml"
    book = parse_runbook(path.stem, tomllib.loads(path.read_text("utf-8")), file=path.name)
    name = f"R{len(run.state.procedure.runs) + 1}"
    run.add(RunbookStarted(name, book.id, book.title, book.steps, finding.targets, finding.key))
    return run.state.procedure.runs[name]


def follow(run: Run, finding: Finding) -> Followed:
    """Go through all steps of the runbook that a finding proposes."""
    name = begin(run, finding).run
    for number, step in enumerate(one.step for one in run.state.procedure.runs[name].steps):
        if step.kind in (StepKind.LOOK, StepKind.ASK):
            run.add(RunbookStepEnded(name, number, StepResult.DONE, Safe("seen")))
        if step.kind is StepKind.ACT:
            place = place_of(run.state.procedure.runs[name], number)
            for request in requests_of(run.state, step, finding.targets, why=str(step.title)):
                run.do(request, run=place)
        most = WAIT_S if step.kind is StepKind.WAIT else STEP_S
        run.until(lambda r: r.state.procedure.runs[name].at != number, most=most)  # noqa: B023
    run.until(lambda r: r.state.procedure.runs[name].result is not None, most=5)
    return run.state.procedure.runs[name]


def judged(run: Run, name: str) -> Goal:
    """What an action's goal came to; waits for it."""
    run.until(lambda r: action(r, name).goal is not None, most=STEP_S)
    goal = action(run, name).goal
    assert goal is not None
    return goal


def action(run: Run, name: str) -> Action:
    """An action as it stands."""
    return run.state.actions.actions[name]


def not_seen(run: Run) -> list[str]:
    """Actions whose effect or goal was not seen."""
    return [
        a.action
        for a in run.state.actions.actions.values()
        if Verdict.NOT_SEEN in (a.verdict, a.goal and a.goal.verdict)
    ]
