"""The parts of the state: plain dicts of frozen structs with a revision that grows with each change."""

from datetime import timedelta

import msgspec

from warroom.events.metrics import Indicator
from warroom.model.nouns import (
    Alert,
    Fingerprint,
    Instance,
    InstanceId,
    Labels,
    Node,
    NodeName,
    Person,
    Phase,
    Severity,
    Silence,
    Time,
    Workload,
    WorkloadId,
)
from warroom.model.requests import Aim, Capability, Plan, Request, Verdict
from warroom.model.response import LinkKind, Milestone
from warroom.model.text import Safe
from warroom.state.changes import ChangesSlice
from warroom.state.filed import FiledSlice
from warroom.state.findings import FindingsSlice
from warroom.state.inquiry import InquirySlice
from warroom.state.procedure import ProcedureSlice
from warroom.state.signals import SignalsSlice
from warroom.state.spells import SpellsSlice
from warroom.state.team import TeamSlice
from warroom.state.updates import UpdatesSlice


class Client(msgspec.Struct, frozen=True, omit_defaults=True):
    """One attached client."""

    client: str
    person: Person
    program: str
    width: int = 0
    height: int = 0


class RoomSlice(msgspec.Struct):
    """The room itself."""

    revision: int = 0
    room: str = ""
    cluster: str = ""
    kind: str = ""
    epoch: int = 0
    program: str = ""
    scenario: str = ""
    seed: int | None = None
    speed: float = 1.0
    opened: Time | None = None
    closed: bool = False
    unlocked_by: Person | None = None
    unlocked_until_ms: int | None = None
    """Room time at which it locks again by itself; None for never."""
    degraded: Safe = Safe("")
    clients: dict[str, Client] = {}


class SourceFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of one source and through it."""

    name: str
    kind: str = ""
    roles: tuple[str, ...] = ()
    address: Safe = Safe("")
    interval_s: float = 5.0
    capabilities: tuple[Capability, ...] = ()
    status: str = "loading"
    """``loading``, ``synced``, ``stale`` or ``lost``."""
    reason: Safe = Safe("")
    retry_s: float | None = None
    since_ms: int = 0
    """Room time at which the status began."""
    seen_ms: int | None = None
    """Room time of the last successful look; None before the first."""


class SourcesSlice(msgspec.Struct):
    """All sources, by name."""

    revision: int = 0
    sources: dict[str, SourceFacts] = {}


class ClusterSlice(msgspec.Struct):
    """The cluster as last seen; ``listed`` tells "none" from "not looked yet"."""

    revision: int = 0
    listed: bool = False
    nodes: dict[NodeName, Node] = {}
    workloads: dict[WorkloadId, Workload] = {}
    instances: dict[InstanceId, Instance] = {}


class Acknowledgement(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who said "seen, mine", and when."""

    person: Person
    time: Time
    note: Safe = Safe("")


class AlertsSlice(msgspec.Struct):
    """What fires, what is silenced, who took it."""

    revision: int = 0
    listed: bool = False
    alerts: dict[Fingerprint, Alert] = {}
    silences: dict[str, Silence] = {}
    acknowledged: dict[Fingerprint, Acknowledgement] = {}


class Point(msgspec.Struct, frozen=True, array_like=True):
    """One measured value."""

    time: Time
    value: float | None


class Series(msgspec.Struct, frozen=True, omit_defaults=True):
    """The newest points of one series, oldest first; bounded."""

    metric: str
    labels: Labels = {}
    points: tuple[Point, ...] = ()
    seq: int = 0
    """The event with the newest point that has a value."""


class MetricsSlice(msgspec.Struct):
    """Watched figures; the key of a series is ``series_key(metric, labels)``."""

    revision: int = 0
    indicators: tuple[Indicator, ...] = ()
    series: dict[str, Series] = {}
    left_out: int = 0


class LogsSlice(msgspec.Struct):
    """Counters of log lines; the lines themselves live beside the state."""

    revision: int = 0
    lines: int = 0
    errors: int = 0
    warnings: int = 0
    dropped: int = 0
    newest: Time | None = None


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step of an action and where the record has it."""

    stage: str
    """The event's name without its noun: ``proposed``, ``started``, ..."""
    seq: int
    time: Time
    room_ms: int
    detail: Safe = Safe("")


class Awaited(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a second person is asked to agree to."""

    digest: str
    expires_ms: int
    """Room time after which the request is void."""
    why: Safe


class Goal(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an action was for, judged by an indicator."""

    verdict: Verdict
    detail: Safe
    before: float | None = None
    after: float | None = None


class Action(msgspec.Struct, frozen=True, omit_defaults=True):
    """One mitigation from wish to verdict."""

    action: str
    operation: str
    request: Request
    plan: Plan
    person: Person
    stage: str
    """``proposed``, ``waiting`` (for a second person), ``approved``, ``refused``, ``expired``, ``started``,
    ``succeeded``, ``failed``, ``cancelled``, ``unknown`` or ``verified``."""
    steps: tuple[Step, ...] = ()
    created: tuple[str, ...] = ()
    done: int = 0
    total: int = 0
    verdict: Verdict | None = None
    detail: Safe = Safe("")
    undoes: str = ""
    run: str = ""
    awaits: Awaited | None = None
    approved_by: Person | None = None
    overridden: Safe = Safe("")
    """Why it was done without the second person; empty when it was not."""
    goal: Goal | None = None

    @property
    def request_reason(self) -> str:
        """Why, in the words of who asked."""
        return str(getattr(self.request, "reason", "") or getattr(self.request, "comment", ""))

    @property
    def aims(self) -> tuple[Aim, ...]:
        """What it promised to bring back; what takes an action back promises nothing but that."""
        return () if self.undoes else self.plan.aims

    @property
    def over(self) -> bool:
        """Nothing more will happen to it."""
        return self.stage in {"refused", "expired", "failed", "cancelled", "verified"}

    def step(self, stage: str) -> Step | None:
        """The last step of that stage, if there was one."""
        return next((step for step in reversed(self.steps) if step.stage == stage), None)


class ActionsSlice(msgspec.Struct):
    """All actions of this recording, in the order they were proposed."""

    revision: int = 0
    actions: dict[str, Action] = {}


class SeverityStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """One classification of the incident."""

    severity: Severity
    time: Time
    seq: int
    person: Person
    reason: Safe = Safe("")


class PhaseStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """One phase that was entered."""

    phase: Phase
    time: Time
    room_ms: int
    seq: int
    person: Person
    overruled: Safe = Safe("")


class Reached(msgspec.Struct, frozen=True, omit_defaults=True):
    """A milestone and by which fact it was reached."""

    time: Time
    seq: int
    how: Safe
    uncertain: timedelta | None = None
    by: Person | None = None
    """Who said so; None when the record shows it."""


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """A relation to another incident."""

    kind: LinkKind
    other: str
    seq: int


class Incident(msgspec.Struct, frozen=True, omit_defaults=True):
    """The incident of this recording."""

    incident: str
    title: Safe
    severity: Severity
    declared: Time
    declared_ms: int
    declared_by: Person
    declared_seq: int
    impact: Safe = Safe("")
    history: tuple[SeverityStep, ...] = ()
    resolved: Time | None = None
    resolved_ms: int | None = None
    resolved_seq: int | None = None
    resolved_by: Person | None = None
    summary: Safe = Safe("")
    uncertain: timedelta | None = None
    """How far the time of declaration may be off."""
    drill: bool = False
    phases: tuple[PhaseStep, ...] = ()
    milestones: dict[Milestone, Reached] = {}
    links: tuple[Link, ...] = ()
    reopened: tuple[int, ...] = ()
    """The events that reopened it."""
    closed: Time | None = None
    after_seq: int = 0
    """What came up to this event belongs to an earlier incident of the same room."""

    @property
    def phase(self) -> Phase:
        """The phase it is in; one that was just declared is in the first."""
        return self.phases[-1].phase if self.phases else Phase.DETECT

    @property
    def open(self) -> bool:
        """Declared and not resolved."""
        return self.resolved is None


class IncidentSlice(msgspec.Struct):
    """At most one incident per recording."""

    revision: int = 0
    incident: Incident | None = None


class Moment(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the timeline."""

    seq: int
    room_ms: int
    time: Time
    observed_time: Time
    kind: str
    """``incident``, ``action``, ``alert``, ``node``, ``workload``, ``change``, ``source``, ``note``, ``marker``,
    ``evidence``, ``finding``, ``hypothesis``, ``decision``, ``role``, ``checklist``, ``runbook``, ``update``,
    ``task``, ``clock`` or ``room``."""
    actor: Safe
    text: Safe
    role: str = "text"
    """How it is shown: a meaning such as ``critical``, ``ok``, ``info``."""
    gap: str = ""
    """What is not seen from here on (``+sample``) or is seen again (``-sample``): a source, ``the record``; or
    ``!the host``, which did not run since the moment before."""


class TimelineSlice(msgspec.Struct):
    """The newest moments, oldest first; bounded, older ones are in the recording."""

    revision: int = 0
    moments: list[Moment] = []
    older: int = 0
    """How many moments came before these."""


class State(msgspec.Struct):
    """All that a pane can show. Only ``warroom.state.fold.apply`` changes it."""

    seq: int = 0
    room_ms: int = 0
    observed_time: Time | None = None
    """When the host learned of the last event; with ``room_ms`` it gives the room's time between events."""
    unreadable: int = 0
    """Events of known types whose data did not fit."""
    strangers: int = 0
    """Events of types unknown to this version."""
    missed: int = 0
    """Events that never came; the next baseline makes up for them."""
    room: RoomSlice = msgspec.field(default_factory=RoomSlice)
    sources: SourcesSlice = msgspec.field(default_factory=SourcesSlice)
    cluster: ClusterSlice = msgspec.field(default_factory=ClusterSlice)
    alerts: AlertsSlice = msgspec.field(default_factory=AlertsSlice)
    metrics: MetricsSlice = msgspec.field(default_factory=MetricsSlice)
    logs: LogsSlice = msgspec.field(default_factory=LogsSlice)
    actions: ActionsSlice = msgspec.field(default_factory=ActionsSlice)
    incident: IncidentSlice = msgspec.field(default_factory=IncidentSlice)
    timeline: TimelineSlice = msgspec.field(default_factory=TimelineSlice)
    changes: ChangesSlice = msgspec.field(default_factory=ChangesSlice)
    signals: SignalsSlice = msgspec.field(default_factory=SignalsSlice)
    spells: SpellsSlice = msgspec.field(default_factory=SpellsSlice)
    filed: FiledSlice = msgspec.field(default_factory=FiledSlice)
    findings: FindingsSlice = msgspec.field(default_factory=FindingsSlice)
    team: TeamSlice = msgspec.field(default_factory=TeamSlice)
    inquiry: InquirySlice = msgspec.field(default_factory=InquirySlice)
    procedure: ProcedureSlice = msgspec.field(default_factory=ProcedureSlice)
    updates: UpdatesSlice = msgspec.field(default_factory=UpdatesSlice)


def series_key(metric: str, labels: Labels) -> str:
    """The key of a series in ``MetricsSlice.series``; the bare metric for the whole cluster."""
    if not labels:
        return metric
    return metric + "{" + ",".join(f"{name}={labels[name]}" for name in sorted(labels)) + "}"
