"""Folds the incident: declared, classified, its phases and milestones, resolved, closed."""

from typing import assert_never

import msgspec

from warroom.events.envelope import Envelope
from warroom.events.incident import (
    IncidentClosed,
    IncidentDeclared,
    IncidentEvent,
    IncidentLinked,
    IncidentReopened,
    IncidentResolved,
    MarkerAdded,
    MilestoneNoted,
    MilestoneWithdrawn,
    NoteAdded,
    PhaseEntered,
    QueryAnswered,
    SeverityChanged,
)
from warroom.model.nouns import ROOM
from warroom.model.response import Milestone
from warroom.model.text import Safe
from warroom.state.slices import Incident, IncidentSlice, Link, PhaseStep, Reached, SeverityStep

FILED = (NoteAdded, MarkerAdded, QueryAnswered)
"""What is said beside an incident and does not change it."""


def apply_incident(slice_: IncidentSlice, event: IncidentEvent, envelope: Envelope) -> None:
    """Keep the one incident; what is said of none changes nothing."""
    if isinstance(event, IncidentDeclared):
        if slice_.incident is not None and slice_.incident.open:
            return
        before = slice_.incident.resolved_seq if slice_.incident is not None else None
        slice_.incident = _declared(event, envelope, after_seq=before or 0)
    elif isinstance(event, FILED) or slice_.incident is None:
        return
    else:
        moved = _moved(slice_.incident, event, envelope)
        if moved is slice_.incident:
            return
        slice_.incident = moved
    slice_.revision += 1


def _declared(event: IncidentDeclared, envelope: Envelope, *, after_seq: int) -> Incident:
    person = envelope.actor or ROOM
    return Incident(
        event.incident,
        event.title,
        event.severity,
        declared=envelope.time,
        declared_ms=envelope.room_ms,
        declared_by=person,
        declared_seq=envelope.seq,
        impact=event.impact,
        history=(SeverityStep(event.severity, envelope.time, envelope.seq, person),),
        uncertain=event.uncertain,
        drill=event.drill,
        after_seq=after_seq,
        milestones={
            Milestone.DECLARED: Reached(
                envelope.time, envelope.seq, Safe(f"by {person.name}"), event.uncertain
            )
        },
    )


def _moved(incident: Incident, event: IncidentEvent, envelope: Envelope) -> Incident:
    person, time, seq = envelope.actor or ROOM, envelope.time, envelope.seq
    change = msgspec.structs.replace
    match event:
        case SeverityChanged():
            step = SeverityStep(event.severity, time, seq, person, event.reason)
            return change(incident, severity=event.severity, history=(*incident.history, step))
        case PhaseEntered():
            entered = PhaseStep(event.phase, time, envelope.room_ms, seq, person, event.overruled)
            return change(incident, phases=(*incident.phases, entered))
        case MilestoneNoted():
            reached = Reached(time, seq, event.how, event.uncertain, envelope.actor)
            return change(incident, milestones={**incident.milestones, event.milestone: reached})
        case MilestoneWithdrawn():
            if event.milestone not in incident.milestones:
                return incident
            kept = {m: r for m, r in incident.milestones.items() if m is not event.milestone}
            return change(incident, milestones=kept)
        case IncidentResolved():
            return _resolved(incident, event, envelope)
        case IncidentReopened():
            if incident.open:
                return incident
            left = {m: r for m, r in incident.milestones.items() if m not in _OVER}
            return change(
                incident,
                resolved=None,
                resolved_ms=None,
                resolved_seq=None,
                resolved_by=None,
                closed=None,
                milestones=left,
                reopened=(*incident.reopened, seq),
            )
        case IncidentClosed():
            if incident.open or incident.closed is not None:
                return incident
            reached = Reached(time, seq, Safe(f"by {person.name}"))
            return change(
                incident, closed=time, milestones={**incident.milestones, Milestone.CLOSED: reached}
            )
        case IncidentLinked():
            return change(incident, links=(*incident.links, Link(event.kind, event.other, seq)))
        case IncidentDeclared() | NoteAdded() | MarkerAdded() | QueryAnswered():
            return incident
        case _ as forgotten:
            assert_never(forgotten)


_OVER = (Milestone.RESOLVED, Milestone.CLOSED)


def _resolved(incident: Incident, event: IncidentResolved, envelope: Envelope) -> Incident:
    if not incident.open:
        return incident
    person = envelope.actor or ROOM
    reached = Reached(envelope.time, envelope.seq, Safe(f"by {person.name}"))
    return msgspec.structs.replace(
        incident,
        resolved=envelope.time,
        resolved_ms=envelope.room_ms,
        resolved_seq=envelope.seq,
        resolved_by=person,
        summary=event.summary,
        milestones={**incident.milestones, Milestone.RESOLVED: reached},
    )
