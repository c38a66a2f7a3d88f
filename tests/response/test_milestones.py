"""The named times of an incident come from facts, and stand until facts speak against them."""

from datetime import timedelta

import pytest

from tests.response.commanding import SAM, Room
from tests.response.rooms import names
from warroom.errors import Refused
from warroom.events.alerts import AlertAcknowledged, AlertsChanged
from warroom.events.incident import IncidentResolved
from warroom.events.sources import SourceLost
from warroom.model.nouns import AlertState, Fingerprint, Severity
from warroom.model.requests import Acknowledge, Cordon, Drain, Uncordon, Verdict
from warroom.model.response import Milestone
from warroom.model.response_commands import NoteMilestone, ReopenIncident
from warroom.model.text import Safe

CORDON = Cordon(names("a1"), Safe("bad"))
DRAIN = Drain(names("a1"), 20, Safe("bad"))


def titled(room: Room, name: str) -> str:
    return str(room.state.actions.actions[name].plan.title)


def broken() -> Room:
    """Errors, then an alert, then a person."""
    room = Room()
    room.errors(0.01)
    room.errors(0.9)
    room.fires()
    room.later(20)
    room.declare()
    return room


def mended(room: Room, *, after_s: float = 61) -> None:
    room.errors(0.01)
    room.errors(0.01)
    room.later(after_s - 1)
    room.follow()


def test_impact_begins_with_the_first_sample_beyond_the_threshold_before_the_alert() -> None:
    room = broken()
    reached = room.incident.milestones
    assert reached[Milestone.IMPACT_START].time < reached[Milestone.DETECTED].time
    assert reached[Milestone.DETECTED].time < reached[Milestone.DECLARED].time
    assert "errors beyond 5.0%" in reached[Milestone.IMPACT_START].how
    assert reached[Milestone.DETECTED].how == "alert Errors fired"


def test_what_was_so_at_the_first_look_may_have_begun_earlier_and_says_so() -> None:
    room = Room()
    room.errors(0.9)
    room.declare()
    assert "perhaps earlier" in room.incident.milestones[Milestone.IMPACT_START].how


def test_an_alert_that_was_only_pending_detected_nothing_yet() -> None:
    room = Room()
    began = room.now
    room.fires(state=AlertState.PENDING, started=began)
    room.later(30)
    room.fires(started=began)
    room.declare()
    assert room.incident.milestones[Milestone.DETECTED].time == began + timedelta(seconds=32)


def test_a_person_who_declares_before_any_alert_detected_it() -> None:
    room = Room()
    room.declare()
    detected = room.incident.milestones[Milestone.DETECTED]
    assert detected.time == room.incident.declared
    assert "no alert came before" in detected.how


def test_noise_that_went_on_for_days_is_no_part_of_the_incident() -> None:
    room = Room()
    room.fires("Chronic", started=room.now - timedelta(days=3))
    room.declare()
    assert "no alert came before" in room.incident.milestones[Milestone.DETECTED].how


def test_an_alert_that_only_informs_detects_nothing() -> None:
    room = Room()
    room.fires("deploy-done", "info")
    room.declare()
    assert "no alert came before" in room.incident.milestones[Milestone.DETECTED].how


def test_an_alert_somebody_took_before_the_declaration_is_the_acknowledgement() -> None:
    room = Room()
    room.fires()
    room.tape.add(AlertAcknowledged((Fingerprint("Errors"),)), actor=SAM)
    room.later(60)
    room.declare()
    assert room.incident.milestones[Milestone.ACKNOWLEDGED].how == "sam acknowledged Errors"


def test_mitigated_is_owed_to_the_action_with_its_effect_seen_before_the_impact_ended() -> None:
    room = broken()
    room.act(CORDON)
    mended(room, after_s=31)
    reached = room.incident.milestones[Milestone.MITIGATED]
    assert reached.how.startswith("A1 cordon a1")
    assert Milestone.RESTORED not in room.incident.milestones


def test_an_impact_that_ended_by_itself_was_mitigated_by_nobody() -> None:
    room = broken()
    mended(room)
    room.act(CORDON)
    room.later(60)
    room.follow()
    assert Milestone.MITIGATED not in room.incident.milestones
    assert Milestone.RESTORED in room.incident.milestones


def test_of_several_actions_the_one_whose_goal_was_seen_mitigated() -> None:
    room = broken()
    room.act(CORDON)
    room.act(DRAIN, goal=Verdict.SEEN)
    mended(room)
    assert room.incident.milestones[Milestone.MITIGATED].how.startswith("A2")


def test_of_a_series_the_last_one_mitigated_and_not_the_first() -> None:
    """The first of three tries was credited with what the third did."""
    room = broken()
    for request in (CORDON, Cordon(names("a2"), Safe("hot")), DRAIN):
        room.errors(0.9)
        room.act(request)
    mended(room)
    reached = room.incident.milestones[Milestone.MITIGATED]
    assert reached.how == f"A3 {titled(room, 'A3')}: its goal was reached, and the impact on users ended"
    assert [room.goal(name) for name in ("A1", "A2", "A3")] == [
        Verdict.UNKNOWN,
        Verdict.UNKNOWN,
        Verdict.SEEN,
    ]
    assert room.state.procedure.items["verified"].evidence.startswith("A3 ")


def test_a_wrong_turn_that_was_taken_back_mitigated_nothing() -> None:
    """Draining the wrong node was credited with the recovery though it had been taken back before."""
    room = broken()
    wrong = room.act(Drain(names("a2"), 20, Safe("hot")))
    room.errors(0.95)
    room.act(Uncordon(names("a2")), undoes=wrong)
    right = room.act(DRAIN)
    mended(room)
    assert room.incident.milestones[Milestone.MITIGATED].how.startswith(f"{right} drain a1")
    assert room.goal(wrong) is Verdict.NOT_SEEN
    assert room.state.procedure.items["verified"].evidence.startswith(f"{right} ")


def test_what_was_taken_back_by_hand_mitigated_nothing_either() -> None:
    room = broken()
    wrong = room.act(Cordon(names("a2"), Safe("hot")))
    room.act(Uncordon(names("a2", "b1"), Safe("it was not that one")))
    right = room.act(DRAIN)
    mended(room)
    assert room.goal(wrong) is Verdict.NOT_SEEN
    assert room.incident.milestones[Milestone.MITIGATED].how.startswith(f"{right} ")


def test_an_impact_that_only_an_undo_ended_is_owed_to_the_undo() -> None:
    room = broken()
    wrong = room.act(CORDON)
    room.act(Uncordon(names("a1")), undoes=wrong)
    mended(room)
    how = room.incident.milestones[Milestone.MITIGATED].how
    assert how.startswith("A2 uncordon a1 (takes A1 back): effect seen")


def test_a_useless_action_begun_while_it_gets_better_takes_no_credit_from_the_one_before() -> None:
    room = broken()
    room.errors(0.9)
    right = room.act(DRAIN)
    for value in (0.9, 0.6, 0.4):
        room.errors(value)
    late = room.act(Cordon(names("a2"), Safe("to be sure")))
    room.errors(0.2)
    mended(room)
    assert (room.goal(right), room.goal(late)) == (Verdict.SEEN, Verdict.UNKNOWN)
    assert room.incident.milestones[Milestone.MITIGATED].how.startswith(f"{right} ")


def test_what_was_done_before_users_felt_anything_did_not_end_it() -> None:
    room = Room()
    room.errors(0.01)
    room.act(CORDON)
    room.errors(0.9)
    room.declare()
    mended(room)
    assert Milestone.MITIGATED not in room.incident.milestones


def test_an_impact_that_is_back_was_not_mitigated_until_something_else_ends_it() -> None:
    room = broken()
    room.act(CORDON)
    mended(room)
    room.errors(0.9)
    room.follow()
    assert Milestone.MITIGATED not in room.incident.milestones
    room.errors(0.9)
    room.act(DRAIN)
    mended(room)
    assert room.incident.milestones[Milestone.MITIGATED].how.startswith("A2 ")


def test_taking_an_alert_mitigates_nothing() -> None:
    room = broken()
    room.act(Acknowledge((Fingerprint("Errors"),)))
    mended(room)
    assert Milestone.MITIGATED not in room.incident.milestones


def test_one_good_sample_restores_nothing() -> None:
    room = broken()
    mended(room, after_s=20)
    assert Milestone.RESTORED not in room.incident.milestones


def test_restored_is_when_the_last_bad_figure_came_back_not_when_that_was_believed() -> None:
    room = broken()
    mended(room)
    reached = room.incident.milestones[Milestone.RESTORED]
    assert room.now - reached.time >= timedelta(seconds=60)


def test_a_service_that_breaks_again_was_not_restored() -> None:
    room = broken()
    mended(room)
    room.errors(0.9)
    room.follow()
    assert Milestone.RESTORED not in room.incident.milestones
    mended(room)
    assert Milestone.RESTORED in room.incident.milestones


def test_nothing_is_restored_while_nobody_can_see_it() -> None:
    room = broken()
    room.errors(0.01)
    room.see(SourceLost(Safe("no answer")))
    room.later(300)
    room.follow()
    assert Milestone.RESTORED not in room.incident.milestones


def test_a_gap_in_the_figures_ends_no_impact() -> None:
    room = broken()
    room.errors(None)
    room.later(120)
    room.follow()
    assert Milestone.RESTORED not in room.incident.milestones


def test_without_any_threshold_critical_alerts_show_the_impact() -> None:
    room = Room(indicators=())
    room.fires()
    room.declare()
    room.see(AlertsChanged(resolved=(Fingerprint("Errors"),)))
    room.later(61)
    room.follow()
    assert room.incident.milestones[Milestone.RESTORED].how.startswith("from here on no critical alert fires")


def test_what_a_person_says_of_a_time_stands_against_the_facts() -> None:
    room = broken()
    mended(room)
    said = NoteMilestone(Milestone.RESTORED, room.now - timedelta(seconds=5), Safe("users say so"), 30.0)
    room.wish(said)
    room.errors(0.9)
    room.follow()
    reached = room.incident.milestones[Milestone.RESTORED]
    assert (reached.how, reached.uncertain) == ("users say so", timedelta(seconds=30))
    assert reached.by is not None


def test_a_milestone_to_come_is_refused() -> None:
    room = broken()
    with pytest.raises(Refused, match="yet to come"):
        room.wish(NoteMilestone(Milestone.MITIGATED, room.now + timedelta(minutes=5)))


def test_resolved_is_a_wish_of_its_own() -> None:
    room = broken()
    with pytest.raises(Refused, match="incident resolve"):
        room.wish(NoteMilestone(Milestone.RESOLVED))


def test_reopening_takes_resolved_back() -> None:
    room = broken()
    room.add(IncidentResolved(), SAM)
    assert Milestone.RESOLVED in room.incident.milestones
    room.wish(ReopenIncident(Safe("errors are back")))
    assert Milestone.RESOLVED not in room.incident.milestones
    assert room.incident.open


def test_a_second_incident_of_the_room_does_not_inherit_the_first_ones_times_and_people() -> None:
    room = broken()
    room.act(CORDON)
    mended(room)
    room.add(IncidentResolved(), SAM)
    room.later(3600)
    room.declare(Severity.SEV3, SAM)
    assert room.incident.declared_by == SAM
    assert Milestone.MITIGATED not in room.incident.milestones
    assert room.state.inquiry.hypotheses == {}
    ticked = room.state.procedure.items["mitigation"]
    assert not ticked.evidence, "an action of the first incident is no mitigation of the second"
