"""The worked SEV1: what restores the service, and what does not."""

from itertools import permutations

import pytest

from tests.simulator.worlds import command, pass_time, shipped_world, waited
from warroom.model.nouns import AlertState, NodeName, WorkloadId, WorkloadState
from warroom.model.requests import Cordon, Drain, Stop, Submit, Uncordon
from warroom.simulator.showing import workload_of
from warroom.simulator.world import World

RACK1 = tuple(NodeName(f"gpu-0{n}") for n in range(1, 5))
RACK2 = tuple(NodeName(f"gpu-0{n}") for n in range(5, 9))
CRITICAL = tuple(WorkloadId(name) for name in ("chat-api", "embed-api", "vision-api"))


def in_the_incident() -> World:
    """One minute after the start: the switch died 40 seconds ago."""
    return pass_time(shipped_world("rack-switch"), 60)


def firing(world: World) -> set[str]:
    return {alert.name for alert in world.alerting.shown() if alert.state is AlertState.FIRING}


def ready_nodes(world: World) -> list[str]:
    return [machine.name for machine in world.machines.values() if world.heard(machine)]


def states(world: World, *names: str) -> set[WorkloadState]:
    return {workload_of(world, name, world.services[name]).state for name in names}


def move_critical(world: World, rack: str, order: tuple[WorkloadId, ...] = CRITICAL) -> list[str]:
    """Stop the critical workloads by force and submit them again for a rack."""
    command(world, Stop(order, force=True))
    moved: list[str] = []
    for name in order:
        moved += command(world, Submit(f"{name}-{rack}", like=name, selector={"rack": rack})).created
    return moved


def test_before_the_fault_all_is_well() -> None:
    world = pass_time(shipped_world("rack-switch"), 19)
    assert len(ready_nodes(world)) == 8
    assert firing(world) == set()
    assert world.flow.error_rate < 0.002
    assert states(world, *world.services) == {WorkloadState.RUNNING}


def test_all_nodes_are_reported_not_ready_while_only_the_heartbeats_of_rack_1_are_missing() -> None:
    world = in_the_incident()
    assert ready_nodes(world) == []
    assert firing(world) == {"AllInferenceRequestsFailing", "HighLatency", "NodeNotReady"}
    assert world.flow.error_rate > 0.99
    assert states(world, *CRITICAL) == {WorkloadState.FAILED}
    beating: set[str] = set()
    for _ in range(10):
        world.step()
        beating |= {line.node for line in world.spoken if line.text.startswith("heartbeat ok")}
    assert beating == set(RACK2)


def test_the_affected_workload_has_the_errors_in_its_own_log() -> None:
    """The lines carried the service's name, so `workload-logs chat-api --level error` found nothing."""
    world = in_the_incident()
    waited(
        world,
        lambda w: any(line.level == "error" and line.workload == "chat-api" for line in w.spoken),
        most=5,
    )


def test_nothing_mends_itself() -> None:
    world = pass_time(in_the_incident(), 1200)
    assert ready_nodes(world) == []
    assert world.flow.error_rate > 0.99
    assert "AllInferenceRequestsFailing" in firing(world)


def test_cordoning_rack_1_and_moving_the_critical_workloads_restores_the_service() -> None:
    world = in_the_incident()
    command(world, Cordon(RACK1))
    moved = move_critical(world, "rack2")
    assert waited(world, lambda w: states(w, *moved) == {WorkloadState.RUNNING}, most=60) > 15
    waited(world, lambda w: "AllInferenceRequestsFailing" not in firing(w), most=10)
    pass_time(world, 30)
    assert world.flow.error_rate < 0.01
    assert world.flow.p99_s < 1
    assert ready_nodes(world) == list(RACK2)
    assert firing(world) == {"NodeNotReady"}
    for name in moved:
        assert set(workload_of(world, name, world.services[name]).nodes) <= set(RACK2)


@pytest.mark.parametrize("order", list(permutations(CRITICAL)))
def test_the_order_of_the_moves_does_not_matter(order: tuple[WorkloadId, ...]) -> None:
    """Submitted after the nodes were ready again, two-GPU instances found every node's GPUs split up."""
    world = in_the_incident()
    command(world, Cordon(RACK1))
    pass_time(world, 60)
    moved = move_critical(world, "rack2", order)
    pass_time(world, 60)
    assert states(world, *moved) == {WorkloadState.RUNNING}
    assert world.flow.error_rate < 0.01


def test_moving_without_a_cordon_leaves_the_workloads_pending() -> None:
    world = in_the_incident()
    moved = move_critical(world, "rack2")
    pass_time(world, 300)
    assert states(world, *moved) == {WorkloadState.PENDING}
    assert world.flow.error_rate > 0.99


def test_the_wrong_rack_cordoned_leaves_everything_down_and_blocks_the_way_out() -> None:
    world = in_the_incident()
    command(world, Cordon(RACK2))
    moved = move_critical(world, "rack2")
    pass_time(world, 120)
    assert states(world, *moved) == {WorkloadState.PENDING}
    command(world, Cordon(RACK1))
    pass_time(world, 300)
    assert ready_nodes(world) == []
    assert world.flow.error_rate > 0.99
    command(world, Uncordon(RACK2))
    waited(world, lambda w: states(w, *moved) == {WorkloadState.RUNNING}, most=60)


def test_draining_the_wrong_rack_also_ends_the_batch_work_that_still_ran() -> None:
    world = in_the_incident()
    assert states(world, "nightly-train", "eval-batch") == {WorkloadState.RUNNING}
    command(world, Drain(RACK2, grace_s=30))
    pass_time(world, 60)
    assert states(world, "nightly-train", "eval-batch") == {WorkloadState.PENDING}
    assert world.flow.error_rate > 0.99


def test_a_resubmit_onto_the_dead_rack_does_not_help() -> None:
    world = in_the_incident()
    command(world, Cordon(RACK1))
    moved = move_critical(world, "rack1")
    pass_time(world, 300)
    assert states(world, *moved) == {WorkloadState.PENDING}
    assert world.flow.error_rate > 0.99


def test_without_force_nothing_on_the_dead_rack_ends() -> None:
    world = in_the_incident()
    command(world, Stop(CRITICAL))
    pass_time(world, 120)
    for name in CRITICAL:
        assert len(world.services[name].replicas) == world.services[name].desired
    assert states(world, *CRITICAL) == {WorkloadState.FAILED}
