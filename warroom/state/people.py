"""Folds what people and the host did: the room, actions, the incident."""

from typing import assert_never

import msgspec

from warroom.events.actions import (
    ActionApproved,
    ActionEvent,
    ActionExpired,
    ActionFailed,
    ActionProgressed,
    ActionProposed,
    ActionReconciled,
    ActionRefused,
    ActionStarted,
    ActionSucceeded,
    ActionUnknown,
    ActionVerified,
)
from warroom.events.envelope import Envelope
from warroom.events.incident import (
    IncidentDeclared,
    IncidentEvent,
    IncidentResolved,
    MarkerAdded,
    NoteAdded,
    QueryAnswered,
    SeverityChanged,
)
from warroom.events.room import (
    BaselineRecorded,
    ClientAttached,
    ClientDetached,
    RecorderDegraded,
    RecorderRecovered,
    RoomClosed,
    RoomEvent,
    RoomLocked,
    RoomOpened,
    RoomUnlocked,
    SettingsNoted,
    SimulationCommanded,
)
from warroom.model.nouns import ROOM
from warroom.model.text import Safe
from warroom.state.slices import (
    Action,
    ActionsSlice,
    Client,
    Incident,
    IncidentSlice,
    RoomSlice,
    SeverityStep,
    Step,
)

NOTHING = Safe("")


def apply_room(room: RoomSlice, event: RoomEvent, envelope: Envelope) -> None:
    """Keep who runs the room, who looks at it and whether it may act."""
    room.revision += 1
    match event:
        case RoomOpened():
            _opened(room, event, envelope)
        case RoomClosed():
            room.closed = True
            room.clients = {}
        case ClientAttached():
            client = Client(event.client, envelope.actor or ROOM, event.program, event.width, event.height)
            room.clients[event.client] = client
        case ClientDetached():
            room.clients.pop(event.client, None)
        case RoomUnlocked():
            room.unlocked_by = envelope.actor or ROOM
        case RoomLocked():
            room.unlocked_by = None
        case RecorderDegraded():
            room.degraded = event.reason
        case RecorderRecovered():
            room.degraded = Safe("")
        case BaselineRecorded() | SimulationCommanded() | SettingsNoted():
            room.revision -= 1
        case _ as forgotten:
            assert_never(forgotten)


def _opened(room: RoomSlice, event: RoomOpened, envelope: Envelope) -> None:
    room.room, room.cluster, room.kind = event.room, event.cluster, event.kind
    room.epoch, room.program, room.scenario = event.epoch, event.program, event.scenario
    room.seed, room.speed = event.seed, event.speed
    room.opened = envelope.time
    room.closed = False
    room.unlocked_by = None
    room.clients = {}


def apply_incident(slice_: IncidentSlice, event: IncidentEvent, envelope: Envelope) -> None:
    """Keep the one incident; what is said of none changes nothing."""
    person = envelope.actor or ROOM
    incident = slice_.incident
    match event:
        case IncidentDeclared():
            if incident is not None and incident.open:
                return
            first = SeverityStep(event.severity, envelope.time, envelope.seq, person)
            slice_.incident = Incident(
                event.incident,
                event.title,
                event.severity,
                declared=envelope.time,
                declared_ms=envelope.room_ms,
                declared_by=person,
                declared_seq=envelope.seq,
                impact=event.impact,
                history=(first,),
            )
        case SeverityChanged():
            if incident is None:
                return
            step = SeverityStep(event.severity, envelope.time, envelope.seq, person, event.reason)
            slice_.incident = msgspec.structs.replace(
                incident, severity=event.severity, history=(*incident.history, step)
            )
        case IncidentResolved():
            if incident is None or not incident.open:
                return
            slice_.incident = msgspec.structs.replace(
                incident,
                resolved=envelope.time,
                resolved_ms=envelope.room_ms,
                resolved_seq=envelope.seq,
                resolved_by=person,
                summary=event.summary,
            )
        case NoteAdded() | MarkerAdded() | QueryAnswered():
            return
        case _ as forgotten:
            assert_never(forgotten)
    slice_.revision += 1


def apply_actions(actions: ActionsSlice, event: ActionEvent, envelope: Envelope) -> None:
    """Move one action on by one step; a step of an unknown action changes nothing."""
    if isinstance(event, ActionProposed):
        action = Action(
            event.action,
            event.operation,
            event.request,
            event.plan,
            person=envelope.actor or ROOM,
            stage="proposed",
            steps=(_step("proposed", envelope),),
        )
    else:
        known = actions.actions.get(event.action)
        if known is None:
            return
        action = _moved(known, event, envelope)
    actions.actions[event.action] = action
    actions.revision += 1


def _step(stage: str, envelope: Envelope, detail: Safe = NOTHING) -> Step:
    return Step(stage, envelope.seq, envelope.time, envelope.room_ms, detail)


def _moved(action: Action, event: ActionEvent, envelope: Envelope) -> Action:
    detail = Safe("")
    stage = event.type.removeprefix("action.")
    at = stage
    match event:
        case ActionProposed() | ActionExpired() | ActionStarted():
            pass
        case ActionApproved():
            detail = event.how
        case ActionRefused() | ActionFailed() | ActionUnknown():
            detail = event.reason
        case ActionProgressed():
            detail, at = event.detail, action.stage
            action = msgspec.structs.replace(action, done=event.done, total=event.total)
        case ActionSucceeded():
            detail = event.detail
            action = msgspec.structs.replace(action, created=event.created)
        case ActionReconciled():
            detail, at = event.finding, action.stage
        case ActionVerified():
            detail = event.detail
            action = msgspec.structs.replace(action, verdict=event.verdict)
        case _ as forgotten:
            assert_never(forgotten)
    steps = (*action.steps, _step(stage, envelope, detail))
    return msgspec.structs.replace(action, stage=at, detail=detail or action.detail, steps=steps)
