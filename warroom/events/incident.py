"""Events of the incident and of what people say: declared, severity, resolved, notes, markers, evidence."""

from datetime import timedelta
from typing import ClassVar

from warroom.events.base import Event
from warroom.model.nouns import Phase, Severity
from warroom.model.response import LinkKind, Milestone
from warroom.model.text import Safe


class IncidentDeclared(Event, frozen=True):
    """Somebody said: this is an incident. The envelope's time may be backdated."""

    type: ClassVar[str] = "incident.declared"
    incident: str
    """The incident's id, which is also its recording's."""
    title: Safe
    severity: Severity
    impact: Safe = Safe("")
    uncertain: timedelta | None = None
    """How far the envelope's time may be off, where it was backdated from memory."""
    drill: bool = False
    """Only practised."""


class PhaseEntered(Event, frozen=True):
    """The response is in another phase."""

    type: ClassVar[str] = "phase.entered"
    phase: Phase
    overruled: Safe = Safe("")
    """Why, although the criteria were not met; empty when they were."""


class MilestoneNoted(Event, frozen=True):
    """When a milestone was reached; the envelope's time says when. A later one corrects an earlier one."""

    type: ClassVar[str] = "milestone.noted"
    milestone: Milestone
    how: Safe
    """By which fact."""
    uncertain: timedelta | None = None


class MilestoneWithdrawn(Event, frozen=True):
    """A milestone was not reached after all."""

    type: ClassVar[str] = "milestone.withdrawn"
    milestone: Milestone
    reason: Safe


class SeverityChanged(Event, frozen=True):
    """The incident was classified anew."""

    type: ClassVar[str] = "severity.changed"
    severity: Severity
    reason: Safe = Safe("")


class IncidentResolved(Event, frozen=True):
    """The incident is over."""

    type: ClassVar[str] = "incident.resolved"
    summary: Safe = Safe("")


class IncidentReopened(Event, frozen=True):
    """It was not over."""

    type: ClassVar[str] = "incident.reopened"
    reason: Safe


class IncidentClosed(Event, frozen=True):
    """Nothing is left to be done for it; a new incident begins a new recording."""

    type: ClassVar[str] = "incident.closed"
    reason: Safe = Safe("")


class IncidentLinked(Event, frozen=True):
    """It has to do with another incident."""

    type: ClassVar[str] = "incident.linked"
    kind: LinkKind
    other: str
    """The other incident's id."""


class NoteAdded(Event, frozen=True):
    """Somebody wrote something down."""

    type: ClassVar[str] = "note.added"
    text: Safe


class MarkerAdded(Event, frozen=True):
    """Somebody put a marker on the timeline."""

    type: ClassVar[str] = "marker.added"
    text: Safe = Safe("")


class QueryAnswered(Event, frozen=True):
    """The answer of a query a person asked, as evidence for what they decided."""

    type: ClassVar[str] = "query.answered"
    query: Safe
    """The question as a sentence: ``logs-search heartbeat, last 5 minutes``."""
    found: int
    excerpt: tuple[Safe, ...] = ()
    """The first few lines of the answer."""


IncidentEvent = (
    IncidentDeclared
    | PhaseEntered
    | MilestoneNoted
    | MilestoneWithdrawn
    | SeverityChanged
    | IncidentResolved
    | IncidentReopened
    | IncidentClosed
    | IncidentLinked
    | NoteAdded
    | MarkerAdded
    | QueryAnswered
)
