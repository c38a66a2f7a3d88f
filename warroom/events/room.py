"""Events of the room itself: opened, closed, clients, lock, recorder, baselines."""

from typing import ClassVar

from warroom.events.base import Event
from warroom.model.nouns import Labels
from warroom.model.requests import Request
from warroom.model.text import Safe


class RoomOpened(Event, frozen=True):
    """A host began (or, after a crash, went on) to record this room."""

    type: ClassVar[str] = "room.opened"
    room: str
    cluster: str
    kind: str
    """``sample`` or ``configured``."""
    epoch: int
    """Grows with each host process on the same recording."""
    program: str
    """The version of warroom that runs the room."""
    scenario: str = ""
    seed: int | None = None
    speed: float = 1.0
    after_crash: bool = False


class RoomClosed(Event, frozen=True):
    """The host stopped in an orderly way."""

    type: ClassVar[str] = "room.closed"
    reason: Safe = Safe("")


class BaselineRecorded(Event, frozen=True):
    """The whole state at the start of a segment; what came before it may be dropped."""

    type: ClassVar[str] = "baseline.recorded"
    state: bytes
    """As ``warroom.state.keyframe.encode`` gives it."""


class ClientAttached(Event, frozen=True):
    """Somebody looks at the room."""

    type: ClassVar[str] = "client.attached"
    client: str
    program: str
    width: int = 0
    height: int = 0


class ClientDetached(Event, frozen=True):
    """Somebody stopped looking, or was cut off."""

    type: ClassVar[str] = "client.detached"
    client: str
    reason: Safe = Safe("")
    program: str = ""
    """As it was attached."""


class RoomUnlocked(Event, frozen=True):
    """Acting on the cluster was allowed."""

    type: ClassVar[str] = "room.unlocked"
    until_ms: int | None = None
    """Room time at which it locks again by itself; None for never."""


class RoomLocked(Event, frozen=True):
    """Acting on the cluster was closed again."""

    type: ClassVar[str] = "room.locked"


class RecorderDegraded(Event, frozen=True):
    """The record cannot be kept for now; people's words go to the reserve file."""

    type: ClassVar[str] = "recorder.degraded"
    reason: Safe


class RecorderRecovered(Event, frozen=True):
    """The record is kept again; what the reserve file held was merged."""

    type: ClassVar[str] = "recorder.recovered"
    merged: int = 0
    lost: int = 0
    """Telemetry events that could not be kept meanwhile."""


class SimulationCommanded(Event, frozen=True):
    """A command landed on a tick of the simulated cluster; with the seed this rebuilds its world."""

    type: ClassVar[str] = "simulation.commanded"
    tick: int
    operation: str
    request: Request


class SettingsNoted(Event, frozen=True):
    """Settings that decide what the room could see, without secrets."""

    type: ClassVar[str] = "settings.noted"
    values: Labels = {}


RoomEvent = (
    RoomOpened
    | RoomClosed
    | BaselineRecorded
    | ClientAttached
    | ClientDetached
    | RoomUnlocked
    | RoomLocked
    | RecorderDegraded
    | RecorderRecovered
    | SimulationCommanded
    | SettingsNoted
)
