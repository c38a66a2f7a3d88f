"""How a run goes on by itself: acting steps by their verdicts, waiting steps by the figures."""

from collections.abc import Iterable
from datetime import timedelta

from warroom.errors import Refused
from warroom.events.procedure import RunbookEnded, RunbookStepEnded
from warroom.model.requests import Request, Scale, SilenceAlerts, Submit, Verdict
from warroom.model.response import StepKind, StepResult
from warroom.model.text import neutral
from warroom.response.aims import newest_point
from warroom.response.runbooks.requests import requests_of
from warroom.response.sentences import names
from warroom.response.watching import Followed, Moment
from warroom.state.procedure import Run, RunStep
from warroom.state.slices import Action, State
from warroom.views.ages import figure


def place_of(run: Run, step: int) -> str:
    """How an action says which step it belongs to: ``R1.2``, counted from 1."""
    return f"{run.run}.{step + 1}"


def watch_runs(moment: Moment) -> Iterable[Followed]:
    """End what is decided; when every step has a result, the run is over."""
    for run in moment.state.procedure.runs.values():
        if run.result is not None:
            continue
        at = run.at
        if at is None:
            yield Followed(_over(run))
            continue
        ended = _ended(moment, run, at)
        if ended is not None:
            yield Followed(ended)


def _over(run: Run) -> RunbookEnded:
    failed = [n + 1 for n, step in enumerate(run.steps) if step.result is StepResult.FAILED]
    if failed:
        words = f"step {names(map(str, failed))} failed"
        return RunbookEnded(run.run, StepResult.FAILED, neutral(words))
    return RunbookEnded(run.run, StepResult.DONE)


def _ended(moment: Moment, run: Run, at: int) -> RunbookStepEnded | None:
    step = run.steps[at]
    match step.step.kind:
        case StepKind.ACT:
            return _acted(moment.state, run, at)
        case StepKind.WAIT:
            return _waited(moment, run, at, step)
        case _:
            return None


def actions_of(state: State, run: Run, at: int) -> list[Action]:
    """The actions that were proposed for a step."""
    place = place_of(run, at)
    return [a for a in state.actions.actions.values() if a.run == place]


def left_of(state: State, run: Run, at: int) -> tuple[Request, ...]:
    """The requests of an acting step that nothing came of yet; raises ``Refused`` when there is nothing to act on."""
    step = run.steps[at].step
    wanted = requests_of(state, step, run.targets, why=f"runbook {run.runbook} ({run.run})")
    done = {_aim(a.request) for a in _sent(state, run, at)}
    return tuple(request for request in wanted if _aim(request) not in done)


def _aim(request: Request) -> object:
    """What tells the requests of one step apart."""
    match request:
        case Submit(name=name, like=like):
            return like or name
        case Scale(workload=workload):
            return workload
        case SilenceAlerts(matchers=matchers):
            return matchers
        case _:
            return type(request)


def _sent(state: State, run: Run, at: int) -> list[Action]:
    return [a for a in actions_of(state, run, at) if a.stage not in ("refused", "expired", "cancelled")]


def _unsent(state: State, run: Run, at: int) -> bool:
    """Whether one of the targets the run was started with still waits for its turn."""
    if not run.steps[at].step.pick.targets:
        return False
    try:
        return bool(left_of(state, run, at))
    except Refused:
        return False


def _acted(state: State, run: Run, at: int) -> RunbookStepEnded | None:
    actions = _sent(state, run, at)
    if not actions or not all(a.over for a in actions):
        return None
    if _unsent(state, run, at):
        return None
    bad = [a for a in actions if a.verdict is not Verdict.SEEN]
    told = bad or actions
    words = "; ".join(f"{a.action} {a.verdict.value if a.verdict else a.stage}: {a.detail}" for a in told)
    result = StepResult.FAILED if bad else StepResult.DONE
    return RunbookStepEnded(run.run, at, result, neutral(words), names(a.action for a in actions))


def _waited(moment: Moment, run: Run, at: int, step: RunStep) -> RunbookStepEnded | None:
    began = run.started if at == 0 else run.steps[at - 1].time or run.started
    watched = [
        i
        for i in moment.state.metrics.indicators
        if i.threshold is not None and (not step.step.metrics or i.metric in step.step.metrics)
    ]
    told: list[str] = []
    good = bool(watched)
    for indicator in watched:
        point = newest_point(moment.state, indicator.metric)
        fresh = point is not None and point.time > began
        value = point.value if point is not None and fresh else None
        told.append(f"{indicator.title} {figure(value, indicator.unit)}")
        good = good and value is not None and indicator.threshold is not None and value <= indicator.threshold
    words = ", ".join(told) or "no indicator with a threshold is watched"
    if good:
        return RunbookStepEnded(run.run, at, StepResult.DONE, neutral(f"effect seen: {words}"))
    if moment.now - began >= timedelta(minutes=step.step.minutes):
        return RunbookStepEnded(run.run, at, StepResult.FAILED, neutral(f"not seen in time: {words}"))
    return None
