"""Clusters of any size in which one thing goes wrong, for tests and measurements of triage."""

import random

from warroom.simulator.scenario import Scenario, parse_scenario

AT = 30
"""The second at which it goes wrong."""

TOP = """
title = "{title}"
[control]
switch = "tor-0"
backup = "tor-1"
timeout_s = 10
{racks}
{workloads}
[[alert]]
name = "HighErrorRate"
metric = "error_rate"
above = 0.05
for_s = 10
severity = "critical"
summary = "more than 5 % of the requests fail"
[[alert]]
name = "HighLatency"
metric = "request_latency_p99"
above = 1.0
for_s = 10
summary = "p99 is above 1 s"
[[alert]]
name = "NodeNotReady"
metric = "node_not_ready"
above = 0
for_s = 5
severity = "critical"
summary = "node {{node}} is not ready"
{more}
"""
RACK = """
[[rack]]
name = "r{number}"
nodes = "n{number}-[01-{nodes:02d}]"
switch = "tor-{number}"
gpus = 4
gpu_model = "{model}"
"""
SERVICE = """
[[workload]]
name = "svc-{name}"
replicas = {replicas}
gpus = {gpus}
image = "hub.local/{name}:{version}"
priority = "high"
labels = {{ service = "{name}", critical = "true" }}
{selector}
capacity = 50.0
[[traffic]]
service = "{name}"
rate = {rate}
"""
BATCH = """
[[workload]]
name = "batch-{number}"
replicas = {replicas}
gpus = {gpus}
image = "hub.local/batch:7"
priority = "low"
labels = {{ priority = "low" }}
{extra}
"""
FAULT = """
[[fault]]
at_s = {at}
kind = "{kind}"
target = "{target}"
value = "{value}"
"""


def _cluster(title: str, *, racks: int, nodes: int, work: str, more: str) -> Scenario:
    every = "".join(
        RACK.format(number=n, nodes=nodes, model="h100" if n % 2 else "a100") for n in range(racks)
    )
    text = TOP.format(title=title, racks=every, workloads=work, more=more)
    return parse_scenario(text, file=f"{title}.toml", name=title)


def _services(*, selector: str = "", replicas: int = 6, gpus: int = 1) -> str:
    return "".join(
        SERVICE.format(
            name=name,
            replicas=replicas,
            gpus=gpus,
            version=version,
            selector=selector,
            rate=0.7 * 50 * replicas,
        )
        for name, version in (("ask", "2.4"), ("find", "8.1"), ("see", "0.9"))
    )


def _batch(number: int = 1, *, replicas: int = 4, gpus: int = 2, extra: str = "") -> str:
    return BATCH.format(number=number, replicas=replicas, gpus=gpus, extra=extra)


def _fault(kind: str, target: str, value: str = "", *, at: int = AT) -> str:
    return FAULT.format(at=at, kind=kind, target=target, value=value)


def shape(seed: int) -> dict[str, int]:
    """How many racks there are and how many nodes in each; no two seeds in a row are alike."""
    return {"racks": 3 + seed // 4 % 3, "nodes": 4 + seed // 2 % 4}


def cut_off(seed: int) -> Scenario:
    """The switch dies that carries all heartbeats, and the rack behind it holds all services."""
    work = _services(selector='selector = { rack = "r0" }', replicas=4) + _batch(
        extra='selector = { rack = "r1" }'
    )
    return _cluster("cut off", **shape(seed), work=work, more=_fault("switch_down", "tor-0"))


def rack_lost(seed: int) -> Scenario:
    """The switch of another rack dies: its nodes are gone, all others are well."""
    work = _services() + _batch()
    return _cluster("rack lost", **shape(seed), work=work, more=_fault("switch_down", "tor-1"))


def node_lost(seed: int) -> Scenario:
    """One node loses power, and an innocent deploy came shortly before."""
    node = random.Random(seed).randint(1, 4)
    more = _fault("deploy", "svc-find", "hub.local/find:8.2", at=AT - 12) + _fault(
        "node_down", f"n0-{node:02d}"
    )
    return _cluster("node lost", **shape(seed), work=_services() + _batch(), more=more)


def gpu_lost(seed: int) -> Scenario:
    """A GPU falls off the bus."""
    more = _fault("deploy", "svc-see", "hub.local/see:1.0", at=AT - 12) + _fault("gpu_xid", "n0-01")
    return _cluster("gpu lost", **shape(seed), work=_services() + _batch(), more=more)


def bad_deploy(seed: int) -> Scenario:
    """An image crashes; another service was deployed well shortly before."""
    name = random.Random(seed).choice(("ask", "see"))
    more = _fault("deploy", "svc-find", "hub.local/find:8.2", at=AT - 12)
    more += _fault("bad_deploy", f"svc-{name}", f"hub.local/{name}:99")
    return _cluster("bad deploy", **shape(seed), work=_services() + _batch(), more=more)


def starved(seed: int) -> Scenario:
    """Traffic grows beyond what there is, and low-priority work holds what is left."""
    size = shape(seed)
    free = size["racks"] * size["nodes"] * 4 - 3 * 6
    work = _services() + _batch(replicas=free, gpus=1)
    return _cluster("starved", **size, work=work, more=_fault("demand", "ask", "2.4"))


def wrong_alert(seed: int) -> Scenario:
    """An alert rule with a wrong limit fires while everything is well."""
    more = (
        '[[alert]]\nname = "ErrorsTooHigh"\nmetric = "error_rate"\nabove = 0.0001\nfor_s = 30\n'
        'severity = "critical"\nsummary = "too many requests fail"\n'
    )
    return _cluster("wrong alert", **shape(seed), work=_services() + _batch(), more=more)


def ordinary(seed: int) -> Scenario:
    """Deploys that come up, a batch job that completes, a little more traffic."""
    more = _fault("deploy", "svc-find", "hub.local/find:8.2") + _fault("demand", "ask", "1.1", at=200)
    more += _fault("deploy", "svc-ask", "hub.local/ask:2.5", at=320)
    work = _services() + _batch(extra="duration_s = 90") + _batch(2, replicas=1)
    return _cluster("ordinary", **shape(seed), work=work, more=more)
