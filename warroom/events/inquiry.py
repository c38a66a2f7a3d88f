"""Events of finding out why: hypotheses, decisions, pinned evidence, follow-up tasks, the review's date."""

from typing import ClassVar

from warroom.events.base import Event
from warroom.model.nouns import Time
from warroom.model.text import Safe


class HypothesisRaised(Event, frozen=True):
    """Somebody thinks it may be this."""

    type: ClassVar[str] = "hypothesis.raised"
    hypothesis: str
    """``Y1``, ``Y2``, ... within the recording."""
    text: Safe


class HypothesisSupported(Event, frozen=True):
    """Something speaks for it."""

    type: ClassVar[str] = "hypothesis.supported"
    hypothesis: str
    evidence: Safe
    seqs: tuple[int, ...] = ()
    """The events that say so."""


class HypothesisEliminated(Event, frozen=True):
    """It is not this."""

    type: ClassVar[str] = "hypothesis.eliminated"
    hypothesis: str
    evidence: Safe
    seqs: tuple[int, ...] = ()


class DecisionMade(Event, frozen=True):
    """What the commander decided."""

    type: ClassVar[str] = "decision.made"
    decision: str
    """``D1``, ``D2``, ... within the recording."""
    text: Safe
    asked: tuple[Safe, ...] = ()
    """Who was asked for strong objections."""


class ObjectionRaised(Event, frozen=True):
    """Somebody spoke against a decision."""

    type: ClassVar[str] = "objection.raised"
    decision: str
    text: Safe


class EvidencePinned(Event, frozen=True):
    """A result or a moment is to stand in the post-mortem."""

    type: ClassVar[str] = "evidence.pinned"
    text: Safe
    seqs: tuple[int, ...]
    """The events it is."""


class TaskCreated(Event, frozen=True):
    """Something to be done after the incident."""

    type: ClassVar[str] = "task.created"
    task: str
    """``T1``, ``T2``, ... within the recording."""
    text: Safe
    kind: str = ""
    """``prevent``, ``detect``, ``mitigate``, ``process`` or empty."""
    owner: Safe = Safe("")
    due: Time | None = None


class TaskFinished(Event, frozen=True):
    """It was done, or dropped with a reason."""

    type: ClassVar[str] = "task.finished"
    task: str
    dropped: Safe = Safe("")
    """Why it will not be done; empty when it was."""


class ReviewScheduled(Event, frozen=True):
    """When the post-mortem is to be talked about."""

    type: ClassVar[str] = "review.scheduled"
    at: Time
    place: Safe = Safe("")


InquiryEvent = (
    HypothesisRaised
    | HypothesisSupported
    | HypothesisEliminated
    | DecisionMade
    | ObjectionRaised
    | EvidencePinned
    | TaskCreated
    | TaskFinished
    | ReviewScheduled
)
