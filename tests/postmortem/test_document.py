"""The post-mortem states what the record shows, each line with its events, and never invents."""

from datetime import timedelta

from hypothesis import given, settings

from tests.events.any_event import logs
from tests.response.commanding import SAM, Room
from tests.response.rooms import names
from warroom.events.envelope import Envelope
from warroom.events.incident import IncidentResolved, NoteAdded, SeverityChanged
from warroom.events.triage import FindingRaised, FindingWithdrawn
from warroom.events.updates import UpdatePromised, UpdateSent, UpdateWritten
from warroom.model.nouns import Severity
from warroom.model.requests import Cordon, Uncordon, Verdict
from warroom.model.response import Confidence, Fact, Finding, LinkKind, Role, UpdateKind
from warroom.model.response_commands import (
    CreateTask,
    FinishTask,
    JudgeHypothesis,
    LeaveRole,
    LinkIncident,
    MakeDecision,
    PinEvidence,
    RaiseHypothesis,
    RaiseObjection,
    ReopenIncident,
    ScheduleReview,
    SkipItem,
    TakeRole,
)
from warroom.model.text import Safe
from warroom.postmortem.document import Document, ExportHeader, build
from warroom.postmortem.markdown import to_markdown
from warroom.postmortem.measures import DETECTED, IMPACT, MITIGATED, RESTORED

HEADER = ExportHeader("inc-1", {"cluster": "prod"}, 0, "ab" * 32, 1)
CORDON = Cordon(names("a1"), Safe("bad"))


def told(room: Room) -> Document:
    return build(room.tape.envelopes, HEADER)


def incident(**more: object) -> Room:
    """Errors, an alert, a declaration."""
    room = Room()
    room.errors(0.01)
    room.errors(0.9)
    room.fires()
    room.later(20)
    room.declare(**more)  # type: ignore[arg-type]
    return room


def over(room: Room) -> Room:
    room.errors(0.01)
    room.later(61)
    room.follow()
    room.add(IncidentResolved(Safe("moved")), SAM)
    return room


def text_of(room: Room) -> str:
    return to_markdown(told(room))


def test_each_measure_prints_its_definition_and_the_two_events_it_lies_between() -> None:
    room = incident()
    room.act(CORDON, goal=Verdict.SEEN)
    document = told(over(room))
    found = {m.name: m for m in document.milestones}
    line = next(s for s in document.durations if s.text.startswith("time to mitigate"))
    span = found[MITIGATED].time - found[IMPACT].time  # type: ignore[operator]
    assert line.text == f"time to mitigate (mitigated - impact start): {int(span.total_seconds())} seconds"
    assert line.evidence == (found[IMPACT].seq, found[MITIGATED].seq)
    assert found[RESTORED].time == found[MITIGATED].time


def test_a_measure_without_both_its_ends_says_which_is_missing() -> None:
    room = Room(indicators=())
    room.declare()
    document = told(room)
    line = next(s for s in document.durations if s.text.startswith("time to detect"))
    assert line.text.endswith("not known, because impact start is not in the record")
    assert line.evidence == ()


def test_what_was_backdated_from_memory_keeps_its_doubt_in_what_is_measured() -> None:
    room = incident(uncertain_s=120.0)
    lines = [s.text for s in told(room).durations if "give or take 2 minutes" in s.text]
    assert lines[0].startswith("time to declare")
    assert "± 2 minutes" in text_of(room)


def test_a_record_without_an_incident_claims_none() -> None:
    room = Room()
    text = text_of(room)
    assert text.startswith("# Post-mortem: no incident was declared")
    assert "| Incident declared | _to be filled in_ | no incident was declared |" in text
    assert "Nobody is recorded as responder." in text


def test_a_drill_says_so_at_the_top() -> None:
    assert "**DRILL**" in text_of(incident(drill=True)).split("## Timeline")[0]
    assert "DRILL" not in text_of(incident())


def test_every_hypothesis_stands_with_the_evidence_that_decided_it() -> None:
    room = incident()
    room.wish(RaiseHypothesis(Safe("the switch died")))
    room.wish(RaiseHypothesis(Safe("a bad deploy")), SAM)
    room.wish(JudgeHypothesis("Y2", False, Safe("no deploy in the window"), (3,)), SAM)
    room.wish(JudgeHypothesis("Y1", True, Safe("heartbeats of rack 2"), (4, 5)))
    document = told(room)
    assert [s.text for s in document.causes] == ["Y1 the switch died (maya): supported: heartbeats of rack 2"]
    eliminated = document.hypotheses[1]
    assert eliminated.text == "Y2 a bad deploy (sam): eliminated: no deploy in the window"
    assert 3 in eliminated.evidence


def test_an_open_hypothesis_is_no_cause() -> None:
    room = incident()
    room.wish(RaiseHypothesis(Safe("the switch died")))
    assert told(room).causes == ()
    assert "_to be filled in_: no hypothesis was supported" in text_of(room)


def test_a_decision_tells_who_was_asked_and_what_was_said_against_it() -> None:
    room = incident()
    room.wish(MakeDecision(Safe("drain rack 1"), (Safe("sam"),)))
    room.wish(RaiseObjection("D1", Safe("batch work dies")), SAM)
    room.wish(MakeDecision(Safe("wait")))
    first, second = told(room).decisions
    assert first.text == "D1 maya: drain rack 1; asked: sam; sam objected: batch work dies"
    assert second.text == "D2 maya: wait; nobody is recorded as asked"


def test_tasks_stand_under_prevention_with_owner_and_date_or_without_saying_so() -> None:
    room = incident()
    due = room.now + timedelta(days=14)
    room.wish(CreateTask(Safe("replace the switch"), "prevent", Safe("netops"), due))
    room.wish(CreateTask(Safe("write a runbook")))
    room.wish(FinishTask("T2"))
    room.wish(ScheduleReview(room.now + timedelta(days=3), Safe("room 5")))
    text = text_of(room).split("## Prevention")[1]
    assert f"- [ ] T1 replace the switch (prevent, owner netops, due {due:%Y-%m-%d})" in text.replace(
        "\\", ""
    )
    assert "- [x] T2 write a runbook (kind not said, no owner, no due date)" in text.replace("\\", "")
    assert "room 5" in text


def test_roles_are_told_as_they_changed() -> None:
    room = incident()
    room.wish(TakeRole(Role.SCRIBE), SAM)
    room.wish(LeaveRole(Role.SCRIBE, Safe("shift is over")), SAM)
    said = [s.text for s in told(room).responders]
    assert said == ["maya declared", "maya is ic", "sam is scribe", "nobody is scribe: shift is over"]


def test_findings_are_told_with_what_became_of_them() -> None:
    room = incident()
    facts = (Fact(Safe("90% errors")),)
    for key in ("users", "network"):
        room.add(FindingRaised(Finding(key, key, Safe(key), Confidence.HIGH, facts, Safe("no errors"))))
    room.add(FindingWithdrawn("network", Safe("the nodes answer"), refuted=True))
    stood, refuted = told(room).findings
    assert stood.text == "users (high confidence): it stood to the end"
    assert "REFUTED" in refuted.text
    assert "the nodes answer" in refuted.text
    assert len(refuted.evidence) == 2


def test_wrong_turns_are_named_and_what_worked_is_not_among_them() -> None:
    room = incident()
    room.act(CORDON, goal=Verdict.NOT_SEEN)
    room.act(Uncordon(names("a1"), Safe("wrong node")), goal=Verdict.SEEN)
    turns = told(over(room)).wrong_turns
    assert [s.text.split(":")[0] for s in turns] == ["A1 cordon a1"]
    assert "goal not seen" in turns[0].text


def test_broken_promises_and_the_cadence_are_told_with_both_times() -> None:
    room = incident()
    room.add(UpdatePromised(room.now + timedelta(minutes=1)), SAM)
    promised = room.state.updates.due
    room.later(90)
    room.follow()
    room.add(UpdateWritten("U1", UpdateKind.FIRST, Safe("we know"), ("hook",), promised), SAM)
    room.add(UpdateSent("U1", "hook"))
    document = told(room)
    assert [s.text.split(":")[0] for s in document.breaches] == ["update"]
    assert document.updates[-1].text.endswith("0 of 1")
    assert f"promised for {promised:%H:%M:%S}Z" in document.updates[0].text


def test_severity_over_time_is_told_and_measured() -> None:
    room = incident(severity=Severity.SEV3)
    room.later(100)
    room.add(SeverityChanged(Severity.SEV1, Safe("all fails")), SAM)
    document = told(over(room))
    assert [s.text for s in document.history] == ["SEV3 by maya", "SEV1 by sam: all fails"]
    assert [s.text.split(":")[0] for s in document.severities] == ["time in SEV1", "time in SEV3"]


def test_what_was_skipped_or_left_open_of_the_checklist_is_told() -> None:
    room = incident()
    room.wish(SkipItem("tasks", Safe("nothing to learn")), SAM)
    said = [s.text for s in told(room).checklist]
    assert "skipped by sam: Create follow-up tasks: nothing to learn" in said
    assert "not done: Investigate the root cause" in said
    assert not any("Classify" in text for text in said)


def test_pinned_evidence_points_at_what_was_pinned() -> None:
    room = incident()
    room.wish(PinEvidence(Safe("the first errors"), (5, 6)), SAM)
    pinned = told(room).evidence[0]
    pin = next(e.seq for e in room.tape.envelopes if e.type == "evidence.pinned")
    assert (pinned.text, pinned.evidence) == ("sam: the first errors", (5, 6, pin))


def test_links_and_reopening_are_told() -> None:
    room = over(incident())
    room.wish(LinkIncident(LinkKind.CAUSED_BY, "inc-0"))
    room.wish(ReopenIncident(Safe("errors are back")))
    assert [s.text for s in told(room).links] == ["caused by inc-0", "reopened 1 time"]
    assert told(room).status == "open"


def test_a_second_incident_of_the_room_tells_nothing_of_the_first() -> None:
    room = incident()
    room.act(CORDON)
    room.add(NoteAdded(Safe("root cause: the switch")), SAM)
    over(room)
    room.later(3600)
    room.declare(Severity.SEV3, SAM)
    document = told(room)
    assert document.actions == ()
    assert document.causes == ()
    assert all("switch" not in s.text for s in document.timeline)


def test_every_line_points_at_events_of_the_record() -> None:
    room = incident()
    room.act(CORDON, goal=Verdict.SEEN)
    room.wish(MakeDecision(Safe("drain rack 1")))
    document = told(over(room))
    last = room.tape.envelopes[-1].seq
    for part in (document.timeline, document.actions, document.responders, document.decisions):
        assert part
        for sentence in part:
            assert sentence.evidence, sentence.text
            assert all(0 < seq <= last for seq in sentence.evidence)


def test_the_milestones_are_those_of_the_incident() -> None:
    found = {m.name: m for m in told(incident()).milestones}
    assert found[DETECTED].how == "alert Errors fired"
    assert found[MITIGATED].time is None


@given(logs(most=40))
@settings(max_examples=50)
def test_any_record_gives_a_document_that_can_be_printed(log: list[Envelope]) -> None:
    text = to_markdown(build(log, HEADER))
    assert text.startswith("# Post-mortem: ")
    assert text.count("\n## ") >= 9
