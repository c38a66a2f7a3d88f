"""Events of the people who respond: roles and their handover."""

from typing import ClassVar

from warroom.events.base import Event
from warroom.model.response import Role
from warroom.model.text import Safe


class RoleTaken(Event, frozen=True):
    """Somebody has a role from now on; who had it before has it no longer."""

    type: ClassVar[str] = "role.taken"
    role: Role
    person: Safe
    """The user who has it; the envelope's actor said so."""
    reason: Safe = Safe("")
    """Why it was taken from who had it."""


class RoleLeft(Event, frozen=True):
    """Nobody has the role, said aloud and with a reason."""

    type: ClassVar[str] = "role.left"
    role: Role
    reason: Safe


class HandoffOffered(Event, frozen=True):
    """Who has a role offers it, with a brief of how things stand."""

    type: ClassVar[str] = "handoff.offered"
    handoff: str
    """``H1``, ``H2``, ... within the recording."""
    role: Role
    giver: Safe
    taker: Safe
    brief: tuple[Safe, ...]


class HandoffAcknowledged(Event, frozen=True):
    """One side has read the brief; the role moves once both have."""

    type: ClassVar[str] = "handoff.acknowledged"
    handoff: str
    side: str
    """``giver`` or ``taker``."""


class HandoffDeclined(Event, frozen=True):
    """The role stays where it is."""

    type: ClassVar[str] = "handoff.declined"
    handoff: str
    reason: Safe = Safe("")


TeamEvent = RoleTaken | RoleLeft | HandoffOffered | HandoffAcknowledged | HandoffDeclined
