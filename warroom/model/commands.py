"""Wishes a client sends to the host (they may be refused) and questions the state cannot answer."""

from typing import Union

import msgspec

from warroom.model.nouns import LogLine, RecordedLine, Severity, Time, WorkloadId
from warroom.model.requests import Request
from warroom.model.response import UpdateKind
from warroom.model.response_commands import ApprovalCommand, ResponseCommand
from warroom.model.text import Safe


class Act(msgspec.Struct, frozen=True, omit_defaults=True, tag="act"):
    """Carry out a request; its plan is made anew in the host and must be the one that was shown."""

    request: Request
    confirmed: Safe = Safe("")
    """How the person confirmed: ``typed the challenge``, ``--yes``."""
    digest: str = ""
    """``warroom.response.plans.digest`` of the plan that was shown; empty when none was."""
    undoes: str = ""
    """The action this takes back; its request is made by ``warroom.response.undo``."""
    run: str = ""
    """The runbook's run and step it belongs to, such as ``R1.2``."""
    opens_lock: bool = False
    """True for verbs with ``--yes``: the lock of the room is for keys, not for typed commands."""


class DeclareIncident(msgspec.Struct, frozen=True, omit_defaults=True, tag="declare"):
    """Say that this is an incident."""

    title: Safe
    severity: Severity
    impact: Safe = Safe("")
    time: Time | None = None
    """When it began to be one, if earlier than now."""
    uncertain_s: float | None = None
    """How far that may be off."""
    drill: bool = False


class ChangeSeverity(msgspec.Struct, frozen=True, omit_defaults=True, tag="severity"):
    """Classify the incident anew."""

    severity: Severity
    reason: Safe = Safe("")


class ResolveIncident(msgspec.Struct, frozen=True, omit_defaults=True, tag="resolve"):
    """The incident is over."""

    summary: Safe = Safe("")


class AddNote(msgspec.Struct, frozen=True, omit_defaults=True, tag="note"):
    """Write something down."""

    text: Safe
    time: Time | None = None


class AddMarker(msgspec.Struct, frozen=True, omit_defaults=True, tag="marker"):
    """Put a marker on the timeline."""

    text: Safe = Safe("")


class UnlockRoom(msgspec.Struct, frozen=True, omit_defaults=True, tag="unlock"):
    """Allow acting keys in this room, for as long as the policy says or for these minutes."""

    minutes: float | None = None


class LockRoom(msgspec.Struct, frozen=True, tag="lock"):
    """Close acting keys in this room."""


class StopRoom(msgspec.Struct, frozen=True, omit_defaults=True, tag="stop_room"):
    """End the host."""

    even_if_open: bool = False
    """Also while an incident is open or an action is under way."""


Command = Union[
    Act,
    DeclareIncident,
    ChangeSeverity,
    ResolveIncident,
    AddNote,
    AddMarker,
    UnlockRoom,
    LockRoom,
    StopRoom,
    ResponseCommand,
    ApprovalCommand,
]


class ShowPlan(msgspec.Struct, frozen=True, omit_defaults=True, tag="plan"):
    """What would this request touch? Answered by a ``Plan``."""

    request: Request
    undoes: str = ""
    """The action it would take back, such as ``A3``."""


class SearchLogs(msgspec.Struct, frozen=True, omit_defaults=True, tag="search_logs"):
    """Which recorded lines match? Answered by ``LogsFound``."""

    query: str
    """Words; a space means AND, ``OR`` means or, ``!word`` means not; case does not matter."""
    start: Time | None = None
    end: Time | None = None
    limit: int = 500
    """The newest that many."""
    workload: str = ""
    node: str = ""
    level: str = ""
    """Only lines at least this bad."""
    evidence: bool = True
    """Record the answer, because a person asked."""
    only: tuple[str, ...] = ()
    """Only lines of these nodes or workloads; empty for all."""

    def concerns(self, node: str, workload: str) -> bool:
        """Whether lines of that node and workload are asked for."""
        if self.only and node not in self.only and workload not in self.only:
            return False
        return self.workload in ("", workload) and self.node in ("", node)


class ReadLogs(msgspec.Struct, frozen=True, omit_defaults=True, tag="read_logs"):
    """Which recorded lines stand before, after or around a place of the record? Answered by ``LogsRead``."""

    before: tuple[int, int] | None = None
    """Event and place in it; lines before that. With none of these three: the newest lines."""
    after: tuple[int, int] | None = None
    """Lines after that."""
    around: Time | None = None
    """Lines on both sides of that time."""
    query: str = ""
    """As in ``SearchLogs``."""
    node: str = ""
    workload: str = ""
    level: str = ""
    limit: int = 500


class WorkloadLogs(msgspec.Struct, frozen=True, omit_defaults=True, tag="workload_logs"):
    """The newest lines of one workload, from its source. Answered by ``LogsFound``."""

    workload: WorkloadId
    level: str = ""
    tail: int = 100


class MetricRange(msgspec.Struct, frozen=True, omit_defaults=True, tag="metric_range"):
    """One metric over a time. Answered by ``MetricsFound``."""

    metric: str
    """An indicator's name, or a query in the source's own language."""
    start: Time
    end: Time
    step_s: float = 60.0


class DraftUpdate(msgspec.Struct, frozen=True, omit_defaults=True, tag="draft_update"):
    """What would an update say, by the room's own templates? Answered by ``Drafted``."""

    kind: UpdateKind
    coming: Safe = Safe("")
    """What happens next, in the words of who asks."""
    next_in_s: float | None = None
    """When the next one is to be promised; None for what the severity asks for."""


class ShowRunbook(msgspec.Struct, frozen=True, tag="show_runbook"):
    """What does a runbook of this room say? Answered by a ``Runbook``."""

    runbook: str


Query = Union[ShowPlan, SearchLogs, ReadLogs, WorkloadLogs, MetricRange, DraftUpdate, ShowRunbook]


class Drafted(msgspec.Struct, frozen=True, omit_defaults=True):
    """An update as it could be sent; nothing of it was recorded."""

    text: Safe
    next_due: Time | None = None
    """When the next one would be promised for."""


class LogsFound(msgspec.Struct, frozen=True, omit_defaults=True):
    """Lines, oldest first, and how many there were."""

    lines: tuple[LogLine, ...]
    matched: int
    """How many matched; more than ``lines`` when cut at the limit."""
    searched: int
    """How many lines were looked at."""
    origin: Safe = Safe("recording")
    """Where they were read: ``recording``, or a source's name."""


class LogsRead(msgspec.Struct, frozen=True, omit_defaults=True):
    """Lines as the record has them, in its order, and how far was looked."""

    lines: tuple[RecordedLine, ...]
    begin: tuple[int, int]
    """Everything from here on was looked at, up to and with ``end``."""
    end: tuple[int, int]
    older: bool = False
    """Whether the record goes on before ``begin``."""
    newer: bool = False
    """Whether it goes on after ``end``."""


class RangeSeries(msgspec.Struct, frozen=True, omit_defaults=True):
    """One series of a range answer."""

    labels: dict[str, str]
    points: tuple[tuple[Time, float | None], ...]


class MetricsFound(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer of a metric range, with what the source said about it."""

    series: tuple[RangeSeries, ...]
    query: Safe = Safe("")
    """The query as it was sent."""
    origin: Safe = Safe("")
    left_out: int = 0
    warnings: tuple[Safe, ...] = ()
