"""Wishes become facts or are refused with a sentence; answers on which somebody decided are recorded."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from tests.host.rigs import MAYA, SAM, RoomRig, open_room
from warroom.errors import Refused, WarroomError
from warroom.events.incident import (
    IncidentDeclared,
    IncidentResolved,
    MarkerAdded,
    NoteAdded,
    QueryAnswered,
    SeverityChanged,
)
from warroom.events.logs import LogsAppended
from warroom.events.room import RoomClosed
from warroom.model.commands import (
    Act,
    AddMarker,
    AddNote,
    ChangeSeverity,
    DeclareIncident,
    Drafted,
    DraftUpdate,
    LogsFound,
    MetricRange,
    ResolveIncident,
    SearchLogs,
    ShowPlan,
    StopRoom,
    UnlockRoom,
    WorkloadLogs,
)
from warroom.model.nouns import LogLevel, LogLine, NodeName, Severity, WorkloadId
from warroom.model.requests import Cordon, Plan
from warroom.model.response import UpdateKind
from warroom.model.text import Safe

DECLARE = DeclareIncident(Safe("all down"), Severity.SEV1)
CORDON = Cordon((NodeName("n1"),))


async def ended(rig: RoomRig) -> None:
    while not rig.recorder.closed:
        await asyncio.sleep(0.005)


async def test_a_second_incident_is_refused_while_one_is_open() -> None:
    async with open_room() as rig:
        await rig.room.wish(DECLARE, MAYA)
        with pytest.raises(
            Refused, match="first is already open in this room; a second incident is a second room"
        ):
            await rig.room.wish(DECLARE, SAM)
        await rig.settle()
        assert [e.incident for e in rig.events(IncidentDeclared)] == ["first"]


async def test_an_incident_after_a_resolved_one_has_a_recording_of_its_own() -> None:
    async with open_room() as rig:
        announced: list[str] = []
        rig.room.announce = lambda: announced.append(rig.room.recording)
        await rig.room.wish(DECLARE, MAYA)
        await rig.room.wish(ResolveIncident(), MAYA)
        await rig.room.wish(DECLARE, SAM)
        await rig.settle()
        second = rig.further.made[0]
        assert rig.recorder.closed
        assert second.kept[0].type == "baseline.recorded"
        assert [e.incident for e in rig.events(IncidentDeclared)] == ["first", "second-1"]
        assert rig.recorder.kept[-1].seq + 1 == second.kept[0].seq
        assert announced == ["second-1"]


async def test_two_who_declare_at_once_declare_one_incident() -> None:
    async with open_room() as rig:
        await rig.room.wish(DECLARE, MAYA)
        await rig.room.wish(ResolveIncident(), MAYA)
        answers = await asyncio.gather(
            rig.room.wish(DECLARE, MAYA), rig.room.wish(DECLARE, SAM), return_exceptions=True
        )
        assert sum(isinstance(answer, Refused) for answer in answers) == 1
        assert len(rig.further.made) == 1


async def test_an_update_is_drafted_by_the_room_s_words_and_nothing_is_recorded() -> None:
    async with open_room() as rig:
        with pytest.raises(Refused, match="no incident was declared"):
            await rig.room.ask(DraftUpdate(UpdateKind.FIRST), MAYA)
        await rig.room.wish(DECLARE, MAYA)
        await rig.settle()
        before = rig.state.seq
        answer = await rig.room.ask(DraftUpdate(UpdateKind.FIRST, Safe("rack 2 takes over")), MAYA)
        drafted = msgspec.msgpack.decode(answer, type=Drafted)
        assert "SEV1 all down" in drafted.text
        assert "Next: rack 2 takes over" in drafted.text
        assert drafted.next_due == rig.clock.now() + timedelta(minutes=15)
        assert rig.state.seq == before


async def test_an_incident_can_be_declared_for_earlier() -> None:
    async with open_room() as rig:
        await rig.advance(600)
        began = rig.clock.now() - timedelta(minutes=5)
        await rig.room.wish(DeclareIncident(Safe("since five minutes"), Severity.SEV2, time=began), MAYA)
        incident = rig.state.incident.incident
        assert incident is not None
        assert (incident.declared, incident.declared_ms) == (began, 600_000)


@pytest.mark.parametrize("wish", [ChangeSeverity(Severity.SEV2), ResolveIncident()])
async def test_without_an_incident_there_is_nothing_to_classify_or_resolve(wish: object) -> None:
    async with open_room() as rig:
        with pytest.raises(Refused, match="no incident is open"):
            await rig.room.wish(wish, MAYA)  # type: ignore[arg-type]


async def test_words_are_recorded_with_who_said_them() -> None:
    async with open_room() as rig:
        await rig.room.wish(DECLARE, MAYA)
        for wish in (
            AddNote(Safe("a note")),
            AddMarker(Safe("here")),
            ChangeSeverity(Severity.SEV3),
            ResolveIncident(),
        ):
            await rig.room.wish(wish, SAM)
        await rig.settle()
        for kind in (NoteAdded, MarkerAdded, SeverityChanged, IncidentResolved):
            (envelope,) = [e for e in rig.recorder.kept if e.type == kind.type]
            assert envelope.actor == SAM


# --- evidence -------------------------------------------------------------------------------------------


async def with_lines(rig: RoomRig, count: int) -> None:
    await rig.show(
        LogsAppended(tuple(LogLine(rig.clock.now(), LogLevel.INFO, Safe(f"beat {n}")) for n in range(count)))
    )


async def test_a_search_of_a_person_is_recorded_as_evidence_with_its_newest_lines() -> None:
    async with open_room() as rig:
        await with_lines(rig, 8)
        since = rig.clock.now() - timedelta(minutes=1)
        answer = await rig.room.ask(SearchLogs("beat", start=since, limit=6), MAYA)
        found = msgspec.msgpack.decode(answer, type=LogsFound)
        assert (found.matched, len(found.lines)) == (8, 6)
        await rig.settle()
        (evidence,) = rig.events(QueryAnswered)
        assert evidence.found == 8
        assert evidence.excerpt == tuple(f"beat {n}" for n in range(3, 8))
        assert evidence.query == f"logs-search beat, since {since:%H:%M:%S}Z"


async def test_a_search_of_some_nodes_or_workloads_finds_no_lines_of_others_and_says_so() -> None:
    async with open_room() as rig:
        lines = [("a1", ""), ("a2", ""), ("b1", "chat"), ("b2", "")]
        now = rig.clock.now()
        told = tuple(LogLine(now, LogLevel.INFO, Safe(f"beat {n} {w}"), n, w) for n, w in lines)
        await rig.show(LogsAppended(told))
        answer = await rig.room.ask(SearchLogs("beat", only=("a1", "chat")), MAYA)
        found = msgspec.msgpack.decode(answer, type=LogsFound)
        assert [line.node for line in found.lines] == ["a1", "b1"]
        await rig.settle()
        (evidence,) = rig.events(QueryAnswered)
        assert evidence.query == "logs-search beat, only a1, chat"


async def test_what_a_program_searches_is_no_evidence() -> None:
    async with open_room() as rig:
        await with_lines(rig, 1)
        await rig.room.ask(SearchLogs("beat", evidence=False), MAYA)
        await rig.settle()
        assert rig.events(QueryAnswered) == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (WorkloadLogs(WorkloadId("w")), "try logs-search"),
        (MetricRange("m", *(2 * [DECLARE.time]), 1.0), "no source of this room has metrics"),  # type: ignore[arg-type]
    ],
)
async def test_what_no_source_can_answer_is_one_sentence(query: object, says: str) -> None:
    async with open_room() as rig:
        with pytest.raises(WarroomError, match=says):
            await rig.room.ask(query, MAYA)  # type: ignore[arg-type]


async def test_a_plan_touches_nothing_and_is_not_recorded() -> None:
    async with open_room() as rig:
        await rig.synced("n1")
        before = rig.state.seq
        plan = msgspec.msgpack.decode(await rig.room.ask(ShowPlan(CORDON), MAYA), type=Plan)
        assert plan.title == "cordon n1"
        assert rig.state.seq == before
        assert rig.source.calls == []


# --- the end --------------------------------------------------------------------------------------------


async def test_a_room_with_an_open_incident_is_not_stopped_by_the_way() -> None:
    async with open_room() as rig:
        await rig.room.wish(DECLARE, MAYA)
        with pytest.raises(Refused, match="first is still open; resolve it, or stop the room with --force"):
            await rig.room.wish(StopRoom(), MAYA)
        await rig.room.wish(StopRoom(even_if_open=True), MAYA)
        await asyncio.wait_for(ended(rig), 5)
        assert rig.events(RoomClosed) == [RoomClosed(Safe("stopped by maya"))]


async def test_a_room_with_an_action_under_way_is_not_stopped_by_the_way() -> None:
    async with open_room() as rig:
        await rig.synced("n1")
        await rig.room.wish(UnlockRoom(), MAYA)
        await rig.room.wish(Act(CORDON), MAYA)
        with pytest.raises(Refused, match="A1 under way; wait for it, or stop the room with --force"):
            await rig.room.wish(StopRoom(), MAYA)


async def test_a_quiet_room_is_stopped_at_a_word() -> None:
    async with open_room() as rig:
        await rig.room.wish(StopRoom(), MAYA)
        await asyncio.wait_for(ended(rig), 5)
        assert rig.source.closed
