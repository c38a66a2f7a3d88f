"""Whether what an action was for came true: indicators before and after it, and whether it can have done that."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from warroom.events.actions import GoalJudged
from warroom.model.requests import Aim, Verdict
from warroom.model.text import neutral
from warroom.response.courses import before, is_falling, recovered, since
from warroom.response.sentences import counted, names, span
from warroom.response.undo import taken_back
from warroom.response.watching import Followed, Moment
from warroom.state.slices import Action, Point, State
from warroom.views.ages import figure

ENDED = ("failed", "refused", "expired", "cancelled")
"""Stages of an action that will have no effect any more."""


NEXT_SAMPLE = timedelta(minutes=1)
"""So long a sample within the threshold waits for the next one."""


def watch_goals(moment: Moment) -> Iterable[Followed]:
    """Judge what verified actions were for, once the figures say so or their time is up."""
    waiting = [
        a for a in moment.state.actions.actions.values() if awaits_goal(a) and a.verdict is Verdict.SEEN
    ]
    back = taken_back(moment.state) if waiting else {}
    for action in waiting:
        judged = _judged(moment, action, back)
        if judged is not None:
            yield Followed(judged)


def awaits_goal(action: Action) -> bool:
    """Whether it promised something that is not judged yet, and may be."""
    hopeful = action.verdict in (None, Verdict.SEEN) and action.stage not in ENDED
    return bool(action.aims) and action.goal is None and hopeful


class _Course(NamedTuple):
    """What the figures an action was for did after its call."""

    called: datetime
    waited: timedelta
    after: tuple[float | None, ...]
    reached: datetime | None
    """Since when every one of them is within its threshold; None while one is not."""
    settling: bool
    """Whether the newest sample of each is within its threshold, so that the next one decides."""


def _judged(moment: Moment, action: Action, back: Mapping[str, Action]) -> GoalJudged | None:
    called, undo = action.step("succeeded") or action.step("unknown"), back.get(action.action)
    if called is None or (undo is not None and undo.verdict is None):
        return None
    course = _course(moment, action, called.time, called.room_ms)
    if undo is not None and undo.verdict is Verdict.SEEN:
        return _taken_back(moment.state, action, undo)
    if course.reached is not None:
        return _reached(moment.state, action, course)
    if course.waited.total_seconds() < action.aims[0].within_s or _more_comes(moment.state, action):
        return None
    if course.settling:
        return None
    waited = span(max(action.aims[0].within_s, int(course.waited.total_seconds())))
    words = _words(action, course.after)
    if None in course.after:
        return _goal(action, Verdict.UNKNOWN, f"no sample within {waited} of the call: {words}", course.after)
    return _goal(action, Verdict.NOT_SEEN, f"not within {waited}: {words}", course.after)


def _course(moment: Moment, action: Action, called: datetime, called_ms: int) -> _Course:
    every = [since(moment.state, aim.metric, called) for aim in action.aims]
    ends = [recovered(points, aim.at_most) for aim, points in zip(action.aims, every, strict=True)]
    known = [end for end in ends if end is not None]
    return _Course(
        called,
        timedelta(milliseconds=moment.room_ms - called_ms),
        tuple(points[-1].value if points else None for points in every),
        max(known) if len(known) == len(ends) else None,
        all(_is_settling(points, aim, moment.now) for aim, points in zip(action.aims, every, strict=True)),
    )


def _is_settling(points: Sequence[Point], aim: Aim, now: datetime) -> bool:
    newest = points[-1] if points else None
    good = newest is not None and newest.value is not None and newest.value <= aim.at_most
    return good and newest is not None and now - newest.time < NEXT_SAMPLE


def _taken_back(state: State, action: Action, undo: Action) -> GoalJudged | None:
    begun = undo.step("started")
    if begun is None:
        return None
    values = tuple(before(state, aim.metric, begun.time) for aim in action.aims)
    return _goal(
        action,
        Verdict.NOT_SEEN,
        f"taken back by {undo.action} before it was: {_words(action, values)}",
        values,
    )


def _reached(state: State, action: Action, course: _Course) -> GoalJudged:
    """The figures are within their thresholds: seen, unless something else may have done it as well."""
    assert course.reached is not None
    words = f"{_words(action, course.after)}, {course.waited.total_seconds():.0f} s after the call"
    if _was_falling(state, action, action.aims, course.reached):
        return _goal(action, Verdict.UNKNOWN, f"{words}; it was getting better before the call", course.after)
    others = list(_attempts_since(state, action, course.reached))
    if others:
        first = others[0].step("started")
        assert first is not None
        then = _values(action, tuple(before(state, aim.metric, first.time) for aim in action.aims))
        told = f"{then} when {names(o.action for o in others)} came in between, so that nothing shows it was this one"
        return _goal(action, Verdict.UNKNOWN, f"{words}; {told}", course.after)
    together = sum(bool(a.aims) for a in _siblings(state, action))
    whole = f", by {counted(together, 'step')} of {_run_of(action)} together" if together > 1 else ""
    return _goal(action, Verdict.SEEN, words + whole, course.after)


def _goal(action: Action, verdict: Verdict, words: str, after: tuple[float | None, ...]) -> GoalJudged:
    return GoalJudged(action.action, verdict, neutral(words), action.aims[0].before, after[0])


def _words(action: Action, after: tuple[float | None, ...]) -> str:
    return ", ".join(
        f"{aim.title} {figure(aim.before, aim.unit)} before and {figure(value, aim.unit)} after"
        for aim, value in zip(action.aims, after, strict=True)
    )


def _values(action: Action, values: tuple[float | None, ...]) -> str:
    pairs = zip(action.aims, values, strict=True)
    return ", ".join(f"{aim.title} {figure(value, aim.unit)}" for aim, value in pairs)


def _run_of(action: Action) -> str:
    return action.run.partition(".")[0]


def _siblings(state: State, action: Action) -> Iterator[Action]:
    """The actions of the same runbook that took effect, and the action itself."""
    for other in state.actions.actions.values():
        same = action.run and _run_of(other) == _run_of(action)
        if other is action or (same and other.verdict is Verdict.SEEN):
            yield other


def _attempts_since(state: State, action: Action, end: datetime) -> Iterator[Action]:
    """What else was begun for the same indicators after the action and before they were well."""
    called = action.step("started")
    if called is None:
        return
    for other in state.actions.actions.values():
        begun = other.step("started")
        if begun is None or begun.seq <= called.seq or begun.time >= end or other.stage in ENDED:
            continue
        if action.run and _run_of(other) == _run_of(action):
            continue
        # What takes something back may be what made it better, though it promises nothing.
        shared = action.aims if other.undoes else _same(action, other)
        if shared and not _was_falling(state, other, shared, end):
            yield other


def _same(action: Action, other: Action) -> tuple[Aim, ...]:
    metrics = {aim.metric for aim in action.aims}
    return tuple(aim for aim in other.aims if aim.metric in metrics)


def _was_falling(state: State, action: Action, aims: tuple[Aim, ...], end: datetime) -> bool:
    """Whether every one of the figures was getting better already when the action was begun."""
    begun = action.step("started")
    return begun is not None and all(is_falling(state, aim.metric, begun.time, end) for aim in aims)


def goes_on(state: State, action: Action) -> bool:
    """Whether the runbook that an action is a step of is followed yet: what the steps are for comes at its end."""
    run = state.procedure.runs.get(_run_of(action)) if action.run else None
    return run is not None and run.result is None


def _more_comes(state: State, action: Action) -> bool:
    """Whether more is being done for the same: the rest of its runbook, or of a series done by hand."""
    return goes_on(state, action) or _is_followed(state, action)


def _is_followed(state: State, action: Action) -> bool:
    """Whether another action for the same indicators took effect later and is not judged yet.

    Of a runbook all steps are judged together; by hand only what was begun in its time counts.
    """
    called = action.step("started")
    if called is None:
        return False
    within = timedelta(seconds=action.aims[0].within_s)
    for other in state.actions.actions.values():
        begun = other.step("started")
        if begun is None or begun.seq <= called.seq:
            continue
        counts = _run_of(other) == _run_of(action) if action.run else begun.time - called.time < within
        if counts and _same(action, other) and awaits_goal(other):
            return True
    return False
