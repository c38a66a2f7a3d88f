"""What a request would touch, said before anybody presses it."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import assert_never

import msgspec

from warroom.model.requests import (
    Acknowledge,
    ActionKind,
    Capability,
    Cordon,
    CreateAlert,
    Drain,
    EndSilences,
    Plan,
    Request,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
    kind_of,
)
from warroom.model.text import Safe, neutral
from warroom.response.aims import aims_of
from warroom.response.alert_plans import acknowledge_plan, create_plan, end_silence_plan, silence_plan
from warroom.response.node_plans import distinct, drain_plan, scheduling_plan
from warroom.response.risk import risk_of
from warroom.response.sentences import matchers_text, reason_of, short
from warroom.response.workload_plans import scale_plan, stop_plan, submit_plan
from warroom.state.slices import SourceFacts, State
from warroom.views.ages import age

ROOM_ROLE = "room"
BLANK = re.compile(r"\{(target|reason)\}")
NUMBER = re.compile(r"\d+")


def required_role(request: Request) -> str:
    """Through which role of a source the request works and is verified; ``room`` is the host itself."""
    match request:
        case SilenceAlerts() | CreateAlert() | EndSilences():
            return "alerts"
        case Acknowledge():
            return ROOM_ROLE
        case Cordon() | Uncordon() | Drain() | Stop() | Submit() | Scale():
            return "cluster"
        case _ as forgotten:
            assert_never(forgotten)


def capability_of(state: State, kind: ActionKind) -> tuple[SourceFacts, Capability] | None:
    """The source that carries this kind of request out, and its words for it; else one that says why not."""
    said = [(f, c) for f in state.sources.sources.values() for c in f.capabilities if c.kind is kind]
    return min(said, key=lambda pair: not pair[1].possible, default=None)


def plan(state: State, request: Request, *, person: str, now: datetime, undoes: str = "") -> Plan:
    """Everything a person should know before they confirm; what takes an action back is for nothing else."""
    able = capability_of(state, kind_of(request))
    made = msgspec.structs.replace(
        _described(state, request, able[1] if able else None, person),
        risk=risk_of(state, request, evicts=able is not None and able[1].evicts),
        aims=() if undoes else aims_of(state, request),
    )
    if required_role(request) == ROOM_ROLE:
        return made
    warnings = (*_under_way(state, request), *made.warnings)
    if able is None:
        refused = neutral(f"no source of this room can {kind_of(request).value.replace('_', ' ')}")
        return msgspec.structs.replace(made, refused=refused, warnings=short(warnings))
    facts, capability = able
    blind = _blind(state, facts, now)
    if facts.status == "stale" and blind:
        warnings = (blind, *warnings)
    return msgspec.structs.replace(
        made,
        wording=capability.wording,
        calls=short(_calls(capability, request)),
        warnings=short(warnings),
        refused=_refused(request, capability, blind if facts.status in ("loading", "lost") else "")
        or made.refused,
    )


def digest(made: Plan) -> str:
    """A short identity of what would be done: two plans with the same one touch the same things.

    Who confirmed two instances must not move three, nor go on after a new kind of warning; a figure that
    moved inside a warning is no reason to ask again.
    """
    warnings = sorted({NUMBER.sub("#", warning) for warning in made.warnings})
    what = (made.request, made.touches, made.wording, made.calls, made.challenge, made.risk, warnings)
    return hashlib.sha256(msgspec.msgpack.encode(what, order="sorted")).hexdigest()[:16]


def _blind(state: State, facts: SourceFacts, now: datetime) -> str:
    if facts.status == "loading":
        return f"source {facts.name} has not shown the cluster yet; try again when it is synced"
    old = (
        "never seen"
        if facts.seen_ms is None
        else f"{age(_silence(state, facts.seen_ms, now), seconds=True)} old"
    )
    if facts.status == "lost":
        return f"source {facts.name} is lost ({facts.reason or 'no reason given'}); what is shown is {old}"
    return f"source {facts.name} is stale: what is shown is {old}, and a verdict may not be possible"


def _silence(state: State, seen_ms: int, now: datetime) -> timedelta:
    since_event = now - state.observed_time if state.observed_time else timedelta()
    return max(timedelta(), since_event) + timedelta(milliseconds=state.room_ms - seen_ms)


def _refused(request: Request, capability: Capability, blind: str) -> Safe:
    if not capability.possible:
        return capability.wording or Safe("the cluster cannot do that")
    for field, why in sorted(capability.lacks.items()):
        if getattr(request, field, None):
            return neutral(why)
    return neutral(blind)


def _calls(capability: Capability, request: Request) -> list[str]:
    if not capability.call:
        return []
    # One pass, so that a target called {reason} stays what it is.
    pieces = BLANK.split(capability.call)
    reason = reason_of(request)
    return [
        "".join(
            piece if n % 2 == 0 else target if piece == "target" else reason for n, piece in enumerate(pieces)
        )
        for target in _targets(request)
    ]


def _targets(request: Request) -> tuple[str, ...]:
    match request:
        case Cordon() | Uncordon() | Drain():
            return distinct(request.nodes)
        case Stop():
            return tuple(dict.fromkeys(request.workloads))
        case Submit() | CreateAlert():
            return (request.name,)
        case Scale():
            return (f"{request.workload} to {request.replicas}",)
        case SilenceAlerts():
            return (matchers_text(request),)
        case Acknowledge():
            return tuple(request.fingerprints)
        case EndSilences():
            return tuple(request.silences)
        case _ as forgotten:
            assert_never(forgotten)


def _under_way(state: State, request: Request) -> Iterator[str]:
    """Other actions on the same targets that have no verdict yet."""
    mine = _objects(request)
    for action in state.actions.actions.values():
        if (
            not action.over
            and action.stage not in ("proposed", "waiting")
            and mine & _objects(action.request)
        ):
            yield f"{action.action} {action.plan.title} by {action.person.name} has no verdict yet"


def _objects(request: Request) -> set[tuple[str, str]]:
    match request:
        case Cordon() | Uncordon() | Drain():
            return {("node", name) for name in request.nodes}
        case Stop():
            return {("workload", identity) for identity in request.workloads}
        case Scale():
            return {("workload", request.workload)}
        case _:
            return set()


def _described(state: State, request: Request, able: Capability | None, person: str) -> Plan:
    match request:
        case Cordon() | Uncordon():
            return scheduling_plan(state, request)
        case Drain():
            return drain_plan(state, request, able)
        case Stop():
            return stop_plan(state, request)
        case Submit():
            return submit_plan(state, request)
        case Scale():
            return scale_plan(state, request)
        case SilenceAlerts():
            return silence_plan(state, request)
        case Acknowledge():
            return acknowledge_plan(state, request, person)
        case CreateAlert():
            return create_plan(state, request)
        case EndSilences():
            return end_silence_plan(state, request)
        case _ as forgotten:
            assert_never(forgotten)
