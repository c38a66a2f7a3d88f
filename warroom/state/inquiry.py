"""Folds the search for the cause: hypotheses, decisions, pinned evidence, tasks, the review's date."""

from typing import assert_never

import msgspec

from warroom.events.envelope import Envelope
from warroom.events.inquiry import (
    DecisionMade,
    EvidencePinned,
    HypothesisEliminated,
    HypothesisRaised,
    HypothesisSupported,
    InquiryEvent,
    ObjectionRaised,
    ReviewScheduled,
    TaskCreated,
    TaskFinished,
)
from warroom.model.nouns import ROOM, Person, Time
from warroom.model.response import HypothesisState
from warroom.model.text import Safe


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """What speaks for or against something, and the events that say so."""

    text: Safe
    seqs: tuple[int, ...]
    time: Time
    by: Person


class Hypothesis(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody thinks it may be."""

    hypothesis: str
    text: Safe
    state: HypothesisState
    by: Person
    raised: Time
    seq: int
    evidence: tuple[Evidence, ...] = ()


class Decision(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was decided, who was asked, who objected."""

    decision: str
    text: Safe
    by: Person
    time: Time
    seq: int
    asked: tuple[Safe, ...] = ()
    objections: tuple[Evidence, ...] = ()


class Task(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something to be done after the incident."""

    task: str
    text: Safe
    created: Time
    seq: int
    kind: str = ""
    owner: Safe = Safe("")
    due: Time | None = None
    finished: Time | None = None
    dropped: Safe = Safe("")


class Review(msgspec.Struct, frozen=True, omit_defaults=True):
    """When the post-mortem is to be talked about."""

    at: Time
    seq: int
    place: Safe = Safe("")


class InquirySlice(msgspec.Struct):
    """All of it, each by its number."""

    revision: int = 0
    hypotheses: dict[str, Hypothesis] = {}
    decisions: dict[str, Decision] = {}
    pinned: list[Evidence] = []
    tasks: dict[str, Task] = {}
    review: Review | None = None


def apply_inquiry(inquiry: InquirySlice, event: InquiryEvent, envelope: Envelope) -> None:
    """Keep what was said; what is said of something unknown changes nothing."""
    by, time, seq = envelope.actor or ROOM, envelope.time, envelope.seq
    match event:
        case HypothesisRaised():
            raised = Hypothesis(event.hypothesis, event.text, HypothesisState.OPEN, by, time, seq)
            inquiry.hypotheses[event.hypothesis] = raised
        case HypothesisSupported() | HypothesisEliminated():
            known = inquiry.hypotheses.get(event.hypothesis)
            if known is None:
                return
            inquiry.hypotheses[event.hypothesis] = _judged(known, event, envelope)
        case DecisionMade():
            inquiry.decisions[event.decision] = Decision(
                event.decision, event.text, by, time, seq, event.asked
            )
        case ObjectionRaised():
            decided = inquiry.decisions.get(event.decision)
            if decided is None:
                return
            objections = (*decided.objections, Evidence(event.text, (seq,), time, by))
            inquiry.decisions[event.decision] = msgspec.structs.replace(decided, objections=objections)
        case EvidencePinned():
            inquiry.pinned.append(Evidence(event.text, event.seqs, time, by))
        case TaskCreated():
            inquiry.tasks[event.task] = Task(
                event.task, event.text, time, seq, event.kind, event.owner, event.due
            )
        case TaskFinished():
            task = inquiry.tasks.get(event.task)
            if task is None:
                return
            inquiry.tasks[event.task] = msgspec.structs.replace(task, finished=time, dropped=event.dropped)
        case ReviewScheduled():
            inquiry.review = Review(event.at, seq, event.place)
        case _ as forgotten:
            assert_never(forgotten)
    inquiry.revision += 1


def _judged(
    known: Hypothesis, event: HypothesisSupported | HypothesisEliminated, envelope: Envelope
) -> Hypothesis:
    supported = isinstance(event, HypothesisSupported)
    evidence = Evidence(event.evidence, event.seqs, envelope.time, envelope.actor or ROOM)
    return msgspec.structs.replace(
        known,
        state=HypothesisState.SUPPORTED if supported else HypothesisState.ELIMINATED,
        evidence=(*known.evidence, evidence),
    )
