"""Builders for worlds under test."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from warroom.model.requests import Request
from warroom.resources import scenario_files
from warroom.simulator.check import read_scenario
from warroom.simulator.commands import Landed, land
from warroom.simulator.scenario import Scenario, parse_scenario
from warroom.simulator.world import World

START = datetime(2026, 1, 31, 14, 0, tzinfo=UTC)

SMALL = """
title = "two racks of two nodes"
[control]
switch = "sw1"
backup = "sw2"
fail_over_s = 4
timeout_s = 6
[[rack]]
name = "rack1"
nodes = "n[1-2]"
switch = "sw1"
gpus = 3
[[rack]]
name = "rack2"
nodes = "n[3-4]"
switch = "sw2"
gpus = 4
gpu_model = "h100"
[[workload]]
name = "api"
replicas = 3
labels = { service = "web", critical = "true" }
priority = "high"
capacity = 40.0
start_s = 2
[[workload]]
name = "batch"
replicas = 2
gpus = 2
priority = "low"
duration_s = 40
selector = { rack = "rack2" }
[[traffic]]
service = "web"
rate = 90.0
[[alert]]
name = "Errors"
metric = "error_rate"
above = 0.05
for_s = 3
severity = "critical"
summary = "requests fail"
[[alert]]
name = "NodeNotReady"
metric = "node_not_ready"
above = 0
summary = "{node} is not ready"
"""


@cache
def shipped(name: str) -> Scenario:
    """A shipped scenario by its name."""
    return read_scenario(next(path for path in scenario_files() if path.stem == name))


def small(extra: str = "", *, seed: int = 1) -> World:
    """The small cluster, with more tables at its end."""
    return World(parse_scenario(SMALL + extra, file="small.toml", name="small"), start=START, seed=seed)


def shipped_world(name: str, *, seed: int | None = None) -> World:
    """A shipped scenario at its beginning."""
    return World(shipped(name), start=START, seed=seed)


def pass_time(world: World, seconds: int) -> World:
    """Let whole seconds pass."""
    for _ in range(seconds):
        world.step()
    return world


def waited(world: World, until: Callable[[World], bool], *, most: int) -> int:
    """The seconds until something holds; fails when it does not hold in time."""
    for second in range(most + 1):
        if until(world):
            return second
        world.step()
    raise AssertionError(f"did not happen within {most} s")


def command(world: World, request: Request) -> Landed:
    """Carry out a command now; it must be accepted."""
    landed = land(world, request, f"op-{world.tick}")
    assert landed.done, landed.detail
    return landed


def placed_on(world: World, workload: str) -> list[str]:
    """The nodes a workload's instances are on, sorted; those without one are left out."""
    return sorted(r.node for r in world.services[workload].replicas if r.node)
