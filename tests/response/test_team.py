"""Roles are taken and handed over aloud; none is ever silently empty."""

import pytest

from tests.response.commanding import SAM, Room
from tests.views.any_state import MAYA
from warroom.errors import Refused
from warroom.events.incident import IncidentResolved
from warroom.model.nouns import Person
from warroom.model.response import Role
from warroom.model.response_commands import (
    AcknowledgeHandoff,
    DeclineHandoff,
    LeaveRole,
    OfferHandoff,
    RaiseHypothesis,
    TakeRole,
)
from warroom.model.text import Safe

EVE = Person(Safe("eve"), uid=1002, via="cli")


@pytest.fixture
def room() -> Room:
    made = Room()
    made.declare()
    return made


def holder(room: Room, role: Role = Role.COMMANDER) -> str:
    held = room.state.team.roles.get(role)
    return str(held.person) if held else ""


def refused(room: Room, command: object, person: Person, says: str) -> None:
    with pytest.raises(Refused, match=says):
        room.wish(command, person)  # type: ignore[arg-type]


def test_who_declares_commands(room: Room) -> None:
    assert holder(room) == "maya"


def test_a_role_moves_only_once_both_sides_have_read_the_brief(room: Room) -> None:
    room.wish(OfferHandoff(Role.COMMANDER, Safe("sam")))
    room.wish(AcknowledgeHandoff("H1"), SAM)
    assert holder(room) == "maya"
    room.wish(AcknowledgeHandoff("H1"), MAYA)
    assert holder(room) == "sam"
    assert room.state.team.handoffs["H1"].done


def test_the_brief_is_kept_as_it_was_when_it_was_offered(room: Room) -> None:
    room.wish(RaiseHypothesis(Safe("the switch died")))
    room.wish(OfferHandoff(Role.COMMANDER, Safe("sam")))
    offered = room.state.team.handoffs["H1"].brief
    room.wish(RaiseHypothesis(Safe("a bad deploy")))
    assert any("the switch died" in line for line in offered)
    assert room.state.team.handoffs["H1"].brief == offered


def test_one_side_cannot_read_it_for_the_other(room: Room) -> None:
    room.wish(OfferHandoff(Role.COMMANDER, Safe("sam")))
    room.wish(AcknowledgeHandoff("H1"), MAYA)
    refused(room, AcknowledgeHandoff("H1"), MAYA, "sam has not")
    refused(room, AcknowledgeHandoff("H1"), EVE, "between maya and sam")
    assert holder(room) == "maya"


def test_one_login_that_is_both_sides_is_said_to_be_one(room: Room) -> None:
    room.wish(OfferHandoff(Role.COMMANDER, Safe("maya")))
    assert "one login" in room.state.team.handoffs["H1"].brief[1]
    room.wish(AcknowledgeHandoff("H1"), MAYA)
    room.wish(AcknowledgeHandoff("H1"), MAYA)
    assert room.state.team.handoffs["H1"].done
    assert "giver and taker are one login" in room.state.timeline.moments[-1].text


def test_one_login_can_hold_every_role(room: Room) -> None:
    for role in Role:
        if role is not Role.COMMANDER:
            room.wish(TakeRole(role))
    assert {holder(room, role) for role in Role} == {"maya"}


def test_a_declined_offer_leaves_the_role_where_it_is(room: Room) -> None:
    room.wish(OfferHandoff(Role.COMMANDER, Safe("sam")))
    room.wish(DeclineHandoff("H1", Safe("on a train")), SAM)
    assert holder(room) == "maya"
    refused(room, AcknowledgeHandoff("H1"), SAM, "declined: on a train")


def test_only_who_has_a_role_can_offer_it(room: Room) -> None:
    refused(room, OfferHandoff(Role.COMMANDER, Safe("eve")), SAM, "maya is ic; only they")
    refused(room, OfferHandoff(Role.SCRIBE, Safe("eve")), SAM, "nobody is scribe; it can be taken")


def test_a_role_is_offered_to_one_person_at_a_time(room: Room) -> None:
    room.wish(OfferHandoff(Role.COMMANDER, Safe("sam")))
    refused(room, OfferHandoff(Role.COMMANDER, Safe("eve")), MAYA, "H1 offers ic to sam")


def test_a_role_somebody_has_is_taken_only_with_a_reason_that_is_recorded(room: Room) -> None:
    refused(room, TakeRole(Role.COMMANDER), SAM, "role offer ic sam")
    room.wish(TakeRole(Role.COMMANDER, overrule=Safe("maya lost her link")), SAM)
    assert holder(room) == "sam"
    assert room.state.timeline.moments[-1].text == "sam is ic: maya lost her link"


def test_an_offer_of_a_role_that_went_another_way_no_longer_stands(room: Room) -> None:
    room.wish(OfferHandoff(Role.COMMANDER, Safe("eve")))
    room.wish(TakeRole(Role.COMMANDER, overrule=Safe("maya lost her link")), SAM)
    refused(room, AcknowledgeHandoff("H1"), EVE, "went another way")
    assert holder(room) == "sam"


def test_leaving_needs_a_reason(room: Room) -> None:
    refused(room, LeaveRole(Role.COMMANDER, Safe("")), MAYA, "say why")
    room.wish(LeaveRole(Role.COMMANDER, Safe("asleep")))
    assert holder(room) == ""
    assert room.state.team.left[Role.COMMANDER].reason == "asleep"


def test_there_are_no_roles_without_an_open_incident(room: Room) -> None:
    refused(Room(), TakeRole(Role.SCRIBE), SAM, "no incident was declared")
    room.add(IncidentResolved(), MAYA)
    refused(room, TakeRole(Role.SCRIBE), SAM, "reopen it first")
