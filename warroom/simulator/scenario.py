"""A scenario file: the cluster, its traffic, its alert rules and its faults (docs/scenarios.md)."""

import difflib
import re
import tomllib
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec

from warroom.errors import WarroomError
from warroom.model.text import neutral
from warroom.simulator.xids import WORDS

Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Amount = Annotated[float, msgspec.Meta(ge=0, le=1e9)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Rack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A failure domain: nodes behind one switch."""

    name: str
    nodes: str
    """Node names; ``gpu-[01-04]`` stands for four."""
    switch: str
    gpus: Count = 4
    """GPUs per node."""
    gpu_model: str = "a100"
    closed: dict[str, str] = {}
    """Nodes that are cordoned from the beginning, with the reason somebody wrote."""


class Control(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How heartbeats reach the control plane."""

    switch: str
    """Every heartbeat passes this switch."""
    backup: str = ""
    """The switch it passes instead once the first one's rack is out of service: all its nodes cordoned."""
    fail_over_s: Count = 15
    """How long the control path takes to move."""
    timeout_s: Count = 10
    """A node whose heartbeat is older is reported not ready."""


class WorkloadSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A service or a batch job."""

    name: str
    replicas: Count = 1
    gpus: Count = 1
    """Per replica."""
    image: str = ""
    priority: str = "normal"
    labels: dict[str, str] = {}
    """The label ``service`` names the traffic it serves; ``critical=true`` marks it."""
    selector: dict[str, str] = {}
    """Node labels it needs, such as ``rack = "rack1"``."""
    capacity: Amount = 0.0
    """Requests per second one replica can serve."""
    load: Share = 0.9
    """GPU load of a batch replica, 0 to 1; that of a service follows from its traffic."""
    duration_s: Count = 0
    """A batch job ends when all of it ran for that long; 0 means it never does."""
    start_s: Count = 8
    """How long a replica takes to become ready."""
    cold: Share = 1.0
    """The part of its capacity that a replica has when it just became ready: its caches are empty."""
    warm_s: Count = 0
    """How long its caches take to fill."""
    broken: bool = False
    """Its replicas crash after they started."""


class Traffic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Requests for one service."""

    service: str
    rate: Amount
    """Requests per second."""
    p99_s: Amount = 0.18
    """99th percentile of the latency while there is plenty of capacity."""
    wave: Share = 0.05
    """How far the rate swings, as a part of it."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An alert rule."""

    name: str
    metric: str
    """One of ``METRICS``; ``node_not_ready`` gives one alert per node."""
    above: float
    for_s: Count = 0
    severity: str = "warning"
    summary: str = ""


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line that is written into the log again and again and means nothing by itself."""

    text: str
    every_s: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 30
    level: Literal["debug", "info", "warn", "error"] = "warn"
    node: str = ""
    workload: str = ""


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that happens at a time of the scenario."""

    at_s: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
    kind: str
    """One of ``FAULTS``."""
    target: str = ""
    value: str = ""


FAULTS = {
    "switch_down": "the switch TARGET dies",
    "switch_up": "the switch TARGET is back",
    "node_down": "the node TARGET loses power",
    "node_up": "the node TARGET is back",
    "gpu_xid": "the driver of node TARGET reports the Xid VALUE; 79, the default, costs a GPU and what ran on it",
    "gpu_failing": "GPUs of the node TARGET fail again and again: every VALUE seconds an instance there crashes",
    "gpu_mended": "GPUs of the node TARGET are well again",
    "deploy": "workload TARGET gets the image VALUE",
    "bad_deploy": "workload TARGET gets the image VALUE, which crashes",
    "scale": "the owner of workload TARGET wants VALUE instances",
    "alert_limit": "the alert rule TARGET gets the limit VALUE",
    "demand": "traffic of service TARGET is multiplied by VALUE",
}
"""What can happen, with what it means."""


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole scenario file."""

    title: str
    rack: list[Rack]
    workload: list[WorkloadSpec]
    control: Control
    description: str = ""
    name: str = ""
    """The file's name; filled in by the reader."""
    seed: int = 1
    traffic: list[Traffic] = []
    alert: list[Rule] = []
    line: list[Line] = []
    fault: list[Fault] = []


RANGE = re.compile(r"(.*)\[(\d+)-(\d+)\](.*)")
METRICS = frozenset(
    (
        "error_rate",
        "request_latency_p99",
        "nodes_not_ready",
        "workloads_failed",
        "gpu_temperature",
        "node_not_ready",
    )
)
FACTOR = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
COUNT = re.compile(r"[0-9]{1,5}")
MOST_NODES = 20_000
MOST_REPLICAS = 1_000


def expand(names: str) -> list[str]:
    """``gpu-[01-04]`` as four names; a plain name as itself."""
    found = RANGE.fullmatch(names)
    if not found:
        return [names]
    head, first, last, tail = found.groups()
    numbers = range(int(first), min(int(last), int(first) + MOST_NODES) + 1)
    return [f"{head}{number:0{len(first)}d}{tail}" for number in numbers]


def parse_scenario(text: str, *, file: str, name: str) -> Scenario:
    """Read a scenario; raises ``WarroomError`` naming file, table and key."""
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise WarroomError(f"{file}: not valid TOML: {wrong}") from wrong
    try:
        scenario = msgspec.convert(_neutral(raw), Scenario)
    except msgspec.ValidationError as wrong:
        raise WarroomError(f"{file}: {_where(str(wrong))}") from wrong
    scenario = msgspec.structs.replace(scenario, name=str(neutral(name)))
    for sentence in _contradictions(scenario):
        raise WarroomError(f"{file}: {sentence}")
    return scenario


def _neutral(value: Any, key: str = "") -> Any:
    if isinstance(value, str):
        # Only the description may have several lines; a name with a line feed would break the rows it is in.
        return str(neutral(value.strip("\n"), "log" if key == "description" else "cell"))
    if isinstance(value, dict):
        return {str(neutral(name)): _neutral(inner, name) for name, inner in value.items()}
    return [_neutral(inner) for inner in value] if isinstance(value, list) else value


TABLES: dict[str, type[msgspec.Struct]] = {
    "rack": Rack,
    "control": Control,
    "workload": WorkloadSpec,
    "traffic": Traffic,
    "alert": Rule,
    "line": Line,
    "fault": Fault,
}


def _where(wrong: str) -> str:
    """Msgspec's ``... - at `$.rack[0].gpus` `` as table and key, with the nearest known key."""
    what, _, place = wrong.partition(" - at `$")
    found = re.search(r"unknown field `([^`]*)`", what)
    table = place.rstrip("`").lstrip(".") or "the top of the file"
    if found:
        known = [field.name for field in msgspec.structs.fields(TABLES.get(table.split("[")[0], Scenario))]
        near = difflib.get_close_matches(found.group(1), known, 1)
        return f"{table}: unknown key {found.group(1)}" + (f"; did you mean {near[0]}?" if near else "")
    return f"{table}: {what[0].lower()}{what[1:]}"


def _contradictions(scenario: Scenario) -> list[str]:
    return [*_cluster_trouble(scenario), *_rule_trouble(scenario), *_fault_trouble(scenario)]


def _cluster_trouble(scenario: Scenario) -> Iterator[str]:
    switches = {rack.switch for rack in scenario.rack}
    nodes = [name for rack in scenario.rack for name in expand(rack.nodes)]
    if not nodes:
        yield "rack: a cluster needs at least one node"
    if len(nodes) > MOST_NODES:
        yield f"rack.nodes: more than {MOST_NODES} nodes"
    if len(set(nodes)) != len(nodes):
        yield "rack.nodes: two racks name the same node"
    for rack in scenario.rack:
        if not expand(rack.nodes):
            yield f"rack {rack.name}: nodes = {rack.nodes!r} names no node"
        for node in sorted(rack.closed.keys() - set(expand(rack.nodes))):
            yield f"rack {rack.name}: closed names {node!r}, which is none of its nodes"
    for key, switch in (("switch", scenario.control.switch), ("backup", scenario.control.backup)):
        if switch not in switches and (switch or key == "switch"):
            yield f"control.{key}: no rack has the switch {switch!r}"
    names = [spec.name for spec in scenario.workload]
    for name in sorted({name for name in names if not name or names.count(name) > 1}):
        yield f"workload.name: {name!r} is empty or used twice"
    for spec in scenario.workload:
        if spec.replicas > MOST_REPLICAS:
            yield f"workload {spec.name}: more than {MOST_REPLICAS} replicas"


def _rule_trouble(scenario: Scenario) -> Iterator[str]:
    services = {spec.labels.get("service") for spec in scenario.workload}
    named = [traffic.service for traffic in scenario.traffic]
    for name in sorted({name for name in named if named.count(name) > 1}):
        yield f"traffic.service: {name!r} is used twice"
    for traffic in scenario.traffic:
        if traffic.service not in services:
            yield f"traffic.service: no workload has the label service = {traffic.service!r}"
    for rule in scenario.alert:
        if rule.metric not in METRICS:
            yield f"alert.metric: {rule.metric} is none of {', '.join(sorted(METRICS))}"
    workloads = {spec.name for spec in scenario.workload}
    nodes = {name for rack in scenario.rack for name in expand(rack.nodes)}
    for line in scenario.line:
        if line.node not in nodes | {""} or line.workload not in workloads | {""}:
            yield f"line: there is no node {line.node!r} or no workload {line.workload!r}"


def _wrong_value(fault: Fault) -> str:
    """What the value of a fault must be; empty when it is."""
    value = fault.value
    match fault.kind:
        case "demand":
            return "" if FACTOR.fullmatch(value) else 'a factor such as "1.5"'
        case "alert_limit":
            return "" if FACTOR.fullmatch(value) else 'a figure such as "0.05"'
        case "scale":
            good = COUNT.fullmatch(value) and int(value) <= MOST_REPLICAS
            return "" if good else f"a number up to {MOST_REPLICAS}"
        case "gpu_failing":
            return "" if not value or (COUNT.fullmatch(value) and int(value)) else 'seconds such as "5"'
        case "gpu_xid":
            return "" if value in ("", *WORDS) else f"one of {', '.join(WORDS)}"
        case _:
            return ""


def _fault_trouble(scenario: Scenario) -> Iterator[str]:
    nodes = {name for rack in scenario.rack for name in expand(rack.nodes)}
    workloads = {spec.name for spec in scenario.workload}
    targets = {
        "switch": {rack.switch for rack in scenario.rack},
        "node": nodes,
        "gpu": nodes,
        "deploy": workloads,
        "bad": workloads,
        "demand": {traffic.service for traffic in scenario.traffic},
        "scale": workloads,
        "alert": {rule.name for rule in scenario.alert},
    }
    for fault in scenario.fault:
        if fault.kind not in FAULTS:
            yield f"fault.kind: {fault.kind} is none of {', '.join(FAULTS)}"
        elif fault.target not in targets[fault.kind.split("_")[0]]:
            yield f"fault.target: {fault.kind} cannot hit {fault.target!r}, which the file does not have"
        elif wanted := _wrong_value(fault):
            yield f"fault.value: {fault.kind} needs {wanted}, not {fault.value!r}"
