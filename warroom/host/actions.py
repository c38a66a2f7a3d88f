"""Carries actions out: each step an event, ``started`` durable before the call leaves, verified by looking again."""

import asyncio
import logging
from collections.abc import Sequence

import msgspec

from warroom.errors import Refused, WarroomError
from warroom.events.actions import (
    ActionApproved,
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
from warroom.response.verification import is_fresh, look, settled_finding, verdict
from warroom.state.slices import Action

log = logging.getLogger(__name__)

CALL_S = 60.0
"""Total deadline of one actuator call beyond the grace period it was given; then the outcome is unknown."""


class Acted(msgspec.Struct, frozen=True):
    """The answer to an accepted request: its action's name and where the record has it."""

    action: str
    seq: int


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

    def give_up(self) -> None:
        """The room closes: nobody will look any more, and the record says what is not known."""
        for task in self._tasks:
            task.cancel()
        for action in list(self._sequencer.state.actions.actions.values()):
            if action.over:
                continue
            if action.stage in {"proposed", "approved"}:
                reason = Safe("the room was closed before it was started; nothing was sent")
                self._sequencer.accept(ActionRefused(action=action.action, reason=reason), actor=ROOM)
                continue
            if action.stage == "started":
                lost = Safe("the room was closed while the call was under way")
                self._sequencer.accept(ActionUnknown(action=action.action, reason=lost), actor=ROOM)
            unseen = Safe("the room was closed before its effect was seen")
            verified = ActionVerified(action=action.action, verdict=Verdict.UNKNOWN, detail=unseen)
            self._sequencer.accept(verified, actor=ROOM)

    def plan(self, request: Request, person: Person) -> Plan:
        """What the request would touch."""
        state = self._sequencer.state
        return plan(state, request, person=str(person.name), now=self._sequencer.clock.now())

    def act(self, wish: Act, person: Person) -> Acted:
        """Take a request on; raises ``Refused`` when nothing will be done."""
        made = self.plan(wish.request, person)
        if wish.digest and wish.digest != digest(made):
            raise Refused(
                "the cluster changed since the plan was shown; look at the new plan and confirm again"
            )
        state = self._sequencer.state
        if state.room.unlocked_by is None and not wish.opens_lock:
            raise Refused("the room is locked; unlock it with U before acting")
        name = f"A{len(state.actions.actions) + 1}"
        # Unlike any other of this or a later room of that name: the target keeps it, and is asked for it.
        opened = f"{state.room.opened:%Y%m%d%H%M%S}" if state.room.opened else "0"
        operation = f"{state.room.room}-{opened}-{state.seq + 1}-{name}"
        proposed = ActionProposed(action=name, operation=operation, request=wish.request, plan=made)
        envelope = self._sequencer.accept(proposed, actor=person)
        if refused := made.refused or self._unrecordable():
            self._sequencer.accept(ActionRefused(action=name, reason=refused), actor=ROOM)
            raise Refused(f"{name} refused: {refused}")
        self._sequencer.accept(ActionApproved(action=name, how=wish.confirmed), actor=person)
        carrying = self._carry_out(name, wish.request, operation, person)
        task = self._crew.create_task(carrying, name=f"action {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return Acted(name, envelope.seq)

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
            outcome = await self._call(name, request, operation, person)
            self._calling.discard(name)
            self._ended(name, outcome)
            self.look_again()

    async def _call(self, name: str, request: Request, operation: str, person: Person) -> Outcome:
        if isinstance(request, Acknowledge):
            taken = AlertAcknowledged(fingerprints=request.fingerprints, note=request.note)
            self._sequencer.accept(taken, actor=person)
            return Outcome("succeeded", Safe("noted in this room"))
        actuator = self._actuator(request)
        if actuator is None:
            return Outcome("failed", Safe("no source of this room can do that"))

        def report(detail: Safe, done: int, total: int) -> None:
            progressed = ActionProgressed(action=name, detail=detail, done=done, total=total)
            self._sequencer.accept(progressed, actor=ROOM)

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

    def _actuator(self, request: Request) -> Actuator | None:
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
            if action.stage in {"proposed", "approved"}:
                reason = Safe("the host stopped before it was started; nothing was sent")
                self._sequencer.accept(ActionRefused(action=action.action, reason=reason), actor=ROOM)
            else:
                if action.stage == "started":
                    lost = Safe("the host stopped while the call was under way")
                    self._sequencer.accept(ActionUnknown(action=action.action, reason=lost), actor=ROOM)
                self._unreconciled.add(action.action)
