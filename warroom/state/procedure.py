"""Folds what is followed step by step: the checklist and runbooks."""

from typing import assert_never

import msgspec

from warroom.events.envelope import Envelope
from warroom.events.procedure import (
    BookOpened,
    ChecklistChosen,
    ItemReopened,
    ItemSkipped,
    ItemTicked,
    ProcedureEvent,
    RunbookEnded,
    RunbookStarted,
    RunbookStepEnded,
)
from warroom.model.nouns import ROOM, Person, Time
from warroom.model.response import ChecklistItem, ItemState, RunbookName, RunbookStep, StepResult, Targets
from warroom.model.text import Safe


class Ticked(msgspec.Struct, frozen=True, omit_defaults=True):
    """An item of the checklist and where it stands."""

    item: ChecklistItem
    state: ItemState = ItemState.OPEN
    evidence: Safe = Safe("")
    seqs: tuple[int, ...] = ()
    by: Person | None = None
    """Who ticked or skipped it; None when the record proved it or nobody did."""
    time: Time | None = None


class RunStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step of a runbook that is followed."""

    step: RunbookStep
    result: StepResult | None = None
    detail: Safe = Safe("")
    action: str = ""
    by: Person | None = None
    time: Time | None = None
    seq: int = 0


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """One runbook as it is followed."""

    run: str
    runbook: str
    title: Safe
    steps: tuple[RunStep, ...]
    by: Person
    started: Time
    started_ms: int
    seq: int
    targets: Targets = Targets()
    finding: str = ""
    result: StepResult | None = None
    """None while it goes on."""
    detail: Safe = Safe("")

    @property
    def at(self) -> int | None:
        """The first step without a result; None when all have one."""
        return next((n for n, step in enumerate(self.steps) if step.result is None), None)


class ProcedureSlice(msgspec.Struct):
    """The checklist by item, runbooks by run, and what the room goes by."""

    revision: int = 0
    runbooks: tuple[RunbookName, ...] = ()
    update_targets: tuple[str, ...] = ()
    troubles: tuple[Safe, ...] = ()
    checklist: str = ""
    items: dict[str, Ticked] = {}
    runs: dict[str, Run] = {}


def apply_procedure(procedure: ProcedureSlice, event: ProcedureEvent, envelope: Envelope) -> None:
    """Move items and steps; what is said of something unknown changes nothing."""
    match event:
        case BookOpened():
            procedure.runbooks, procedure.troubles = event.runbooks, event.troubles
            procedure.update_targets = event.update_targets
        case ChecklistChosen():
            procedure.checklist = event.checklist
            procedure.items = {item.id: procedure.items.get(item.id, Ticked(item)) for item in event.items}
        case ItemTicked() | ItemSkipped() | ItemReopened():
            known = procedure.items.get(event.item)
            if known is None:
                return
            procedure.items[event.item] = _moved(known, event, envelope)
        case RunbookStarted():
            steps = tuple(RunStep(step) for step in event.steps)
            procedure.runs[event.run] = Run(
                event.run,
                event.runbook,
                event.title,
                steps,
                envelope.actor or ROOM,
                envelope.time,
                envelope.room_ms,
                envelope.seq,
                event.targets,
                event.finding,
            )
        case RunbookStepEnded():
            run = procedure.runs.get(event.run)
            if run is None or not 0 <= event.step < len(run.steps):
                return
            procedure.runs[event.run] = _stepped(run, event, envelope)
        case RunbookEnded():
            run = procedure.runs.get(event.run)
            if run is None:
                return
            ended = msgspec.structs.replace(run, result=event.result, detail=event.detail)
            procedure.runs[event.run] = ended
        case _ as forgotten:
            assert_never(forgotten)
    procedure.revision += 1


def _moved(known: Ticked, event: ItemTicked | ItemSkipped | ItemReopened, envelope: Envelope) -> Ticked:
    match event:
        case ItemTicked():
            state, words, seqs = ItemState.DONE, event.evidence, event.seqs
        case ItemSkipped():
            state, words, seqs = ItemState.SKIPPED, event.reason, (envelope.seq,)
        case ItemReopened():
            state, words, seqs = ItemState.OPEN, event.reason, (envelope.seq,)
    return Ticked(known.item, state, words, seqs, envelope.actor, envelope.time)


def _stepped(run: Run, event: RunbookStepEnded, envelope: Envelope) -> Run:
    before = run.steps[event.step]
    after = RunStep(
        before.step,
        event.result,
        event.detail,
        event.action,
        envelope.actor,
        envelope.time,
        envelope.seq,
    )
    steps = (*run.steps[: event.step], after, *run.steps[event.step + 1 :])
    return msgspec.structs.replace(run, steps=steps)
