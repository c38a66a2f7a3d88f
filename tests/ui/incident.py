"""A SEV1 and a calm cluster, written down event by event, for pictures of the screen."""

from datetime import timedelta

from tests.ui.stage import StillRoom
from tests.views.any_state import MAYA, START
from warroom.events.actions import ActionProposed, ActionStarted, ActionSucceeded, ActionVerified
from warroom.events.alerts import AlertsChanged
from warroom.events.base import Event
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.events.envelope import Envelope
from warroom.events.incident import IncidentDeclared, NoteAdded
from warroom.events.logs import LogsAppended
from warroom.events.metrics import Indicator, IndicatorsWatched, SeriesSampled
from warroom.events.room import RoomOpened, RoomUnlocked
from warroom.model.nouns import (
    Alert,
    Fingerprint,
    LogLevel,
    LogLine,
    Node,
    NodeName,
    NodeState,
    Sample,
    Severity,
    Workload,
    WorkloadId,
    WorkloadState,
)
from warroom.model.requests import Cordon, Plan, Verdict
from warroom.model.text import Safe

OPENED = RoomOpened("prod", "prod-eu1", "configured", 1, "0.1")
INDICATORS = IndicatorsWatched(
    (
        Indicator("error_rate", Safe("errors"), "ratio", threshold=0.05),
        Indicator("request_latency_p99", Safe("p99"), "s", threshold=2.0),
        Indicator("request_rate", Safe("traffic"), "per_second"),
    )
)


def _nodes(down: bool) -> NodesChanged:
    return NodesChanged(
        tuple(
            Node(
                NodeName(f"gpu-{n:02d}"),
                NodeState.NOT_READY if down and n <= 4 else NodeState.READY,
                rack="rack1" if n <= 4 else "rack2",
                gpus=4,
                gpus_used=n % 5,
                reason=Safe("no heartbeat since the switch of rack 1 went away")
                if down and n <= 4
                else Safe(""),
            )
            for n in range(1, 9)
        )
    )


def _workloads(down: bool) -> WorkloadsChanged:
    def one(name: str, node: str, critical: bool) -> Workload:
        failed = down and critical
        return Workload(
            WorkloadId(name),
            Safe(name),
            WorkloadState.FAILED if failed else WorkloadState.RUNNING,
            desired=4,
            ready=0 if failed else 4,
            restarts=3 if failed else 0,
            image=Safe(f"registry.local/{name}:4.2.1"),
            priority=Safe("critical" if critical else "low"),
            labels={"critical": "true"} if critical else {},
            nodes=(NodeName(node),),
            changed=START,
        )

    return WorkloadsChanged(
        (
            one("chat-api", "gpu-01", True),
            one("vision-api", "gpu-02", True),
            one("eval-batch", "gpu-05", False),
            one("nightly-train", "gpu-06", False),
        )
    )


def _samples(failing: bool) -> SeriesSampled:
    samples: list[Sample] = []
    for n in range(40):
        time = START + timedelta(seconds=5 * n - 190)
        bad = failing and n > 30
        for metric, value in (
            ("error_rate", 0.42 if bad else 0.002),
            ("request_latency_p99", 10.0 if bad else 0.31 + n % 3 / 100),
            ("request_rate", 300.0 + n % 7),
        ):
            samples.append(Sample(metric, {}, time, value))
    return SeriesSampled(tuple(samples))


def _lines(failing: bool) -> LogsAppended:
    lines: list[LogLine] = []
    for n in range(30):
        time = START + timedelta(seconds=n)
        lines.append(LogLine(time, LogLevel.INFO, Safe(f"heartbeat ok seq={n}"), f"gpu-{n % 8 + 1:02d}"))
        if failing and n % 3 == 0:
            said = "151 requests/s failed: no healthy upstream, timeout after 10s, upstream=10.2.0.17:8080 try=3/3"
            lines.append(LogLine(time, LogLevel.ERROR, Safe(said), "", "chat-api"))
    lines.append(
        LogLine(START, LogLevel.WARN, Safe("stack of the last failure:\n  connect()\n  retry()"), "gpu-05")
    )
    return LogsAppended(tuple(lines))


ALERTS = AlertsChanged(
    (
        Alert(
            Fingerprint("a1"),
            Safe("AllInferenceRequestsFailing"),
            "critical",
            summary=Safe(
                "42% of the inference requests of all services fail since the switch of rack 1 went away"
            ),
            labels={"service": "inference"},
            started=START - timedelta(minutes=4),
        ),
        *(
            Alert(
                Fingerprint(f"n{n}"),
                Safe("NodeNotReady"),
                "critical",
                labels={"rack": "rack1", "node": f"gpu-{n:02d}"},
                started=START - timedelta(minutes=5),
            )
            for n in range(1, 5)
        ),
        Alert(Fingerprint("w1"), Safe("HighLatency"), "warning", started=START - timedelta(minutes=41)),
    )
)
CORDON = Cordon((NodeName("gpu-01"),), reason=Safe("bad switch"))


def _by_maya() -> list[Event]:
    shown = Plan(CORDON, title=Safe("cordon gpu-01"), goal=Safe("gpu-01 closed to new work"))
    return [
        IncidentDeclared("i1", Safe("All inference requests failing"), Severity("SEV1")),
        RoomUnlocked(),
        NoteAdded(Safe("root cause: the switch of rack 1")),
        ActionProposed("A1", "op1", CORDON, shown),
        ActionStarted("A1"),
        ActionSucceeded("A1"),
        ActionVerified("A1", Verdict.SEEN, Safe("gpu-01 is cordoned")),
    ]


def sev1_room() -> StillRoom:
    """A rack is down, an incident is open, one action was seen to work."""
    room = StillRoom(OPENED, _nodes(False), _workloads(False), INDICATORS)
    room.add(_nodes(True), _workloads(True), ALERTS, _samples(True), _lines(True))
    room.add(*_by_maya(), by=MAYA)
    return room


def recorded_incident() -> list[Envelope]:
    """The same, as its recording has it."""
    return sev1_room().tape.envelopes


def calm_room() -> StillRoom:
    """Nothing is wrong."""
    return StillRoom(
        OPENED,
        _nodes(False),
        _workloads(False),
        AlertsChanged(()),
        INDICATORS,
        _samples(False),
        _lines(False),
    )
