"""Errors of GPUs: one is lost, one fails again and again, or a program made a mistake that costs no hardware."""

from typing import TYPE_CHECKING

from warroom.simulator.parts import Machine, Replica
from warroom.simulator.placing import PRIORITIES
from warroom.simulator.xids import BY_A_PROGRAM, FAILING, LOST, WORDS

if TYPE_CHECKING:
    from warroom.simulator.world import World


def report_xid(world: "World", target: str, number: str) -> None:
    """The driver reports an error; what it costs follows from its number."""
    machine = world.machines[target]
    if not machine.gpus:
        return
    if number == LOST:
        _lose(world, machine)
        return
    say_xid(world, machine, number, gpu=machine.gpus - 1)
    users = users_of(world, machine)
    if number in BY_A_PROGRAM and users:
        least = max(users, key=lambda r: PRIORITIES.get(world.services[r.service].spec.priority, 2))
        crash(world, least, "CUDA error: an illegal memory access was encountered")


def say_xid(world: "World", machine: Machine, number: str, *, gpu: int) -> None:
    """The driver's line."""
    text = f"NVRM: Xid (PCI:0000:{gpu:02x}:00): {number}, {WORDS[number]}"
    world.say("warn" if number in BY_A_PROGRAM else "error", text, node=machine.name)


def users_of(world: "World", machine: Machine) -> list[Replica]:
    """What holds GPUs of a node."""
    return [r for s in world.services.values() if s.spec.gpus for r in s.replicas if r.node == machine.name]


def fail_again(world: "World") -> None:
    """GPUs that fail again and again end one instance on their node after the other, as long as there is one."""
    for machine in world.machines.values():
        if not machine.failing_every_s or not world.data_path(machine):
            continue
        number, due = divmod(world.tick - machine.failing_since, machine.failing_every_s)
        users = [r for r in users_of(world, machine) if r.ending_at is None]
        if due or not users:
            continue
        say_xid(world, machine, FAILING, gpu=number % machine.gpus)
        crash(world, users[number % len(users)], "CUDA error: uncorrectable ECC error encountered")


def crash(world: "World", replica: Replica, why: str) -> None:
    """An instance ends by itself and starts again where it is."""
    replica.ready, replica.crashed = False, True
    replica.restarts += 1
    replica.ready_at = world.tick + world.services[replica.service].spec.start_s
    text = f"{replica.name} exited with code 134: {why}"
    world.say("fatal", text, node=replica.node or "", workload=replica.service)


def _lose(world: "World", machine: Machine) -> None:
    """A GPU is gone for good; what ran on it crashes and waits for another place."""
    machine.gpus -= 1
    say_xid(world, machine, LOST, gpu=machine.gpus)
    users = users_of(world, machine)
    while world.free_gpus(machine) < 0:
        replica = users.pop()
        replica.node, replica.ready = None, False
        replica.restarts += 1
        text = f"{replica.name} exited with code 134: CUDA error: device lost"
        world.say("fatal", text, node=machine.name, workload=replica.service)
