"""What a reader is told of impact, of an end that is not one, and of what the document cannot know."""

import re
from datetime import timedelta

from tests.postmortem.test_document import HEADER, incident, over, text_of, told
from tests.postmortem.witness import wrongs
from tests.response.commanding import SAM, Room
from warroom.events.incident import NoteAdded, QueryAnswered
from warroom.events.room import RoomClosed
from warroom.model.text import Safe
from warroom.postmortem.document import build
from warroom.postmortem.markdown import to_markdown


def test_who_noticed_what_can_still_be_said_by_a_note() -> None:
    room = incident()
    assert "nobody said who noticed what" in text_of(room)
    room.add(NoteAdded(Safe("Impact: users of chat get errors")), SAM)
    assert [s.text for s in told(room).impact] == ["sam: users of chat get errors"]
    assert "nobody said" not in text_of(room)


def test_a_figure_that_flaps_is_one_line_with_its_worst_and_the_longest_times_below() -> None:
    room = incident()
    for number in range(20):
        room.errors(0.01)
        room.errors(0.5 if number != 7 else 0.99)
        room.later(number)
    room.errors(0.01)
    document = told(room)
    (line,) = document.observed
    assert line.text.startswith("errors beyond 5.0% 21 times, together ")
    assert "worst 99.0% at " in line.text
    assert line.text.endswith("; the 12 longest")
    assert len(line.parts) == 12
    assert [p.time for p in line.parts] == sorted(p.time for p in line.parts if p.time)
    assert wrongs(document, room.tape.envelopes) == []


def test_the_time_together_is_the_sum_of_the_times() -> None:
    room = Room()
    for number in range(6):
        room.errors(0.01)
        room.errors(0.5)
        room.later(number)
    room.errors(0.01)
    room.declare()
    (line,) = told(room).observed
    spans = [int(found[1]) for part in line.parts if (found := re.search(r"\((\d+) seconds?\)", part.text))]
    assert spans == [1, 2, 3, 4, 5, 6]
    assert line.text.startswith("errors beyond 5.0% 6 times, together 21 seconds, until ")


def test_a_figure_that_was_over_long_before_is_no_impact_of_this_incident() -> None:
    room = Room()
    room.errors(0.01)
    room.errors(0.9)
    room.errors(0.01)
    room.later(3600)
    room.errors(0.8)
    room.declare()
    (line,) = told(room).observed
    assert "worst 80.0%" in line.text
    assert "until the end of the record" in line.text


def test_as_long_as_the_room_is_open_it_is_said_how_to_record_what_is_missing() -> None:
    room = incident()
    text = text_of(room)
    assert "its room was not closed: it is still open, or its host was killed" in text
    assert "While the room is open: `warroom note root cause: WHAT`" in text
    assert "`warroom incident milestone NAME HOW --at TIME`" in text
    room.add(RoomClosed())
    text = text_of(room)
    assert "was not closed" not in text
    assert "The room is closed: write it here" in text
    assert "While the room is open" not in text


def test_the_duration_says_from_where_to_where_it_is_measured() -> None:
    document = told(over(incident()))
    assert document.lasted is not None
    assert document.lasted.text.endswith(": impact start to resolved)")
    assert len(document.lasted.evidence) == 2
    assert told(incident()).lasted is None


def test_times_of_another_day_carry_their_date() -> None:
    room = incident()
    room.later(timedelta(hours=12).total_seconds())
    room.add(NoteAdded(Safe("still here")), SAM)
    text = text_of(over(room))
    assert "- 2026-02-01 02:" in text
    assert "2026-01-31 14:00:" in text
    assert wrongs(told(room), room.tape.envelopes) == []


def test_events_that_are_missing_or_damaged_are_said_and_never_pointed_at() -> None:
    room = over(incident())
    whole = room.tape.envelopes
    holed = [e for e in whole if e.type != "alerts.changed"]
    document = build(holed, HEADER)
    assert document.not_read == ("1 event missing in the record, among those it should hold",)
    assert "1 event missing in the record" in to_markdown(document)
    assert wrongs(document, holed) == []
    assert build(whole, HEADER).not_read == ()


def test_what_a_search_brought_stands_below_it() -> None:
    room = incident()
    lines = tuple(Safe(f"line {number} <b>") for number in range(8))
    room.add(QueryAnswered(Safe("logs-search line"), 8, lines), SAM)
    (looked,) = told(room).evidence
    assert [p.text for p in looked.parts] == [f"line {number} <b>" for number in range(3, 8)]
    assert "  - line 7 \\<b\\>" in text_of(room)


def test_a_hostile_name_of_the_file_is_shown_and_is_no_command() -> None:
    room = incident()
    header = type(HEADER)("a`b<script>\x1b[31m", {"cluster": "x|<b>\x1b]0;t\x07"}, 0, "ab" * 32, 1)
    text = to_markdown(build(room.tape.envelopes, header))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "a\\`b\\<script\\>" in text
    assert "`warroom verify`" in text
