"""A flood of observations from 5,000 nodes, as events ready to be folded."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from warroom.events.base import Event
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.codec import encode_event
from warroom.events.envelope import Envelope
from warroom.events.logs import LogsAppended
from warroom.events.metrics import Indicator, IndicatorsWatched, SeriesSampled
from warroom.events.sources import SourceAnnounced, SourceSynced
from warroom.model.nouns import (
    Instance,
    InstanceId,
    LogLevel,
    LogLine,
    Node,
    NodeName,
    NodeState,
    Sample,
    Workload,
    WorkloadId,
    WorkloadState,
)
from warroom.model.text import Safe

START = datetime(2026, 1, 31, 14, 0, tzinfo=UTC)
NODES, RACK, WORKLOADS, INSTANCES = 5_000, 50, 1_000, 8_000
LINES = 1_000
"""Log lines in a second; every node writes a heartbeat every five."""
RACK_LOST_S, ALL_LOST_S, LENGTH_S = 20, 40, 60
WATCHED = (
    Indicator("error_rate", Safe("errors"), "ratio", 0.05),
    Indicator("request_latency_p99", Safe("p99"), "s", 1.0),
)


class Flood:
    """One run: every node is reported each second; a rack dies, later all nodes are reported gone."""

    def __init__(self) -> None:
        self.seq = 0

    def envelope(self, event: Event, second: int) -> Envelope:
        """The event with its place."""
        self.seq += 1
        time = START + timedelta(seconds=second)
        data = encode_event(event)
        return Envelope(self.seq, second * 1000, time, time, "flood", None, event.type, event.version, data)

    def opening(self) -> Iterator[Envelope]:
        """What a source tells first."""
        roles = ("cluster", "metrics", "alerts", "logs")
        yield self.envelope(SourceAnnounced("sample", roles, interval_s=1.0), 0)
        yield self.envelope(IndicatorsWatched(WATCHED), 0)
        yield from (
            self.envelope(e, 0) for e in (_nodes(0), _workloads(0, 1), _instances(0, 1), SourceSynced())
        )

    def second(self, second: int) -> list[Envelope]:
        """Everything that is observed in one second."""
        events: list[Event] = [_nodes(second), _workloads(second, 10), _instances(second, 10), _lines(second)]
        if second % 5 == 0:
            events.append(_samples(second))
        return [self.envelope(event, second) for event in events]


def _state(number: int, second: int) -> NodeState:
    lost = second >= ALL_LOST_S or (second >= RACK_LOST_S and number < RACK)
    return NodeState.NOT_READY if lost else NodeState.READY


def _name(number: int) -> NodeName:
    return NodeName(f"node-{number:05d}")


def _nodes(second: int) -> NodesChanged:
    return NodesChanged(
        tuple(
            Node(
                _name(n),
                _state(n, second),
                rack=f"rack-{n // RACK:03d}",
                gpu_model="h100",
                gpus=8,
                gpus_used=(n + second) % 8,
                labels={"rack": f"rack-{n // RACK:03d}"},
            )
            for n in range(NODES)
        )
    )


def _workloads(second: int, part: int) -> WorkloadsChanged:
    def workload(n: int) -> Workload:
        hit = second >= RACK_LOST_S and n < 20
        state = WorkloadState.DEGRADED if hit else WorkloadState.RUNNING
        labels = {"service": f"s{n}"} if n < 100 else {}
        on = tuple(_name((n * 8 + i) % NODES) for i in range(8))
        ready = 4 if hit else 8
        return Workload(
            WorkloadId(f"w{n}"),
            Safe(f"w{n}"),
            state,
            8,
            ready,
            second,
            Safe("img:1"),
            labels=labels,
            nodes=on,
        )

    return WorkloadsChanged(tuple(workload(n) for n in range(second % part, WORKLOADS, part)))


def _instances(second: int, part: int) -> InstancesChanged:
    return InstancesChanged(
        tuple(
            Instance(
                InstanceId(f"i{n}"),
                WorkloadId(f"w{n // 8}"),
                _name(n % NODES),
                WorkloadState.RUNNING,
                ready=not (second >= RACK_LOST_S and n < 80),
            )
            for n in range(second % part, INSTANCES, part)
        )
    )


def _lines(second: int) -> LogsAppended:
    time = START + timedelta(seconds=second)
    beats = [n for n in range(second % 5, NODES, 5) if second < RACK_LOST_S or n >= RACK]
    return LogsAppended(
        lines=tuple(
            LogLine(time, LogLevel.INFO, Safe(f"heartbeat ok seq={second}"), _name(n)) for n in beats[:LINES]
        )
    )


def _samples(second: int) -> SeriesSampled:
    time = START + timedelta(seconds=second)
    errors = 0.001 if second < RACK_LOST_S else 0.2 if second < ALL_LOST_S else 0.99
    whole = [Sample("error_rate", {}, time, errors), Sample("request_latency_p99", {}, time, 0.2 + errors)]
    parts = [Sample("gpu_utilization", {"node": _name(n)}, time, float(n % 100)) for n in range(NODES)]
    return SeriesSampled((*whole, *parts))
