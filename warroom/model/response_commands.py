"""Wishes about the response itself: phases, roles, hypotheses, checklist, runbooks, updates, approval."""

from typing import Union

import msgspec

from warroom.model.nouns import Phase, Time
from warroom.model.response import LinkKind, Milestone, Role, StepResult, Targets, UpdateKind
from warroom.model.text import Safe


class EnterPhase(msgspec.Struct, frozen=True, omit_defaults=True, tag="enter_phase"):
    """Go on to another phase; against its criteria only with a reason."""

    phase: Phase
    overrule: Safe = Safe("")


class NoteMilestone(msgspec.Struct, frozen=True, omit_defaults=True, tag="note_milestone"):
    """Say when a milestone was reached."""

    milestone: Milestone
    time: Time | None = None
    how: Safe = Safe("")
    uncertain_s: float | None = None


class ReopenIncident(msgspec.Struct, frozen=True, tag="reopen"):
    """It was not over."""

    reason: Safe


class CloseIncident(msgspec.Struct, frozen=True, omit_defaults=True, tag="close"):
    """Nothing is left to be done for it."""

    reason: Safe = Safe("")


class LinkIncident(msgspec.Struct, frozen=True, tag="link"):
    """It has to do with another incident."""

    kind: LinkKind
    other: str


class TakeRole(msgspec.Struct, frozen=True, omit_defaults=True, tag="take_role"):
    """Have a role from now on; an empty name is oneself."""

    role: Role
    person: Safe = Safe("")
    overrule: Safe = Safe("")
    """Why it is taken from who has it, without a handover."""


class LeaveRole(msgspec.Struct, frozen=True, tag="leave_role"):
    """Leave a role empty, with a reason."""

    role: Role
    reason: Safe


class OfferHandoff(msgspec.Struct, frozen=True, tag="offer_handoff"):
    """Offer a role one has to somebody else."""

    role: Role
    taker: Safe


class AcknowledgeHandoff(msgspec.Struct, frozen=True, tag="acknowledge_handoff"):
    """Say that one has read the brief."""

    handoff: str


class DeclineHandoff(msgspec.Struct, frozen=True, omit_defaults=True, tag="decline_handoff"):
    """Leave the role where it is."""

    handoff: str
    reason: Safe = Safe("")


class RaiseHypothesis(msgspec.Struct, frozen=True, tag="raise_hypothesis"):
    """Say what it may be."""

    text: Safe


class JudgeHypothesis(msgspec.Struct, frozen=True, omit_defaults=True, tag="judge_hypothesis"):
    """Say what speaks for a hypothesis, or that it is not this."""

    hypothesis: str
    supported: bool
    evidence: Safe
    seqs: tuple[int, ...] = ()


class MakeDecision(msgspec.Struct, frozen=True, omit_defaults=True, tag="make_decision"):
    """Decide, and say who was asked for strong objections."""

    text: Safe
    asked: tuple[Safe, ...] = ()


class RaiseObjection(msgspec.Struct, frozen=True, tag="raise_objection"):
    """Speak against a decision."""

    decision: str
    text: Safe


class PinEvidence(msgspec.Struct, frozen=True, tag="pin_evidence"):
    """Let events stand in the post-mortem."""

    text: Safe
    seqs: tuple[int, ...]


class CreateTask(msgspec.Struct, frozen=True, omit_defaults=True, tag="create_task"):
    """Note something to be done after the incident."""

    text: Safe
    kind: str = ""
    owner: Safe = Safe("")
    due: Time | None = None


class FinishTask(msgspec.Struct, frozen=True, omit_defaults=True, tag="finish_task"):
    """Say that a task was done, or why it will not be."""

    task: str
    dropped: Safe = Safe("")


class ScheduleReview(msgspec.Struct, frozen=True, omit_defaults=True, tag="schedule_review"):
    """Say when the post-mortem is to be talked about."""

    at: Time
    place: Safe = Safe("")


class NoteLook(msgspec.Struct, frozen=True, tag="note_look"):
    """Say that one looked; the host writes down what there was to be seen."""

    what: str
    """``cluster-status`` or ``alert-list``."""


class TickItem(msgspec.Struct, frozen=True, omit_defaults=True, tag="tick_item"):
    """Say that an item of the checklist is done."""

    item: str
    evidence: Safe = Safe("")


class SkipItem(msgspec.Struct, frozen=True, tag="skip_item"):
    """Say why an item does not apply."""

    item: str
    reason: Safe


class ReopenItem(msgspec.Struct, frozen=True, omit_defaults=True, tag="reopen_item"):
    """Say that an item is not done after all."""

    item: str
    reason: Safe = Safe("")


class StartRunbook(msgspec.Struct, frozen=True, omit_defaults=True, tag="start_runbook"):
    """Follow a runbook; with a finding its targets are filled in from there."""

    runbook: str
    finding: str = ""
    targets: Targets = Targets()


class EndStep(msgspec.Struct, frozen=True, omit_defaults=True, tag="end_step"):
    """End the current step of a runbook by hand: answered, skipped, or failed."""

    run: str
    result: StepResult
    detail: Safe = Safe("")
    action: str = ""
    step: int | None = None
    """Which step is meant, from 0; refused when the run is elsewhere by now. None for the one it is at."""


class EndRunbook(msgspec.Struct, frozen=True, omit_defaults=True, tag="end_runbook"):
    """Give a runbook up."""

    run: str
    reason: Safe = Safe("")


class SendUpdate(msgspec.Struct, frozen=True, omit_defaults=True, tag="send_update"):
    """Tell those who wait."""

    kind: UpdateKind
    text: Safe
    targets: tuple[str, ...] = ()
    """Names of targets in the config, and ``alert``; empty for all."""
    next_in_s: float | None = None
    """When the next update is promised; None for what the severity asks for."""
    next_due: Time | None = None
    """The same as a time, where the text names one."""


class PromiseUpdate(msgspec.Struct, frozen=True, tag="promise_update"):
    """Promise the next update without sending one."""

    in_s: float


class ApproveAction(msgspec.Struct, frozen=True, tag="approve_action"):
    """Agree, as a second person, to the plan with this digest."""

    action: str
    digest: str


class RefuseAction(msgspec.Struct, frozen=True, omit_defaults=True, tag="refuse_action"):
    """Refuse, as a second person or as who asked, what waits for approval."""

    action: str
    reason: Safe = Safe("")


class OverrideAction(msgspec.Struct, frozen=True, tag="override_action"):
    """Do without the second person, in an emergency; loud and recorded."""

    action: str
    reason: Safe


class CancelAction(msgspec.Struct, frozen=True, omit_defaults=True, tag="cancel_action"):
    """Stop an action between two of its steps."""

    action: str
    reason: Safe = Safe("")


ResponseCommand = Union[
    EnterPhase,
    NoteMilestone,
    ReopenIncident,
    CloseIncident,
    LinkIncident,
    TakeRole,
    LeaveRole,
    OfferHandoff,
    AcknowledgeHandoff,
    DeclineHandoff,
    RaiseHypothesis,
    JudgeHypothesis,
    MakeDecision,
    RaiseObjection,
    PinEvidence,
    CreateTask,
    FinishTask,
    ScheduleReview,
    NoteLook,
    TickItem,
    SkipItem,
    ReopenItem,
    StartRunbook,
    EndStep,
    EndRunbook,
    SendUpdate,
    PromiseUpdate,
]
"""Carried out by ``warroom.host.responding``."""

ApprovalCommand = Union[ApproveAction, RefuseAction, OverrideAction, CancelAction]
"""Carried out by ``warroom.host.actions``."""
