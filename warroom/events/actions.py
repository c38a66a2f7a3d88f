"""Events of actions: each step of the small state machine that ends in a verdict."""

from typing import ClassVar

from warroom.events.base import Event
from warroom.model.requests import Plan, Request, Verdict
from warroom.model.text import Safe


class ActionProposed(Event, frozen=True):
    """Somebody wants this done; the plan is what they were shown."""

    type: ClassVar[str] = "action.proposed"
    action: str
    """``A1``, ``A2``, ... within the recording."""
    operation: str
    """The id that goes into a field the target keeps."""
    request: Request
    plan: Plan
    undoes: str = ""
    """The action it takes back, such as ``A3``."""
    run: str = ""
    """The runbook's run and step it belongs to, such as ``R1.2``."""


class ApprovalRequested(Event, frozen=True):
    """A second person must agree before it is done."""

    type: ClassVar[str] = "approval.requested"
    action: str
    digest: str
    """Of the plan that must still be the same when the other person agrees."""
    expires_ms: int
    """Room time after which the request is void."""
    why: Safe
    """Which rule of the policy asks for it."""


class ActionOverridden(Event, frozen=True):
    """It is done without the second person, in an emergency."""

    type: ClassVar[str] = "action.overridden"
    action: str
    reason: Safe


class ActionApproved(Event, frozen=True):
    """It may be done, by whose word and how it was confirmed."""

    type: ClassVar[str] = "action.approved"
    action: str
    how: Safe = Safe("")
    """For instance ``typed the challenge`` or ``--yes``."""


class ActionRefused(Event, frozen=True):
    """It was not done, and why."""

    type: ClassVar[str] = "action.refused"
    action: str
    reason: Safe


class ActionExpired(Event, frozen=True):
    """It waited too long for an approval."""

    type: ClassVar[str] = "action.expired"
    action: str


class ActionStarted(Event, frozen=True):
    """Durable before the call leaves the host."""

    type: ClassVar[str] = "action.started"
    action: str


class ActionProgressed(Event, frozen=True):
    """One step of several is done."""

    type: ClassVar[str] = "action.progressed"
    action: str
    detail: Safe
    done: int = 0
    total: int = 0


class ActionSucceeded(Event, frozen=True):
    """The target's API said yes; whether it worked is the verdict's business."""

    type: ClassVar[str] = "action.succeeded"
    action: str
    detail: Safe = Safe("")
    created: tuple[str, ...] = ()
    """Ids of what the call made: a job, a silence."""


class ActionFailed(Event, frozen=True):
    """The call was answered with no, or could not be made."""

    type: ClassVar[str] = "action.failed"
    action: str
    reason: Safe


class ActionUnknown(Event, frozen=True):
    """The call left and its answer did not come: it may or may not have happened."""

    type: ClassVar[str] = "action.unknown"
    action: str
    reason: Safe


class ActionReconciled(Event, frozen=True):
    """What reading the target showed after a crash or a lost answer."""

    type: ClassVar[str] = "action.reconciled"
    action: str
    finding: Safe


class ActionVerified(Event, frozen=True):
    """Did the cluster change? Read through the source, after the call."""

    type: ClassVar[str] = "action.verified"
    action: str
    verdict: Verdict
    detail: Safe = Safe("")
    """What was seen, or what was still missing."""


class ActionCancelled(Event, frozen=True):
    """Somebody stopped it between two steps; what was done by then stays done."""

    type: ClassVar[str] = "action.cancelled"
    action: str
    detail: Safe = Safe("")


class GoalJudged(Event, frozen=True):
    """Whether what the action was for came true: an indicator before and after."""

    type: ClassVar[str] = "goal.judged"
    action: str
    verdict: Verdict
    detail: Safe
    before: float | None = None
    after: float | None = None


ActionEvent = (
    ActionProposed
    | ApprovalRequested
    | ActionOverridden
    | ActionCancelled
    | GoalJudged
    | ActionApproved
    | ActionRefused
    | ActionExpired
    | ActionStarted
    | ActionProgressed
    | ActionSucceeded
    | ActionFailed
    | ActionUnknown
    | ActionReconciled
    | ActionVerified
)
