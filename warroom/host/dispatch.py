"""Answers what clients wish and ask: commands become events, queries are answered by recorder and sources."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import assert_never, get_args

from warroom.errors import Refused, WarroomError
from warroom.events.base import Event
from warroom.events.incident import (
    IncidentResolved,
    MarkerAdded,
    NoteAdded,
    QueryAnswered,
    SeverityChanged,
)
from warroom.events.room import RoomLocked, RoomUnlocked
from warroom.host.actions import Acted
from warroom.host.approving import Approving
from warroom.host.logs import read_logs
from warroom.host.ports import LogReader, MetricReader, Source
from warroom.host.responding import Responding
from warroom.host.sequencer import Sequencer
from warroom.model.commands import (
    Act,
    AddMarker,
    AddNote,
    ChangeSeverity,
    Command,
    DeclareIncident,
    DraftUpdate,
    LockRoom,
    LogsFound,
    MetricRange,
    Query,
    ReadLogs,
    ResolveIncident,
    SearchLogs,
    ShowPlan,
    ShowRunbook,
    StopRoom,
    UnlockRoom,
    WorkloadLogs,
)
from warroom.model.nouns import Person
from warroom.model.response_commands import ApprovalCommand, ResponseCommand
from warroom.model.text import neutral
from warroom.response.sentences import names
from warroom.response.wishes.incident import check_declaration
from warroom.response.wishes.runbooks import runbook_named

RESPONSE = get_args(ResponseCommand)
APPROVAL = get_args(ApprovalCommand)
EXCERPT = 5
"""Lines of a search's answer that are kept as evidence."""


class Dispatch:
    """Carries wishes and questions to where they are answered."""

    def __init__(
        self,
        sequencer: Sequencer,
        sources: Sequence[Source],
        responding: Responding,
        approving: Approving,
        *,
        recording_for_incident: Callable[[], Awaitable[str]],
        stop: Callable[[str], None],
    ) -> None:
        self._sequencer = sequencer
        self._sources = sources
        self._responding = responding
        self._approving = approving
        self._recording_for_incident = recording_for_incident
        self._stop = stop
        self._declaring = asyncio.Lock()

    async def wish(self, command: Command, person: Person) -> object:
        """Carry out a command and answer with what came of it; raises ``Refused``."""
        match command:
            case Act():
                return self._approving.actions.act(command, person)
            case DeclareIncident():
                return await self._declare(command, person)
            case StopRoom():
                self._stop_room(command, person)
                return None
            case ChangeSeverity() | ResolveIncident():
                self._need_open_incident()
            case _ if isinstance(command, RESPONSE):
                return Acted(*self._responding.wish(command, person))
            case _ if isinstance(command, APPROVAL):
                return self._approving.wish(command, person)
            case UnlockRoom():
                return self._unlock(command, person)
        event, time = _event_of(command)
        return Acted("", self._sequencer.accept(event, actor=person, time=time).seq)

    def _unlock(self, command: UnlockRoom, person: Person) -> Acted:
        """Open the room for writing, for a time."""
        longest = self._responding.book.policy.write_s
        seconds = min(longest, command.minutes * 60) if command.minutes is not None else longest
        if seconds <= 0:
            raise Refused("a room is unlocked for more than 0 minutes")
        until = self._sequencer.clock.room_ms() + int(seconds * 1000)
        return Acted("", self._sequencer.accept(RoomUnlocked(until), actor=person).seq)

    def _need_open_incident(self) -> None:
        incident = self._sequencer.state.incident.incident
        if incident is None or not incident.open:
            raise Refused("no incident is open in this room; declare one first")

    async def _declare(self, command: DeclareIncident, person: Person) -> Acted:
        async with self._declaring:  # another may be declared while the next recording is made
            check_declaration(self._sequencer.state, command, self._sequencer.clock.now())
            name = await self._recording_for_incident()
            return Acted(name, self._responding.declare(name, command, person))

    def _stop_room(self, command: StopRoom, person: Person) -> None:
        state = self._sequencer.state
        incident = state.incident.incident
        if not command.even_if_open:
            if incident is not None and incident.open:
                raise Refused(f"{incident.incident} is still open; resolve it, or stop the room with --force")
            under_way = [a.action for a in state.actions.actions.values() if not a.over]
            if under_way:
                raise Refused(f"{', '.join(under_way)} under way; wait for it, or stop the room with --force")
        self._stop(f"stopped by {person.name}")

    async def ask(self, query: Query, person: Person) -> object:
        """Answer a query; raises ``WarroomError``."""
        match query:
            case ShowPlan():
                return self._approving.actions.plan(query.request, person, undoes=query.undoes)
            case SearchLogs():
                return await self._search(query, person)
            case ReadLogs():
                return await read_logs(self._sequencer.recorder, self._sources, query)
            case WorkloadLogs():
                return await self._workload_logs(query)
            case MetricRange():
                return await self._metric_range(query)
            case DraftUpdate():
                return self._responding.draft(query)
            case ShowRunbook():
                return runbook_named(self._responding.book, query.runbook)
            case _ as forgotten:
                assert_never(forgotten)

    async def _search(self, query: SearchLogs, person: Person) -> LogsFound:
        now = self._sequencer.clock.now()
        found = await self._sequencer.recorder.search_logs(query, now=now)
        if query.evidence:
            since = f", since {query.start:%H:%M:%S}Z" if query.start else ""
            excerpt = tuple(line.text for line in found.lines[-EXCERPT:])
            only = f", only {names(query.only)}" if query.only else ""
            asked = neutral(f"logs-search {query.query}{only}{since}")
            event = QueryAnswered(query=asked, found=found.matched, excerpt=excerpt)
            self._sequencer.accept(event, actor=person)
        return found

    async def _workload_logs(self, query: WorkloadLogs) -> LogsFound:
        for source in self._sources:
            if isinstance(source, LogReader):
                return await source.workload_logs(query)
        raise WarroomError("no source of this room can read a workload's own log; try logs-search")

    async def _metric_range(self, query: MetricRange) -> object:
        for source in self._sources:
            if isinstance(source, MetricReader):
                return await source.metric_range(query)
        raise WarroomError("no source of this room has metrics; add a [cluster.NAME.prometheus] table")


def _event_of(command: Command) -> tuple[Event, datetime | None]:
    match command:
        case ChangeSeverity():
            return SeverityChanged(severity=command.severity, reason=command.reason), None
        case ResolveIncident():
            return IncidentResolved(summary=command.summary), None
        case AddNote():
            return NoteAdded(text=command.text), command.time
        case AddMarker():
            return MarkerAdded(text=command.text), None
        case LockRoom():
            return RoomLocked(), None
        case _:
            raise Refused("this command is unknown to the host")
