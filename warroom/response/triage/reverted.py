"""Whether a change that is suspected was taken back, and what the figures did after that."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from warroom.model.nouns import WorkloadId
from warroom.model.requests import Request, Stop, Submit, Verdict
from warroom.model.response import Fact
from warroom.response.aims import MITIGATIONS
from warroom.response.triage.impact import ERRORS, LATENCY
from warroom.response.triage.picture import Picture
from warroom.response.triage.wording import clock, fact
from warroom.state.changes import Change
from warroom.views.ages import figure

SEEN_S = 60
"""So long the figures are given to follow."""
HALVED = 0.5
"""A figure that lost half got better, also where it is not within its limit yet."""


class Outcome(StrEnum):
    """What came of taking it back."""

    BETTER = "it got better after that"
    NO_BETTER = "it did not get better after that"
    OPEN = "what comes of that is not seen yet"


class Reverted(NamedTuple):
    """How a change was taken back."""

    time: datetime
    stopped: bool
    """What was changed was stopped and does not run again as it was before."""
    outcome: Outcome
    facts: tuple[Fact, ...]

    @property
    def words(self) -> str:
        """For the end of a sentence about the change."""
        if self.stopped:
            return f"stopped at {clock(self.time)} and not run again as it was"
        return f"taken back at {clock(self.time)}: {self.outcome.value}"


class _Deed(NamedTuple):
    """Something that was done to what had been changed."""

    begun: datetime
    seen: datetime
    told: Fact


def reverted(picture: Picture, change: Change) -> Reverted | None:
    """How it was taken back; None while it stands."""
    backs, stops = list(_backs(picture, change)), list(_stops(picture, change))
    if not backs and not stops:
        return None
    if not backs:
        return Reverted(stops[-1].seen, True, Outcome.OPEN, (stops[-1].told,))
    last = max(backs, key=lambda deed: deed.seen)
    # What stopping it did to the figures is no trouble that taking it back has mended.
    first = min(deed.begun for deed in (last, *stops))
    outcome, figures = _outcome(picture, first, last.seen)
    return Reverted(last.seen, False, outcome, (last.told, *figures))


def _backs(picture: Picture, change: Change) -> Iterator[_Deed]:
    for later in picture.past.made:
        same = (later.kind, later.subject) == (change.kind, change.subject) and later.time > change.time
        if same and change.before and later.after == change.before:
            yield _Deed(
                later.time, later.time, fact(f"{later.subject} back to {later.after}", later.time, later.seq)
            )
    for request, deed in _seen_since(picture, change):
        # What is submitted like it without an image of its own has the suspected one.
        if isinstance(request, Submit) and request.like == change.subject and request.image == change.before:
            yield deed


def _stops(picture: Picture, change: Change) -> Iterator[_Deed]:
    known = picture.state.cluster.workloads.get(WorkloadId(change.subject))
    if known is not None and known.state != "stopped":
        return
    for request, deed in _seen_since(picture, change):
        if isinstance(request, Stop) and change.subject in request.workloads:
            yield deed


def _seen_since(picture: Picture, change: Change) -> Iterator[tuple[Request, _Deed]]:
    for action in picture.state.actions.actions.values():
        begun, seen = action.step("started"), action.step("verified")
        if begun and seen and action.verdict is Verdict.SEEN and begun.time > change.time:
            told = fact(f"{action.action} {action.plan.title}: effect seen", seen.time, seen.seq)
            yield action.request, _Deed(begun.time, seen.time, told)


def _outcome(picture: Picture, begun: datetime, seen: datetime) -> tuple[Outcome, tuple[Fact, ...]]:
    """By the figures that were beyond their limit when somebody began to take it back, until more was done."""
    end = _more(picture, seen)
    told: list[Fact] = []
    better = False
    for metric in (ERRORS, LATENCY):
        known = picture.figures.get(metric)
        then, limit = (known.before(begun), known.indicator.threshold) if known is not None else (None, None)
        if known is None or then is None or limit is None or then <= limit:
            continue
        last, unit, name = known.last(end), known.indicator.unit, known.indicator.title
        value = None if last is None else last.value
        words = f"{name} {figure(then, unit)} before and {figure(value, unit)} after"
        told.append(fact(words, end if last is None else last.time))
        better = better or (value is not None and value <= max(limit, HALVED * then))
    if better:
        return Outcome.BETTER, tuple(told)
    late = bool(told) and (end - seen).total_seconds() >= SEEN_S
    return (Outcome.NO_BETTER if late else Outcome.OPEN), tuple(told)


def _more(picture: Picture, seen: datetime) -> datetime:
    """When something else was begun that may have changed the figures; else now."""
    begun = [
        step.time
        for action in picture.state.actions.actions.values()
        if isinstance(action.request, MITIGATIONS) and (step := action.step("started")) and step.time > seen
    ]
    return min(begun, default=picture.now)
