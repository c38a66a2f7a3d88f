"""What an update says, where it may go, and when the next one is due."""

from datetime import timedelta
from typing import Any

import pytest

from tests.response.rooms import act, cluster, names
from tests.views.any_state import MAYA, Tape
from warroom.errors import Refused, WarroomError
from warroom.events.incident import IncidentDeclared, IncidentResolved
from warroom.events.inquiry import HypothesisEliminated, HypothesisRaised, HypothesisSupported
from warroom.events.metrics import Indicator, IndicatorsWatched, SeriesSampled
from warroom.events.updates import UpdateWritten
from warroom.model.nouns import Sample, Severity
from warroom.model.requests import Cordon
from warroom.model.response import TargetKind, UpdateKind
from warroom.model.response_commands import PromiseUpdate, SendUpdate
from warroom.model.secret import SecretPlace, SecretSource
from warroom.model.text import Safe
from warroom.response.book import Book
from warroom.response.updates.targets import UpdateTarget, parse_target
from warroom.response.updates.writing import Template, parse_templates, written
from warroom.response.watching import Moment
from warroom.response.wishes.updates import grant_update

BOOK = Book(targets={"status": UpdateTarget("status", TargetKind.FILE, path="/tmp/x")})


def sev1() -> Tape:
    tape = cluster(
        IndicatorsWatched((Indicator("error_rate", Safe("errors"), "ratio", 0.05),)),
        SeriesSampled((Sample("error_rate", {}, cluster().now, 0.9),)),
    )
    tape.add(IncidentDeclared("i1", Safe("All inference fails"), Severity.SEV1), actor=MAYA)
    return tape


def granted(tape: Tape, command: SendUpdate | PromiseUpdate, book: Book = BOOK) -> UpdateWritten:
    (followed,) = grant_update(Moment(tape.state, tape.now, tape.ms, book), command, MAYA)
    return followed.event  # type: ignore[return-value]


# --- words ---------------------------------------------------------------------------------------------------


def test_an_update_says_what_is_found_eliminated_and_done() -> None:
    tape = sev1()
    tape.add(HypothesisRaised("Y1", Safe("the switch of rack 1 is dead")), actor=MAYA)
    tape.add(HypothesisRaised("Y2", Safe("a bad deploy")), actor=MAYA)
    tape.add(HypothesisSupported("Y1", Safe("rack 2 still writes heartbeats")), actor=MAYA)
    tape.add(HypothesisEliminated("Y2", Safe("no deploy today")), actor=MAYA)
    act(tape, Cordon(names("a1")))
    due = tape.now + timedelta(minutes=15)
    text = written(
        tape.state, UpdateKind.PROGRESS, {}, now=tape.now, coming="moving the services", next_due=due
    )
    assert "Found: the switch of rack 1 is dead" in text
    assert "Eliminated: a bad deploy" in text
    assert "Done: cordon a1 (succeeded)" in text
    assert "errors 90% (over its threshold)" in text or "errors 90.0% (over its threshold)" in text
    assert "Next: moving the services" in text
    assert f"Next update: {due:%H:%M}Z" in text


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    tape = cluster()
    tape.add(IncidentDeclared("i1", Safe("All inference fails"), Severity.SEV1), actor=MAYA)
    text = written(tape.state, UpdateKind.FIRST, {}, now=tape.now)
    assert "Impact: not known yet" in text
    assert "┆" not in text, "those who wait read the mark of a log record"
    assert "Next update: none promised" in text


def test_figures_beyond_their_limit_are_impact_that_is_known() -> None:
    text = written(sev1().state, UpdateKind.FIRST, {}, now=sev1().now)
    at = f"{cluster().now:%H:%M:%S}Z"
    assert f"Impact: errors 90.0% (limit 5.0%) at {at}; who notices what is not known yet" in text


@pytest.mark.parametrize("kind", UpdateKind)
def test_every_kind_can_be_written_in_any_room(kind: UpdateKind) -> None:
    assert written(cluster().state, kind, {}, now=cluster().now)
    assert written(sev1().state, kind, {}, now=sev1().now)


def test_a_template_for_a_severity_goes_before_the_one_for_all() -> None:
    raw = {
        "progress": {"text": "all: {title}"},
        "sev1": {"progress": {"text": "SEV1!: {title}"}},
    }
    templates = parse_templates(raw, file="mine.toml")
    assert (
        written(sev1().state, UpdateKind.PROGRESS, templates, now=sev1().now) == "SEV1!: All inference fails"
    )
    assert templates[""] == Template({UpdateKind.PROGRESS: "all: {title}"})


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ({"progres": {"text": "x"}}, "mine.toml: unknown table progres; known: first, progress"),
        ({"first": {"text": ""}}, "mine.toml: first.text is missing"),
        ({"first": {"text": "{titel}"}}, "first.text names {titel}; known: severity, title"),
        ({"first": {"text": "{title.__class__}"}}, "first.text names {title.__class__}"),
        ({"first": {"text": "{title"}}, "first.text cannot be read"),
        ({"sev1": {"first": {}}}, "mine.toml: sev1.first.text is missing"),
        ({"first": 7}, "mine.toml: first must be a table"),
    ],
)
def test_a_mistake_in_a_template_names_file_table_and_key(raw: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WarroomError) as wrong:
        parse_templates(raw, file="mine.toml")
    assert sentence in str(wrong.value)


# --- targets -------------------------------------------------------------------------------------------------


def test_a_web_hook_s_url_may_be_kept_as_a_secret() -> None:
    target = parse_target("status", {"kind": "slack", "url": "env:SLACK_HOOK"}, "config.toml:3")
    assert target.secret_url == SecretSource(SecretPlace.ENV, "SLACK_HOOK")
    assert target.url == ""


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ({"kind": "slak"}, "kind must be one of slack, json, file, alert"),
        ({"kind": "slack"}, "url is missing"),
        ({"kind": "file"}, "path is missing"),
        ({"kind": "json", "url": "hunter2"}, "never as its value"),
        ({"kind": "json", "url": "http://me:secret@host/x"}, "without user and password"),
        ({"kind": "alert", "color": "red"}, "unknown key color"),
        ({"kind": "file", "path": 7}, "path must be text"),
    ],
)
def test_a_mistake_in_a_target_names_the_key_and_repeats_no_secret(
    raw: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(WarroomError) as wrong:
        parse_target("status", raw, "config.toml:3: update.status")
    assert sentence in str(wrong.value)
    assert str(wrong.value).startswith("config.toml:3: update.status")
    assert "hunter2" not in str(wrong.value)


# --- wishes --------------------------------------------------------------------------------------------------


def test_an_update_promises_the_next_one_by_severity() -> None:
    tape = sev1()
    event = granted(tape, SendUpdate(UpdateKind.FIRST, Safe("we are on it")))
    assert (event.update, event.targets) == ("U1", ("status",))
    assert event.next_due == tape.now + timedelta(minutes=15)
    tape.add(event, actor=MAYA)
    later = granted(tape, SendUpdate(UpdateKind.PROGRESS, Safe("still"), next_in_s=600))
    assert later.promised == event.next_due
    assert later.next_due == tape.now + timedelta(minutes=10)


def test_the_last_update_promises_nothing() -> None:
    tape = sev1()
    tape.add(IncidentResolved(Safe("switch replaced")), actor=MAYA)
    assert granted(tape, SendUpdate(UpdateKind.RESOLVED, Safe("over"))).next_due is None


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (SendUpdate(UpdateKind.FIRST, Safe(" ")), "needs words"),
        (
            SendUpdate(UpdateKind.FIRST, Safe("x"), ("nowhere",)),
            "no update target is called nowhere; there are: status",
        ),
        (PromiseUpdate(-5), "within a week"),
    ],
)
def test_what_cannot_be_sent_or_promised_is_refused(command: SendUpdate | PromiseUpdate, why: str) -> None:
    with pytest.raises(Refused, match=why):
        granted(sev1(), command)


def test_without_an_incident_or_a_target_nothing_is_sent() -> None:
    with pytest.raises(Refused, match="no incident"):
        granted(cluster(), SendUpdate(UpdateKind.FIRST, Safe("x")))
    with pytest.raises(Refused, match=r"opened without an update target; .* read when a room opens"):
        granted(sev1(), SendUpdate(UpdateKind.FIRST, Safe("x")), Book())
