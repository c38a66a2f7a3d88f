"""Events of the incident and of what people say: declared, severity, resolved, notes, markers, evidence."""

from typing import ClassVar

from warroom.events.base import Event
from warroom.model.nouns import Severity
from warroom.model.text import Safe


class IncidentDeclared(Event, frozen=True):
    """Somebody said: this is an incident. The envelope's time may be backdated."""

    type: ClassVar[str] = "incident.declared"
    incident: str
    """The incident's id, which is also its recording's."""
    title: Safe
    severity: Severity
    impact: Safe = Safe("")


class SeverityChanged(Event, frozen=True):
    """The incident was classified anew."""

    type: ClassVar[str] = "severity.changed"
    severity: Severity
    reason: Safe = Safe("")


class IncidentResolved(Event, frozen=True):
    """The incident is over."""

    type: ClassVar[str] = "incident.resolved"
    summary: Safe = Safe("")


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
    IncidentDeclared | SeverityChanged | IncidentResolved | NoteAdded | MarkerAdded | QueryAnswered
)
