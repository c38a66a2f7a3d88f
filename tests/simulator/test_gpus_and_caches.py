"""GPUs that fail, programs that make mistakes, caches that are cold: what each costs in the simulated cluster."""

import pytest

from tests.simulator.worlds import SMALL, START, command, pass_time, placed_on, small
from warroom.model.nouns import AlertState, NodeName, WorkloadId
from warroom.model.requests import Drain, Stop, Submit
from warroom.simulator.faults import strike
from warroom.simulator.scenario import Fault, parse_scenario
from warroom.simulator.world import World

N1 = NodeName("n1")
API = WorkloadId("api")
COLD = SMALL.replace("start_s = 2", "start_s = 2\ncold = 0.5\nwarm_s = 20")


def said(world: World, seconds: int) -> list[str]:
    """What is written while time passes."""
    lines: list[str] = []
    for _ in range(seconds):
        world.step()
        lines += [f"{line.node}: {line.text}" for line in world.spoken]
    return lines


def cold() -> World:
    return World(parse_scenario(COLD, file="cold.toml", name="cold"), start=START, seed=1)


def test_a_failing_gpu_ends_what_runs_on_its_node_again_and_again_until_the_node_is_empty() -> None:
    world = small()
    strike(world, Fault(1, "gpu_failing", "n1", "4"))
    lines = said(world, 20)
    assert sum("n1: NVRM: Xid" in line and "): 48, Double Bit ECC" in line for line in lines) == 5
    assert sum(r.restarts for r in world.services["api"].replicas) == 5
    assert placed_on(world, "api") == ["n1", "n1", "n1"], "it starts again where it is"
    command(world, Drain((N1,), grace_s=1))
    pass_time(world, 5)
    before = sum(r.restarts for r in world.services["api"].replicas)
    assert not any("Xid" in line for line in said(world, 30)), "nothing runs there that could fail"
    assert sum(r.restarts for r in world.services["api"].replicas) == before


def test_a_mended_gpu_fails_no_more() -> None:
    world = small()
    strike(world, Fault(1, "gpu_failing", "n1", "4"))
    pass_time(world, 10)
    strike(world, Fault(1, "gpu_mended", "n1"))
    assert not any("Xid" in line for line in said(world, 30))
    assert all(r.ready for r in world.services["api"].replicas)


def test_the_mistake_of_a_program_ends_the_least_important_one_and_costs_no_gpu() -> None:
    world = small('[[workload]]\nname = "trial"\npriority = "low"\n')
    node = placed_on(world, "trial")[0]
    gpus = world.machines[node].gpus
    strike(world, Fault(1, "gpu_xid", node, "31"))
    assert world.machines[node].gpus == gpus
    assert [r.crashed for r in world.services["trial"].replicas] == [True]
    assert not any(r.crashed for r in world.services["api"].replicas)
    pass_time(world, 12)
    assert [r.ready for r in world.services["trial"].replicas] == [True]


@pytest.mark.parametrize("number", ["63", "92", "94"])
def test_an_error_that_was_corrected_is_a_line_and_nothing_else(number: str) -> None:
    world = small()
    strike(world, Fault(1, "gpu_xid", "n1", number))
    assert any(f"): {number}," in line.text for line in world.spoken)
    assert world.machines["n1"].gpus == 3
    assert not any(r.crashed for s in world.services.values() for r in s.replicas)


def test_what_starts_anew_has_cold_caches_and_answers_less_until_they_are_warm() -> None:
    world = cold()
    service = world.services["api"]
    assert world.capacity(service) == 120.0
    command(world, Stop((API,), force=True))
    name = command(world, Submit("api-2", like=API)).created[0]
    fresh = world.services[name]
    pass_time(world, 4)
    assert 60.0 <= world.capacity(fresh) < 80.0
    pass_time(world, 10)
    assert 80.0 < world.capacity(fresh) < 110.0
    pass_time(world, 20)
    assert world.capacity(fresh) == 120.0


def test_a_good_deploy_makes_one_cold_instance_after_the_other_and_none_is_missing() -> None:
    world = cold()
    strike(world, Fault(1, "deploy", "api", "web:9"))
    least = 120.0
    for _ in range(40):
        world.step()
        assert len(world.serving(world.services["api"])) == 3
        least = min(least, world.capacity(world.services["api"]))
    assert 60.0 < least < 115.0
    assert world.capacity(world.services["api"]) == 120.0


def test_an_owner_who_wants_more_gets_it_where_there_is_room() -> None:
    world = small()
    strike(world, Fault(1, "scale", "api", "5"))
    pass_time(world, 10)
    assert len(world.serving(world.services["api"])) == 5


def test_a_changed_limit_of_an_alert_rule_makes_it_fire_while_all_is_well() -> None:
    world = pass_time(small(), 10)
    assert not world.alerting.shown()
    strike(world, Fault(1, "alert_limit", "Errors", "0.0001"))
    pass_time(world, 5)
    assert [a.name for a in world.alerting.shown() if a.state is AlertState.FIRING] == ["Errors"]
    assert world.flow.error_rate < 0.01


def test_a_node_that_is_closed_from_the_beginning_has_its_reason_and_no_work() -> None:
    text = SMALL.replace("gpu_model", 'closed = { "n4" = "new fan" }\ngpu_model')
    world = World(parse_scenario(text, file="f.toml", name="f"), start=START, seed=1)
    assert (world.machines["n4"].cordoned, world.machines["n4"].reason) == (True, "new fan")
    assert not any(r.node == "n4" for s in world.services.values() for r in s.replicas)


def test_a_line_is_written_again_and_again_but_not_by_a_node_that_is_off() -> None:
    world = small('[[line]]\ntext = "slow lookup"\nevery_s = 5\nnode = "n1"\n')
    assert said(world, 10).count("n1: slow lookup") == 2
    strike(world, Fault(1, "node_down", "n1"))
    assert said(world, 10).count("n1: slow lookup") == 0
