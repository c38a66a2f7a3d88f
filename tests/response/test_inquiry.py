"""Hypotheses, decisions, evidence and tasks are numbered things that can be spoken of later."""

from datetime import timedelta
from typing import get_args

import pytest

from tests.response.commanding import SAM, Room
from tests.response.rooms import act, names
from warroom.errors import Refused
from warroom.events.alerts import SilencesChanged
from warroom.events.triage import FindingRaised
from warroom.events.updates import UpdatePromised
from warroom.model.nouns import Matcher, Severity, Silence
from warroom.model.requests import Cordon, Uncordon, Verdict
from warroom.model.response import Confidence, Finding, HypothesisState
from warroom.model.response_commands import (
    CreateTask,
    FinishTask,
    JudgeHypothesis,
    MakeDecision,
    NoteLook,
    PinEvidence,
    RaiseHypothesis,
    RaiseObjection,
    ResponseCommand,
    ScheduleReview,
)
from warroom.model.text import Safe
from warroom.response.brief import brief
from warroom.response.wishes.granting import GRANTS, granted, named


@pytest.fixture
def room() -> Room:
    made = Room()
    made.declare()
    return made


def test_every_wish_of_the_response_is_granted_by_somebody() -> None:
    assert set(GRANTS) == set(get_args(ResponseCommand))


def test_what_a_wish_made_is_named_to_who_wished_it(room: Room) -> None:
    assert named(granted(room.moment(), RaiseHypothesis(Safe("a")), SAM)) == "Y1"
    assert named(granted(room.moment(), MakeDecision(Safe("b")), SAM)) == "D1"
    assert named(granted(room.moment(), NoteLook("alert-list"), SAM)) == ""


def test_a_hypothesis_is_judged_by_evidence_that_is_in_the_record(room: Room) -> None:
    room.wish(RaiseHypothesis(Safe("the switch died")), SAM)
    room.wish(RaiseHypothesis(Safe("a bad deploy")))
    room.wish(JudgeHypothesis("Y2", False, Safe("no deploy in the window"), (1, 2, 1)))
    one, two = room.state.inquiry.hypotheses.values()
    assert (one.state, one.by) == (HypothesisState.OPEN, SAM)
    assert (two.state, two.evidence[0].seqs) == (HypothesisState.ELIMINATED, (1, 2))


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (RaiseHypothesis(Safe("")), "say what it may be"),
        (JudgeHypothesis("Y9", True, Safe("x")), "no hypothesis Y9; there are: none"),
        (RaiseObjection("D9", Safe("no")), "no decision D9"),
        (MakeDecision(Safe("")), "say what is decided"),
        (PinEvidence(Safe("this"), ()), "which events"),
        (PinEvidence(Safe("this"), (99_999,)), "event 99999 is not in the record"),
        (CreateTask(Safe("x"), "sometime"), "prevent, detect, mitigate, process"),
        (FinishTask("T9"), "no task T9"),
        (NoteLook("tea-leaves"), "cluster-status, alert-list"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_could_be(
    room: Room, command: ResponseCommand, says: str
) -> None:
    with pytest.raises(Refused, match=says):
        room.wish(command)


def test_a_hypothesis_needs_evidence_to_fall(room: Room) -> None:
    room.wish(RaiseHypothesis(Safe("the switch died")))
    with pytest.raises(Refused, match="by which evidence"):
        room.wish(JudgeHypothesis("Y1", False, Safe("")))


def test_a_decision_keeps_who_was_asked_and_who_objected(room: Room) -> None:
    room.wish(MakeDecision(Safe("drain rack 1"), (Safe("sam"), Safe("eve"))))
    room.wish(RaiseObjection("D1", Safe("batch work dies")), SAM)
    decision = room.state.inquiry.decisions["D1"]
    assert decision.asked == ("sam", "eve")
    assert [(o.by, o.text) for o in decision.objections] == [(SAM, "batch work dies")]


def test_a_task_is_done_once(room: Room) -> None:
    room.wish(
        CreateTask(Safe("replace the switch"), "prevent", Safe("netops"), room.now + timedelta(days=14))
    )
    room.wish(FinishTask("T1"))
    with pytest.raises(Refused, match="T1 is done already"):
        room.wish(FinishTask("T1", Safe("no money")))


def test_a_review_lies_ahead(room: Room) -> None:
    with pytest.raises(Refused, match="is over; say when it will be"):
        room.wish(ScheduleReview(room.now - timedelta(days=1)))


def test_nothing_is_asked_why_without_an_incident() -> None:
    with pytest.raises(Refused, match="declare one first"):
        Room().wish(RaiseHypothesis(Safe("ghosts")))


def test_a_look_writes_down_what_there_was_to_see(room: Room) -> None:
    room.fires()
    room.wish(NoteLook("alert-list"), SAM)
    assert room.state.timeline.moments[-2].text.startswith("alert-list: 1 found")


def test_the_brief_says_how_everything_stands(room: Room) -> None:
    room.errors(0.9)
    room.wish(RaiseHypothesis(Safe("the switch died")))
    room.wish(RaiseHypothesis(Safe("a bad deploy")))
    room.wish(JudgeHypothesis("Y2", False, Safe("no deploy in the window")))
    room.wish(MakeDecision(Safe("drain rack 1")))
    room.wish(CreateTask(Safe("replace the switch")))
    act(room.tape, Cordon(names("a1"), Safe("bad")))
    ends = room.now + timedelta(minutes=30)
    room.see(
        SilencesChanged((Silence("s1", (Matcher("alertname", "Err.*", is_regex=True),), room.now, ends),))
    )
    room.add(UpdatePromised(room.now + timedelta(minutes=10)))
    said = "\n".join(brief(room.state, room.now))
    for words in (
        "SEV1 all requests fail: phase detect",
        "beyond its limit: errors 90.0% (limit 5.0%)",
        "hypothesis open: Y1 the switch died",
        "hypothesis eliminated: Y2 a bad deploy: no deploy in the window",
        "decided: D1 drain rack 1",
        "action: A1 cordon a1: succeeded, no verdict yet",
        "silence: alertname=~Err.* until 14:",
        "checklist, open: Alert stakeholders",
        "to do afterwards: T1 replace the switch",
        "next update: 14:",
        "roles: ic maya; empty: deputy, scribe, ops, comms",
    ):
        assert words in said


def test_the_brief_says_what_became_of_each_action_and_what_was_a_wrong_turn(room: Room) -> None:
    """Who took over was told neither that the first drain had not helped nor that it was still in place."""
    room.errors(0.9)
    room.act(Cordon(names("a1"), Safe("bad")), goal=Verdict.NOT_SEEN)
    room.act(Cordon(names("a2"), Safe("bad")))
    room.act(Uncordon(names("a2")), undoes="A2")
    finding = Finding("wrong-turn:A1", "wrong-turn", Safe("A1 was a wrong turn? it got worse"), Confidence.MEDIUM,
                      (), Safe("it gets better"), severity=Severity.SEV2)  # fmt: skip
    context = Finding("where", "where", Safe("Infrastructure: a1"), Confidence.HIGH, (), Safe("elsewhere"))
    room.add(FindingRaised(context))
    room.add(FindingRaised(finding))
    room.follow()
    lines = [str(line) for line in brief(room.state, room.now)]
    assert [line for line in lines if line.startswith("finding")] == [
        "finding: A1 was a wrong turn? it got worse (medium)",
        "finding: Infrastructure: a1 (high)",
    ]
    done = [line for line in lines if line.startswith("action")]
    assert [line.split()[1] for line in done] == ["A3", "A2", "A1"]
    assert "takes A2 back" in done[0]
    assert "goal not seen: taken back by A3" in done[1]
    assert done[2] == "action: A1 cordon a1: effect seen; goal not seen: errors 90% before, 1% after"


def test_a_long_brief_is_bounded_and_says_how_much_is_left_out(room: Room) -> None:
    for number in range(40):
        room.wish(RaiseHypothesis(Safe(f"theory {number}")))
    lines = [line for line in brief(room.state, room.now) if line.startswith("hypothesis")]
    assert len(lines) == 7
    assert lines[-1] == "hypothesis open: and 34 more"
