"""Requests of the simulated cluster: demand meets what can serve it; errors and latency follow."""

import math
from typing import TYPE_CHECKING

from warroom.simulator.parts import Machine, Service, noise

if TYPE_CHECKING:
    from warroom.simulator.world import World

SMOOTH = 0.2
"""Weight of the newest second in the shown error rate and latency."""
TIMEOUT_S = 10.0
"""Latency of a request that nobody answers."""
BASE_ERRORS = 0.001


class Flow:
    """The traffic of the last second and its smoothed indicators."""

    def __init__(self) -> None:
        self.demand = 0.0
        self.served = 0.0
        self.capacity = 0.0
        self.error_rate = BASE_ERRORS
        self.p99_s = 0.18
        self.by_service: dict[str, tuple[float, float, float]] = {}
        """service -> demand, served, capacity in requests per second"""

    def serve(self, world: "World") -> None:
        """Spread this second's requests over the replicas that can be reached."""
        self.by_service = {}
        latency = 0.0
        for traffic in world.scenario.traffic:
            rate = traffic.rate * world.demand.get(traffic.service, 1.0)
            swing = traffic.wave * math.sin(world.tick / 300) + 0.02 * noise(
                world.seed, traffic.service, world.tick
            )
            demand = max(0.0, rate * (1 + swing))
            capacity = sum(world.capacity(service) for service in _serving(world, traffic.service))
            served = min(demand, capacity) * (1 - BASE_ERRORS)
            self.by_service[traffic.service] = (demand, served, capacity)
            latency = max(latency, _p99(traffic.p99_s, demand, capacity))
            _complain(world, traffic.service, demand, served)
        self.demand = sum(d for d, _, _ in self.by_service.values())
        self.served = sum(s for _, s, _ in self.by_service.values())
        self.capacity = sum(c for _, _, c in self.by_service.values())
        errors = 1 - self.served / self.demand if self.demand else 0.0
        self.error_rate += (errors - self.error_rate) * (SMOOTH if world.tick else 1.0)
        self.p99_s += (latency - self.p99_s) * (SMOOTH if world.tick else 1.0)

    def load_of(self, world: "World", machine: Machine) -> float:
        """GPU load of a node, 0 to 1."""
        if not machine.gpus:
            return 0.0
        busy = 0.0
        for service in world.services.values():
            mine = sum(1 for r in service.replicas if r.node == machine.name and r.ready)
            if mine:
                busy += mine * service.spec.gpus * self._load_of(service, reached=world.data_path(machine))
        return busy / machine.gpus

    def _load_of(self, service: Service, *, reached: bool) -> float:
        name = service.spec.labels.get("service", "")
        if name not in self.by_service:
            return service.spec.load
        demand, _, capacity = self.by_service[name]
        return 0.15 + 0.8 * min(1.0, demand / capacity) if reached and capacity else 0.02


def _serving(world: "World", name: str) -> list[Service]:
    return [s for s in world.services.values() if _serves(s, name)]


def _serves(service: Service, name: str) -> bool:
    return service.spec.labels.get("service") == name


def _p99(base: float, demand: float, capacity: float) -> float:
    """Latency grows with the load as in a queue, up to the time-out when requests are lost."""
    if demand <= 0:
        return base
    if capacity <= 0 or demand > 1.02 * capacity:
        return TIMEOUT_S
    load = min(0.98, demand / capacity)
    return min(TIMEOUT_S, base * (0.8 + 0.2 / (1 - load)))


def _complain(world: "World", service: str, demand: float, served: float) -> None:
    """A line of log for requests that fail."""
    lost = demand - served
    if lost > 0.01 * demand and world.tick % 3 == 0:
        reason = "no healthy upstream" if served < 0.01 * demand else "upstream overloaded"
        text = f"{service}: {lost:.0f} requests/s failed: {reason}, timeout after {TIMEOUT_S:.0f}s"
        # Each workload behind the service has it in its log; when none is left, only the gateway's says it.
        for name in [n for n, s in world.services.items() if _serves(s, service) and not s.over] or [""]:
            world.say("error", text, workload=name)
