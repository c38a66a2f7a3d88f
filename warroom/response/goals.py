"""Whether what an action was for came true: indicators before and after it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from warroom.events.actions import GoalJudged
from warroom.model.requests import Aim, Verdict
from warroom.model.text import neutral
from warroom.response.aims import newest_point
from warroom.response.sentences import span
from warroom.response.watching import Followed, Moment
from warroom.state.slices import Action, Point, State
from warroom.views.ages import figure

ENDED = ("failed", "refused", "expired", "cancelled")
"""Stages of an action that will have no effect any more."""


def watch_goals(moment: Moment) -> Iterable[Followed]:
    """Judge what verified actions were for, once the figures say so or their time is up."""
    for action in moment.state.actions.actions.values():
        # What takes an action back restores what was there; it is for nothing else.
        mitigates = bool(action.plan.aims) and not action.undoes
        if action.goal is None and mitigates and action.verdict is Verdict.SEEN:
            judged = _judged(moment, action)
            if judged is not None:
                yield Followed(judged)


def _judged(moment: Moment, action: Action) -> GoalJudged | None:
    called = action.step("succeeded") or action.step("unknown")
    if called is None:
        return None
    aims = action.plan.aims
    after = [_after(moment.state, aim, called.time) for aim in aims]
    reached = all(_reached(aim, point) for aim, point in zip(aims, after, strict=True))
    waited = timedelta(milliseconds=moment.room_ms - called.room_ms)
    if not reached and (waited.total_seconds() < aims[0].within_s or _more_comes(moment.state, action)):
        return None
    values = [None if point is None else point.value for point in after]
    pairs = zip(aims, values, strict=True)
    words = ", ".join(
        f"{aim.title} {figure(aim.before, aim.unit)} before and {figure(value, aim.unit)} after"
        for aim, value in pairs
    )
    if reached:
        verdict, detail = Verdict.SEEN, f"{words}, {waited.total_seconds():.0f} s after the call"
    elif any(point is None for point in after):
        verdict, detail = Verdict.UNKNOWN, f"no sample within {_span(aims[0], waited)} of the call: {words}"
    else:
        verdict, detail = Verdict.NOT_SEEN, f"not within {_span(aims[0], waited)}: {words}"
    return GoalJudged(action.action, verdict, neutral(detail), aims[0].before, values[0])


def _span(aim: Aim, waited: timedelta) -> str:
    """How long was waited: as long as the aim says, or until the runbook was over."""
    return span(max(aim.within_s, int(waited.total_seconds())))


def goes_on(state: State, action: Action) -> bool:
    """Whether the runbook that an action is a step of is followed yet: what the steps are for comes at its end."""
    run = state.procedure.runs.get(action.run.partition(".")[0]) if action.run else None
    return run is not None and run.result is None


def _more_comes(state: State, action: Action) -> bool:
    """Whether more is being done for the same: the rest of its runbook, or of a series done by hand."""
    return goes_on(state, action) or (not action.run and _is_followed(state, action))


def _is_followed(state: State, action: Action) -> bool:
    """Whether another action for the same indicators was begun in its time, took effect and is not judged yet."""
    called = action.step("started")
    if called is None:
        return False
    within = timedelta(seconds=action.plan.aims[0].within_s)
    metrics = {aim.metric for aim in action.plan.aims}
    for other in state.actions.actions.values():
        begun = other.step("started")
        later = begun is not None and called.seq < begun.seq and begun.time - called.time < within
        same = any(aim.metric in metrics for aim in other.plan.aims)
        hopeful = other.goal is None and other.verdict in (None, Verdict.SEEN) and other.stage not in ENDED
        if later and same and hopeful and not other.undoes:
            return True
    return False


def _reached(aim: Aim, point: Point | None) -> bool:
    return point is not None and point.value is not None and point.value <= aim.at_most


def _after(state: State, aim: Aim, called: datetime) -> Point | None:
    newest = newest_point(state, aim.metric)
    return newest if newest is not None and newest.time > called else None
