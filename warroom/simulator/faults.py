"""What goes wrong in the simulated cluster, and when it is mended."""

from typing import TYPE_CHECKING

import msgspec

from warroom.simulator.gpus import report_xid
from warroom.simulator.scenario import Fault
from warroom.simulator.xids import LOST

if TYPE_CHECKING:
    from warroom.simulator.world import World


def strike(world: "World", fault: Fault) -> None:
    """Let one fault happen; what it leads to follows from the world."""
    target = fault.target
    match fault.kind:
        case "switch_down":
            world.switches[target] = False
            world.say("fatal", f"switch {target}: link down on all ports, PSU failure", node=target)
        case "switch_up":
            world.switches[target] = True
            world.say("info", f"switch {target}: link up", node=target)
        case "node_down":
            world.machines[target].up = False
            for service in world.services.values():
                for replica in service.replicas:
                    if replica.node == target:
                        replica.ready = False
        case "node_up":
            world.machines[target].up = True
            world.say("info", "booted", node=target)
        case "gpu_xid":
            report_xid(world, target, fault.value or LOST)
        case "gpu_failing":
            machine = world.machines[target]
            machine.failing_every_s, machine.failing_since = int(fault.value or 5), world.tick
        case "gpu_mended":
            world.machines[target].failing_every_s = 0
        case "deploy" | "bad_deploy":
            _deploy(world, target, fault.value, broken=fault.kind == "bad_deploy")
        case "scale":
            _scale(world, target, int(fault.value))
        case "alert_limit":
            world.alerting.limits[target] = float(fault.value)
            world.say("info", f"alert rules reloaded: {target} fires above {fault.value}")
        case "demand":
            world.demand[target] = float(fault.value or 1)
            world.say("info", f"traffic of service {target} is now {world.demand[target]:g} times as much")


def _deploy(world: "World", name: str, image: str, *, broken: bool) -> None:
    """Roll out an image: every replica of the workload starts anew."""
    service = world.services.get(name)
    if service is None or service.over:
        return
    service.spec = msgspec.structs.replace(service.spec, image=image or service.spec.image, broken=broken)
    service.deployed = world.tick
    world.say("info", f"deploying {name} image={service.spec.image}", workload=name)
    for number, replica in enumerate(service.replicas):
        replica.ready_at = world.tick + service.spec.start_s * (number + 1)
        replica.crashed = broken
        # The instance before goes on answering until the new one is there.
        replica.warm_from = replica.ready_at
        if broken:
            replica.ready = False


def _scale(world: "World", name: str, replicas: int) -> None:
    """Its owner, or what scales for him, wants another number of instances."""
    service = world.services.get(name)
    if service is None or service.over or service.stopping:
        return
    world.say("info", f"{name} scaled by its owner: {service.desired} -> {replicas} instances", workload=name)
    service.desired = replicas
