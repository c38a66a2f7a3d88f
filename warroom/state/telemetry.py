"""Folds what was observed: cluster, alerts, metrics, logs, sources."""

from typing import assert_never

import msgspec

from warroom.events.alerts import AlertAcknowledged, AlertEvent, AlertsChanged, SilencesChanged
from warroom.events.cluster import ClusterEvent, InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.envelope import Envelope
from warroom.events.logs import LogsAppended
from warroom.events.metrics import IndicatorsWatched, MetricEvent, SeriesSampled
from warroom.events.sources import (
    SourceAnnounced,
    SourceEvent,
    SourceLost,
    SourcePolled,
    SourceStale,
    SourceSynced,
)
from warroom.model.nouns import ROOM, LogLevel, Sample
from warroom.model.text import Safe
from warroom.state.slices import (
    Acknowledgement,
    AlertsSlice,
    ClusterSlice,
    LogsSlice,
    MetricsSlice,
    Point,
    Series,
    SourceFacts,
    SourcesSlice,
    series_key,
)

CLUSTER_POINTS = 360
"""Points kept of an indicator of the whole cluster: half an hour at one each five seconds."""
PART_POINTS = 24
"""Points kept of a labelled part, such as one GPU."""


def apply_cluster(cluster: ClusterSlice, event: ClusterEvent) -> None:
    """Take over what changed and forget what is gone."""
    cluster.revision += 1
    match event:
        case NodesChanged():
            cluster.listed = True
            for node in event.nodes:
                cluster.nodes[node.name] = node
            for name in event.gone:
                cluster.nodes.pop(name, None)
        case WorkloadsChanged():
            for workload in event.workloads:
                cluster.workloads[workload.id] = workload
            for workload_id in event.gone:
                cluster.workloads.pop(workload_id, None)
        case InstancesChanged():
            for instance in event.instances:
                cluster.instances[instance.id] = instance
            for instance_id in event.gone:
                cluster.instances.pop(instance_id, None)
        case _ as forgotten:
            assert_never(forgotten)


def apply_alerts(alerts: AlertsSlice, event: AlertEvent, envelope: Envelope) -> None:
    """Keep what fires and is silenced; what we never saw firing is no error."""
    alerts.revision += 1
    match event:
        case AlertsChanged():
            alerts.listed = True
            for alert in event.alerts:
                alerts.alerts[alert.fingerprint] = alert
            for fingerprint in event.resolved:
                alerts.alerts.pop(fingerprint, None)
                alerts.acknowledged.pop(fingerprint, None)
        case SilencesChanged():
            for silence in event.silences:
                alerts.silences[silence.id] = silence
            for silence_id in event.ended:
                alerts.silences.pop(silence_id, None)
        case AlertAcknowledged():
            seen = Acknowledgement(envelope.actor or ROOM, envelope.time, event.note)
            for fingerprint in event.fingerprints:
                if fingerprint in alerts.alerts:
                    alerts.acknowledged[fingerprint] = seen
        case _ as forgotten:
            assert_never(forgotten)


def apply_metrics(metrics: MetricsSlice, event: MetricEvent, seq: int) -> None:
    """Append samples to their series; old points fall off."""
    metrics.revision += 1
    match event:
        case IndicatorsWatched():
            metrics.indicators = event.indicators
        case SeriesSampled():
            metrics.left_out = event.left_out
            batches: dict[str, list[Sample]] = {}
            for sample in event.samples:
                batches.setdefault(series_key(sample.metric, sample.labels), []).append(sample)
            for key, samples in batches.items():
                metrics.series[key] = _extended(metrics.series.get(key), samples, seq)
        case _ as forgotten:
            assert_never(forgotten)


def _extended(series: Series | None, samples: list[Sample], seq: int) -> Series:
    old = series.points if series else ()
    last = old[-1].time if old else None
    new = tuple(Point(s.time, s.value) for s in samples if last is None or s.time > last)
    first = samples[0]
    keep = PART_POINTS if first.labels else CLUSTER_POINTS
    if not any(p.value is not None for p in new):
        seq = series.seq if series else 0
    return Series(first.metric, first.labels, (old + new)[-keep:], seq)


def apply_logs(logs: LogsSlice, event: LogsAppended) -> None:
    """Count; the lines live beside the state."""
    logs.revision += 1
    logs.lines += len(event.lines)
    logs.dropped += event.dropped
    for line in event.lines:
        if line.level in (LogLevel.ERROR, LogLevel.FATAL):
            logs.errors += 1
        elif line.level is LogLevel.WARN:
            logs.warnings += 1
    if event.lines and event.lines[-1].time is not None:
        logs.newest = event.lines[-1].time


def apply_sources(sources: SourcesSlice, event: SourceEvent, envelope: Envelope) -> None:
    """Keep what a source is and whether we see through it."""
    facts = sources.sources.get(envelope.source, SourceFacts(envelope.source))
    match event:
        case SourceAnnounced():
            facts = msgspec.structs.replace(
                facts,
                kind=event.kind,
                roles=event.roles,
                address=event.address,
                interval_s=event.interval_s,
                capabilities=event.capabilities,
            )
        case SourcePolled():
            pass
        case SourceSynced():
            facts = _turned(facts, "synced", envelope)
        case SourceStale():
            facts = msgspec.structs.replace(_turned(facts, "stale", envelope), reason=event.reason)
        case SourceLost():
            lost = _turned(facts, "lost", envelope)
            facts = msgspec.structs.replace(lost, reason=event.reason, retry_s=event.retry_s)
        case _ as forgotten:
            assert_never(forgotten)
    sources.sources[envelope.source] = facts
    sources.revision += 1


def _turned(facts: SourceFacts, status: str, envelope: Envelope) -> SourceFacts:
    since = facts.since_ms if facts.status == status else envelope.room_ms
    return msgspec.structs.replace(facts, status=status, since_ms=since, reason="", retry_s=None)


def not_seen_yet(sources: SourcesSlice, envelope: Envelope) -> None:
    """A new host has not looked yet: what is shown is what the one before it saw."""
    for name, facts in list(sources.sources.items()):
        if facts.status == "synced":
            stale = _turned(facts, "stale", envelope)
            sources.sources[name] = msgspec.structs.replace(
                stale, reason=Safe("not read since the host began anew")
            )
    sources.revision += 1


def seen(sources: SourcesSlice, envelope: Envelope) -> None:
    """Note that a source just showed us something, or that there was nothing different to show."""
    facts = sources.sources.get(envelope.source)
    if facts is not None and facts.seen_ms != envelope.room_ms:
        sources.sources[envelope.source] = msgspec.structs.replace(facts, seen_ms=envelope.room_ms)
        sources.revision += 1
