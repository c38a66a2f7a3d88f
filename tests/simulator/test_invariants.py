"""Whatever is done and whatever breaks: the simulated cluster stays a cluster."""

from collections import Counter

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.simulator.wishes import faults, requests
from tests.simulator.worlds import small
from warroom.model.requests import Request
from warroom.simulator.commands import land
from warroom.simulator.faults import strike
from warroom.simulator.scenario import Fault
from warroom.simulator.showing import instances_of, lines_of, node_of, samples_of, workload_of
from warroom.simulator.traffic import TIMEOUT_S
from warroom.simulator.world import World

ROUNDING = 1e-9


def check_step(world: World, before: dict[str, str | None]) -> None:
    """What must hold after a second, given where each instance was before it."""
    for service in world.services.values():
        staying = [r for r in service.replicas if r.ending_at is None]
        wanted = 0 if service.over or service.stopping else service.desired
        assert len(staying) == wanted, "an instance was lost, or one too many was made"
        assert not (service.over and service.replicas), "a workload that is over still has instances"
        for replica in service.replicas:
            if replica.node is not None and before.get(replica.name) != replica.node:
                machine = world.machines[replica.node]
                assert not machine.cordoned, "an instance came to a cordoned node"
                assert world.heard(machine), "an instance came to a node that is reported not ready"
                assert all(machine.labels.get(k) == v for k, v in service.spec.selector.items())


def check_traffic(world: World) -> None:
    """Requests are answered by replicas that are ready and reached, and by nobody else."""
    for name, (demand, served, capacity) in world.flow.by_service.items():
        reached = [
            s.spec.capacity
            for s in world.services.values()
            if s.spec.labels.get("service") == name
            for r in s.replicas
            if r.ready
            and r.node
            and world.machines[r.node].up
            and world.switches[world.machines[r.node].switch]
        ]
        assert capacity == sum(reached)
        assert 0 <= served <= min(demand, capacity) + ROUNDING
    assert 0 <= world.flow.error_rate <= 1
    assert 0 <= world.flow.p99_s <= TIMEOUT_S


class AnyCourseOfEvents(RuleBasedStateMachine):
    """Commands and faults in any order, with time between them."""

    def __init__(self) -> None:
        super().__init__()
        self.world = small()
        self.operations = 0

    @rule(request=requests)
    def somebody_acts(self, request: Request) -> None:
        self.operations += 1
        landed = land(self.world, request, f"op{self.operations}")
        assert landed.detail, "a command went unanswered"
        assert landed.done or not landed.created

    @rule(fault=faults)
    def something_breaks_or_is_mended(self, fault: Fault) -> None:
        strike(self.world, fault)

    @rule(seconds=st.integers(1, 25))
    def time_passes(self, seconds: int) -> None:
        for _ in range(seconds):
            before = {r.name: r.node for s in self.world.services.values() for r in s.replicas}
            self.world.step()
            check_step(self.world, before)
            check_traffic(self.world)

    @invariant()
    def no_node_runs_more_than_it_has_room_for(self) -> None:
        for machine in self.world.machines.values():
            assert self.world.free_gpus(machine) >= 0
            assert 0 <= machine.utilisation <= 1
            assert 0 < machine.temperature < 120

    @invariant()
    def every_instance_is_one_of_its_kind_on_a_node_that_matches(self) -> None:
        names = Counter(r.name for s in self.world.services.values() for r in s.replicas)
        assert set(names.values()) <= {1}
        for name, service in self.world.services.items():
            for replica in service.replicas:
                assert replica.service == name
                if replica.node is None:
                    assert not replica.ready
                    continue
                labels = self.world.machines[replica.node].labels
                assert all(labels.get(key) == value for key, value in service.spec.selector.items())

    @invariant()
    def all_of_it_can_be_shown_and_stored(self) -> None:
        world = self.world
        shown = [
            [node_of(world, machine) for machine in world.machines.values()],
            [workload_of(world, name, service) for name, service in world.services.items()],
            [i for name, service in world.services.items() for i in instances_of(world, name, service)],
            world.alerting.shown(),
            samples_of(world, world.now()),
            lines_of(world),
        ]
        assert msgspec.msgpack.encode(shown)


TestAnyCourseOfEvents = AnyCourseOfEvents.TestCase
TestAnyCourseOfEvents.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
