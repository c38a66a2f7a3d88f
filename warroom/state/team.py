"""Folds who responds: roles and their handover."""

from typing import assert_never

import msgspec

from warroom.events.envelope import Envelope
from warroom.events.team import (
    HandoffAcknowledged,
    HandoffDeclined,
    HandoffOffered,
    RoleLeft,
    RoleTaken,
    TeamEvent,
)
from warroom.model.nouns import ROOM, Person, Time
from warroom.model.response import Role
from warroom.model.text import Safe


class Holder(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who has a role, since when, and who said so."""

    person: Safe
    since: Time
    since_ms: int
    seq: int
    said_by: Person


class Left(msgspec.Struct, frozen=True, omit_defaults=True):
    """A role that was left empty, since when and why."""

    reason: Safe
    since: Time
    seq: int
    said_by: Person


class Handoff(msgspec.Struct, frozen=True, omit_defaults=True):
    """One offer to hand a role over."""

    handoff: str
    role: Role
    giver: Safe
    taker: Safe
    brief: tuple[Safe, ...]
    offered: Time
    seq: int
    acknowledged: tuple[str, ...] = ()
    """Sides that have read the brief."""
    declined: Safe | None = None
    done: bool = False

    @property
    def pending(self) -> bool:
        """Waiting for a side."""
        return not self.done and self.declined is None


class TeamSlice(msgspec.Struct):
    """Roles that are held, and every offer to hand one over."""

    revision: int = 0
    roles: dict[Role, Holder] = {}
    left: dict[Role, Left] = {}
    """Roles that were left empty."""
    handoffs: dict[str, Handoff] = {}


def apply_team(team: TeamSlice, event: TeamEvent, envelope: Envelope) -> None:
    """Move roles; a handover moves its role once both sides have read the brief."""
    match event:
        case RoleTaken():
            team.left.pop(event.role, None)
            team.roles[event.role] = _holder(event.person, envelope)
            _void(team, event.role)
        case RoleLeft():
            if team.roles.pop(event.role, None) is None:
                return
            team.left[event.role] = Left(event.reason, envelope.time, envelope.seq, envelope.actor or ROOM)
            _void(team, event.role)
        case HandoffOffered():
            team.handoffs[event.handoff] = Handoff(
                event.handoff,
                event.role,
                event.giver,
                event.taker,
                event.brief,
                envelope.time,
                envelope.seq,
            )
        case HandoffAcknowledged():
            _acknowledged(team, event, envelope)
        case HandoffDeclined():
            known = team.handoffs.get(event.handoff)
            if known is None or not known.pending:
                return
            team.handoffs[event.handoff] = msgspec.structs.replace(known, declined=event.reason)
        case _ as forgotten:
            assert_never(forgotten)
    team.revision += 1


def _holder(person: Safe, envelope: Envelope) -> Holder:
    return Holder(person, envelope.time, envelope.room_ms, envelope.seq, envelope.actor or ROOM)


def _void(team: TeamSlice, role: Role) -> None:
    """The role went another way: what was offered of it no longer stands."""
    for number, offer in team.handoffs.items():
        if offer.role is role and offer.pending:
            declined = Safe("the role went another way meanwhile")
            team.handoffs[number] = msgspec.structs.replace(offer, declined=declined)


def _acknowledged(team: TeamSlice, event: HandoffAcknowledged, envelope: Envelope) -> None:
    known = team.handoffs.get(event.handoff)
    if known is None or not known.pending or event.side in known.acknowledged:
        return
    sides = (*known.acknowledged, event.side)
    done = {"giver", "taker"} <= set(sides)
    team.handoffs[event.handoff] = msgspec.structs.replace(known, acknowledged=sides, done=done)
    if done:
        team.left.pop(known.role, None)
        team.roles[known.role] = _holder(known.taker, envelope)
