"""The nouns of a structured response: roles, milestones, findings, checklist, runbooks, updates."""

from enum import StrEnum

import msgspec

from warroom.model.nouns import Fingerprint, Labels, NodeName, Severity, Time, WorkloadId
from warroom.model.requests import Request
from warroom.model.text import Safe


class Role(StrEnum):
    """Who does what in an incident."""

    COMMANDER = "ic"
    DEPUTY = "deputy"
    SCRIBE = "scribe"
    OPERATIONS = "ops"
    COMMUNICATIONS = "comms"


class Milestone(StrEnum):
    """The named times of an incident, in the order in which they are expected."""

    IMPACT_START = "impact start"
    DETECTED = "detected"
    DECLARED = "declared"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESTORED = "restored"
    RESOLVED = "resolved"
    CLOSED = "closed"


class LinkKind(StrEnum):
    """How one incident is related to another."""

    DUPLICATE_OF = "duplicate of"
    CAUSED_BY = "caused by"
    RELATED_TO = "related to"


class Confidence(StrEnum):
    """How sure a rule is, worst first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing a finding rests on: what was seen, and when."""

    text: Safe
    time: Time | None = None
    """When it happened; of what goes on, when it was measured or seen. None where nothing says so."""
    seq: int = 0
    """The event that shows it; 0 where no single one does."""


class Targets(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a finding is about, and what a runbook started from it works on."""

    nodes: tuple[NodeName, ...] = ()
    workloads: tuple[WorkloadId, ...] = ()
    alerts: tuple[Fingerprint, ...] = ()
    selector: Labels = {}
    """Where healthy capacity is, as node labels: ``rack=rack2``."""
    image: Safe = Safe("")
    """The image before the one that is suspected."""


class Proposal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something a finding suggests; nothing of it happens by itself."""

    text: Safe
    request: Request | None = None
    """The action, ready to be planned; None for advice that is no action."""


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rule's conclusion, with what it rests on and what would refute it."""

    key: str
    """Identity over its life: the rule's id and, where a rule can find several, the subject."""
    rule: str
    """The rule's id, as in the table of rules."""
    title: Safe
    confidence: Confidence
    facts: tuple[Fact, ...]
    refuted_by: Safe
    """What would refute it."""
    severity: Severity | None = None
    """Which severity it suggests; None when it says nothing about that."""
    scenario: str = ""
    """``node-failure``, ``crash-loop``, ``resource-exhaustion``, ``network`` or empty: which kind of
    mitigation fits. A word of the rules, never the name of a sample cluster."""
    runbook: str = ""
    """The runbook that fits; empty for none."""
    targets: Targets = Targets()
    proposals: tuple[Proposal, ...] = ()


class Urgency(StrEnum):
    """How a clock of the response stands."""

    GREEN = "green"
    AMBER = "amber"
    """It is time."""
    RED = "red"
    """The time is over."""


class Clock(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something the response owes by a time."""

    clock: str
    """``respond``, ``update``, ``role:ic``, ``silence:ID``, ``verify:A3``: as in ``ClockBreached``."""
    label: str
    """A word or two for the header."""
    due: Time
    urgency: Urgency
    text: Safe
    """The whole sentence."""
    met: bool = False
    """Nothing is owed any more; red if it was too late."""


class Criterion(msgspec.Struct, frozen=True, omit_defaults=True):
    """What should hold before a phase is entered or left, and by which record it does."""

    text: str
    met: bool
    evidence: Safe = Safe("")
    seqs: tuple[int, ...] = ()


class ItemState(StrEnum):
    """Of an item of the checklist."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


class ChecklistItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One item as it was chosen for this incident."""

    id: str
    text: Safe
    proof: str = ""
    """The name of the check in ``warroom.response.checklist`` that ticks it from the record; empty for none."""
    when: tuple[Severity, ...] = ()
    """Only for these severities; empty for all."""


class HypothesisState(StrEnum):
    """What became of a hypothesis."""

    OPEN = "open"
    SUPPORTED = "supported"
    ELIMINATED = "eliminated"


class RunbookName(msgspec.Struct, frozen=True, omit_defaults=True):
    """A runbook as lists show it."""

    id: str
    title: Safe
    scenario: str = ""
    """The kind of mitigation it is for; empty for a resolution."""


class StepKind(StrEnum):
    """What a step of a runbook does."""

    LOOK = "look"
    """A query is run and its answer recorded."""
    ACT = "act"
    """An action is planned, approved and verified."""
    ASK = "ask"
    """A person answers."""
    WAIT = "wait"
    """Until an indicator is within bounds, or a time is up."""


class Pick(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of the cluster a step works on, chosen when it is planned."""

    targets: bool = True
    """What the runbook was started with; False: everything the conditions below hold for."""
    labels: Labels = {}
    priority: str = ""
    state: str = ""
    """``running``, ``failed``, ...; empty for any that is not over."""


class RunbookStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step as its file says it."""

    kind: StepKind
    title: Safe
    logs: str = ""
    """look: a log search."""
    metric: str = ""
    """look: a metric over the last minutes."""
    minutes: float = 15.0
    """look: how far back; wait: how long at most."""
    action: str = ""
    """act: the kind of action."""
    pick: Pick = Pick()
    """act: on what."""
    name: str = "{name}"
    """act, submit: the new name; ``{name}`` is that of what is copied."""
    selector: Labels = {}
    """act, submit: where; empty for the targets' own selector."""
    image: bool = False
    """act, submit: with the image before the suspected one."""
    force: bool = False
    grace_s: int = 60
    replicas: str = ""
    """act, scale: a number, or ``+2`` and ``-2`` for so many more or fewer."""
    message: Safe = Safe("")
    """act, create_alert: what it says."""
    severity: str = "info"
    metrics: tuple[str, ...] = ()
    """wait: these indicators; empty for all that have a threshold."""
    look_at: str = ""
    """look: ``targets`` for lines of what the runbook was started with alone; empty for all lines."""


class StepResult(StrEnum):
    """How a step ended."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class UpdateKind(StrEnum):
    """What an update to those who wait is about."""

    FIRST = "first"
    PROGRESS = "progress"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"


class TargetKind(StrEnum):
    """How a target takes an update."""

    SLACK = "slack"
    """A web hook that takes ``{"text": ...}``, as Slack's and Mattermost's do."""
    JSON = "json"
    """A web hook that takes the update with its fields."""
    FILE = "file"
    """Appended to a file."""
    ALERT = "alert"
    """An alert created for everyone who watches alerts."""


class DeliveryState(StrEnum):
    """What became of an update at one target."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    """Given up."""
    UNKNOWN = "unknown"
    """It left, and no answer came: it may have arrived."""
