"""The simulated scheduler: puts waiting instances onto nodes that have room for them."""

from typing import TYPE_CHECKING

from warroom.simulator.parts import Machine, Replica, Service

if TYPE_CHECKING:
    from warroom.simulator.world import World

PRIORITIES = {"critical": 0, "high": 1, "normal": 2, "low": 3}


def place_waiting(world: "World") -> None:
    """Make the instances that are wanted, and place those that wait, the most important first."""
    for name, service in world.services.items():
        _make(world, name, service)
    waiting = [
        (PRIORITIES.get(s.spec.priority, 2), s.submitted, name, s, r)
        for name, s in world.services.items()
        for r in s.replicas
        if r.node is None and r.ending_at is None
    ]
    free = {name: world.free_gpus(machine) for name, machine in world.machines.items()} if waiting else {}
    for _, _, name, service, replica in sorted(waiting, key=lambda w: w[:3]):
        _place(world, name, service, replica, free)


def _make(world: "World", name: str, service: Service) -> None:
    """Start or end instances until there are as many as desired."""
    if service.stopping or service.over:
        return
    staying = [r for r in service.replicas if r.ending_at is None]
    for replica in staying[service.desired :]:
        replica.ending_at = world.tick
    for _ in range(service.desired - len(staying)):
        service.made += 1
        service.replicas.append(Replica(f"{name}/{service.made}", name))


def _place(world: "World", name: str, service: Service, replica: Replica, free: dict[str, int]) -> None:
    spec = service.spec
    fitting = [
        m for m in world.machines.values() if _may_run(world, m, spec.selector) and free[m.name] >= spec.gpus
    ]
    if not fitting:
        service.reason = why_waiting(world, service)
        if world.tick % 20 == 0:
            world.say("warn", f"{replica.name} cannot be placed: {service.reason}", workload=name)
        return
    # Tightly, so that room for large instances stays together.
    best = min(fitting, key=lambda m: (free[m.name], m.name))
    free[best.name] -= spec.gpus
    replica.node, replica.ready_at, replica.ready = best.name, world.tick + spec.start_s, False
    service.reason = ""
    world.say("info", f"starting {replica.name} image={spec.image or 'none'}", node=best.name, workload=name)


def _may_run(world: "World", machine: Machine, selector: dict[str, str]) -> bool:
    if machine.cordoned or not world.heard(machine):
        return False
    return all(machine.labels.get(key) == value for key, value in selector.items())


def why_waiting(world: "World", service: Service) -> str:
    """Why no node takes it, in the way schedulers say it: how many nodes fail for which reason."""
    counts: dict[str, int] = {}
    for machine in world.machines.values():
        if any(machine.labels.get(k) != v for k, v in service.spec.selector.items()):
            why = "do/does not match the selector"
        elif machine.cordoned:
            why = "are/is cordoned"
        elif not world.heard(machine):
            why = "are/is not ready"
        else:
            why = "lack/lacks free GPUs"
        counts[why] = counts.get(why, 0) + 1
    reasons = ", ".join(f"{count} {_verb(why, count)}" for why, count in sorted(counts.items()))
    return f"0 of {len(world.machines)} nodes: {reasons}"


def _verb(why: str, count: int) -> str:
    """``are/is cordoned`` for some nodes, or for one."""
    verbs, _, rest = why.partition(" ")
    many, _, one = verbs.partition("/")
    return f"{one if count == 1 else many} {rest}"
