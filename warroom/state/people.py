"""Folds what people and the host did: the room and actions."""

from typing import assert_never

import msgspec

from warroom.events.actions import (
    ActionApproved,
    ActionCancelled,
    ActionEvent,
    ActionExpired,
    ActionFailed,
    ActionOverridden,
    ActionProgressed,
    ActionProposed,
    ActionReconciled,
    ActionRefused,
    ActionStarted,
    ActionSucceeded,
    ActionUnknown,
    ActionVerified,
    ApprovalRequested,
    GoalJudged,
)
from warroom.events.envelope import Envelope
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
    Awaited,
    Client,
    Goal,
    RoomSlice,
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
            room.unlocked_by, room.unlocked_until_ms = envelope.actor or ROOM, event.until_ms
        case RoomLocked():
            room.unlocked_by, room.unlocked_until_ms = None, None
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
    room.unlocked_by, room.unlocked_until_ms = None, None
    room.clients = {}


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
            undoes=event.undoes,
            run=event.run,
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
        case ApprovalRequested():
            detail, stage, at = event.why, "waiting", "waiting"
            action = msgspec.structs.replace(
                action, awaits=Awaited(event.digest, event.expires_ms, event.why)
            )
        case ActionOverridden():
            detail, at = event.reason, action.stage
            action = msgspec.structs.replace(action, overridden=event.reason)
        case ActionCancelled():
            detail = event.detail
        case GoalJudged():
            detail, at, stage = event.detail, action.stage, "goal"
            goal = Goal(event.verdict, event.detail, event.before, event.after)
            action = msgspec.structs.replace(action, goal=goal)
        case ActionApproved():
            detail = event.how
            action = msgspec.structs.replace(action, approved_by=envelope.actor)
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
