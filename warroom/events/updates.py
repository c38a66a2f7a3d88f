"""Events of telling those who wait: updates, their delivery, the promise of the next."""

from typing import ClassVar

from warroom.events.base import Event
from warroom.model.nouns import Time
from warroom.model.response import UpdateKind
from warroom.model.text import Safe


class UpdatePromised(Event, frozen=True):
    """When the next update is to be sent."""

    type: ClassVar[str] = "update.promised"
    due: Time


class UpdateWritten(Event, frozen=True):
    """An update as it is to be sent; recorded before anything leaves."""

    type: ClassVar[str] = "update.written"
    update: str
    """``U1``, ``U2``, ... within the recording."""
    kind: UpdateKind
    text: Safe
    targets: tuple[str, ...]
    """Names of targets in the config, and ``alert``."""
    promised: Time | None = None
    """When it had been promised for."""
    next_due: Time | None = None
    """What it promises."""


class UpdateLeft(Event, frozen=True):
    """An attempt begins; recorded before anything leaves, so that a crash in between is seen."""

    type: ClassVar[str] = "update.left"
    update: str
    target: str
    attempt: int


class UpdateSent(Event, frozen=True):
    """A target took it."""

    type: ClassVar[str] = "update.sent"
    update: str
    target: str
    attempt: int = 1
    detail: Safe = Safe("")


class UpdateNotSent(Event, frozen=True):
    """A target did not take it."""

    type: ClassVar[str] = "update.not_sent"
    update: str
    target: str
    attempt: int
    reason: Safe
    unknown: bool = False
    """It left, and no answer came: it may have arrived."""
    given_up: bool = False
    retry_ms: int | None = None
    """Room time of the next attempt; None when there is none."""


UpdateEvent = UpdatePromised | UpdateWritten | UpdateLeft | UpdateSent | UpdateNotSent
