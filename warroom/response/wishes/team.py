"""Wishes about roles: take, leave, offer, acknowledge, decline. No role is ever silently empty."""

from collections.abc import Iterable
from typing import assert_never

from warroom.errors import Refused
from warroom.events.team import HandoffAcknowledged, HandoffDeclined, HandoffOffered, RoleLeft, RoleTaken
from warroom.model.nouns import Person
from warroom.model.response_commands import (
    AcknowledgeHandoff,
    DeclineHandoff,
    LeaveRole,
    OfferHandoff,
    TakeRole,
)
from warroom.model.text import Safe
from warroom.response.brief import handoff_brief
from warroom.response.watching import Followed, Moment
from warroom.response.wishes.incident import incident_of, open_incident
from warroom.state.slices import State
from warroom.state.team import Handoff

TeamWish = TakeRole | LeaveRole | OfferHandoff | AcknowledgeHandoff | DeclineHandoff


def grant_team(moment: Moment, command: TeamWish, person: Person) -> Iterable[Followed]:
    """The events that grant it; raises ``Refused``."""
    match command:
        case TakeRole():
            return [Followed(_taken(moment.state, command, person))]
        case LeaveRole():
            return [Followed(_left(moment.state, command))]
        case OfferHandoff():
            return [Followed(_offered(moment, command, person))]
        case AcknowledgeHandoff():
            return [Followed(_acknowledged(moment.state, command, person))]
        case DeclineHandoff():
            return [Followed(_declined(moment.state, command, person))]
        case _ as forgotten:
            assert_never(forgotten)


def _taken(state: State, command: TakeRole, person: Person) -> RoleTaken:
    open_incident(state)
    who, role = command.person or person.name, command.role
    holder = state.team.roles.get(role)
    if holder is not None and holder.person == who:
        raise Refused(f"{who} is {role} already")
    if holder is not None and not command.overrule:
        raise Refused(
            f"{holder.person} is {role}: let them hand it over (role offer {role} {who}), or take it with a "
            f"reason: role take {role} --overrule WHY"
        )
    return RoleTaken(role, who, command.overrule if holder is not None else Safe(""))


def _left(state: State, command: LeaveRole) -> RoleLeft:
    incident_of(state)
    if command.role not in state.team.roles:
        raise Refused(f"nobody is {command.role}")
    if not command.reason:
        raise Refused(
            f"say why {command.role} is left empty, or hand it over: role offer {command.role} NAME"
        )
    return RoleLeft(command.role, command.reason)


def _offered(moment: Moment, command: OfferHandoff, person: Person) -> HandoffOffered:
    state, role = moment.state, command.role
    incident_of(state)
    holder = state.team.roles.get(role)
    if holder is None:
        raise Refused(f"nobody is {role}; it can be taken: role take {role}")
    if holder.person != person.name:
        raise Refused(f"{holder.person} is {role}; only they can hand it over")
    if not command.taker:
        raise Refused("say to whom, by the name of their login")
    for offer in state.team.handoffs.values():
        if offer.role is role and offer.pending:
            raise Refused(f"{offer.handoff} offers {role} to {offer.taker}; decline it first")
    lines = handoff_brief(state, moment.now, role, str(holder.person), str(command.taker))
    return HandoffOffered(f"H{len(state.team.handoffs) + 1}", role, holder.person, command.taker, lines)


def _pending(state: State, name: str) -> Handoff:
    offer = state.team.handoffs.get(name)
    if offer is None:
        raise Refused(f"there is no handover {name}")
    if offer.done:
        raise Refused(f"{name} is done: {offer.taker} has {offer.role}")
    if not offer.pending:
        raise Refused(f"{name} was declined" + (f": {offer.declined}" if offer.declined else ""))
    return offer


def _acknowledged(state: State, command: AcknowledgeHandoff, person: Person) -> HandoffAcknowledged:
    offer = _pending(state, command.handoff)
    sides = {"giver": offer.giver, "taker": offer.taker}
    mine = [side for side, name in sides.items() if name == person.name]
    if not mine:
        raise Refused(f"{offer.handoff} is between {offer.giver} and {offer.taker}")
    missing = [side for side in mine if side not in offer.acknowledged]
    if not missing:
        other = offer.taker if mine == ["giver"] else offer.giver
        raise Refused(f"{person.name} has acknowledged {offer.handoff}; {other} has not")
    return HandoffAcknowledged(offer.handoff, missing[0])


def _declined(state: State, command: DeclineHandoff, person: Person) -> HandoffDeclined:
    offer = _pending(state, command.handoff)
    if person.name not in (offer.giver, offer.taker):
        raise Refused(f"{offer.handoff} is between {offer.giver} and {offer.taker}")
    return HandoffDeclined(offer.handoff, command.reason)
