"""Phases have criteria that the record proves; going on without them takes a reason that is kept."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.response.commanding import SAM, Room
from tests.response.rooms import names
from warroom.errors import Refused
from warroom.events.incident import IncidentResolved
from warroom.model.commands import DeclareIncident
from warroom.model.nouns import Phase, Severity
from warroom.model.requests import Cordon
from warroom.model.response import LinkKind, Role
from warroom.model.response_commands import (
    CloseIncident,
    EnterPhase,
    LeaveRole,
    LinkIncident,
    ReopenIncident,
    SkipItem,
    TickItem,
)
from warroom.model.text import Safe
from warroom.response.phases import ENTRY, EXIT, between
from warroom.response.proofs import PROOFS
from warroom.response.wishes.incident import check_declaration


@pytest.fixture
def room() -> Room:
    made = Room()
    made.declare()
    return made


def test_an_incident_begins_by_being_detected(room: Room) -> None:
    assert room.incident.phase is Phase.DETECT


def test_every_criterion_can_be_proven_by_something() -> None:
    for phase in Phase:
        assert all(gate.proof in PROOFS for gate in (*ENTRY[phase], *EXIT[phase]))


def test_what_is_not_proven_is_named_and_how_to_go_on_all_the_same(room: Room) -> None:
    with pytest.raises(
        Refused, match=r"it is no false alarm\. Go on .* incident phase triage --overrule WHY"
    ):
        room.wish(EnterPhase(Phase.TRIAGE))
    assert room.incident.phase is Phase.DETECT


def test_overruling_keeps_its_reason(room: Room) -> None:
    room.wish(EnterPhase(Phase.TRIAGE, Safe("users are on the phone")))
    assert room.incident.phases[-1].overruled == "users are on the phone"
    assert "overruled: users are on the phone" in room.state.timeline.moments[-1].text


def test_a_reason_that_was_not_needed_is_not_kept_as_overruling(room: Room) -> None:
    room.wish(TickItem("no-false-alarm"), SAM)
    room.wish(EnterPhase(Phase.TRIAGE, Safe("just in case")))
    assert room.incident.phases[-1].overruled == ""


def test_what_a_person_ticked_or_skipped_stands_as_a_criterion(room: Room) -> None:
    room.wish(TickItem("no-false-alarm"), SAM)
    room.wish(SkipItem("components", Safe("everything is down")), SAM)
    room.wish(EnterPhase(Phase.MITIGATE))
    assert room.incident.phase is Phase.MITIGATE


def test_skipping_phases_asks_for_all_that_lies_between(room: Room) -> None:
    asked = [c.text for c in between(room.state, room.incident, Phase.RESOLVE) if not c.met]
    assert len(asked) == 5
    assert asked[0] == "it is no false alarm"


def test_going_back_asks_for_nothing(room: Room) -> None:
    room.wish(EnterPhase(Phase.MITIGATE, Safe("now")))
    room.wish(EnterPhase(Phase.TRIAGE))
    assert room.incident.phase is Phase.TRIAGE


def test_mitigating_needs_a_commander(room: Room) -> None:
    room.wish(LeaveRole(Role.COMMANDER, Safe("asleep")))
    with pytest.raises(Refused, match="somebody is incident commander"):
        room.wish(EnterPhase(Phase.MITIGATE))


def test_a_mitigation_that_was_seen_to_work_opens_the_way_to_investigate(room: Room) -> None:
    room.wish(EnterPhase(Phase.MITIGATE, Safe("now")))
    room.act(Cordon(names("a1"), Safe("bad")))
    room.wish(EnterPhase(Phase.INVESTIGATE))
    assert room.incident.phases[-1].overruled == ""


def test_the_post_mortem_comes_after_the_end(room: Room) -> None:
    with pytest.raises(Refused, match="the incident is resolved"):
        room.wish(EnterPhase(Phase.POST_MORTEM))


def test_a_resolved_incident_goes_to_no_phase_but_the_last(room: Room) -> None:
    room.add(IncidentResolved(), SAM)
    with pytest.raises(Refused, match="reopen it first"):
        room.wish(EnterPhase(Phase.TRIAGE))
    room.wish(EnterPhase(Phase.POST_MORTEM, Safe("small one")))
    assert room.incident.phase is Phase.POST_MORTEM


def test_reopening_goes_back_to_triage_in_the_same_record(room: Room) -> None:
    room.add(IncidentResolved(), SAM)
    room.wish(EnterPhase(Phase.POST_MORTEM, Safe("small one")))
    room.wish(CloseIncident(Safe("done")))
    room.wish(ReopenIncident(Safe("errors are back")))
    assert (room.incident.phase, room.incident.open, room.incident.closed) == (Phase.TRIAGE, True, None)
    with pytest.raises(Refused, match="is open"):
        room.wish(ReopenIncident(Safe("again")))


def test_reopening_needs_a_reason(room: Room) -> None:
    room.add(IncidentResolved(), SAM)
    with pytest.raises(Refused, match="say why"):
        room.wish(ReopenIncident(Safe("")))


def test_an_open_incident_cannot_be_closed(room: Room) -> None:
    with pytest.raises(Refused, match="resolve it first"):
        room.wish(CloseIncident(Safe("bored")))


def test_a_link_is_made_once_and_never_to_itself(room: Room) -> None:
    room.wish(LinkIncident(LinkKind.CAUSED_BY, "inc-0"))
    assert room.incident.links[0].other == "inc-0"
    with pytest.raises(Refused, match="already"):
        room.wish(LinkIncident(LinkKind.CAUSED_BY, "inc-0"))
    with pytest.raises(Refused, match="itself"):
        room.wish(LinkIncident(LinkKind.DUPLICATE_OF, "inc-1"))
    with pytest.raises(Refused, match="which incident"):
        room.wish(LinkIncident(LinkKind.DUPLICATE_OF, " "))


def test_a_backdated_declaration_keeps_its_time_its_doubt_and_that_it_is_a_drill() -> None:
    room = Room()
    room.later(600)
    earlier = room.now - timedelta(minutes=5)
    room.declare(time=earlier, uncertain_s=120.0, drill=True)
    assert (room.incident.declared, room.incident.uncertain) == (earlier, timedelta(minutes=2))
    assert room.incident.drill
    assert any("declared SEV1 (a drill)" in moment.text for moment in room.state.timeline.moments)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"time": 60}, "yet to come"),
        ({"uncertain_s": -1.0}, "at most a day"),
        ({"uncertain_s": 1e6}, "a day"),
    ],
)
def test_a_declaration_that_makes_no_sense_is_refused(more: dict[str, float], says: str) -> None:
    room = Room()
    if "time" in more:
        more = {"time": room.now + timedelta(seconds=more["time"])}  # type: ignore[dict-item]
    command = DeclareIncident(Safe("x"), Severity.SEV1, **more)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=says):
        check_declaration(room.state, command, room.now)


def test_a_second_incident_is_a_second_room(room: Room) -> None:
    with pytest.raises(Refused, match="a second incident is a second room"):
        check_declaration(room.state, DeclareIncident(Safe("x"), Severity.SEV2), room.now)


def test_the_page_names_every_proof_and_every_phase() -> None:
    said = " ".join((Path(__file__).parents[2] / "docs" / "command.md").read_text("utf-8").split())
    assert all(f"`{proof}`" in said for proof in PROOFS)
    assert all(phase.value in said for phase in Phase)
