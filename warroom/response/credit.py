"""To which action the end of the impact is owed, as far as the record shows it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from warroom.model.requests import Verdict
from warroom.response.goals import awaits_goal
from warroom.response.proofs import mitigations, reached_goal
from warroom.response.sentences import names
from warroom.response.undo import taken_back
from warroom.state.slices import Action, Incident, State


class Span(NamedTuple):
    """From when to when users felt it."""

    start: datetime
    end: datetime


class Credit(NamedTuple):
    """The action, and how that is known."""

    action: Action
    words: str
    undecided: bool
    """Something else that was begun in that time has no verdict yet, or its goal has none."""


def credited(state: State, incident: Incident, impact: Span) -> Credit | None:
    """The action that ended the impact: seen to work, begun while it lasted, and not taken back.

    One whose goal was reached comes first, then the one begun last; what takes another back comes after what was
    done for the figures themselves.
    """
    back = taken_back(state)
    begun = [a for a in mitigations(state, incident) if _is_within(a, impact) and a.action not in back]
    seen = [a for a in begun if a.verdict is Verdict.SEEN and not _failed(a)]
    if not seen:
        return None
    best = max(enumerate(seen), key=lambda pair: (reached_goal(pair[1]), not pair[1].undoes, pair[0]))[1]
    undecided = any(awaits_goal(a) or not a.over for a in begun)
    return Credit(best, _words(best, seen), undecided)


def _is_within(action: Action, impact: Span) -> bool:
    started = action.step("started")
    return started is not None and impact.start <= started.time <= impact.end


def _failed(action: Action) -> bool:
    return action.goal is not None and action.goal.verdict is Verdict.NOT_SEEN


def _words(best: Action, seen: Sequence[Action]) -> str:
    what = f"{best.action} {best.plan.title}" + (f" (takes {best.undoes} back)" if best.undoes else "")
    if reached_goal(best):
        return f"{what}: its goal was reached, and the impact on users ended"
    others = [a.action for a in seen if a is not best and not reached_goal(a)]
    told = f"; not told apart from {names(others)}" if others else ""
    return f"{what}: effect seen, and the impact on users ended{told}"
