"""Folds triage: what rules conclude now, and what they took back."""

from typing import assert_never

import msgspec

from warroom.events.envelope import Envelope
from warroom.events.triage import (
    ClockBreached,
    FindingRaised,
    FindingsMeasured,
    FindingUpdated,
    FindingWithdrawn,
    TriageEvent,
)
from warroom.model.nouns import Time
from warroom.model.response import Finding
from warroom.model.text import Safe

KEPT = 100
"""Withdrawn findings and breaches kept in the state; older ones are read from the recording."""


class Standing(msgspec.Struct, frozen=True, omit_defaults=True):
    """A finding that holds, and since when."""

    finding: Finding
    raised: Time
    raised_ms: int
    seq: int
    """The event that raised it."""
    changed_seq: int
    """The event that last changed it, other than in its figures."""


class Withdrawn(msgspec.Struct, frozen=True, omit_defaults=True):
    """A finding that no longer holds, and why."""

    finding: Finding
    raised: Time
    at: Time
    seq: int
    reason: Safe
    refuted: bool = False


class Breach(msgspec.Struct, frozen=True, omit_defaults=True):
    """A promise that was not kept in time."""

    clock: str
    due: Time
    seq: int
    text: Safe


class FindingsSlice(msgspec.Struct):
    """Findings by key, in the order they were raised."""

    revision: int = 0
    standing: dict[str, Standing] = {}
    withdrawn: list[Withdrawn] = []
    breaches: list[Breach] = []


def apply_triage(slice_: FindingsSlice, event: TriageEvent, envelope: Envelope) -> None:
    """Keep what holds; what was never raised cannot be withdrawn."""
    match event:
        case FindingRaised() | FindingUpdated():
            key = event.finding.key
            known = slice_.standing.get(key)
            slice_.standing[key] = Standing(
                event.finding,
                known.raised if known else envelope.time,
                known.raised_ms if known else envelope.room_ms,
                known.seq if known else envelope.seq,
                envelope.seq,
            )
        case FindingsMeasured():
            for key, facts in event.facts.items():
                standing = slice_.standing.get(key)
                if standing is not None:
                    finding = msgspec.structs.replace(standing.finding, facts=facts)
                    slice_.standing[key] = msgspec.structs.replace(standing, finding=finding)
        case FindingWithdrawn():
            known = slice_.standing.pop(event.key, None)
            if known is None:
                return
            gone = Withdrawn(
                known.finding, known.raised, envelope.time, envelope.seq, event.reason, event.refuted
            )
            slice_.withdrawn.append(gone)
            del slice_.withdrawn[:-KEPT]
        case ClockBreached():
            slice_.breaches.append(Breach(event.clock, event.due, envelope.seq, event.text))
            del slice_.breaches[:-KEPT]
        case _ as forgotten:
            assert_never(forgotten)
    slice_.revision += 1
