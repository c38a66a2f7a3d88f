"""The things a simulated world consists of; plain mutable records that only the world changes."""

import zlib
from dataclasses import dataclass, field

from warroom.model.nouns import Alert, Silence, WorkloadState
from warroom.simulator.scenario import WorkloadSpec

LONG_AGO = -1_000_000
"""A tick before all others."""


@dataclass
class Machine:
    """A simulated node."""

    name: str
    rack: str
    switch: str
    gpus: int
    gpu_model: str
    up: bool = True
    cordoned: bool = False
    reason: str = ""
    heard: int = 0
    """Tick of the last heartbeat the control plane received."""
    utilisation: float = 0.0
    temperature: float = 40.0
    failing_every_s: int = 0
    """So often one of its GPUs ends what runs on it; 0 while they are well."""
    failing_since: int = 0

    @property
    def labels(self) -> dict[str, str]:
        return {"rack": self.rack, "gpu": self.gpu_model}


@dataclass
class Replica:
    """A simulated instance."""

    name: str
    service: str
    """Name of its workload."""
    node: str | None = None
    ready_at: int = 0
    ready: bool = False
    warm_from: int = LONG_AGO
    """Tick from which its caches fill; until then it is as quick as it gets."""
    restarts: int = 0
    crashed: bool = False
    ending_at: int | None = None
    """Tick at which it ends, once it was told to."""


@dataclass
class Service:
    """A simulated workload."""

    spec: WorkloadSpec
    desired: int
    submitted: int
    changed: int
    """When its state became what it is."""
    state: WorkloadState = WorkloadState.PENDING
    deployed: int | None = None
    stopping: bool = False
    over: str = ""
    """``stopped`` or ``completed`` once it is."""
    reason: str = ""
    ran: int = 0
    """Seconds in which everything that is desired ran; a batch job ends by them."""
    replicas: list[Replica] = field(default_factory=list)
    made: int = 0


@dataclass
class Firing:
    """An alert rule that holds, or a created alert."""

    alert: Alert
    since: int
    rule: str = ""
    firing: bool = False


@dataclass
class Spoken:
    """One log line before it gets its time."""

    level: str
    text: str
    node: str = ""
    workload: str = ""


@dataclass
class Quiet:
    """A silence and when it ends."""

    silence: Silence
    ends: int


def noise(seed: int, *key: object) -> float:
    """A number in [-1, 1] that depends on the key alone, so that no action shifts the rest of the world."""
    text = "/".join(map(str, (seed, *key)))
    return (zlib.crc32(text.encode()) % 20_001) / 10_000 - 1
