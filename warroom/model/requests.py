"""What can be done to a cluster: one request type per kind of action, and the plan shown before it."""

from enum import StrEnum
from typing import Union

import msgspec

from warroom.model.nouns import Fingerprint, Labels, Matcher, NodeName, WorkloadId
from warroom.model.text import Safe


class ActionKind(StrEnum):
    """The mitigations warroom knows."""

    CORDON = "cordon"
    UNCORDON = "uncordon"
    DRAIN = "drain"
    STOP = "stop"
    SUBMIT = "submit"
    SCALE = "scale"
    SILENCE = "silence"
    END_SILENCE = "end_silence"
    ACKNOWLEDGE = "acknowledge"
    CREATE_ALERT = "create_alert"


class Cordon(msgspec.Struct, frozen=True, omit_defaults=True, tag="cordon"):
    """Close nodes to new work."""

    nodes: tuple[NodeName, ...]
    reason: Safe = Safe("")


class Uncordon(msgspec.Struct, frozen=True, omit_defaults=True, tag="uncordon"):
    """Open nodes to new work again."""

    nodes: tuple[NodeName, ...]
    reason: Safe = Safe("")


class Drain(msgspec.Struct, frozen=True, omit_defaults=True, tag="drain"):
    """Close nodes and empty them, as far as the cluster does that (Slurm lets running jobs go on)."""

    nodes: tuple[NodeName, ...]
    grace_s: int = 60
    reason: Safe = Safe("")


class Stop(msgspec.Struct, frozen=True, omit_defaults=True, tag="stop"):
    """Stop workloads; force kills at once instead of asking them to end."""

    workloads: tuple[WorkloadId, ...]
    force: bool = False
    reason: Safe = Safe("")


class Submit(msgspec.Struct, frozen=True, omit_defaults=True, tag="submit"):
    """Run something new; ``like`` copies what is not given from an existing workload."""

    name: str
    like: WorkloadId | None = None
    image: str = ""
    command: str = ""
    replicas: int | None = None
    gpus: int | None = None
    cpus: int | None = None
    selector: Labels = {}
    labels: Labels = {}
    priority: str = ""
    reason: Safe = Safe("")


class Scale(msgspec.Struct, frozen=True, omit_defaults=True, tag="scale"):
    """Change how many instances a workload should have."""

    workload: WorkloadId
    replicas: int
    reason: Safe = Safe("")


class SilenceAlerts(msgspec.Struct, frozen=True, omit_defaults=True, tag="silence"):
    """Keep matching alerts quiet for a time."""

    matchers: tuple[Matcher, ...]
    duration_s: int = 3600
    comment: Safe = Safe("")


class Acknowledge(msgspec.Struct, frozen=True, omit_defaults=True, tag="acknowledge"):
    """Say "seen, mine" of alerts: an event of the room, not a silence."""

    fingerprints: tuple[Fingerprint, ...]
    note: Safe = Safe("")


RESOLVED = "resolved"
"""Creating an alert of this severity ends the one of the same name."""


class CreateAlert(msgspec.Struct, frozen=True, omit_defaults=True, tag="create_alert"):
    """Tell everyone who watches alerts."""

    name: str
    severity: str = "info"
    message: Safe = Safe("")
    labels: Labels = {}


class EndSilences(msgspec.Struct, frozen=True, omit_defaults=True, tag="end_silence"):
    """Let alerts be heard again before their silence ends by itself."""

    silences: tuple[str, ...]
    reason: Safe = Safe("")


Request = Union[
    Cordon, Uncordon, Drain, Stop, Submit, Scale, SilenceAlerts, Acknowledge, CreateAlert, EndSilences
]

KINDS: dict[type, ActionKind] = {
    Cordon: ActionKind.CORDON,
    Uncordon: ActionKind.UNCORDON,
    Drain: ActionKind.DRAIN,
    Stop: ActionKind.STOP,
    Submit: ActionKind.SUBMIT,
    Scale: ActionKind.SCALE,
    SilenceAlerts: ActionKind.SILENCE,
    Acknowledge: ActionKind.ACKNOWLEDGE,
    CreateAlert: ActionKind.CREATE_ALERT,
    EndSilences: ActionKind.END_SILENCE,
}


def kind_of(request: Request) -> ActionKind:
    """Which kind of action a request asks for."""
    return KINDS[type(request)]


class Capability(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one source can do of one kind, worded as what it really is there."""

    kind: ActionKind
    possible: bool = True
    wording: Safe = Safe("")
    """For instance ``stop new work; running jobs go on`` for Slurm's drain; if impossible, why."""
    evicts: bool = False
    """Whether a drain moves running work; where it does not, running work goes on until it ends by itself."""
    call: Safe = Safe("")
    """The call it makes, as a template with ``{target}`` and ``{reason}`` in it."""
    lacks: Labels = {}
    """Fields of the request that mean nothing here, and why: ``image``: Slurm has no images."""


class Risk(StrEnum):
    """How dangerous an action is, from harmless to dangerous."""

    NOTICE = "notice"
    """Nothing in the cluster changes."""
    REVERSIBLE = "reversible"
    """Running work goes on, and it can be taken back at once."""
    DISRUPTIVE = "disruptive"
    """Running work is moved or ended."""
    DANGEROUS = "dangerous"
    """A service may be gone: a last instance, something critical, more than half of the nodes."""


class Aim(msgspec.Struct, frozen=True, omit_defaults=True):
    """An indicator that an action is to bring back within its threshold."""

    metric: str
    title: Safe
    at_most: float
    unit: str = ""
    before: float | None = None
    """Its value when the plan was made."""
    within_s: int = 180


class Plan(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a request will touch, shown before anybody presses it."""

    request: Request
    title: Safe
    wording: Safe = Safe("")
    calls: tuple[Safe, ...] = ()
    effects: tuple[Safe, ...] = ()
    """Each workload, node or alert touched, one sentence each."""
    warnings: tuple[Safe, ...] = ()
    goal: Safe = Safe("")
    """What must be seen for the verdict *effect seen*."""
    refused: Safe = Safe("")
    """Why it cannot be done; empty when it can."""
    challenge: str = ""
    """What must be typed to confirm; empty when a plain confirmation will do."""
    second_person: Safe = Safe("")
    """By which rule of the policy another person must agree; empty when nobody must."""
    within_s: int = 60
    """How long verification waits before its verdict is *not seen*."""
    undo: Safe = Safe("")
    reverse: tuple[Request, ...] = ()
    """What would take it back, as far as that is known before it is done."""
    risk: Risk = Risk.REVERSIBLE
    aims: tuple[Aim, ...] = ()
    """What it is for: the indicators beyond their threshold when the plan was made."""
    touches: tuple[str, ...] = ()
    """Identities of what will change: the instances on a node, the workloads, the names of alerts."""


class Verdict(StrEnum):
    """Whether the cluster changed."""

    SEEN = "effect seen"
    NOT_SEEN = "not seen"
    UNKNOWN = "unknown"
