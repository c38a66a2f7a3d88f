"""The record ticks what it proves, with the events that prove it; people tick, skip and reopen the rest."""

from datetime import timedelta

import msgspec
import pytest

from tests.response.commanding import SAM, Room
from tests.response.rooms import names
from tests.views.any_state import MAYA
from warroom.errors import Refused
from warroom.events.incident import IncidentResolved, NoteAdded, SeverityChanged
from warroom.events.triage import FindingRaised, FindingWithdrawn
from warroom.events.updates import UpdateSent, UpdateWritten
from warroom.model.nouns import Fingerprint, Matcher, Phase, Severity
from warroom.model.requests import Acknowledge, Cordon, CreateAlert, Drain, SilenceAlerts, Verdict
from warroom.model.response import Confidence, Fact, Finding, ItemState, Targets, UpdateKind
from warroom.model.response_commands import (
    CloseIncident,
    CreateTask,
    EnterPhase,
    JudgeHypothesis,
    MakeDecision,
    NoteLook,
    RaiseHypothesis,
    ReopenItem,
    ScheduleReview,
    SkipItem,
    TickItem,
)
from warroom.model.text import Safe
from warroom.response.checklist import open_items
from warroom.state.procedure import Ticked

CORDON = Cordon(names("a1"), Safe("bad"))
DOUBT = Finding(
    "false-alarm:f1", "false-alarm", Safe("False alarm? Errors fires, but what it says is not so"), Confidence.HIGH,
    (Fact(Safe("errors 0.4%")),), Safe("errors rise"), severity=Severity.SEV4, scenario="false-alarm",
)  # fmt: skip
USERS = Finding(
    "users", "user-impact", Safe("users feel it"), Confidence.HIGH, (Fact(Safe("90% errors")),), Safe("no errors"),
    severity=Severity.SEV1, targets=Targets(nodes=names("a1")),
)  # fmt: skip


def declared(severity: Severity = Severity.SEV1) -> Room:
    room = Room()
    room.declare(severity)
    return room


def item(room: Room, name: str) -> Ticked:
    return room.state.procedure.items[name]


def done(room: Room, name: str) -> bool:
    return item(room, name).state is ItemState.DONE


def test_the_twelve_items_are_chosen_when_the_incident_is_declared() -> None:
    assert len(declared().state.procedure.items) == 12


def test_errors_beyond_their_threshold_while_an_alert_fires_are_no_false_alarm() -> None:
    room = declared()
    room.fires()
    room.follow()
    assert not done(room, "no-false-alarm"), "an alert alone may be a false one"
    room.errors(0.9)
    room.follow()
    assert done(room, "no-false-alarm")
    assert len(item(room, "no-false-alarm").seqs) == 2


def test_a_finding_with_impact_proves_alarm_and_components() -> None:
    room = declared()
    room.add(FindingRaised(USERS))
    raised = room.state.seq
    room.follow()
    assert item(room, "no-false-alarm").seqs == (raised,)
    assert done(room, "components")


def test_a_finding_that_it_is_a_false_alarm_does_not_prove_that_it_is_none() -> None:
    room = declared()
    room.add(FindingRaised(DOUBT))
    room.follow()
    assert not done(room, "no-false-alarm")
    with pytest.raises(Refused, match="it is no false alarm"):
        room.wish(EnterPhase(Phase.TRIAGE))
    room.add(FindingRaised(USERS))
    room.follow()
    assert item(room, "no-false-alarm").evidence == "finding: users feel it"


def test_a_false_alarm_that_is_kept_quiet_is_settled_without_touching_the_cluster() -> None:
    room = declared(Severity.SEV4)
    room.fires("Errors")
    alarm = next(iter(room.state.alerts.alerts))
    room.add(FindingRaised(msgspec.structs.replace(DOUBT, targets=Targets(alerts=(alarm,)))))
    room.act(SilenceAlerts((Matcher("alertname", "Another"),)))
    room.follow()
    settled = ("no-false-alarm", "components", "mitigation", "verified")
    assert [name for name in settled if done(room, name)] == [], "another alert is quiet"
    room.act(SilenceAlerts((Matcher("alertname", "Errors"),)))
    room.follow()
    assert [name for name in settled if not done(room, name)] == []
    assert item(room, "no-false-alarm").evidence.startswith("it is one: False alarm?")
    room.add(FindingWithdrawn(DOUBT.key, Safe("users feel it"), refuted=True))
    room.follow()
    assert not done(room, "no-false-alarm")


def test_a_finding_that_was_refuted_takes_its_tick_back() -> None:
    room = declared()
    room.add(FindingRaised(USERS))
    room.follow()
    room.add(FindingWithdrawn("users", Safe("the alert was wrong"), refuted=True))
    room.follow()
    assert not done(room, "no-false-alarm")
    assert "the alert was wrong" in item(room, "no-false-alarm").evidence


def test_the_severity_is_classified_by_declaring() -> None:
    room = declared()
    assert item(room, "severity").evidence == "SEV1 by maya"


def test_stakeholders_are_alerted_by_an_update_that_somebody_took() -> None:
    room = declared()
    room.add(UpdateWritten("U1", UpdateKind.FIRST, Safe("we know"), ("hook",)), MAYA)
    room.follow()
    assert not done(room, "stakeholders")
    room.add(UpdateSent("U1", "hook"))
    room.follow()
    assert done(room, "stakeholders")


def test_an_alert_one_created_tells_stakeholders_too() -> None:
    room = declared()
    room.act(CreateAlert("sev1", "critical", Safe("we know")))
    room.follow()
    assert done(room, "stakeholders")


def test_a_sev3_is_not_asked_for_stakeholders_until_it_becomes_a_sev2() -> None:
    room = declared(Severity.SEV3)
    assert "stakeholders" not in [t.item.id for t in open_items(room.state)]
    room.add(SeverityChanged(Severity.SEV2), MAYA)
    assert "stakeholders" in [t.item.id for t in open_items(room.state)]


def test_looking_is_proven_by_who_looked_and_when() -> None:
    room = declared()
    room.wish(NoteLook("cluster-status"), SAM)
    room.wish(NoteLook("alert-list"), SAM)
    assert "sam looked" in item(room, "cluster-status").evidence
    assert done(room, "alerts")


def test_a_script_that_looks_every_second_does_not_flood_the_record() -> None:
    room = declared()
    for _ in range(30):
        room.wish(NoteLook("cluster-status"), SAM)
        room.later(1)
    looks = [m for m in room.state.timeline.moments if m.text.startswith("cluster-status")]
    assert len(looks) == 1


def test_taking_an_alert_proves_that_alerts_were_looked_at_and_mitigates_nothing() -> None:
    room = declared()
    room.fires()
    room.act(Acknowledge((Fingerprint("Errors"),)))
    room.follow()
    assert done(room, "alerts")
    assert not done(room, "mitigation")


def test_a_mitigation_is_taken_when_it_starts_and_verified_when_its_effect_is_seen() -> None:
    room = declared()
    room.act(CORDON, verdict=Verdict.NOT_SEEN)
    room.follow()
    assert done(room, "mitigation")
    assert not done(room, "verified")
    room.act(Drain(names("a1"), 60, Safe("bad")))
    room.follow()
    assert item(room, "verified").evidence.startswith("A2 drain")


def test_an_effect_without_the_goal_it_was_for_verifies_nothing() -> None:
    room = declared()
    room.errors(0.9)
    room.act(CORDON, goal=Verdict.NOT_SEEN)
    room.follow()
    assert not done(room, "verified")


def test_a_second_wave_takes_the_verification_back_until_something_new_proves_it() -> None:
    room = declared()
    room.errors(0.9)
    room.act(CORDON, goal=Verdict.SEEN)
    room.errors(0.01)
    room.follow()
    assert done(room, "verified")
    room.later(5)
    room.errors(0.9)
    room.follow()
    assert "beyond its threshold again" in item(room, "verified").evidence
    room.follow()
    assert not done(room, "verified"), "the old proof does not count again"
    room.act(Drain(names("a1"), 60, Safe("bad")), goal=Verdict.SEEN)
    room.follow()
    assert done(room, "verified")


def test_a_supported_hypothesis_is_the_cause_with_its_evidence() -> None:
    room = declared()
    room.wish(RaiseHypothesis(Safe("the switch died")))
    assert not done(room, "root-cause")
    room.wish(JudgeHypothesis("Y1", True, Safe("heartbeats of rack 2 go on"), (3,)))
    assert 3 in item(room, "root-cause").seqs


def test_a_note_can_name_the_cause() -> None:
    room = declared()
    room.add(NoteAdded(Safe("Root cause: a loose cable")), SAM)
    room.follow()
    assert item(room, "root-cause").evidence == "sam: Root cause: a loose cable"


def test_the_timeline_is_documented_by_people_once_it_is_over() -> None:
    room = declared()
    room.wish(MakeDecision(Safe("drain rack 1")))
    assert not done(room, "timeline")
    room.add(IncidentResolved(), MAYA)
    room.follow()
    assert "1 decision" in item(room, "timeline").evidence


def test_follow_ups_and_the_review_are_proven_by_what_they_are() -> None:
    room = declared()
    room.wish(CreateTask(Safe("replace the switch"), "prevent"))
    room.wish(ScheduleReview(room.now + timedelta(days=3)))
    assert item(room, "tasks").evidence == "T1 replace the switch"
    assert done(room, "post-mortem")


def test_an_item_is_called_by_its_id_or_its_place() -> None:
    room = declared()
    room.wish(TickItem("9", Safe("seen on the console")), SAM)
    assert item(room, "root-cause").evidence == "seen on the console"
    with pytest.raises(Refused, match="there is no item 13; there are: no-false-alarm, severity"):
        room.wish(TickItem("13"))


def test_skipping_needs_a_reason_and_can_be_taken_back() -> None:
    room = declared()
    with pytest.raises(Refused, match="say why"):
        room.wish(SkipItem("tasks", Safe("")))
    room.wish(SkipItem("tasks", Safe("nothing to learn")))
    assert item(room, "tasks").state is ItemState.SKIPPED
    room.wish(ReopenItem("tasks"))
    assert item(room, "tasks").state is ItemState.OPEN


def test_what_a_person_reopened_is_not_ticked_again_by_the_same_proof() -> None:
    room = declared()
    room.wish(ReopenItem("severity", Safe("not sure yet")), SAM)
    room.follow()
    assert not done(room, "severity")
    room.add(SeverityChanged(Severity.SEV2), SAM)
    room.follow()
    assert done(room, "severity")


def test_closing_with_open_items_needs_a_reason() -> None:
    room = declared()
    room.add(IncidentResolved(), MAYA)
    with pytest.raises(Refused, match=r"still open on the checklist: .*root-cause"):
        room.wish(CloseIncident())
    room.wish(CloseIncident(Safe("duplicate")))
    assert room.incident.closed is not None
