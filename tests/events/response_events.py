"""Any event of the response, made up from the types of its fields; the names they use meet each other."""

import types
import typing
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

from tests.views.any_state import action_names, counts, ids, names, prints, requests, safe, said, times
from warroom.events.base import Event
from warroom.events.codec import MEMBERS, Family
from warroom.events.incident import (
    IncidentClosed,
    IncidentDeclared,
    IncidentLinked,
    IncidentReopened,
    IncidentResolved,
    MilestoneNoted,
    MilestoneWithdrawn,
    PhaseEntered,
)
from warroom.events.inquiry import DecisionMade, HypothesisRaised, ObjectionRaised
from warroom.events.procedure import (
    ChecklistChosen,
    ItemReopened,
    ItemSkipped,
    ItemTicked,
    RunbookStarted,
    RunbookStepEnded,
)
from warroom.events.team import HandoffAcknowledged, HandoffDeclined, HandoffOffered
from warroom.events.triage import FindingRaised, FindingsMeasured, FindingUpdated, FindingWithdrawn
from warroom.events.updates import UpdateNotSent, UpdateSent, UpdateWritten
from warroom.model.nouns import NodeName
from warroom.model.requests import Request
from warroom.model.text import Safe

POOLS: Mapping[str, st.SearchStrategy[Any]] = {
    "key": st.sampled_from(["users", "node:n", "calm"]),
    "handoff": st.sampled_from(["H1", "H2"]),
    "side": st.sampled_from(["giver", "taker"]),
    "person": st.sampled_from(["maya", "sam"]),
    "giver": st.sampled_from(["maya", "sam"]),
    "taker": st.sampled_from(["maya", "sam"]),
    "hypothesis": st.sampled_from(["Y1", "Y2"]),
    "decision": st.sampled_from(["D1", "D2"]),
    "task": st.sampled_from(["T1", "T2"]),
    "item": st.sampled_from(["severity", "own"]),
    "id": st.sampled_from(["severity", "own"]),
    "proof": st.sampled_from(["", "classified", "mitigation_verified", "nothing known"]),
    "run": st.sampled_from(["R1", "R2"]),
    "step": st.integers(-1, 4),
    "update": st.sampled_from(["U1", "U2"]),
    "target": st.sampled_from(["hook", "alert"]),
    "action": action_names,
    "clock": st.sampled_from(["respond", "update", "role:ic"]),
    "incident": ids,
    "seqs": st.lists(st.integers(1, 40), max_size=3).map(tuple),
    "brief": st.lists(said, max_size=3).map(tuple),
}
"""Fields whose values must be able to meet those of other events, by name."""


def anything(hint: Any, field: str = "") -> st.SearchStrategy[Any]:
    """Any value of a type as msgspec reads it."""
    if field in POOLS and get_origin(hint) is not types.UnionType:
        return POOLS[field]
    if hint is Request or hint == Request:
        return requests
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return st.one_of(*(anything(one, field) for one in inner))
    if origin is tuple:
        if inner[-1] is ...:
            return st.lists(anything(inner[0], ""), max_size=3).map(tuple)
        return st.tuples(*(anything(one) for one in inner))
    if origin is dict:
        return st.dictionaries(anything(inner[0]), anything(inner[1]), max_size=2)
    if hint is Safe:
        return safe
    if hint is NodeName:
        return names
    if hasattr(hint, "__supertype__"):
        return prints if hint.__name__ == "Fingerprint" else ids
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return built(hint)
    return PLAIN[hint]


PLAIN: Mapping[Any, st.SearchStrategy[Any]] = {
    str: safe.map(str),
    int: counts,
    float: st.floats(0, 1e6),
    bool: st.booleans(),
    bytes: st.binary(max_size=8),
    datetime: times,
    timedelta: st.integers(0, 9_000).map(lambda seconds: timedelta(seconds=seconds)),
    type(None): st.none(),
}


def built(cls: type[Any]) -> st.SearchStrategy[Any]:
    """Any value of a struct."""
    hints = {name: hint for name, hint in get_type_hints(cls).items() if name in cls.__struct_fields__}
    return st.fixed_dictionaries({name: anything(hint, name) for name, hint in hints.items()}).map(
        lambda fields: cls(**fields)
    )


FAMILIES = (Family.TRIAGE, Family.TEAM, Family.INQUIRY, Family.PROCEDURE, Family.UPDATES)
OF_THE_INCIDENT = (
    PhaseEntered,
    MilestoneNoted,
    MilestoneWithdrawn,
    IncidentReopened,
    IncidentClosed,
    IncidentLinked,
)
RESPONSE = (*(cls for family in FAMILIES for cls in MEMBERS[family]), *OF_THE_INCIDENT)
RESPONSE_EVENTS: Mapping[type[Event], st.SearchStrategy[Event]] = {cls: built(cls) for cls in RESPONSE}
"""How each type of event of the response is made up."""

RAISED: tuple[type[Event], ...] = (FindingRaised,)
AFTER: Mapping[type[Event], tuple[type[Event], ...]] = {
    FindingUpdated: RAISED,
    FindingsMeasured: RAISED,
    FindingWithdrawn: RAISED,
    HandoffAcknowledged: (HandoffOffered,),
    HandoffDeclined: (HandoffOffered,),
    ObjectionRaised: (DecisionMade,),
    ItemTicked: (ChecklistChosen,),
    ItemSkipped: (ChecklistChosen,),
    ItemReopened: (ChecklistChosen,),
    RunbookStepEnded: (RunbookStarted,),
    UpdateSent: (UpdateWritten,),
    UpdateNotSent: (UpdateWritten,),
    IncidentReopened: (IncidentDeclared, IncidentResolved),
    HypothesisRaised: (),
}
"""What must have happened for an event to say something."""
