"""What is owed by a time: green while there is time, amber before, red after, and a breach is said once."""

from datetime import timedelta

import pytest

from tests.response.commanding import SAM, Room
from tests.response.rooms import act, alert, names
from warroom.events.alerts import AlertsChanged, SilencesChanged
from warroom.events.incident import IncidentResolved, SeverityChanged
from warroom.events.updates import UpdatePromised
from warroom.model.nouns import Matcher, Severity, Silence
from warroom.model.requests import Cordon
from warroom.model.response import Clock, Role, Urgency
from warroom.model.response_commands import LeaveRole, TakeRole
from warroom.model.text import Safe
from warroom.response.clocks import RESPOND, clocks
from warroom.views.clocks import clock_cells


def clock(room: Room, name: str) -> Clock | None:
    return next((c for c in clocks(room.state, room.now) if c.clock == name), None)


def urgency(room: Room, name: str) -> Urgency | None:
    found = clock(room, name)
    return found.urgency if found else None


def breaches(room: Room) -> list[str]:
    return [breach.clock for breach in room.state.findings.breaches]


def test_no_clock_runs_without_an_incident_and_none_after_its_end() -> None:
    room = Room()
    assert clocks(room.state, room.now) == []
    room.declare()
    assert clocks(room.state, room.now)
    room.add(IncidentResolved(), SAM)
    assert clocks(room.state, room.now) == []


@pytest.mark.parametrize("severity", list(Severity))
def test_an_answer_within_the_severity_s_time_is_kept(severity: Severity) -> None:
    room = Room()
    room.fires()
    room.later(RESPOND[severity].total_seconds() - 10)
    room.declare(severity)
    kept = clock(room, "respond")
    assert kept is not None
    assert (kept.met, kept.urgency) == (True, Urgency.GREEN)
    assert breaches(room) == []


@pytest.mark.parametrize("severity", list(Severity))
def test_an_answer_that_came_too_late_is_a_breach_although_it_came(severity: Severity) -> None:
    room = Room()
    room.fires()
    room.later(RESPOND[severity].total_seconds() + 10)
    room.declare(severity)
    assert urgency(room, "respond") is Urgency.RED
    assert breaches(room) == ["respond"]


def test_a_higher_severity_does_not_make_an_earlier_answer_late() -> None:
    room = Room()
    room.fires()
    room.later(RESPOND[Severity.SEV1].total_seconds() + 10)
    room.declare(Severity.SEV3)
    room.add(SeverityChanged(Severity.SEV1), SAM)
    room.follow()
    assert urgency(room, "respond") is Urgency.GREEN


def test_a_promised_update_turns_amber_then_red_and_is_said_once() -> None:
    room = Room()
    room.declare()
    room.add(UpdatePromised(room.now + timedelta(minutes=30)), SAM)
    assert urgency(room, "update") is Urgency.GREEN
    room.later(26 * 60)
    assert urgency(room, "update") is Urgency.AMBER
    room.later(5 * 60)
    assert urgency(room, "update") is Urgency.RED
    room.follow()
    room.later(600)
    room.follow()
    assert breaches(room).count("update") == 1


def test_each_broken_promise_is_a_breach_of_its_own() -> None:
    room = Room()
    room.declare()
    for _ in range(2):
        room.add(UpdatePromised(room.now + timedelta(minutes=1)), SAM)
        room.later(90)
        room.follow()
    assert breaches(room).count("update") == 2


def test_in_a_sev1_somebody_must_speak_for_it_within_ten_minutes() -> None:
    room = Room()
    room.declare()
    assert urgency(room, "role:comms") is Urgency.GREEN
    room.later(9 * 60)
    assert urgency(room, "role:comms") is Urgency.AMBER
    room.later(90)
    room.follow()
    assert breaches(room) == ["role:comms"]
    room.wish(TakeRole(Role.COMMUNICATIONS), SAM)
    assert clock(room, "role:comms") is None


def test_a_sev3_needs_nobody_to_speak_for_it() -> None:
    room = Room()
    room.declare(Severity.SEV3)
    assert clock(room, "role:comms") is None


def test_ten_minutes_are_counted_from_when_it_became_a_sev1() -> None:
    room = Room()
    room.declare(Severity.SEV3)
    room.later(3600)
    room.add(SeverityChanged(Severity.SEV1), SAM)
    assert urgency(room, "role:comms") is Urgency.GREEN


def test_a_commander_who_leaves_a_sev1_is_missed_at_once() -> None:
    room = Room()
    room.declare()
    room.wish(LeaveRole(Role.COMMANDER, Safe("asleep")))
    assert urgency(room, "role:ic") is Urgency.AMBER
    room.later(60)
    room.follow()
    assert breaches(room) == ["role:ic"]
    missed = clock(room, "role:ic")
    assert missed is not None
    assert "asleep" in missed.text


def test_any_role_that_was_left_is_missed() -> None:
    room = Room()
    room.declare(Severity.SEV4)
    room.wish(TakeRole(Role.SCRIBE), SAM)
    room.wish(LeaveRole(Role.SCRIBE, Safe("shift is over")), SAM)
    assert urgency(room, "role:scribe") is Urgency.GREEN
    room.later(601)
    assert urgency(room, "role:scribe") is Urgency.RED


def silenced(room: Room, minutes: float) -> None:
    """A silence that keeps an alert quiet for so long, and one that quiets nothing here."""
    ends = room.now + timedelta(minutes=minutes)
    matcher = (Matcher("alertname", "Errors"),)
    room.see(
        SilencesChanged((Silence("s1", matcher, room.now, ends), Silence("s2", matcher, room.now, ends)))
    )
    room.see(AlertsChanged((alert("Errors", "Errors", silenced_by=("s1",)),)))


def test_a_silence_is_announced_five_minutes_before_its_end_with_what_will_be_heard() -> None:
    room = Room()
    room.declare()
    silenced(room, 10)
    assert urgency(room, "silence:s1") is Urgency.GREEN
    assert clock_cells(clocks(room.state, room.now), room.now) == [], "it is not urgent yet"
    room.later(6 * 60)
    assert urgency(room, "silence:s1") is Urgency.AMBER
    ending = clock(room, "silence:s1")
    assert ending is not None
    assert "alertname=Errors" in ending.text
    assert "heard again then: Errors" in ending.text
    room.later(5 * 60)
    room.follow()
    assert "silence:s1" in breaches(room)


def test_a_silence_and_a_verdict_run_on_when_the_incident_is_resolved_and_are_no_breach_then() -> None:
    """`clocks` said that no clock ran while an alert was kept quiet for another hour."""
    room = Room()
    room.declare(Severity.SEV3)
    silenced(room, 60)
    act(room.tape, Cordon(names("a1")))
    room.add(IncidentResolved(), SAM)
    assert {c.clock for c in clocks(room.state, room.now)} == {"silence:s1", "verify:A1"}
    room.later(3700)
    room.follow()
    assert breaches(room) == []


def test_a_silence_that_quiets_nothing_here_is_nobody_s_business() -> None:
    room = Room()
    room.declare()
    silenced(room, 1)
    assert clock(room, "silence:s2") is None


def test_a_verdict_that_does_not_come_is_missed() -> None:
    room = Room()
    room.declare()
    action = act(room.tape, Cordon(names("a1"), Safe("bad")))
    assert urgency(room, "verify:A1") is Urgency.GREEN
    room.later(action.plan.within_s + 1)
    assert urgency(room, "verify:A1") is Urgency.RED


def test_the_header_names_the_most_urgent_first_and_counts_the_rest() -> None:
    room = Room()
    room.declare()
    room.wish(LeaveRole(Role.COMMANDER, Safe("asleep")))
    room.add(UpdatePromised(room.now + timedelta(minutes=4)), SAM)
    room.later(9 * 60)
    cells = clock_cells(clocks(room.state, room.now), room.now, most=2)
    assert [(cell.text, cell.role) for cell in cells] == [
        ("no ic +8m", "critical"),
        ("update +5m", "critical"),
        ("+1", "warning"),
    ]
