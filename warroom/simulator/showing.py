"""The simulated world in the nouns of the room: what a cluster's API would answer at this tick."""

from datetime import datetime

from warroom.events.metrics import Indicator
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
from warroom.model.text import Safe, neutral
from warroom.simulator.parts import Machine, Replica, Service
from warroom.simulator.turning import reached, ready_of, state_of
from warroom.simulator.world import World

INDICATORS = (
    Indicator("request_latency_p99", Safe("p99"), "s", 1.0, Safe("simulated: slowest service, smoothed")),
    Indicator("error_rate", Safe("errors"), "ratio", 0.05, Safe("simulated: 1 - served / demand, smoothed")),
    Indicator("request_rate", Safe("traffic"), "per_second", None, Safe("simulated: requests per second")),
    Indicator("gpu_utilization", Safe("GPU use"), "percent", None, Safe("simulated: mean of all nodes")),
    Indicator("gpu_temperature", Safe("GPU temp"), "celsius", 85.0, Safe("simulated: hottest node")),
)
SAMPLE_S = 5
"""Seconds between two samples."""
HISTORY_S = 1800


def node_of(world: World, machine: Machine) -> Node:
    """A machine as the control plane shows it."""
    heard = world.heard(machine)
    used = sum(s.spec.gpus for s in world.services.values() for r in s.replicas if r.node == machine.name)
    words = "Ready" if heard else "NotReady"
    return Node(
        NodeName(machine.name),
        NodeState.READY if heard else NodeState.NOT_READY,
        cordoned=machine.cordoned,
        native=Safe(words + (",SchedulingDisabled" if machine.cordoned else "")),
        reason=neutral(machine.reason or ("" if heard else "no heartbeat")),
        rack=machine.rack,
        gpu_model=machine.gpu_model,
        gpus=machine.gpus,
        gpus_used=used,
        labels=machine.labels,
    )


def workload_of(world: World, name: str, service: Service) -> Workload:
    """A service or job as the control plane shows it."""
    ready = ready_of(world, service)
    reason = service.reason
    if not reason and not service.over and ready < service.desired:
        unreached = sorted({r.node for r in service.replicas if r.node and not reached(world, r)})
        reason = f"no answer from {', '.join(unreached)}" if unreached else ""
    spec = service.spec
    return Workload(
        WorkloadId(name),
        neutral(spec.name),
        state_of(world, service, ready),
        desired=service.desired,
        ready=ready,
        restarts=sum(r.restarts for r in service.replicas),
        image=neutral(spec.image),
        priority=neutral(spec.priority),
        labels=spec.labels,
        selector=spec.selector,
        nodes=tuple(sorted({NodeName(r.node) for r in service.replicas if r.node})),
        gpus=spec.gpus,
        reason=neutral(reason),
        submitted=world.now(service.submitted),
        changed=world.now(service.changed),
        deployed=None if service.deployed is None else world.now(service.deployed),
    )


def instances_of(world: World, name: str, service: Service) -> list[Instance]:
    """The instances of a workload as the control plane shows them."""
    return [
        Instance(
            InstanceId(replica.name),
            WorkloadId(name),
            NodeName(replica.node) if replica.node else None,
            _replica_state(world, replica),
            ready=replica.ready and reached(world, replica),
            restarts=replica.restarts,
            reason=Safe("ending" if replica.ending_at is not None else ""),
        )
        for replica in service.replicas
    ]


def _replica_state(world: World, replica: Replica) -> WorkloadState:
    if replica.crashed:
        return WorkloadState.FAILED
    if replica.node is None:
        return WorkloadState.PENDING
    if not reached(world, replica):
        return WorkloadState.UNKNOWN
    return WorkloadState.RUNNING if replica.ready else WorkloadState.PENDING


def samples_of(world: World, time: datetime) -> list[Sample]:
    """The watched figures and, for GPUs, their parts by node. A node nobody reaches gives none."""
    flow, seen = world.flow, [m for m in world.machines.values() if world.data_path(m)]
    whole: list[tuple[str, float | None]] = [
        ("request_latency_p99", round(flow.p99_s, 4) if flow.demand else None),
        ("error_rate", round(flow.error_rate, 5) if flow.demand else None),
        ("request_rate", round(flow.demand, 2)),
        ("gpu_utilization", round(100 * sum(m.utilisation for m in seen) / len(seen), 1) if seen else None),
        ("gpu_temperature", round(max(m.temperature for m in seen), 1) if seen else None),
    ]
    found = [Sample(metric, {}, time, value) for metric, value in whole]
    for machine in seen:
        labels = {"node": machine.name}
        found.append(Sample("gpu_utilization", labels, time, round(100 * machine.utilisation, 1)))
        found.append(Sample("gpu_temperature", labels, time, round(machine.temperature, 1)))
    return found


def history_of(world: World) -> list[Sample]:
    """The half hour before the scenario begins, from a world of its own in which nothing went wrong."""
    past = World(world.scenario, start=world.start, seed=world.seed)
    found: list[Sample] = []
    for tick in range(-HISTORY_S, 0, SAMPLE_S):
        past.tick = tick
        past.flow.serve(past)
        past.warm()
        found += [s for s in samples_of(past, past.now()) if not s.labels]
    return found


def lines_of(world: World) -> tuple[LogLine, ...]:
    """What was written into the logs in this tick."""
    time = world.now()
    return tuple(
        LogLine(time, LogLevel(spoken.level), neutral(spoken.text, "log"), spoken.node, spoken.workload)
        for spoken in world.spoken
    )
