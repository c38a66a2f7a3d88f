"""What the incident's own menu offers, asks and understands."""

from datetime import UTC, datetime

import pytest

from tests.views.any_state import MAYA, Tape
from warroom.errors import WarroomError
from warroom.events.incident import IncidentDeclared, IncidentResolved
from warroom.model.commands import DeclareIncident
from warroom.model.nouns import Severity
from warroom.model.requests import CreateAlert
from warroom.model.text import Safe
from warroom.state.slices import State
from warroom.ui.incident_steps import (
    EXAMPLES,
    QUESTIONS,
    declaration,
    incident_choices,
    incident_command,
    question_lines,
)
from warroom.ui.offers import announcement, is_rated, requests_of

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


def tape(*, resolved: bool = False) -> Tape:
    made = Tape()
    made.add(IncidentDeclared("i1", Safe("All requests fail"), Severity.SEV1), actor=MAYA)
    if resolved:
        made.add(IncidentResolved(Safe("over")), actor=MAYA)
    return made


def possible(made: Tape) -> list[str]:
    return [step for step, _, can in incident_choices(made.state) if can]


def test_what_cannot_be_now_is_not_offered_first() -> None:
    """A second Enter on X declared another incident, which was then refused."""
    assert possible(Tape()) == ["declare", "announce"]
    assert possible(tape()) == ["severity", "announce", "resolve", "link"]
    assert possible(tape(resolved=True)) == ["declare", "announce", "reopen", "close", "link"]
    words = {
        step: "".join(cell.text for cell in line.spans) for step, line, _ in incident_choices(tape().state)
    }
    assert "a second incident is a second room" in words["declare"]


def test_a_drill_and_its_impact_are_declared_by_keys() -> None:
    command, said = declaration("2 drill @14:02 ~2m Half of the requests fail impact: users of chat", NOW)
    assert command == DeclareIncident(
        Safe("Half of the requests fail"),
        Severity.SEV2,
        Safe("users of chat"),
        datetime(2026, 3, 2, 14, 2, tzinfo=UTC),
        120.0,
        drill=True,
    )
    assert said == "SEV2 declared as a drill"
    plain, _ = declaration("1 Drilling machine fails", NOW)
    assert plain == DeclareIncident(Safe("Drilling machine fails"), Severity.SEV1)


@pytest.mark.parametrize("answer", ["1", "1 ", "1 drill", "1 @14:02", "1 impact: everybody"])
def test_a_declaration_without_a_title_is_answered_with_an_example(answer: str) -> None:
    with pytest.raises(WarroomError, match="an incident needs a title after the severity: 1 @14:02"):
        declaration(answer, NOW)


@pytest.mark.parametrize("answer", ["", "restored", "restored info", "restored info  "])
def test_an_announcement_that_says_nothing_is_answered_with_an_example(answer: str) -> None:
    with pytest.raises(WarroomError, match="write it like this: sev1-mitigated info"):
        announcement(answer)


def test_an_announcement_is_an_alert() -> None:
    assert announcement(EXAMPLES["announce"]) == CreateAlert(
        "sev1-mitigated", severity="info", message=Safe("critical services run on rack 2")
    )


def test_every_example_is_understood_and_stands_apart_from_the_question() -> None:
    for step, example in EXAMPLES.items():
        if step == "announce":
            assert announcement(example)
        else:
            assert incident_command(step, example, NOW)
        question, shown = question_lines(step)
        assert example not in "".join(cell.text for cell in question.spans)
        assert {cell.role for cell in shown.spans} == {"muted"}, "it cannot be taken for an answer"
    assert [len(question_lines(step)) for step in QUESTIONS if step not in EXAMPLES] == [1, 1, 1]


def test_resolving_names_the_incident_and_what_exports_it() -> None:
    _, said = incident_command("resolve", "the switch", NOW, "20260302-1400-prod")
    assert "warroom export 20260302-1400-prod" in said


def test_an_announcement_that_says_no_severity_is_known_to_say_none() -> None:
    assert is_rated("moved info services moved")
    assert not is_rated("moved services moved to rack 2")
    assert not is_rated("moved warn services moved")


@pytest.mark.parametrize(
    ("chosen", "answer"), [("drain", "60 30s bad switch"), ("silence", "1h 2h known"), ("silence", "1h 30m")]
)
def test_a_time_typed_behind_the_one_that_stood_there_is_no_reason(chosen: str, answer: str) -> None:
    with pytest.raises(WarroomError, match="two times are given"):
        requests_of(State(), chosen, ["a1"], answer)
