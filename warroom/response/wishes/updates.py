"""Wishes about updates: write one, promise the next."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from warroom.errors import Refused
from warroom.events.updates import UpdatePromised, UpdateWritten
from warroom.model.nouns import Person
from warroom.model.response import UpdateKind
from warroom.model.response_commands import PromiseUpdate, ResponseCommand, SendUpdate
from warroom.response.updates.writing import CADENCE
from warroom.response.watching import Followed, Moment
from warroom.state.slices import Incident

LONGEST_S = 7 * 86_400
MOST_CHARACTERS = 20_000
NO_TARGET = "this room was opened without an update target"
READ_AT_OPENING = (
    "targets are the [update.NAME] tables of the config, read when a room opens: one that was added since counts "
    "in the next room"
)
"""A config that changed is why a target may be in it and not in the room."""


def grant_update(moment: Moment, command: ResponseCommand, _: Person) -> Iterable[Followed]:
    """The events that grant it; raises ``Refused``."""
    match command:
        case SendUpdate():
            return [Followed(_written(moment, command))]
        case PromiseUpdate():
            _incident(moment)
            return [Followed(UpdatePromised(moment.now + _span(command.in_s)))]
        case _:
            raise Refused("this is no wish about updates")


def _incident(moment: Moment) -> Incident:
    incident = moment.state.incident.incident
    if incident is None:
        raise Refused("no incident was declared in this room; declare one first")
    return incident


def _span(seconds: float) -> timedelta:
    if not 0 < seconds <= LONGEST_S:
        raise Refused("the next update is promised within a week")
    return timedelta(seconds=seconds)


def _written(moment: Moment, command: SendUpdate) -> UpdateWritten:
    incident = _incident(moment)
    known = moment.book.targets
    if unknown := [name for name in command.targets if name not in known]:
        raise Refused(f"no update target is called {unknown[0]}; there are: {', '.join(known) or 'none'}")
    if not command.text.strip():
        raise Refused("an update needs words")
    if len(command.text) > MOST_CHARACTERS:
        raise Refused(f"an update has at most {MOST_CHARACTERS} characters, not {len(command.text)}")
    targets = command.targets or tuple(known)
    if not targets:
        raise Refused(f"{NO_TARGET}; {READ_AT_OPENING}")
    name = f"U{len(moment.state.updates.updates) + 1}"
    due = next_due(moment, command, incident)
    return UpdateWritten(name, command.kind, command.text, targets, moment.state.updates.due, due)


def next_due(moment: Moment, command: SendUpdate, incident: Incident) -> datetime | None:
    """When the next update is promised; none after the last."""
    if command.next_due is not None:
        if command.next_due <= moment.now:
            raise Refused(
                f"it promises the next update for {command.next_due:%H:%M}Z, which is over; draft it anew"
            )
        return moment.now + _span((command.next_due - moment.now).total_seconds())
    if command.next_in_s is not None:
        return moment.now + _span(command.next_in_s)
    if command.kind is UpdateKind.RESOLVED or not incident.open:
        return None
    return moment.now + CADENCE[incident.severity]
