"""Wishes about the incident: declare, phase, milestone, reopen, close, link."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import assert_never

from warroom.errors import Refused
from warroom.events.incident import (
    IncidentClosed,
    IncidentDeclared,
    IncidentLinked,
    IncidentReopened,
    MilestoneNoted,
    PhaseEntered,
)
from warroom.events.team import RoleTaken
from warroom.model.commands import DeclareIncident
from warroom.model.nouns import Person, Phase
from warroom.model.response import Milestone, Role
from warroom.model.response_commands import (
    CloseIncident,
    EnterPhase,
    LinkIncident,
    NoteMilestone,
    ReopenIncident,
)
from warroom.model.text import Safe
from warroom.response.checklist import open_items
from warroom.response.checklist_files import chosen
from warroom.response.phases import ORDER, between
from warroom.response.sentences import names
from warroom.response.watching import Followed, Moment
from warroom.state.slices import Incident, State

AHEAD = timedelta(seconds=1)
"""A client's clock may be that much before the room's."""
BY_ANOTHER_WISH = {
    Milestone.RESOLVED: "resolve it with `incident resolve`",
    Milestone.CLOSED: "close it with `incident close`",
}
"""Milestones that are reached by a wish of their own and afterwards only corrected."""

IncidentWish = EnterPhase | NoteMilestone | ReopenIncident | CloseIncident | LinkIncident


def incident_of(state: State) -> Incident:
    """The incident of the room; raises ``Refused`` when none was declared."""
    incident = state.incident.incident
    if incident is None:
        raise Refused("no incident was declared in this room; declare one first")
    return incident


def open_incident(state: State) -> Incident:
    """The open incident of the room; raises ``Refused``."""
    incident = incident_of(state)
    if not incident.open:
        raise Refused(f"{incident.incident} is resolved; reopen it first, with a reason")
    return incident


def not_ahead(time: datetime | None, now: datetime) -> datetime | None:
    """A time somebody gave; raises ``Refused`` when it is yet to come."""
    if time is not None and time > now + AHEAD:
        raise Refused(f"{time:%Y-%m-%d %H:%M:%S}Z is yet to come; the room's time is {now:%H:%M:%S}Z")
    return time


def check_declaration(state: State, command: DeclareIncident, now: datetime) -> None:
    """Whether an incident may be declared so; raises ``Refused``."""
    incident = state.incident.incident
    if incident is not None and incident.open:
        raise Refused(f"{incident.incident} is already open in this room; a second incident is a second room")
    not_ahead(command.time, now)
    _uncertain(command.uncertain_s)


def declared(moment: Moment, name: str, command: DeclareIncident, person: Person) -> Iterable[Followed]:
    """The incident with that name, its commander (who declares it) and its checklist."""
    uncertain = _uncertain(command.uncertain_s)
    event = IncidentDeclared(name, command.title, command.severity, command.impact, uncertain, command.drill)
    yield Followed(event, command.time)
    yield Followed(RoleTaken(Role.COMMANDER, person.name))
    checklist = chosen(moment.book.checklists, command.severity)
    if checklist is not None:
        yield Followed(checklist)


def _uncertain(seconds: float | None) -> timedelta | None:
    if seconds is not None and not 0 <= seconds <= 86_400:
        raise Refused("a time may be off by at most a day")
    return timedelta(seconds=seconds) if seconds else None


def grant_incident(moment: Moment, command: IncidentWish, person: Person) -> Iterable[Followed]:
    """The events that grant it; raises ``Refused``."""
    match command:
        case EnterPhase():
            return [_phase(moment.state, command)]
        case NoteMilestone():
            return [_milestone(moment, command, person)]
        case ReopenIncident():
            return _reopened(moment.state, command)
        case CloseIncident():
            return [_closed(moment.state, command)]
        case LinkIncident():
            return [_linked(moment.state, command)]
        case _ as forgotten:
            assert_never(forgotten)


def _phase(state: State, command: EnterPhase) -> Followed:
    incident = incident_of(state)
    if command.phase is incident.phase:
        raise Refused(f"the incident is in phase {command.phase} already")
    if not incident.open and command.phase is not Phase.POST_MORTEM:
        raise Refused(f"{incident.incident} is resolved; reopen it first, with a reason")
    back = ORDER.index(command.phase) < ORDER.index(incident.phase)
    missing = [] if back else [c.text for c in between(state, incident, command.phase) if not c.met]
    if missing and not command.overrule:
        raise Refused(
            f"not yet proven for {command.phase}: {'; '.join(missing)}. Go on all the same with a reason: "
            f"incident phase {command.phase} --overrule WHY"
        )
    return Followed(PhaseEntered(command.phase, command.overrule if missing else Safe("")))


def _milestone(moment: Moment, command: NoteMilestone, person: Person) -> Followed:
    incident = incident_of(moment.state)
    wish = BY_ANOTHER_WISH.get(command.milestone)
    if wish and command.milestone not in incident.milestones:
        raise Refused(f"{incident.incident} is not {command.milestone}; {wish}")
    time = not_ahead(command.time, moment.now) or moment.now
    how = command.how or Safe(f"said by {person.name}")
    return Followed(MilestoneNoted(command.milestone, how, _uncertain(command.uncertain_s)), time)


def _reopened(state: State, command: ReopenIncident) -> list[Followed]:
    incident = incident_of(state)
    if incident.open:
        raise Refused(f"{incident.incident} is open")
    if not command.reason:
        raise Refused("say why it was not over")
    followed = [Followed(IncidentReopened(command.reason))]
    if incident.phase in (Phase.RESOLVE, Phase.POST_MORTEM):
        followed.append(Followed(PhaseEntered(Phase.TRIAGE)))
    return followed


def _closed(state: State, command: CloseIncident) -> Followed:
    incident = incident_of(state)
    if incident.open:
        raise Refused(f"{incident.incident} is still open; resolve it first")
    if incident.closed is not None:
        raise Refused(f"{incident.incident} is closed")
    left = names((str(t.item.id) for t in open_items(state)), 12)
    if left and not command.reason:
        raise Refused(f"still open on the checklist: {left}; do or skip them, or close with a reason")
    return Followed(IncidentClosed(command.reason))


def _linked(state: State, command: LinkIncident) -> Followed:
    incident = incident_of(state)
    other = command.other.strip()
    if not other or any(c.isspace() for c in other):
        raise Refused("say which incident, by the name `warroom incidents` shows")
    if other == incident.incident:
        raise Refused("an incident is not linked to itself")
    if any(link.kind is command.kind and link.other == other for link in incident.links):
        raise Refused(f"{incident.incident} is {command.kind} {other} already")
    return Followed(IncidentLinked(command.kind, Safe(other)))
