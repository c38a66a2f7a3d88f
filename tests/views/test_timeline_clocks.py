"""The timeline by both clocks, with gaps shaded, corrections said, and what a moment rests on."""

from datetime import timedelta

from tests.views.any_state import MAYA, START, Tape, announced
from warroom.events.envelope import Envelope
from warroom.events.incident import IncidentDeclared, MilestoneNoted, NoteAdded, QueryAnswered
from warroom.events.sources import SourceLost, SourceSynced
from warroom.model.nouns import Severity
from warroom.model.response import Milestone
from warroom.model.text import Safe, neutral
from warroom.state.fold import apply
from warroom.state.slices import Moment, State
from warroom.views.rows import Line
from warroom.views.timeline import (
    HAPPENED,
    KNOWN,
    evidence_lines,
    gaps_of,
    in_gap,
    moment_line,
    ordered,
    searched_for,
    timeline_title,
)


def text(line: Line) -> str:
    return "".join(cell.text for cell in line.spans)


def backdated(state: State, envelope: Envelope, minutes: int) -> Envelope:
    return Envelope(
        envelope.seq,
        envelope.room_ms,
        envelope.time - timedelta(minutes=minutes),
        *(envelope.observed_time, envelope.source, envelope.actor, envelope.type, envelope.version),
        envelope.data,
    )


def with_late_note() -> State:
    tape = Tape()
    tape.add(announced())
    tape.add(NoteAdded(Safe("first")), actor=MAYA)
    tape.add(NoteAdded(Safe("it began with a deploy")), actor=MAYA)
    *before, late = tape.envelopes
    state = State()
    for envelope in before:
        state = apply(state, envelope)
    return apply(state, backdated(state, late, 10))


def test_what_was_learned_late_stands_last_by_one_clock_and_first_by_the_other() -> None:
    moments = with_late_note().timeline.moments
    assert [str(m.text) for m in ordered(moments, KNOWN)][-1] == "it began with a deploy"
    assert next(str(m.text) for m in ordered(moments, HAPPENED)) == "it began with a deploy"


def test_a_moment_learned_late_says_both_its_times() -> None:
    late = with_late_note().timeline.moments[-1]
    assert f"(happened {late.time:%H:%M:%S}Z)" in text(moment_line(late, clock=KNOWN))
    assert text(moment_line(late, clock=HAPPENED)).startswith(f"{late.time:%H:%M:%S}Z")
    assert f"(known {late.observed_time:%H:%M:%S}Z)" in text(moment_line(late, clock=HAPPENED))


def test_from_a_source_lost_to_its_return_the_timeline_is_shaded() -> None:
    tape = Tape()
    tape.add(announced(), source="sample")
    tape.add(SourceSynced(detail=neutral("Slurm 24.05")), source="sample")
    tape.add(NoteAdded(Safe("seen")), actor=MAYA)
    tape.add(SourceLost(neutral("refused")), source="sample")
    tape.add(NoteAdded(Safe("blind")), actor=MAYA)
    tape.add(SourceSynced(detail=neutral("Slurm 24.05")), source="sample")
    tape.add(NoteAdded(Safe("seen again")), actor=MAYA)
    moments = tape.state.timeline.moments
    gaps = gaps_of(moments)
    shaded = {str(m.text): bool(in_gap(gaps, m.observed_time)) for m in moments if m.kind == "note"}
    assert shaded == {"seen": False, "blind": True, "seen again": False}
    said = [str(m.text) for m in moments if m.kind == "source"]
    assert said[0] == "source sample synced: Slurm 24.05"
    assert said[-1] == "source sample synced after 0m02s lost: Slurm 24.05"


def test_a_gap_that_goes_on_is_said_in_the_title() -> None:
    tape = Tape()
    tape.add(announced(), source="sample")
    tape.add(SourceSynced(), source="sample")
    tape.add(SourceLost(neutral("refused")), source="sample")
    gaps = gaps_of(tape.state.timeline.moments)
    assert gaps[0].end is None
    title = timeline_title(tape.state, gaps=gaps)
    assert (title.role, "not seen: sample" in title.count) == ("lost", True)


def test_a_milestone_that_is_set_anew_is_shown_as_a_correction() -> None:
    tape = Tape()
    tape.add(IncidentDeclared("i", Safe("down"), Severity.SEV1), actor=MAYA)
    for how in ("graphs", "the log"):
        tape.add(MilestoneNoted(Milestone.IMPACT_START, Safe(how)), actor=MAYA)
    said = [str(m.text) for m in tape.state.timeline.moments]
    assert any("corrected to" in words and ", was " in words for words in said)


def test_a_moment_says_where_the_record_has_it_and_what_was_searched() -> None:
    tape = Tape()
    tape.add(QueryAnswered(Safe("logs-search boom OR bang, since 14:00:00Z"), 3), actor=MAYA)
    moment: Moment = tape.state.timeline.moments[-1]
    assert searched_for(moment) == "boom OR bang"
    shown = "\n".join(map(text, evidence_lines(tape.state, moment)))
    assert f"event {moment.seq}" in shown
    assert f"{START:%Y-%m-%d}" in shown
