"""What takes an action back, as requests of its own that are planned, approved and verified like any other."""

from warroom.errors import Refused
from warroom.model.nouns import WorkloadId
from warroom.model.requests import EndSilences, Request, SilenceAlerts, Stop, Submit
from warroom.state.slices import Action, State

UNDONE = ("succeeded", "verified", "unknown")
"""Stages after which there may be something to take back."""


def undoable(state: State) -> Action | None:
    """The last action that can be taken back; None when there is none."""
    taken_back = {a.undoes for a in state.actions.actions.values() if a.undoes and a.stage != "refused"}
    for action in reversed(state.actions.actions.values()):
        if action.action in taken_back or action.undoes or action.stage not in UNDONE:
            continue
        if _requests(action):
            return action
    return None


def reverse_of(state: State, name: str) -> tuple[Request, ...]:
    """The requests that take an action back; raises ``Refused`` saying why there are none."""
    action = state.actions.actions.get(name)
    if action is None:
        raise Refused(f"there is no action {name}")
    if action.stage not in UNDONE:
        raise Refused(f"{name} was not done ({action.stage}), so there is nothing to take back")
    others = [a.action for a in state.actions.actions.values() if a.undoes == name and a.stage != "refused"]
    if others:
        raise Refused(f"{name} was taken back by {others[0]}")
    requests = _requests(action)
    if not requests:
        raise Refused(f"{name} cannot be taken back" + (f": {action.plan.undo}" if action.plan.undo else ""))
    return requests


def _requests(action: Action) -> tuple[Request, ...]:
    match action.request:
        case Submit():
            made = tuple(WorkloadId(one) for one in action.created)
            return (Stop(made, force=True),) if made else ()
        case SilenceAlerts():
            return (EndSilences(action.created),) if action.created else ()
        case _:
            return action.plan.reverse
