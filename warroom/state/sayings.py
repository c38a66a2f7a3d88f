"""Sentences for the timeline about what people and the host did."""

from collections.abc import Iterator

from warroom.events.actions import (
    ActionApproved,
    ActionCancelled,
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
from warroom.events.base import Event
from warroom.events.incident import (
    IncidentClosed,
    IncidentDeclared,
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
from warroom.events.room import (
    ClientAttached,
    ClientDetached,
    RecorderDegraded,
    RecorderRecovered,
    RoomClosed,
    RoomLocked,
    RoomOpened,
    RoomUnlocked,
)
from warroom.model.requests import Verdict
from warroom.state.response_sayings import said_of_response
from warroom.state.slices import State

Said = tuple[str, str, str]
"""kind, role, text"""

VERDICT_ROLES = {Verdict.SEEN: "ok", Verdict.NOT_SEEN: "critical", Verdict.UNKNOWN: "unknown"}


def said_of_person(state: State, event: Event) -> Iterator[Said]:
    """The lines of an event of the room, an action or the incident."""
    match event:
        case IncidentDeclared():
            drill = " (a drill)" if event.drill else ""
            yield "incident", event.severity.lower(), f"declared {event.severity}{drill}: {event.title}"
        case PhaseEntered():
            why = f", overruled: {event.overruled}" if event.overruled else ""
            yield "incident", "accent", f"phase {event.phase.upper()}{why}"
        case MilestoneNoted():
            off = f" (give or take {event.uncertain.total_seconds():.0f} s)" if event.uncertain else ""
            yield "incident", "info", f"{event.milestone}{off}: {event.how}"
        case MilestoneWithdrawn():
            yield "incident", "warning", f"not {event.milestone} after all: {event.reason}"
        case IncidentReopened():
            yield "incident", "critical", f"reopened: {event.reason}"
        case IncidentClosed():
            yield "incident", "ok", "closed" + (f": {event.reason}" if event.reason else "")
        case IncidentLinked():
            yield "incident", "info", f"{event.kind} {event.other}"
        case SeverityChanged():
            why = f": {event.reason}" if event.reason else ""
            yield "incident", event.severity.lower(), f"severity is now {event.severity}{why}"
        case IncidentResolved():
            yield "incident", "ok", "resolved" + (f": {event.summary}" if event.summary else "")
        case NoteAdded():
            yield "note", "text", str(event.text)
        case MarkerAdded():
            yield "marker", "accent", "marker" + (f": {event.text}" if event.text else "")
        case QueryAnswered():
            first = f" · {event.excerpt[-1]}" if event.excerpt else ""
            yield "evidence", "info", f"{event.query}: {event.found} found{first}"
        case _:
            yield from _of_room(event)
            yield from _of_action(state, event)
            yield from said_of_response(state, event)


def _of_room(event: Event) -> Iterator[Said]:
    match event:
        case RoomOpened():
            how = f"room reopened after a crash (host {event.epoch})" if event.after_crash else "room opened"
            yield "room", "warning" if event.after_crash else "info", f"{how} on {event.cluster}"
        case RoomClosed():
            yield "room", "info", "room closed" + (f": {event.reason}" if event.reason else "")
        case ClientAttached():
            if event.program in ("tui", "pair"):
                how = "shares a terminal" if event.program == "pair" else "attached"
                yield "room", "muted", f"{how} ({event.width}x{event.height})"
        case ClientDetached():
            if event.program or event.reason:
                how = "left the shared terminal" if event.program == "pair" else "detached"
                yield "room", "muted", how + (f": {event.reason}" if event.reason else "")
        case RoomUnlocked():
            yield "room", "warning", "unlocked: actions allowed"
        case RoomLocked():
            yield "room", "info", "locked: actions closed"
        case RecorderDegraded():
            yield "room", "critical", f"NOT RECORDING: {event.reason}"
        case RecorderRecovered():
            lost = f", {event.lost} observations lost" if event.lost else ""
            yield "room", "ok", f"recording again: {event.merged} kept events merged{lost}"
        case _:
            return


def _of_action(state: State, event: Event) -> Iterator[Said]:
    match event:
        case ActionProposed():
            yield "action", "info", f"{event.action} proposed: {event.plan.title}"
        case ApprovalRequested():
            yield "action", "warning", f"{event.action} waits for a second person: {event.why}"
        case ActionOverridden():
            yield "action", "critical", f"{event.action} OVERRIDE without a second person: {event.reason}"
        case ActionCancelled():
            yield (
                "action",
                "warning",
                f"{event.action} cancelled" + (f": {event.detail}" if event.detail else ""),
            )
        case GoalJudged():
            yield (
                "action",
                VERDICT_ROLES[event.verdict],
                f"{event.action} goal: {event.verdict.value}, {event.detail}",
            )
        case ActionApproved():
            yield "action", "muted", f"{event.action} approved" + (f" ({event.how})" if event.how else "")
        case ActionRefused():
            yield "action", "warning", f"{event.action} refused: {event.reason}"
        case ActionExpired():
            yield "action", "warning", f"{event.action} expired"
        case ActionStarted():
            yield "action", "info", f"{event.action} started"
        case ActionProgressed():
            count = f" ({event.done} of {event.total})" if event.total else ""
            yield "action", "muted", f"{event.action} {event.detail}{count}"
        case ActionSucceeded():
            yield "action", "info", f"{event.action} answered: {event.detail or 'accepted'}; checking"
        case ActionFailed():
            yield "action", "critical", f"{event.action} failed: {event.reason}"
        case ActionUnknown():
            yield "action", "unknown", f"{event.action} outcome unknown: {event.reason}; checking"
        case ActionReconciled():
            yield "action", "warning", f"{event.action} reconciled: {event.finding}"
        case ActionVerified():
            yield "action", VERDICT_ROLES[event.verdict], _verdict(state, event)
        case _:
            return


def _short(title: str) -> str:
    """Without what was expected: of a verdict the end matters, and a line of the timeline has one."""
    return title[: title.rindex(" (")] if title.endswith(")") and " (" in title else title


def _verdict(state: State, event: ActionVerified) -> str:
    action = state.actions.actions.get(event.action)
    title = f" {_short(action.plan.title)}" if action else ""
    return f"{event.action}{title}: {event.verdict.value}" + (f", {event.detail}" if event.detail else "")
