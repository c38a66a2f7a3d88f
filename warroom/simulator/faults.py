"""What goes wrong in the simulated cluster, and when it is mended."""

from typing import TYPE_CHECKING

import msgspec

from warroom.simulator.scenario import Fault

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
            _lose_gpu(world, target)
        case "deploy" | "bad_deploy":
            _deploy(world, target, fault.value, broken=fault.kind == "bad_deploy")
        case "demand":
            world.demand[target] = float(fault.value or 1)
            world.say("info", f"traffic of service {target} is now {world.demand[target]:g} times as much")


def _lose_gpu(world: "World", target: str) -> None:
    """A GPU is gone for good; what ran on it crashes and waits for another place."""
    machine = world.machines[target]
    if not machine.gpus:
        return
    machine.gpus -= 1
    world.say(
        "error", f"NVRM: Xid (PCI:0000:{machine.gpus:02x}:00): 79, GPU has fallen off the bus", node=target
    )
    users = [r for s in world.services.values() if s.spec.gpus for r in s.replicas if r.node == target]
    while world.free_gpus(machine) < 0:
        replica = users.pop()
        replica.node, replica.ready = None, False
        replica.restarts += 1
        text = f"{replica.name} exited with code 134: CUDA error: device lost"
        world.say("fatal", text, node=target, workload=replica.service)


def _deploy(world: "World", name: str, image: str, *, broken: bool) -> None:
    """Roll out an image: every replica of the workload starts anew."""
    service = world.services.get(name)
    if service is None or service.over:
        return
    service.spec = msgspec.structs.replace(service.spec, image=image or service.spec.image, broken=broken)
    service.deployed = service.changed = world.tick
    world.say("info", f"deploying {name} image={service.spec.image}", workload=name)
    for number, replica in enumerate(service.replicas):
        replica.ready_at = world.tick + service.spec.start_s * (number + 1)
        replica.crashed = broken
        if broken:
            replica.ready = False
