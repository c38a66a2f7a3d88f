"""The post-mortem as values: every line with the events it rests on; what is not known says so."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from warroom.events.envelope import Envelope
from warroom.postmortem import actions, cause, impact, measures, response
from warroom.postmortem.gaps import Blind, GapReader, not_read
from warroom.postmortem.measures import Milestone
from warroom.postmortem.reading import Reading
from warroom.postmortem.sentences import Sentence, spoken, stretch
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
    begins: datetime | None
    """When the host learned of the first event of the record."""
    ends: datetime | None
    was_closed: bool
    """The room was ended in an orderly way: nothing can be added to the record any more."""
    summary: tuple[Sentence, ...]
    """What was said when it was resolved."""
    history: tuple[Sentence, ...]
    impact: tuple[Sentence, ...]
    """What people said of it."""
    observed: tuple[Sentence, ...]
    """What the record shows of it."""
    duration: timedelta | None
    lasted: Sentence | None
    """The duration in words, with where it begins and ends."""
    milestones: tuple[Milestone, ...]
    durations: tuple[Sentence, ...]
    severities: tuple[Sentence, ...]
    links: tuple[Sentence, ...]
    timeline: tuple[Sentence, ...]
    responders: tuple[Sentence, ...]
    present: tuple[Sentence, ...]
    actions: tuple[Sentence, ...]
    alert_actions: tuple[Sentence, ...]
    """What quiets, takes or makes alerts, and mitigates nothing."""
    alerts: tuple[Sentence, ...]
    wrong_turns: tuple[Sentence, ...]
    near_misses: tuple[Sentence, ...]
    causes: tuple[Sentence, ...]
    """What people said the cause was."""
    acted_on: tuple[Sentence, ...]
    answers: tuple[Sentence, ...]
    changes: tuple[Sentence, ...]
    hypotheses: tuple[Sentence, ...]
    decisions: tuple[Sentence, ...]
    findings: tuple[Sentence, ...]
    updates: tuple[Sentence, ...]
    breaches: tuple[Sentence, ...]
    checklist: tuple[Sentence, ...]
    evidence: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]
    blind: tuple[Blind, ...]
    not_read: tuple[str, ...]
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
    first = next((m for m in found if m.time is not None and m.time == begin), None)
    said = [m for m in reading.moments if m.kind == "note"]
    return Document(
        header,
        title=str(incident.title) if incident else "",
        date=incident.declared if incident else begin,
        severity=str(incident.severity) if incident else "",
        drill=response.drill_of(incident),
        status=_status(incident),
        begins=reading.begins.observed_time if reading.begins else None,
        ends=reading.last.observed_time if reading.last else None,
        was_closed=reading.was_closed,
        summary=_summary(incident),
        history=_history(incident),
        impact=(*_declared_impact(incident), *_said(said, impact.SAID)),
        observed=tuple(impact.observed(reading, incident)),
        duration=incident.resolved - begin if begin and incident and incident.resolved else None,
        lasted=_lasted(first, incident),
        milestones=found,
        durations=tuple(measures.measured(found)),
        severities=tuple(measures.by_severity(incident)),
        links=tuple(response.links(reading, incident)),
        timeline=tuple(_line(reading, m) for m in sorted(reading.moments, key=lambda m: (m.time, m.seq))),
        responders=tuple(response.responders(reading, incident)),
        present=tuple(response.present(reading)),
        actions=tuple(map(actions.action, actions.mitigations(state, incident))),
        alert_actions=tuple(map(actions.action, actions.about_alerts(state, incident))),
        alerts=tuple(impact.alerts(reading, incident)),
        wrong_turns=tuple(actions.wrong_turns(state, incident)),
        near_misses=tuple(actions.near_misses(state, incident)),
        causes=cause.said(reading, said),
        acted_on=tuple(cause.acted_on(reading)),
        answers=tuple(cause.answers(reading, incident)),
        changes=cause.changed(reading, incident, first),
        hypotheses=tuple(cause.hypotheses(reading)),
        decisions=tuple(response.decisions(state)),
        findings=tuple(cause.findings(reading)),
        updates=tuple(measures.cadence(reading)),
        breaches=tuple(response.breaches(reading)),
        checklist=tuple(response.checklist(reading, incident)),
        evidence=(*response.pinned(reading), *_looked(reading)),
        notes=tuple(Sentence(f"{m.actor}: {m.text}", (m.seq,), m.time) for m in said),
        blind=gaps.spots(state),
        not_read=not_read(state),
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


def _summary(incident: Incident | None) -> tuple[Sentence, ...]:
    if incident is None or incident.resolved_seq is None or not incident.summary:
        return ()
    by = incident.resolved_by.name if incident.resolved_by else "room"
    return (Sentence(f"{by}: {incident.summary}", (incident.resolved_seq,), incident.resolved),)


def _declared_impact(incident: Incident | None) -> Iterable[Sentence]:
    if incident is not None and incident.impact:
        words = f"{incident.declared_by.name}: {incident.impact}"
        yield Sentence(words, (incident.declared_seq,), incident.declared)


def _lasted(first: Milestone | None, incident: Incident | None) -> Sentence | None:
    """From the first named time to the resolution."""
    if first is None or first.time is None or incident is None or incident.resolved is None:
        return None
    seqs = tuple(s for s in (first.seq, incident.resolved_seq) if s is not None)
    again = ", reopened in between" if incident.reopened else ""
    span = f"{stretch(first.time, incident.resolved)}: {first.name.lower()} to resolved{again}"
    return Sentence(f"{spoken(incident.resolved - first.time)} ({span})", seqs)


def _history(incident: Incident | None) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(f"{s.severity} by {s.person.name}" + (f": {s.reason}" if s.reason else ""), (s.seq,), s.time)
        for s in (incident.history if incident else ())
    )


def _line(reading: Reading, moment: Moment) -> Sentence:
    """A line of the timeline; of an event before the record began only the line is left."""
    return Sentence(f"{moment.actor}: {moment.text}", reading.recorded(moment.seq), moment.time)


def _looked(reading: Reading) -> Iterable[Sentence]:
    return (
        Sentence(str(m.text), (m.seq,), m.time)
        for m in reading.moments
        if m.kind == "evidence" and not m.text.startswith("pinned: ")
    )


def _said(notes: list[Moment], begin: str) -> tuple[Sentence, ...]:
    """Notes that begin with a word for it; nobody's mouth is filled."""
    return tuple(
        Sentence(f"{m.actor}: {str(m.text)[len(begin) :].strip()}", (m.seq,), m.time)
        for m in notes
        if str(m.text).casefold().startswith(begin)
    )
