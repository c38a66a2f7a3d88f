"""The second person: who may do what by the policy, requests that wait for another user, and the override."""

from warroom.errors import Refused
from warroom.events.actions import (
    ActionApproved,
    ActionExpired,
    ActionOverridden,
    ActionRefused,
    ApprovalRequested,
)
from warroom.host.actions import Acted, Actions
from warroom.host.responding import Responding
from warroom.host.sequencer import Sequencer
from warroom.model.nouns import ROOM, Person
from warroom.model.requests import Plan
from warroom.model.response_commands import (
    ApprovalCommand,
    ApproveAction,
    CancelAction,
    OverrideAction,
    RefuseAction,
)
from warroom.model.text import Safe, neutral
from warroom.response.plans import digest
from warroom.response.policy import Identity, judged, may_override, ruling
from warroom.state.slices import Action

ONE_LOGIN = "you asked for it yourself; another operating-system user must agree (one login is one person)"


class Approving:
    """The policy of one room at work. Belongs to the host's event loop."""

    def __init__(self, sequencer: Sequencer, actions: Actions, responding: Responding) -> None:
        self._sequencer = sequencer
        self.actions = actions
        self._responding = responding
        self.groups: dict[int, frozenset[str]] = {}
        """The groups of who was admitted, by user number, as the name service said then."""

    def identity(self, person: Person) -> Identity:
        """The person as the policy knows people."""
        known = self.groups.get(person.uid, frozenset()) if person.uid is not None else frozenset()
        return Identity(str(person.name), known)

    def judged(self, plan: Plan, person: Person) -> Plan:
        """The plan with what the policy says of it and this person."""
        return judged(self._responding.book.policy, self.identity(person), plan)

    def request(self, name: str, plan: Plan) -> None:
        """Ask for a second person; the request is void after a time, or when the plan changes."""
        seconds = self._responding.book.policy.approval_s
        expires = self._sequencer.clock.room_ms() + int(seconds * 1000)
        self._sequencer.accept(ApprovalRequested(name, digest(plan), expires, plan.second_person), actor=ROOM)

    def wish(self, command: ApprovalCommand, person: Person) -> Acted:
        """Agree, refuse, override or cancel; raises ``Refused``."""
        match command:
            case ApproveAction():
                self._approve(command, person)
            case RefuseAction():
                self._waiting(command.action)
                reason = command.reason or neutral(f"{person.name} does not agree")
                self._sequencer.accept(ActionRefused(command.action, reason), actor=person)
            case OverrideAction():
                self._override(command, person)
            case CancelAction():
                self.actions.cancel_one(command.action, command.reason, person)
        return Acted(command.action, self._sequencer.state.seq)

    def expire(self) -> None:
        """End the requests whose time is up."""
        now = self._sequencer.clock.room_ms()
        for action in list(self._sequencer.state.actions.actions.values()):
            if action.stage == "waiting" and action.awaits is not None and now >= action.awaits.expires_ms:
                self._sequencer.accept(ActionExpired(action.action), actor=ROOM)

    def _waiting(self, name: str) -> Action:
        action = self._sequencer.state.actions.actions.get(name)
        if action is None:
            raise Refused(f"there is no action {name}")
        if action.stage != "waiting":
            raise Refused(f"{name} does not wait for anybody ({action.stage})")
        return action

    def _same_plan(self, action: Action, shown: str) -> Plan:
        """The plan as it is now, if it is still the one that was asked for and shown; else the request is void."""
        made = self.actions.plan(action.request, action.person, undoes=action.undoes)
        awaited = action.awaits.digest if action.awaits else ""
        if made.refused or digest(made) != awaited:
            why = made.refused or Safe("its targets changed since it was asked for")
            self._sequencer.accept(ActionRefused(action.action, neutral(f"void: {why}")), actor=ROOM)
            raise Refused(f"{action.action} is void: {why}; ask for it again")
        if shown and shown != awaited:
            raise Refused("the plan you were shown is not the one that waits; look at it again")
        return made

    def _approve(self, command: ApproveAction, person: Person) -> None:
        action = self._waiting(command.action)
        if person.uid is None or person.uid == action.person.uid:
            raise Refused(ONE_LOGIN)
        plan = self._same_plan(action, command.digest)
        if refused := ruling(self._responding.book.policy, self.identity(person), plan).refused:
            raise Refused(f"you cannot agree to it: {refused}")
        how = neutral(f"second person {person.name} for {action.person.name}")
        self._sequencer.accept(ActionApproved(action.action, how), actor=person)
        self.actions.begin(action.action)

    def _override(self, command: OverrideAction, person: Person) -> None:
        action = self._waiting(command.action)
        if not command.reason:
            raise Refused("an override needs a reason")
        plan = self._same_plan(action, "")
        if not may_override(self._responding.book.policy, self.identity(person), plan):
            raise Refused(f"{person.name} may not override; see policy.override in the config")
        self._sequencer.accept(ActionOverridden(action.action, command.reason), actor=person)
        how = neutral(f"OVERRIDE by {person.name}: {command.reason}")
        self._sequencer.accept(ActionApproved(action.action, how), actor=person)
        self.actions.begin(action.action)
