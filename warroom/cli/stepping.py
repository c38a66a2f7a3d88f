"""Going on with a runbook from the command line: each kind of step in turn."""

import argparse
from datetime import timedelta

from warroom.cli.acting import action_code, action_sentence, followed
from warroom.cli.incident import line_text
from warroom.cli.output import plan_text, say, show_json, tell
from warroom.cli.verb import DONE, FAILED, NOT_SEEN, UNKNOWN
from warroom.cli.wishing import wished
from warroom.errors import WarroomError
from warroom.host.client import Client
from warroom.model.commands import Act, LogsFound, MetricsFound, ShowPlan
from warroom.model.requests import Plan
from warroom.model.response import RunbookStep, StepKind, StepResult
from warroom.model.response_commands import EndStep
from warroom.model.text import Safe, neutral
from warroom.response.runbooks.looking import look_answer, look_query
from warroom.response.runbooks.requests import requests_of
from warroom.response.runbooks.running import actions_of, place_of
from warroom.state.procedure import Run
from warroom.state.slices import Action, State
from warroom.views.runbooks import place_words, running

COURSE = 70
"""Cells a curve is drawn for."""
SETTLES_S = 5.0
"""Room seconds in which the record notes that a step is over once its actions are."""
CODES = {StepResult.DONE: DONE, StepResult.SKIPPED: DONE, StepResult.FAILED: NOT_SEEN}


def run_named(state: State, name: str) -> Run:
    """The run of that name; raises ``WarroomError`` naming those there are."""
    run = state.procedure.runs.get(name.upper())
    if run is None:
        known = ", ".join(state.procedure.runs) or "none"
        raise WarroomError(f"no run is called {name!a}; there are: {known}")
    return run


def next_words(run: Run) -> str:
    """What to type next for a run."""
    if run.result is not None:
        return f"{run.run} is over: {run.result.value}" + (f", {run.detail}" if run.detail else "")
    if run.at is None:
        return place_words(run)
    if run.steps[run.at].step.kind is StepKind.ASK:
        return f"next: {place_words(run)}; `warroom runbook answer {run.run} WORDS`"
    return f"next: {place_words(run)}; `warroom runbook do {run.run}`"


async def do_step(client: Client, arguments: argparse.Namespace, name: str) -> int:
    """Do the current step of a run, or with no name of the only one that goes on; raises ``WarroomError``."""
    if name and arguments.wait and (over := run_named(client.state, name)).result is not None:
        if arguments.json:
            show_json({"run": over})
        else:
            say(next_words(over))
        return CODES[over.result]
    run, at = _current(client.state, name)
    step = run.steps[at].step
    if not arguments.json:
        tell(place_words(run))
    match step.kind:
        case StepKind.LOOK:
            return await _look(client, arguments, run, at)
        case StepKind.ACT:
            return await _act(client, arguments, run, at)
        case StepKind.ASK:
            raise WarroomError(f"the step asks: {step.title} (`warroom runbook answer {run.run} WORDS`)")
        case StepKind.WAIT:
            return await _wait(client, arguments, run, at)


def _current(state: State, name: str) -> tuple[Run, int]:
    if name:
        run = run_named(state, name)
    else:
        runs = running(state)
        if len(runs) != 1:
            which = (
                f"several runbooks are followed: {', '.join(r.run for r in runs)}; name one" if runs else ""
            )
            raise WarroomError(which or "no runbook is followed; `warroom runbook start NAME` begins one")
        run = runs[0]
    if run.at is None or run.result is not None:
        raise WarroomError(f"{run.run} has no step left")
    return run, run.at


async def _look(client: Client, arguments: argparse.Namespace, run: Run, at: int) -> int:
    step: RunbookStep = run.steps[at].step
    found: LogsFound | MetricsFound = await client.ask(look_query(step, run.targets, client.now))
    lines, words = look_answer(client.state, step, run.targets, found, COURSE)
    if not arguments.json:
        for one in lines:
            say(line_text(one))
    if arguments.yes:
        await wished(client, EndStep(run.run, StepResult.DONE, neutral(words), step=at))
    elif not arguments.json:
        tell(
            f"{words}; the step is open: add --yes to end it with these words, or say your own with "
            f"`warroom runbook answer {run.run} WORDS`"
        )
    return _shown(client, arguments, run, {"found": found, "words": words})


async def _act(client: Client, arguments: argparse.Namespace, run: Run, at: int) -> int:
    under_way = [a for a in actions_of(client.state, run, at) if not a.over]
    if under_way:
        names = ", ".join(f"{a.action} {a.stage}" for a in under_way)
        raise WarroomError(f"step {at + 1} of {run.run} is under way: {names}")
    why = f"runbook {run.runbook} ({run.run})"
    requests = requests_of(client.state, run.steps[at].step, run.targets, why=why)
    if not arguments.yes:
        plans: list[Plan] = [await client.ask(ShowPlan(request)) for request in requests]
        if not arguments.json:
            say("\n\n".join(plan_text(plan) for plan in plans))
            tell("nothing was done; add --yes to do it")
        code = FAILED if any(plan.refused for plan in plans) else DONE
        return max(code, _shown(client, arguments, run, {"plans": plans}))
    # All before any is followed: a step is over once everything it asked for is.
    asked = [
        await client.wish(Act(one, confirmed=Safe("--yes"), opens_lock=True, run=place_of(run, at)))
        for one in requests
    ]
    done: list[Action] = []
    code = DONE
    for acted in asked:
        assert acted is not None
        action = await followed(client, acted, arguments)
        if action is None:
            return UNKNOWN
        done.append(action)
        code = max(code, action_code(action))
        if not arguments.json:
            say(action_sentence(action))
    if arguments.wait:
        await _ended(client, run, at, SETTLES_S)
    return max(code, _shown(client, arguments, run, {"actions": done}))


async def _wait(client: Client, arguments: argparse.Namespace, run: Run, at: int) -> int:
    step = run.steps[at].step
    if arguments.wait:
        began = run.started if at == 0 else run.steps[at - 1].time or run.started
        left = began + timedelta(minutes=step.minutes) - client.now
        await _ended(client, run, at, left.total_seconds() + SETTLES_S)
    elif not arguments.json:
        tell("the step ends by itself, by the figures; --wait stays for it")
    _shown(client, arguments, run, {})
    after = client.state.procedure.runs[run.run].steps[at]
    if not arguments.json and after.result is not None:
        say(f"{after.result.value}: {after.detail}")
    return CODES[after.result] if after.result is not None else UNKNOWN if arguments.wait else DONE


async def _ended(client: Client, run: Run, at: int, most_s: float) -> None:
    """Wait until a step has a result, for so many seconds of the room at most."""
    until = client.now + timedelta(seconds=most_s)
    while client.state.procedure.runs[run.run].steps[at].result is None and client.now < until:
        await client.moved()
        if client.trouble:
            tell(client.trouble)
            return


def _shown(client: Client, arguments: argparse.Namespace, run: Run, more: dict[str, object]) -> int:
    now = client.state.procedure.runs[run.run]
    if arguments.json:
        show_json({"run": now, **more})
    elif now != run:
        tell(next_words(now))
    return DONE
