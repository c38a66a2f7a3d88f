"""Everyday lines: what workloads that run say of themselves, and what the scenario lets be written."""

from typing import TYPE_CHECKING

from warroom.simulator.parts import Service

if TYPE_CHECKING:
    from warroom.simulator.world import World

EVERY_S = 10
"""How often a workload says how it is doing."""


def chat(world: "World") -> None:
    """Let the workloads that run say what they did; not all of them in the same second."""
    for number, (name, service) in enumerate(world.services.items()):
        running = world.serving(service)
        if running and (world.tick + 3 * number) % EVERY_S == 0:
            world.say("info", _report(world, service, len(running)), workload=name)
    for line in world.scenario.line:
        if world.tick % line.every_s == 0 and (not line.node or world.data_path(world.machines[line.node])):
            world.say(line.level, line.text, node=line.node, workload=line.workload)


def _report(world: "World", service: Service, running: int) -> str:
    traffic = world.flow.by_service.get(service.spec.labels.get("service", ""))
    if traffic is None:
        return f"step {world.tick - service.submitted} done on {running} of {service.desired} replicas"
    demand, served, capacity = traffic
    share = world.capacity(service) / capacity if capacity else 0.0
    return f"answered {served * share:.0f} of {demand * share:.0f} requests/s with {running} replicas"
