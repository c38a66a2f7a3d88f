"""The post-mortem as values: every line with the events it rests on; what is not known says so."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from warroom.events.envelope import Envelope
from warroom.model.response import HypothesisState
from warroom.postmortem import measures, response
from warroom.postmortem.gaps import Blind, GapReader
from warroom.postmortem.measures import Milestone
from warroom.postmortem.reading import Reading
from warroom.postmortem.sentences import Sentence
from warroom.state.filed import CAUSE
from warroom.state.slices import Incident, Moment


class ExportHeader(msgspec.Struct, frozen=True):
    """Which record it is."""

    recording: str
    meta: dict[str, str]
    events: int
    head: str
    links: int


class Document(msgspec.Struct, frozen=True):
    """A post-mortem."""

    header: ExportHeader
    title: str
    date: datetime | None
    severity: str
    drill: bool
    status: str
    history: tuple[Sentence, ...]
    impact: str
    duration: timedelta | None
    milestones: tuple[Milestone, ...]
    durations: tuple[Sentence, ...]
    severities: tuple[Sentence, ...]
    links: tuple[Sentence, ...]
    timeline: tuple[Sentence, ...]
    responders: tuple[Sentence, ...]
    actions: tuple[Sentence, ...]
    wrong_turns: tuple[Sentence, ...]
    near_misses: tuple[Sentence, ...]
    causes: tuple[Sentence, ...]
    hypotheses: tuple[Sentence, ...]
    decisions: tuple[Sentence, ...]
    findings: tuple[Sentence, ...]
    updates: tuple[Sentence, ...]
    breaches: tuple[Sentence, ...]
    checklist: tuple[Sentence, ...]
    evidence: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]
    blind: tuple[Blind, ...]
    prevention: tuple[Sentence, ...]
    review: tuple[Sentence, ...]
    lessons: tuple[Sentence, ...]


def build(envelopes: Iterable[Envelope], header: ExportHeader) -> Document:
    """Read the whole record once and compute the post-mortem of its incident."""
    reading, gaps = Reading(), GapReader()
    for envelope in envelopes:
        reading.take(envelope)
        gaps.take(envelope, reading.state)
    reading.end()
    state, incident = reading.state, reading.state.incident.incident
    found = measures.milestones(reading, incident)
    begin = min((m.time for m in found if m.time is not None), default=None)
    end = incident.resolved if incident else None
    said = [m for m in reading.moments if m.kind == "note"]
    supported = response.hypotheses(state, HypothesisState.SUPPORTED)
    return Document(
        header,
        title=str(incident.title) if incident else "",
        date=incident.declared if incident else begin,
        severity=str(incident.severity) if incident else "",
        drill=response.drill_of(incident),
        status=_status(incident),
        history=_history(incident),
        impact=str(incident.impact) if incident else "",
        duration=end - begin if begin and end else None,
        milestones=found,
        durations=tuple(measures.measured(found)),
        severities=tuple(measures.by_severity(incident)),
        links=tuple(response.links(incident)),
        timeline=tuple(_line(reading, m) for m in sorted(reading.moments, key=lambda m: (m.time, m.seq))),
        responders=tuple(response.responders(reading, incident)),
        actions=tuple(response.action(one) for one in response.of_incident(state, incident)),
        wrong_turns=tuple(response.wrong_turns(state, incident)),
        near_misses=tuple(response.near_misses(state, incident)),
        causes=(*_said(said, CAUSE), *supported),
        hypotheses=tuple(response.hypotheses(state)),
        decisions=tuple(response.decisions(state)),
        findings=tuple(response.findings(reading)),
        updates=tuple(measures.cadence(state)),
        breaches=tuple(response.breaches(reading)),
        checklist=tuple(response.checklist(state, incident)),
        evidence=(*response.pinned(state), *_looked(reading)),
        notes=tuple(Sentence(f"{m.actor}: {m.text}", (m.seq,), m.time) for m in said),
        blind=gaps.spots(state),
        prevention=(
            *response.follow_ups(state),
            *_said(said, "action item:"),
            *_said(said, "prevention:"),
        ),
        review=tuple(response.review(state)),
        lessons=_said(said, "lesson:"),
    )


def _status(incident: Incident | None) -> str:
    if incident is None:
        return "not declared"
    return "closed" if incident.closed else "resolved" if incident.resolved else "open"


def _history(incident: Incident | None) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(f"{s.severity} by {s.person.name}" + (f": {s.reason}" if s.reason else ""), (s.seq,), s.time)
        for s in (incident.history if incident else ())
    )


def _line(reading: Reading, moment: Moment) -> Sentence:
    """A line of the timeline; of an event before the record began only the line is left."""
    evidence = (moment.seq,) if reading.recorded(moment.seq) else ()
    return Sentence(f"{moment.actor}: {moment.text}", evidence, moment.time)


def _looked(reading: Reading) -> Iterable[Sentence]:
    return (
        Sentence(str(m.text), (m.seq,), m.time)
        for m in reading.moments
        if m.kind == "evidence" and not m.text.startswith("pinned: ")
    )


def _said(notes: list[Moment], begin: str) -> tuple[Sentence, ...]:
    """Notes that begin with a word for it; nobody's mouth is filled."""
    return tuple(
        Sentence(str(m.text)[len(begin) :].strip(), (m.seq,), m.time)
        for m in notes
        if str(m.text).casefold().startswith(begin)
    )
