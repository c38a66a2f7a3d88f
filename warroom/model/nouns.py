"""The vendor-neutral nouns of a cluster: node, workload, instance, alert, silence, sample, log line."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, NewType

import msgspec

from warroom.model.text import Safe

NodeName = NewType("NodeName", str)
WorkloadId = NewType("WorkloadId", str)
"""What the verbs call ``workloadId``: unique in its cluster, for Slurm the job id."""
InstanceId = NewType("InstanceId", str)
Fingerprint = NewType("Fingerprint", str)
"""Identity of an alert: a hash of its labels, as Alertmanager computes it, or the source's own."""

Time = Annotated[datetime, msgspec.Meta(tz=True)]
"""A point in time that knows its zone; one without a zone cannot be compared and is not read."""

Labels = dict[str, str]
"""Neutralised label names and values."""


class Health(StrEnum):
    """How well a thing is, in the words themes know."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


class NodeState(StrEnum):
    """What the cluster reports of a node; cordoned is kept apart."""

    READY = "ready"
    NOT_READY = "not_ready"
    """Reported, but not answering (Kubernetes NotReady, Slurm NOT_RESPONDING)."""
    OFFLINE = "offline"
    """Given up by the cluster (Slurm DOWN, a powered-off machine)."""
    UNKNOWN = "unknown"


class Node(msgspec.Struct, frozen=True, omit_defaults=True):
    """One machine as its cluster shows it. A value that was not reported is None, never 0."""

    name: NodeName
    state: NodeState = NodeState.UNKNOWN
    cordoned: bool = False
    """No new work is placed here (Kubernetes unschedulable, Slurm DRAIN)."""
    native: Safe = Safe("")
    """The cluster's own words for the state, such as ``mixed+DRAIN``."""
    reason: Safe = Safe("")
    rack: str = ""
    zone: str = ""
    pool: str = ""
    gpu_model: str = ""
    gpus: int | None = None
    gpus_used: int | None = None
    cpus: int | None = None
    cpus_used: int | None = None
    labels: Labels = {}


class WorkloadState(StrEnum):
    """The state of a workload as the verbs filter it."""

    PENDING = "pending"
    RUNNING = "running"
    DEGRADED = "degraded"
    """Fewer instances ready than desired, or restarting."""
    FAILED = "failed"
    STOPPED = "stopped"
    COMPLETED = "completed"
    UNKNOWN = "unknown"


class Workload(msgspec.Struct, frozen=True, omit_defaults=True):
    """A service, a job or a deployment: what is wanted, and how much of it is ready."""

    id: WorkloadId
    name: Safe
    state: WorkloadState = WorkloadState.UNKNOWN
    desired: int = 1
    ready: int = 0
    restarts: int | None = None
    image: Safe = Safe("")
    """Empty where the cluster has no images (Slurm)."""
    command: Safe = Safe("")
    priority: Safe = Safe("")
    """``low``, ``normal``, ``high`` or the cluster's own number."""
    labels: Labels = {}
    selector: Labels = {}
    """Where it may run: node labels such as ``rack=rack2``."""
    nodes: tuple[NodeName, ...] = ()
    gpus: int | None = None
    """Per instance."""
    cpus: int | None = None
    native: Safe = Safe("")
    reason: Safe = Safe("")
    owner: Safe = Safe("")
    submitted: Time | None = None
    changed: Time | None = None
    """When its state last changed, by the cluster's word."""
    deployed: Time | None = None
    """When its present image was rolled out, where that is known."""

    @property
    def critical(self) -> bool:
        """Marked as critical by its owner: the label ``critical=true``."""
        return self.labels.get("critical") == "true"


class Instance(msgspec.Struct, frozen=True, omit_defaults=True):
    """One copy of a workload on one node: a pod, a task."""

    id: InstanceId
    workload: WorkloadId
    node: NodeName | None = None
    state: WorkloadState = WorkloadState.UNKNOWN
    ready: bool = False
    restarts: int | None = None
    reason: Safe = Safe("")


class AlertState(StrEnum):
    """Where an alert is in its life, in Prometheus' words."""

    PENDING = "pending"
    FIRING = "firing"


class Alert(msgspec.Struct, frozen=True, omit_defaults=True):
    """A firing or pending alert."""

    fingerprint: Fingerprint
    name: Safe
    severity: str = ""
    """``critical``, ``warning``, ``info`` or the source's own word."""
    state: AlertState = AlertState.FIRING
    summary: Safe = Safe("")
    labels: Labels = {}
    started: Time | None = None
    silenced_by: tuple[str, ...] = ()
    inhibited_by: tuple[str, ...] = ()


class Matcher(msgspec.Struct, frozen=True, omit_defaults=True):
    """One condition of a silence, in Alertmanager's structured form."""

    name: str
    value: str
    is_regex: bool = False
    is_equal: bool = True


class Silence(msgspec.Struct, frozen=True, omit_defaults=True):
    """Alerts kept quiet for a time."""

    id: str
    matchers: tuple[Matcher, ...]
    starts: Time
    ends: Time
    created_by: Safe = Safe("")
    comment: Safe = Safe("")


class Sample(msgspec.Struct, frozen=True, array_like=True):
    """One measured value of one series."""

    metric: str
    labels: Labels
    time: Time
    value: float | None
    """None where the series had a gap (NaN is stored as None)."""


class LogLevel(StrEnum):
    """Levels of log lines, worst first."""

    FATAL = "fatal"
    ERROR = "error"
    WARN = "warn"
    INFO = "info"
    DEBUG = "debug"
    NONE = ""


class LogLine(msgspec.Struct, frozen=True, array_like=True):
    """One neutralised line of a log."""

    time: Time | None
    """None when the line carries no time of its own."""
    level: LogLevel
    text: Safe
    node: str = ""
    workload: str = ""


class RecordedLine(msgspec.Struct, frozen=True, array_like=True):
    """One log line and where the record has it."""

    seq: int
    place: int
    """Its index inside the event."""
    source: str
    line: LogLine
    at: Time | None = None
    """Where it stands among the lines of other sources: its own time, else that of the line before it, never
    later than when it was learned of."""


class Severity(StrEnum):
    """Severity of an incident; SEV1 is the worst."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"


class Phase(StrEnum):
    """The six phases of structured response."""

    DETECT = "detect"
    TRIAGE = "triage"
    MITIGATE = "mitigate"
    INVESTIGATE = "investigate"
    RESOLVE = "resolve"
    POST_MORTEM = "post-mortem"


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who acted: the operating-system user the kernel named, and through which program."""

    name: Safe
    uid: int | None = None
    via: str = ""
    """``tui``, ``cli``, ``room`` (the host itself)."""


ROOM = Person(Safe("room"), via="room")
"""The host itself, as actor of events that nobody wished."""
