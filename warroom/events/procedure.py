"""Events of what is followed step by step: the checklist and runbooks."""

from typing import ClassVar

from warroom.events.base import Event
from warroom.model.response import ChecklistItem, RunbookName, RunbookStep, StepResult, Targets
from warroom.model.text import Safe


class BookOpened(Event, frozen=True):
    """What this room goes by: its runbooks, where updates go, and definitions that could not be read."""

    type: ClassVar[str] = "book.opened"
    runbooks: tuple[RunbookName, ...] = ()
    update_targets: tuple[str, ...] = ()
    troubles: tuple[Safe, ...] = ()


class ChecklistChosen(Event, frozen=True):
    """Which items this incident has; said when it is declared."""

    type: ClassVar[str] = "checklist.chosen"
    checklist: str
    items: tuple[ChecklistItem, ...]


class ItemTicked(Event, frozen=True):
    """An item is done; without an actor the record itself proved it."""

    type: ClassVar[str] = "item.ticked"
    item: str
    evidence: Safe
    seqs: tuple[int, ...] = ()


class ItemSkipped(Event, frozen=True):
    """An item does not apply."""

    type: ClassVar[str] = "item.skipped"
    item: str
    reason: Safe


class ItemReopened(Event, frozen=True):
    """An item is not done after all."""

    type: ClassVar[str] = "item.reopened"
    item: str
    reason: Safe = Safe("")


class RunbookStarted(Event, frozen=True):
    """Somebody follows a runbook; its steps are kept as they were then."""

    type: ClassVar[str] = "runbook.started"
    run: str
    """``R1``, ``R2``, ... within the recording."""
    runbook: str
    title: Safe
    steps: tuple[RunbookStep, ...]
    targets: Targets = Targets()
    finding: str = ""
    """Key of the finding it was started from; empty for none."""


class RunbookStepEnded(Event, frozen=True):
    """One step is over."""

    type: ClassVar[str] = "runbook.step_ended"
    run: str
    step: int
    """From 0."""
    result: StepResult
    detail: Safe
    """What was answered, seen or said."""
    action: str = ""
    """The action it led to, such as ``A3``."""


class RunbookEnded(Event, frozen=True):
    """The runbook is over: all steps done, or given up."""

    type: ClassVar[str] = "runbook.ended"
    run: str
    result: StepResult
    detail: Safe = Safe("")


ProcedureEvent = (
    BookOpened
    | ChecklistChosen
    | ItemTicked
    | ItemSkipped
    | ItemReopened
    | RunbookStarted
    | RunbookStepEnded
    | RunbookEnded
)
