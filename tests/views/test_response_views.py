"""Findings, runbooks, updates, and what changed, as the screen shows them."""

from datetime import timedelta

from hypothesis import given

from tests.response.triage.runs import Run
from tests.simulator.worlds import shipped
from tests.ui.responses import waiting_room
from tests.views.any_state import MAYA, START, Tape, room, tapes
from tests.views.test_panes import node
from warroom.events.alerts import AlertsChanged
from warroom.events.base import Event
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.events.incident import IncidentDeclared, MilestoneNoted
from warroom.model.nouns import Alert, Fingerprint, Severity, Workload, WorkloadId, WorkloadState
from warroom.model.response import Milestone
from warroom.model.text import Safe
from warroom.views.actions import action_entries
from warroom.views.around import around_lines
from warroom.views.checklist import checklist_entries
from warroom.views.findings import finding_entries, gone_entries, ordered
from warroom.views.inquiry import inquiry_entries
from warroom.views.phases import milestone_entries
from warroom.views.roles import role_entries
from warroom.views.rows import ROLES, Entry
from warroom.views.runbooks import place_words, run_lines, runbook_entries
from warroom.views.updates import update_entries
from warroom.views.what_changed import changed_lines, start_of, what_changed


def said(entries: list[Entry]) -> str:
    return "\n".join("".join(c.text for c in one.spans) for entry in entries for one in entry.lines)


def deployed(image: str, minutes_before: float, identity: str = "chat") -> Event:
    when = START - timedelta(minutes=minutes_before)
    return WorkloadsChanged(
        (
            Workload(
                WorkloadId(identity), Safe(identity), WorkloadState.RUNNING, image=Safe(image), deployed=when
            ),
        )
    )


def began(tape: Tape) -> None:
    tape.add(IncidentDeclared("i", Safe("slow"), Severity.SEV2), actor=MAYA)
    tape.add(MilestoneNoted(Milestone.IMPACT_START, Safe("errors")), actor=MAYA)


def test_what_changed_names_the_closest_change_before_the_start_first() -> None:
    tape = room(
        deployed("chat:1", 500, "chat"),
        deployed("find:1", 500, "find"),
        NodesChanged((node("gpu-1"),)),
        AlertsChanged(
            (Alert(Fingerprint("a"), Safe("Slow"), "warning", started=START - timedelta(minutes=1)),)
        ),
    )
    tape.add(deployed("chat:2", 3), source="sample")
    tape.add(deployed("find:2", 90, "find"), source="sample")
    began(tape)
    found = what_changed(tape.state, tape.now)
    before = [one for one in found if one.before >= timedelta()]
    assert [one.before for one in before] == sorted(one.before for one in before)
    assert [(one.kind, one.words) for one in found if one.kind in ("alert", "deploy")] == [
        ("alert", "Slow (warning)"),
        ("deploy", "chat: chat:1 → chat:2"),
        ("deploy", "find: find:1 → find:2"),
    ]


def test_an_alert_is_no_change_before_itself_and_what_it_brought_is_none_either() -> None:
    run = Run(shipped("false-alarm")).seconds(90)
    found = what_changed(run.state, run.clock.now())
    assert [one.kind for one in found] == ["config", "workload", "workload", "log", "deploy"]
    assert "alert rules reloaded" in found[0].words
    head = changed_lines(run.state, run.clock.now())[0].spans[0].text
    assert "before the first trouble (14:00:50Z: HighErrorRate (critical))" in head


def test_what_changed_tells_the_time_at_which_a_workload_turned_and_the_later_turn_first() -> None:
    run = Run(shipped("false-alarm")).seconds(90)
    turns = [one for one in what_changed(run.state, run.clock.now()) if one.kind == "workload"]
    assert [(f"{one.time:%M:%S}", one.words) for one in turns] == [
        ("00:38", "eval-batch: failed → running"),
        ("00:30", "eval-batch: running → failed"),
    ]


def test_what_somebody_did_stands_before_what_befell_in_the_same_second() -> None:
    run = Run(shipped("crash-loop")).seconds(90)
    first, second = what_changed(run.state, run.clock.now())[:2]
    assert (first.kind, second.kind, first.time) == ("deploy", "workload", second.time)


def test_what_a_log_showed_for_the_first_time_just_before_is_told_once_with_its_event() -> None:
    run = Run(shipped("rack-switch")).seconds(70)
    told = [one for one in what_changed(run.state, run.clock.now()) if one.kind == "log"]
    assert [(one.before, one.words) for one in told] == [
        (timedelta(), "sw-rack1: switch sw-rack1: link down on all ports, PSU failure")
    ]
    sign = next(s for s in run.state.signals.signs.values() if s.kind == "link_down")
    assert told[0].seq == sign.first_seq > 0


def test_a_warning_that_stands_for_days_is_not_when_it_began() -> None:
    old = Alert(Fingerprint("a"), Safe("Disk"), "warning", started=START - timedelta(days=3))
    new = Alert(Fingerprint("b"), Safe("Errors"), "critical", started=START)
    tape = room(NodesChanged((node("gpu-1"),)), AlertsChanged((old, new)))
    assert start_of(tape.state, tape.now) == (START, "the first trouble")


def test_a_declared_incident_without_impact_begins_where_it_was_detected() -> None:
    run = Run(shipped("false-alarm")).seconds(90)
    run.add(IncidentDeclared("i", Safe("errors?"), Severity.SEV4), actor=MAYA)
    fired = run.state.spells.open["alert:HighErrorRate"].start
    run.add(MilestoneNoted(Milestone.DETECTED, Safe("alert HighErrorRate fired")), time=fired)
    assert start_of(run.state, run.clock.now()) == (fired, "the detection")


def test_what_changed_long_before_is_left_out() -> None:
    tape = room(deployed("chat:1", 900), NodesChanged((node("gpu-1"),)))
    tape.add(deployed("chat:2", 300), source="sample")
    assert len(tape.state.changes.changes) == 1
    began(tape)
    assert [one for one in what_changed(tape.state, tape.now) if one.kind == "deploy"] == []


def test_without_an_incident_the_first_trouble_is_the_start() -> None:
    when = START - timedelta(minutes=7)
    tape = room(AlertsChanged((Alert(Fingerprint("a"), Safe("Slow"), "warning", started=when),)))
    assert start_of(tape.state, tape.now) == (when, "the first trouble")


def test_a_finding_that_was_refuted_says_by_what() -> None:
    state = waiting_room().state
    assert [one.finding.key for one in ordered(state)] == ["network"]
    assert "refuted: embed-api fails as well" in said(gone_entries(state))


def test_a_run_names_its_step_and_what_the_steps_before_it_showed() -> None:
    run = waiting_room().state.procedure.runs["R1"]
    assert place_words(run) == "R1 network 2/4 answer: Is anything there that must not be moved?"
    text = said([Entry("", tuple(run_lines(run)))])
    assert "✔ 1 look: Which nodes are alive?  20 of 40 lines match" in text
    assert "▶ 2 answer" in text


def test_an_update_says_where_it_arrived_and_where_it_did_not() -> None:
    tape = waiting_room().tape
    text = said(update_entries(tape.state, tape.now))
    assert "✔ status: sent" in text
    assert "◌ slack: waiting, attempt 2  HTTP 503" in text
    late = said(update_entries(tape.state, tape.now + timedelta(hours=1)))
    assert "late" in late


@given(tapes())
def test_whatever_a_room_folded_the_response_can_be_drawn(tape: Tape) -> None:
    state, now = tape.state, tape.now
    every = [
        *finding_entries(state), *gone_entries(state), *runbook_entries(state), *update_entries(state, now),
        *checklist_entries(state), *inquiry_entries(state), *action_entries(state, now), *role_entries(state, now),
        *milestone_entries(state.incident.incident),
    ]  # fmt: skip
    lines = [one for entry in every for one in entry.lines]
    for one in (*lines, *changed_lines(state, now), *around_lines(state, now)):
        for cell in one.spans:
            assert cell.role in ROLES
            assert cell.text.isprintable(), cell.text
    keys = [entry.key for entry in every if entry.key]
    assert len(set(keys)) == len(keys)
