"""Did the cluster change? Looks at what the sources show after a call and gives the verdict."""

from datetime import timedelta
from typing import assert_never

from warroom.model.requests import (
    Acknowledge,
    Cordon,
    CreateAlert,
    Drain,
    EndSilences,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
    Verdict,
    kind_of,
)
from warroom.model.text import Safe, neutral
from warroom.response.looks import (
    Look,
    acknowledged_look,
    created_look,
    drained_look,
    heard_look,
    ready_look,
    scheduling_look,
    silenced_look,
    stopped_look,
    submitted_look,
)
from warroom.response.plans import ROOM_ROLE, capability_of, required_role
from warroom.response.sentences import span
from warroom.state.slices import Action, SourceFacts, State, Step

CALLS = ("succeeded", "unknown", "started")
"""Steps after which the target may be different."""


def look(state: State, action: Action) -> Look:
    """Compare the state with what the action was to bring about."""
    request = action.request
    match request:
        case Cordon() | Uncordon():
            return scheduling_look(state, request)
        case Drain():
            return drained_look(state, action, request)
        case Stop():
            return stopped_look(state, request)
        case Submit():
            return submitted_look(state, action, request)
        case Scale():
            return ready_look(state, request.workload, request.replicas)
        case SilenceAlerts():
            return silenced_look(state, action, request)
        case Acknowledge():
            return acknowledged_look(state, request)
        case CreateAlert():
            return created_look(state, request)
        case EndSilences():
            return heard_look(state, request)
        case _ as forgotten:
            assert_never(forgotten)


def governing(state: State, action: Action) -> SourceFacts | None:
    """The source through which the action's effect is seen; None for what only this room knows."""
    role = required_role(action.request)
    if role == ROOM_ROLE:
        return None
    able = capability_of(state, kind_of(action.request))
    if able is not None and role in able[0].roles:
        return able[0]
    return next((f for f in state.sources.sources.values() if role in f.roles), None)


def _called(action: Action) -> Step | None:
    return next((s for s in reversed(action.steps) if s.stage in CALLS), None)


def is_fresh(state: State, action: Action) -> bool:
    """Whether what the state shows was read after the call, from a source that is not stale."""
    called = _called(action)
    if called is None:
        return False
    if required_role(action.request) == ROOM_ROLE:
        return True
    facts = governing(state, action)
    if facts is None or facts.status != "synced" or facts.seen_ms is None:
        return False
    return facts.seen_ms > called.room_ms


def verdict(state: State, action: Action, room_ms: int) -> tuple[Verdict, Safe] | None:
    """The verdict, or None to keep looking.

    An effect counts as seen only when the source was read after the call and is not stale; when time is up it
    is *not seen*, or *unknown* when the source does not show what is.
    """
    called = _called(action)
    if called is None or action.over:
        return None
    fresh = is_fresh(state, action)
    seen = look(state, action)
    waited = timedelta(milliseconds=max(0, room_ms - called.room_ms))
    if fresh and seen.seen:
        at = called.time + waited
        return Verdict.SEEN, neutral(
            f"{seen.detail}, at {at:%H:%M:%S}Z, {waited.total_seconds():.0f} s after the call"
        )
    if action.stage == "started" or waited.total_seconds() < action.plan.within_s:
        return None
    within = f"within {span(action.plan.within_s)}"
    if fresh:
        return Verdict.NOT_SEEN, neutral(f"not seen {within}: {seen.detail}")
    return Verdict.UNKNOWN, neutral(f"{_why_blind(state, action)} {within}; last seen: {seen.detail}")


def _why_blind(state: State, action: Action) -> str:
    facts = governing(state, action)
    if facts is None:
        return "no source shows it"
    if facts.status == "synced":
        return f"source {facts.name} was not read again"
    why = f" ({facts.reason})" if facts.reason else ""
    return f"source {facts.name} is {facts.status}{why} and showed nothing new"


def settled_finding(state: State, action: Action) -> Safe:
    """What reading the target shows of an action whose call was cut off."""
    seen: Look = look(state, action)
    return neutral(f"{seen.detail}: {'it happened' if seen.seen else 'it did not happen, or not yet'}")
