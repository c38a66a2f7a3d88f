"""Carries actions out: each step an event, ``started`` durable before the call leaves, verified by looking again."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

import msgspec

from warroom.errors import Refused, WarroomError
from warroom.events.actions import (
    ActionApproved,
    ActionCancelled,
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
from warroom.events.alerts import AlertAcknowledged
from warroom.host.ports import Actuator, Outcome, Source
from warroom.host.sequencer import Sequencer
from warroom.host.work import Work
from warroom.model.commands import Act
from warroom.model.nouns import ROOM, Person
from warroom.model.requests import Acknowledge, Plan, Request, Verdict, kind_of
from warroom.model.text import Safe, neutral
from warroom.response.plans import digest, plan
from warroom.response.undo import reverse_of
from warroom.response.verification import is_fresh, look, settled_finding, verdict
from warroom.state.slices import Action

log = logging.getLogger(__name__)

CALL_S = 60.0
"""Total deadline of one actuator call beyond the grace period it was given; then the outcome is unknown."""


class Acted(msgspec.Struct, frozen=True):
    """The answer to an accepted request: its action's name and where the record has it."""

    action: str
    seq: int
    waits: str = ""
    """Why a second person must agree first; empty when it is being done."""


class Cancelled(WarroomError):
    """An action was stopped between two of its steps; the text says after which."""


class Ruler(Protocol):
    """Says what the policy allows; see ``warroom.host.approving``."""

    def judged(self, plan: Plan, person: Person) -> Plan:
        """The plan with what the policy says of it and this person."""

    def request(self, name: str, plan: Plan) -> None:
        """Ask for a second person."""


class Actions:
    """The actions of one room. Belongs to the host's event loop."""

    def __init__(
        self,
        sequencer: Sequencer,
        sources: Sequence[Source],
        work: Work,
        crew: asyncio.TaskGroup,
        *,
        call_s: float = CALL_S,
    ) -> None:
        self._sequencer = sequencer
        self._sources = sources
        self._work = work
        self._crew = crew
        self._call_s = call_s
        self._calling: set[str] = set()
        self._unreconciled: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._cancelled: dict[str, tuple[Safe, Person]] = {}
        self.policy: Ruler | None = None

    def give_up(self) -> None:
        """The room closes: nobody will look any more, and the record says what is not known."""
        for task in self._tasks:
            task.cancel()
        for action in list(self._sequencer.state.actions.actions.values()):
            if action.over:
                continue
            if action.stage in {"proposed", "waiting", "approved"}:
                reason = Safe("the room was closed before it was started; nothing was sent")
                self._sequencer.accept(ActionRefused(action=action.action, reason=reason), actor=ROOM)
                continue
            if action.stage == "started":
                lost = Safe("the room was closed while the call was under way")
                self._sequencer.accept(ActionUnknown(action=action.action, reason=lost), actor=ROOM)
            unseen = Safe("the room was closed before its effect was seen")
            verified = ActionVerified(action=action.action, verdict=Verdict.UNKNOWN, detail=unseen)
            self._sequencer.accept(verified, actor=ROOM)

    def plan(self, request: Request, person: Person, *, undoes: str = "") -> Plan:
        """What the request would touch."""
        state, now = self._sequencer.state, self._sequencer.clock.now()
        made = plan(state, request, person=str(person.name), now=now, undoes=undoes)
        return self.policy.judged(made, person) if self.policy is not None else made

    def act(self, wish: Act, person: Person) -> Acted:
        """Take a request on; raises ``Refused`` when nothing will be done."""
        made = self.plan(wish.request, person, undoes=wish.undoes)
        if wish.digest and wish.digest != digest(made):
            raise Refused(
                "the cluster changed since the plan was shown; look at the new plan and confirm again"
            )
        state = self._sequencer.state
        if state.room.unlocked_by is None and not wish.opens_lock:
            raise Refused("the room is locked; unlock it with U before acting")
        if wish.undoes:
            self._check_undo(wish)
        name = f"A{len(state.actions.actions) + 1}"
        # Unlike any other of this or a later room of that name: the target keeps it, and is asked for it.
        opened = f"{state.room.opened:%Y%m%d%H%M%S}" if state.room.opened else "0"
        operation = f"{state.room.room}-{opened}-{state.seq + 1}-{name}"
        proposed = ActionProposed(name, operation, wish.request, made, wish.undoes, wish.run)
        envelope = self._sequencer.accept(proposed, actor=person)
        if refused := made.refused or self._unrecordable():
            self._sequencer.accept(ActionRefused(action=name, reason=refused), actor=ROOM)
            raise Refused(f"{name} refused: {refused}")
        if made.second_person and self.policy is not None:
            self.policy.request(name, made)
            return Acted(name, envelope.seq, str(made.second_person))
        self._sequencer.accept(ActionApproved(action=name, how=wish.confirmed), actor=person)
        self.begin(name)
        return Acted(name, envelope.seq)

    def begin(self, name: str) -> None:
        """Carry out what was approved."""
        action = self._sequencer.state.actions.actions[name]
        carrying = self._carry_out(name, action.request, action.operation, action.person)
        task = self._crew.create_task(carrying, name=f"action {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _check_undo(self, wish: Act) -> None:
        if wish.request not in reverse_of(self._sequencer.state, wish.undoes):
            raise Refused(f"this does not take {wish.undoes} back")

    def cancel_one(self, name: str, reason: Safe, person: Person) -> None:
        """Stop an action before its next step; raises ``Refused`` when there is none left to stop."""
        action = self._sequencer.state.actions.actions.get(name)
        if action is None:
            raise Refused(f"there is no action {name}")
        if action.stage in {"waiting", "proposed", "approved"}:
            ended = ActionCancelled(name, reason or Safe("cancelled before anything was sent"))
            self._sequencer.accept(ended, actor=person)
        elif name in self._calling:
            self._cancelled[name] = (reason, person)
        else:
            raise Refused(f"nothing of {name} is left to be sent ({action.stage}); undo takes it back")

    def _unrecordable(self) -> Safe:
        degraded = self._sequencer.state.room.degraded
        if not degraded:
            return Safe("")
        return neutral(f"what is done cannot be recorded ({degraded}); make room for the record first")

    async def _carry_out(self, name: str, request: Request, operation: str, person: Person) -> None:
        with self._work.busy():
            started = self._sequencer.accept(ActionStarted(action=name), actor=ROOM)
            try:
                await self._sequencer.recorder.durable(started.seq)
            except WarroomError as unkept:
                reason = neutral(f"not done, because it cannot be recorded: {unkept}")
                self._sequencer.accept(ActionFailed(action=name, reason=reason), actor=ROOM)
                return
            self._calling.add(name)
            try:
                outcome = await self._call(name, request, operation, person)
            except Cancelled as stopped:
                reason, by = self._cancelled.pop(name)
                why = f"{reason}; " if reason else ""
                self._sequencer.accept(ActionCancelled(name, neutral(f"{why}{stopped}")), actor=by)
            else:
                self._ended(name, outcome)
            self._cancelled.pop(name, None)
            self._calling.discard(name)
            self.look_again()

    async def _call(self, name: str, request: Request, operation: str, person: Person) -> Outcome:
        if isinstance(request, Acknowledge):
            taken = AlertAcknowledged(fingerprints=request.fingerprints, note=request.note)
            self._sequencer.accept(taken, actor=person)
            return Outcome("succeeded", Safe("noted in this room"))
        actuator = self.actuator(request)
        if actuator is None:
            return Outcome("failed", Safe("no source of this room can do that"))

        def report(detail: Safe, done: int, total: int) -> None:
            progressed = ActionProgressed(action=name, detail=detail, done=done, total=total)
            self._sequencer.accept(progressed, actor=ROOM)
            if name in self._cancelled and done < total:
                raise Cancelled(f"stopped after {done} of {total}: {detail}")

        most_s = self._call_s + float(getattr(request, "grace_s", 0))
        with self._work.parked():
            try:
                async with asyncio.timeout(most_s):
                    return await actuator.carry_out(request, operation=operation, report=report)
            except TimeoutError:
                return Outcome("unknown", neutral(f"no answer within {most_s:g} s"))
            except Exception as bug:  # bulkhead: one actuator's bug must not end the room
                log.exception("bug in an actuator")
                return Outcome(
                    "unknown", neutral(f"bug in the call, which may have reached the cluster: {bug!r}")
                )

    def actuator(self, request: Request) -> Actuator | None:
        """The source that carries this kind of request out; None when there is none."""
        kind = kind_of(request)
        for source in self._sources:
            able = any(c.kind is kind and c.possible for c in source.announce().capabilities)
            if able and isinstance(source, Actuator):
                return source
        return None

    def _ended(self, name: str, outcome: Outcome) -> None:
        match outcome.status:
            case "succeeded":
                event = ActionSucceeded(action=name, detail=outcome.detail, created=outcome.created)
                self._sequencer.accept(event, actor=ROOM)
            case "failed":
                self._sequencer.accept(ActionFailed(action=name, reason=outcome.detail), actor=ROOM)
            case "unknown":
                self._sequencer.accept(ActionUnknown(action=name, reason=outcome.detail), actor=ROOM)
                self._unreconciled.add(name)

    def look_again(self) -> None:
        """Look at what every unfinished action was to change; report progress and verdicts."""
        for action in list(self._sequencer.state.actions.actions.values()):
            if not action.over and action.stage in {"started", "succeeded", "unknown"}:
                self._look_at(action)

    def _look_at(self, action: Action) -> None:
        state = self._sequencer.state
        # What was read before the call says nothing of how far it has come.
        if action.stage != "started" and is_fresh(state, action):
            seen = look(state, action)
            if seen.total and (seen.done, seen.total) != (action.done, action.total):
                progressed = ActionProgressed(
                    action=action.action, detail=seen.detail, done=seen.done, total=seen.total
                )
                self._sequencer.accept(progressed, actor=ROOM)
        if action.action in self._calling:
            return
        if action.action in self._unreconciled and is_fresh(state, action):
            self._unreconciled.discard(action.action)
            finding = settled_finding(self._sequencer.state, action)
            self._sequencer.accept(ActionReconciled(action=action.action, finding=finding), actor=ROOM)
        found = verdict(self._sequencer.state, action, self._sequencer.clock.room_ms())
        if found is None:
            return
        verified = ActionVerified(action=action.action, verdict=found[0], detail=found[1])
        self._sequencer.accept(verified, actor=ROOM)

    def reconcile(self) -> None:
        """After a crash: what never left is refused; what may have left is judged by reading the target."""
        for action in list(self._sequencer.state.actions.actions.values()):
            if action.over:
                continue
            if action.stage == "waiting":
                continue
            if action.stage in {"proposed", "approved"}:
                reason = Safe("the host stopped before it was started; nothing was sent")
                self._sequencer.accept(ActionRefused(action=action.action, reason=reason), actor=ROOM)
            else:
                if action.stage == "started":
                    lost = Safe("the host stopped while the call was under way")
                    self._sequencer.accept(ActionUnknown(action=action.action, reason=lost), actor=ROOM)
                self._unreconciled.add(action.action)
