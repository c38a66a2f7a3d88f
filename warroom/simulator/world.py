"""The simulated world: whole ticks of one second, in which everything follows from what is there."""

from datetime import datetime, timedelta

from warroom.simulator.alerting import Alerting
from warroom.simulator.chatter import chat
from warroom.simulator.faults import strike
from warroom.simulator.gpus import fail_again
from warroom.simulator.parts import LONG_AGO, Machine, Replica, Service, Spoken, noise
from warroom.simulator.placing import place_waiting
from warroom.simulator.scenario import Scenario, WorkloadSpec, expand
from warroom.simulator.traffic import Flow
from warroom.simulator.turning import note_turns

HEARTBEAT_S = 5
"""How often a node writes a heartbeat into its log and sends one to the control plane."""


class World:
    """A cluster at a tick. ``step`` moves it on by one second; commands change it between two ticks."""

    def __init__(self, scenario: Scenario, *, start: datetime, seed: int | None = None) -> None:
        self.scenario = scenario
        self.start = start
        self.seed = scenario.seed if seed is None else seed
        self.tick = 0
        self.machines: dict[str, Machine] = {
            name: Machine(name, rack.name, rack.switch, rack.gpus, rack.gpu_model)
            for rack in scenario.rack
            for name in expand(rack.nodes)
        }
        for rack in scenario.rack:
            for name, reason in rack.closed.items():
                self.machines[name].cordoned, self.machines[name].reason = True, reason
        self.switches: dict[str, bool] = {rack.switch: True for rack in scenario.rack}
        self.control_path = scenario.control.switch
        self.failing_over: int | None = None
        """Tick at which the control path will have moved."""
        self.services: dict[str, Service] = {}
        self.demand: dict[str, float] = {}
        """Factor on the traffic of a service."""
        self.flow = Flow()
        self.alerting = Alerting()
        self.spoken: list[Spoken] = []
        self._numbers: dict[str, int] = {}
        for spec in scenario.workload:
            self.add(spec)
        self._settle()

    def now(self, tick: int | None = None) -> datetime:
        """The time at a tick."""
        return self.start + timedelta(seconds=self.tick if tick is None else tick)

    def add(self, spec: WorkloadSpec) -> str:
        """A new workload; answers its id, which is its name, numbered when that is taken."""
        number = self._numbers.get(spec.name, 0) + 1
        while (name := spec.name if number == 1 else f"{spec.name}-{number}") in self.services:
            number += 1
        self._numbers[spec.name] = number
        self.services[name] = Service(spec, spec.replicas, self.tick, self.tick)
        return name

    def say(self, level: str, text: str, *, node: str = "", workload: str = "") -> None:
        """Write a line into the log of this tick."""
        self.spoken.append(Spoken(level, text, node, workload))

    def _settle(self) -> None:
        """The cluster has been running for long when the scenario begins."""
        for machine in self.machines.values():
            machine.heard = 0
        place_waiting(self)
        for service in self.services.values():
            for replica in service.replicas:
                if replica.node:
                    replica.ready, replica.ready_at, replica.warm_from = True, 0, LONG_AGO
        note_turns(self)
        self.flow.serve(self)
        self.warm(at_once=True)
        self.spoken.clear()

    def step(self) -> None:
        """One second passes."""
        self.tick += 1
        self.spoken = []
        for fault in self.scenario.fault:
            if fault.at_s == self.tick:
                strike(self, fault)
        self._move_control_path()
        self._heartbeats()
        fail_again(self)
        self._end_what_ends()
        place_waiting(self)
        self._become_ready()
        self.flow.serve(self)
        self.warm()
        chat(self)
        note_turns(self)
        self.alerting.evaluate(self)

    # What can be asked of the world.

    def data_path(self, machine: Machine) -> bool:
        """Whether traffic and logs get through to a node."""
        return machine.up and self.switches[machine.switch]

    def heard(self, machine: Machine) -> bool:
        """Whether the control plane has heard of a node recently: reported ready."""
        return self.tick - machine.heard <= self.scenario.control.timeout_s

    def free_gpus(self, machine: Machine) -> int:
        """GPUs of a node that nothing uses."""
        used = sum(s.spec.gpus for s in self.services.values() for r in s.replicas if r.node == machine.name)
        return machine.gpus - used

    def serving(self, service: Service) -> list[Replica]:
        """Replicas that requests reach."""
        return [r for r in service.replicas if r.ready and r.node and self.data_path(self.machines[r.node])]

    def capacity(self, service: Service) -> float:
        """Requests per second that the replicas requests reach can answer; caches that are cold cost some."""
        spec = service.spec
        serving = self.serving(service)
        if spec.cold == 1.0:
            return spec.capacity * len(serving)
        return spec.capacity * sum(self._warmth(spec, r) for r in serving)

    def _warmth(self, spec: WorkloadSpec, replica: Replica) -> float:
        """The part of its capacity that a replica has by now."""
        since = self.tick - replica.warm_from
        if since < 0 or since >= spec.warm_s:
            return 1.0
        return spec.cold + (1 - spec.cold) * since / spec.warm_s

    # What a second does.

    def _move_control_path(self) -> None:
        control = self.scenario.control
        if self.switches[self.control_path]:
            self.failing_over = None
            return
        if self.tick % 15 == 0:
            self.say("error", f"control path through {self.control_path} is down: heartbeats do not arrive")
        if not control.backup or self.control_path == control.backup:
            return
        behind = [m for m in self.machines.values() if m.switch == self.control_path]
        beyond = [m for m in self.machines.values() if m.switch == control.backup]
        out_of_service = all(m.cordoned for m in behind)
        usable = self.switches[control.backup] and not all(m.cordoned for m in beyond)
        if not (out_of_service and usable):
            if self.tick % 30 == 0:
                self.say(
                    "warn",
                    f"control path not moved to {control.backup}: the rack of {self.control_path} is not "
                    "out of service (all of its nodes cordoned)",
                )
            self.failing_over = None
        elif self.failing_over is None:
            self.failing_over = self.tick + control.fail_over_s
            self.say(
                "warn",
                f"rack of {self.control_path} out of service: moving the control path to {control.backup}",
            )
        elif self.tick >= self.failing_over:
            self.control_path = control.backup
            self.failing_over = None
            self.say("info", f"control path now goes through {control.backup}")

    def _heartbeats(self) -> None:
        arrives = self.switches[self.control_path]
        for number, machine in enumerate(self.machines.values()):
            if (self.tick + number) % HEARTBEAT_S or not self.data_path(machine):
                continue
            # The log goes over the data path, the heartbeat to the control plane over the control path.
            self.say("info", f"heartbeat ok seq={self.tick} rack={machine.rack}", node=machine.name)
            if arrives:
                if not self.heard(machine):
                    self.say("info", "node is heard of again", node=machine.name)
                machine.heard = self.tick
        for machine in self.machines.values():
            if self.tick - machine.heard == self.scenario.control.timeout_s + 1:
                self.say(
                    "error",
                    f"no heartbeat from {machine.name} for {self.scenario.control.timeout_s} s: not ready",
                )

    def _end_what_ends(self) -> None:
        for name, service in self.services.items():
            for replica in list(service.replicas):
                if replica.ending_at is not None and self.tick >= replica.ending_at:
                    self._end(name, service, replica)
            self._complete(name, service)

    def _end(self, name: str, service: Service, replica: Replica) -> None:
        machine = self.machines.get(replica.node or "")
        if machine is not None and not self.data_path(machine):
            # Nobody can tell a node that does not answer to end anything; only force forgets it.
            return
        service.replicas.remove(replica)
        self.say("info", f"{replica.name} ended", node=replica.node or "", workload=name)

    def _complete(self, name: str, service: Service) -> None:
        spec = service.spec
        if service.over:
            return
        if service.stopping and not service.replicas:
            service.over, service.reason = "stopped", "stopped"
        elif spec.duration_s and service.ran >= spec.duration_s and not service.stopping:
            service.over, service.reason = "completed", ""
            service.replicas.clear()
            self.say("info", f"{name} completed", workload=name)

    def _become_ready(self) -> None:
        for name, service in self.services.items():
            if service.desired and len(self.serving(service)) >= service.desired:
                service.ran += 1
            for replica in service.replicas:
                if replica.node is None or not self.data_path(self.machines[replica.node]):
                    continue
                if service.spec.broken and self.tick >= replica.ready_at:
                    self._crash(name, replica)
                elif not replica.ready and self.tick >= replica.ready_at and replica.ending_at is None:
                    replica.ready, replica.crashed = True, False
                    replica.warm_from = self.tick
                    self.say("info", f"{replica.name} is ready", node=replica.node, workload=name)

    def _crash(self, name: str, replica: Replica) -> None:
        replica.ready, replica.crashed = False, True
        replica.restarts += 1
        replica.ready_at = self.tick + min(60, 10 * replica.restarts)
        self.say(
            "fatal",
            f"{replica.name} exited with code 1: unhandled exception in start-up",
            node=replica.node or "",
            workload=name,
        )

    def warm(self, *, at_once: bool = False) -> None:
        """GPUs follow their load; their temperature does so slowly."""
        for machine in self.machines.values():
            load = self.flow.load_of(self, machine)
            machine.utilisation = round(
                max(0.0, min(1.0, load + 0.02 * noise(self.seed, machine.name, self.tick))), 4
            )
            if not machine.up:
                machine.utilisation = 0.0
            aim = 34 + 38 * machine.utilisation + noise(self.seed, "t", machine.name, self.tick // 5)
            part = 1.0 if at_once else 0.1
            machine.temperature = round(machine.temperature + (aim - machine.temperature) * part, 2)
