"""Folds what those who wait were told, and when they were promised the next word."""

from datetime import datetime
from typing import assert_never

import msgspec

from warroom.events.envelope import Envelope
from warroom.events.updates import (
    UpdateEvent,
    UpdateLeft,
    UpdateNotSent,
    UpdatePromised,
    UpdateSent,
    UpdateWritten,
)
from warroom.model.nouns import ROOM, Person, Time
from warroom.model.response import DeliveryState, UpdateKind
from warroom.model.text import Safe


class Delivery(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of an update at one target."""

    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    detail: Safe = Safe("")
    time: Time | None = None
    under_way: bool = False
    """An attempt left and its outcome is not known yet."""
    retry_ms: int = 0
    """Room time before which it is not tried again."""


class Update(msgspec.Struct, frozen=True, omit_defaults=True):
    """One update."""

    update: str
    kind: UpdateKind
    text: Safe
    by: Person
    written: Time
    seq: int
    promised: Time | None = None
    next_due: Time | None = None
    deliveries: dict[str, Delivery] = {}

    @property
    def sent(self) -> datetime | None:
        """When the first target took it."""
        times = [
            d.time for d in self.deliveries.values() if d.state is DeliveryState.SENT and d.time is not None
        ]
        return min(times, default=None)


class UpdatesSlice(msgspec.Struct):
    """Updates by number, and when the next is due."""

    revision: int = 0
    updates: dict[str, Update] = {}
    due: Time | None = None


def apply_updates(slice_: UpdatesSlice, event: UpdateEvent, envelope: Envelope) -> None:
    """Move deliveries; what is said of an unknown update changes nothing."""
    match event:
        case UpdatePromised():
            slice_.due = event.due
        case UpdateWritten():
            slice_.updates[event.update] = Update(
                event.update,
                event.kind,
                event.text,
                envelope.actor or ROOM,
                envelope.time,
                envelope.seq,
                event.promised,
                event.next_due,
                {target: Delivery() for target in event.targets},
            )
            slice_.due = event.next_due
        case UpdateLeft() | UpdateSent() | UpdateNotSent():
            known = slice_.updates.get(event.update)
            if known is None:
                return
            delivered = {**known.deliveries, event.target: _delivery(event, envelope)}
            slice_.updates[event.update] = msgspec.structs.replace(known, deliveries=delivered)
        case _ as forgotten:
            assert_never(forgotten)
    slice_.revision += 1


def _delivery(event: UpdateLeft | UpdateSent | UpdateNotSent, envelope: Envelope) -> Delivery:
    if isinstance(event, UpdateLeft):
        return Delivery(DeliveryState.WAITING, event.attempt, time=envelope.time, under_way=True)
    if isinstance(event, UpdateSent):
        return Delivery(DeliveryState.SENT, event.attempt, event.detail, envelope.time)
    doubt = event.unknown and event.retry_ms is None
    state = DeliveryState.UNKNOWN if doubt else DeliveryState.WAITING
    if event.given_up and not event.unknown:
        state = DeliveryState.FAILED
    return Delivery(state, event.attempt, event.reason, envelope.time, retry_ms=event.retry_ms or 0)
