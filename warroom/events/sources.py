"""Events of the sources: what they can do, and whether we see through them."""

from typing import ClassVar

from warroom.events.base import Event
from warroom.model.requests import Capability
from warroom.model.text import Safe


class SourceAnnounced(Event, frozen=True):
    """A source of this room, what it is for and what can be done through it."""

    type: ClassVar[str] = "source.announced"
    kind: str
    """``sample``, ``slurm``, ``prometheus``, ``alertmanager``."""
    roles: tuple[str, ...]
    """Of ``cluster``, ``metrics``, ``alerts``, ``logs``."""
    address: Safe = Safe("")
    interval_s: float = 5.0
    """How often it promises to look; older than three of these is stale."""
    capabilities: tuple[Capability, ...] = ()


class SourceSynced(Event, frozen=True):
    """We see all of it (again)."""

    type: ClassVar[str] = "source.synced"
    detail: Safe = Safe("")


class SourcePolled(Event, frozen=True):
    """We looked and nothing was different."""

    type: ClassVar[str] = "source.polled"


class SourceStale(Event, frozen=True):
    """The last look is older than promised."""

    type: ClassVar[str] = "source.stale"
    reason: Safe = Safe("")


class SourceLost(Event, frozen=True):
    """We see nothing; the last facts stay on screen with their age."""

    type: ClassVar[str] = "source.lost"
    reason: Safe
    retry_s: float | None = None


SourceEvent = SourceAnnounced | SourceSynced | SourcePolled | SourceStale | SourceLost
