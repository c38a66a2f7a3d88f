"""Every line of a post-mortem agrees with the events it points at, on the shipped clusters and on any record."""

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.driver.program import ROOT
from tests.events.any_event import logs
from tests.postmortem.played import Played, played
from tests.postmortem.witness import lines_of, unproven, wrongs
from warroom.events.envelope import Envelope
from warroom.model.nouns import NodeName
from warroom.model.requests import Drain, Uncordon
from warroom.postmortem.document import Document, ExportHeader, build
from warroom.postmortem.markdown import to_markdown
from warroom.postmortem.sentences import Sentence
from warroom.recorder.reader import Recording

HEADER = ExportHeader("inc-1", {"cluster": "prod"}, 0, "ab" * 32, 1)
SHIPPED = {
    "node-failure": "node-failure",
    "crash-loop": "crash-loop",
    "resource-exhaustion": "resource-exhaustion",
    "false-alarm": "false-alarm",
}
each = pytest.mark.parametrize("name", SHIPPED)


@cache
def over(name: str) -> tuple[Played, Document]:
    run = played(name, SHIPPED[name], "the limit lost two digits" if name == "false-alarm" else "fine")
    return run, build(run.envelopes, HEADER)


@each
def test_every_line_says_what_its_events_say(name: str) -> None:
    run, document = over(name)
    assert wrongs(document, run.envelopes) == []
    assert unproven(document) == []
    assert sum(1 for _ in lines_of(document)) > 60


@each
def test_the_deploys_and_what_the_response_acted_on_stand_there(name: str) -> None:
    _, document = over(name)
    assert any("find-api deployed" in s.text for s in document.timeline)
    assert any(s.text.startswith("deploy find-api") for s in document.changes)
    (acted,) = document.acted_on
    assert "ended done: effect seen" in acted.text
    assert len(acted.parts) >= 2
    assert [s.text for s in document.answers]


@each
def test_no_length_of_time_is_negative(name: str) -> None:
    _, document = over(name)
    assert not [s.text for s in document.durations if re.search(r": -", s.text)]


def test_where_a_finding_came_before_the_figures_there_is_no_time_to_detect() -> None:
    _, document = over("node-failure")
    line = next(s for s in document.durations if s.text.startswith("time to detect"))
    assert re.search(r"no such time, because detected came \d+ seconds? before impact start \(", line.text)
    assert len(line.evidence) == 2


def test_the_figures_beyond_their_limits_stand_there_from_when_to_when_and_the_worst() -> None:
    _, document = over("crash-loop")
    errors, p99 = (next(s for s in document.observed if s.text.startswith(w)) for w in ("errors", "p99"))
    for line, limit in ((errors, "5.0%"), (p99, "1.0s")):
        assert re.match(rf"\w+ beyond {limit} until .*Z \(.*\), worst .* at \d\d:\d\d:\d\dZ", line.text)
        assert len(line.evidence) >= 4  # the limit, the first and the worst figure, the end


def test_a_false_alarm_claims_no_impact_and_no_mitigation_and_has_the_answers() -> None:
    _, document = over("false-alarm")
    text = to_markdown(document)
    assert document.actions == ()
    assert [s.text.split()[:2] for s in document.alert_actions] == [["A1", "silence"]]
    assert "nothing that changes the cluster was started; A1 was about alerts alone" in text
    assert "nothing to restore: no watched figure was beyond its limit" in text
    assert document.observed[0].text == "no watched figure was beyond its limit"
    assert any("alert rules reloaded" in s.text for s in document.changes)
    assert all("the limit lost two digits" in s.text for s in document.answers)
    assert "the limit lost two digits" in text.split("## Root Cause")[1].split("## Decisions")[0]


def test_a_wrong_turn_stands_there_with_both_verdicts_its_figures_and_that_it_was_taken_back() -> None:
    run = Played("node-failure")
    run.seconds(90)
    run.declare("chat fails")
    run.do(Drain((NodeName("gpu-01"),), 20))
    run.until(lambda r: r.state.actions.actions["A1"].goal is not None, most=240)
    document = build(run.envelopes, HEADER)
    (turn,) = document.wrong_turns
    assert re.search(r"effect seen: .*; goal not seen: .* before and .* after.*; not taken back$", turn.text)
    run.do(Uncordon((NodeName("gpu-01"),)), undoes="A1")
    run.seconds(5)
    document = build(run.envelopes, HEADER)
    (turn,) = document.wrong_turns
    assert re.search(r"taken back by A2 at \d\d:\d\d:\d\dZ, effect seen$", turn.text)
    assert wrongs(document, run.envelopes) == []


@given(logs(most=40))
@settings(max_examples=60, deadline=None)
def test_of_any_record_every_line_agrees_with_it(log: list[Envelope]) -> None:
    assert wrongs(build(log, HEADER), log) == []


def test_of_a_recording_of_the_first_format_every_line_agrees_with_it(tmp_path: Path) -> None:
    copy = tmp_path / "golden.db"
    copy.write_bytes((ROOT / "tests" / "data" / "golden-v1.db").read_bytes())
    copy.chmod(0o600)
    with Recording(copy) as recording:
        log = list(recording.envelopes())
    assert wrongs(build(log, HEADER), log) == []


def test_the_check_itself_finds_a_wrong_number_a_wrong_time_and_an_event_that_is_not_there() -> None:
    run, document = over("crash-loop")
    line = document.observed[0]
    later = line.time.replace(year=2001) if line.time else None
    for wrong in (
        Sentence(line.text.replace("5.0%", "5.1%"), line.evidence, line.time),
        Sentence(line.text, line.evidence, later),
        Sentence(line.text, (10**9,), line.time),
        Sentence(line.text.replace("worst ", "worst 1"), line.evidence, line.time),
    ):
        forged = build(run.envelopes, HEADER)
        assert wrongs(type(forged)(**{**_fields(forged), "observed": (wrong,)}), run.envelopes) != []


def _fields(document: Document) -> dict[str, object]:
    return {name: getattr(document, name) for name in document.__struct_fields__}
