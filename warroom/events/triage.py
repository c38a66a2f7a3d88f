"""Events of triage: findings that rules raise and withdraw, clocks that ran out."""

from typing import ClassVar

from warroom.events.base import Event
from warroom.model.nouns import Time
from warroom.model.response import Fact, Finding
from warroom.model.text import Safe


class FindingRaised(Event, frozen=True):
    """A rule came to a conclusion."""

    type: ClassVar[str] = "finding.raised"
    finding: Finding


class FindingUpdated(Event, frozen=True):
    """A rule knows more, or less, than before."""

    type: ClassVar[str] = "finding.updated"
    finding: Finding


class FindingsMeasured(Event, frozen=True):
    """The figures that standing findings rest on, as they are by now; nothing else of the findings changed."""

    type: ClassVar[str] = "finding.measured"
    facts: dict[str, tuple[Fact, ...]]
    """All facts of each finding whose facts changed, by its key."""


class FindingWithdrawn(Event, frozen=True):
    """What a finding rested on no longer holds."""

    type: ClassVar[str] = "finding.withdrawn"
    key: str
    reason: Safe
    """What ended or refuted it."""
    refuted: bool = False
    """True when it turned out to be wrong, False when what it said is over."""


class ClockBreached(Event, frozen=True):
    """A promise of the response was not kept in time."""

    type: ClassVar[str] = "clock.breached"
    clock: str
    """``respond``, ``update``, ``role:ic``, ``silence:ID``, ``verify:A3``."""
    due: Time
    text: Safe


TriageEvent = FindingRaised | FindingUpdated | FindingsMeasured | FindingWithdrawn | ClockBreached
