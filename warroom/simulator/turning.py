"""The state of a workload as its control plane would call it, and since when it is in it."""

from typing import TYPE_CHECKING

from warroom.model.nouns import WorkloadState
from warroom.simulator.parts import Replica, Service

if TYPE_CHECKING:
    from warroom.simulator.world import World


def note_turns(world: "World") -> None:
    """Keep for each workload on which tick its state became what it is."""
    for service in world.services.values():
        state = state_of(world, service, ready_of(world, service))
        if state is not service.state:
            service.state, service.changed = state, world.tick


def state_of(world: "World", service: Service, ready: int) -> WorkloadState:
    """The state of a workload of which so many instances are ready and reached."""
    if service.over:
        return WorkloadState.STOPPED if service.over == "stopped" else WorkloadState.COMPLETED
    if any(r.crashed for r in service.replicas):
        return WorkloadState.FAILED
    placed = [r for r in service.replicas if r.node]
    if service.desired and not placed:
        return WorkloadState.PENDING
    if ready == 0 and service.desired and any(not reached(world, r) for r in placed):
        return WorkloadState.FAILED
    return WorkloadState.RUNNING if ready >= service.desired else WorkloadState.DEGRADED


def reached(world: "World", replica: Replica) -> bool:
    """Whether the node an instance is on answers."""
    return replica.node is not None and world.data_path(world.machines[replica.node])


def ready_of(world: "World", service: Service) -> int:
    """How many instances are ready, as far as their nodes answer."""
    return sum(1 for r in service.replicas if r.ready and reached(world, r))
