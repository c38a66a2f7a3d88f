"""What takes an action back, as requests of its own that are planned, approved and verified like any other."""

from collections.abc import Iterator, Mapping

import msgspec

from warroom.errors import Refused
from warroom.model.nouns import WorkloadId
from warroom.model.requests import Cordon, Drain, EndSilences, Request, SilenceAlerts, Stop, Submit, Uncordon
from warroom.model.response import Finding
from warroom.model.text import Safe, neutral
from warroom.state.slices import Action, State

UNDONE = ("succeeded", "verified", "unknown")
"""Stages after which there may be something to take back."""


def undoable(state: State) -> Action | None:
    """The last action that can be taken back; None when there is none."""
    done = {a.undoes for a in state.actions.actions.values() if a.undoes and a.stage != "refused"}
    for action in reversed(state.actions.actions.values()):
        if action.action in done or action.undoes or action.stage not in UNDONE:
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


def reversals(action: Action) -> tuple[Request, ...]:
    """What undoes its work, by hand if not by ``undo``: a drained node is opened, closed before or not."""
    wanted = _requests(action)
    if not wanted and isinstance(action.request, Drain):
        return (Uncordon(action.request.nodes, neutral(f"takes {action.action} back")),)
    return wanted


def undone_by(state: State, finding: Finding, request: Request) -> str:
    """The action that a proposal of a wrong turn takes back, as ``undo`` does; empty for any other."""
    rule, _, name = finding.key.partition(":")
    action = state.actions.actions.get(name)
    return name if rule == "wrong-turn" and action is not None and request in _requests(action) else ""


def taken_back(state: State) -> Mapping[str, Action]:
    """Each action that was taken back, by ``undo`` or by hand, and the last action that did it.

    What did it was begun and did not fail; whether its effect was seen is for who asks.
    """
    found: dict[str, Action] = {}
    done: list[Action] = []
    for action in state.actions.actions.values():
        if action.step("started") is None or action.stage in ("failed", "cancelled"):
            continue
        found.update(dict.fromkeys(_takes_back(action, done), action))
        done.append(action)
    return found


def _takes_back(action: Action, done: list[Action]) -> Iterator[str]:
    if action.undoes:
        yield action.undoes
    for earlier in done:
        if any(_does(action.request, wanted) for wanted in reversals(earlier)):
            yield earlier.action


def _does(request: Request, wanted: Request) -> bool:
    """Whether a request brings about what another would, for whatever reason it is done."""
    match wanted:
        case Uncordon():
            return isinstance(request, Uncordon) and set(wanted.nodes) <= set(request.nodes)
        case Cordon():
            return isinstance(request, Cordon | Drain) and set(wanted.nodes) <= set(request.nodes)
        case Stop():
            return isinstance(request, Stop) and set(wanted.workloads) <= set(request.workloads)
        case EndSilences():
            return isinstance(request, EndSilences) and set(wanted.silences) <= set(request.silences)
        case SilenceAlerts():
            return False
        case _:
            return _reasonless(request) == _reasonless(wanted)


def _reasonless(request: Request) -> Request:
    return msgspec.structs.replace(request, reason=Safe("")) if hasattr(request, "reason") else request
