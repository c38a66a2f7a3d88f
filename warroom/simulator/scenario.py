"""A scenario file: the cluster, its traffic, its alert rules, and what goes wrong when (docs/scenarios.md)."""

import difflib
import re
import tomllib
from typing import Any

import msgspec

from warroom.errors import WarroomError
from warroom.model.text import neutral


class Rack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A failure domain: nodes behind one switch."""

    name: str
    nodes: str
    """Node names; ``gpu-[01-04]`` stands for four."""
    switch: str
    gpus: int = 4
    """GPUs per node."""
    gpu_model: str = "a100"


class Control(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How heartbeats reach the control plane."""

    switch: str
    """Every heartbeat passes this switch."""
    backup: str = ""
    """The switch it passes instead once the first one's rack is out of service: all its nodes cordoned."""
    fail_over_s: int = 15
    """How long the control path takes to move."""
    timeout_s: int = 10
    """A node whose heartbeat is older is reported not ready."""


class WorkloadSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A service or a batch job."""

    name: str
    replicas: int = 1
    gpus: int = 1
    """Per replica."""
    image: str = ""
    priority: str = "normal"
    labels: dict[str, str] = {}
    """The label ``service`` names the traffic it serves; ``critical=true`` marks it."""
    selector: dict[str, str] = {}
    """Node labels it needs, such as ``rack = "rack1"``."""
    capacity: float = 0.0
    """Requests per second one replica can serve."""
    load: float = 0.9
    """GPU load of a batch replica, 0 to 1; that of a service follows from its traffic."""
    duration_s: int = 0
    """A batch job ends after that long; 0 means it never does."""
    start_s: int = 8
    """How long a replica takes to become ready."""
    broken: bool = False
    """Its replicas crash after they started."""


class Traffic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Requests for one service."""

    service: str
    rate: float
    """Requests per second."""
    p99_s: float = 0.18
    """99th percentile of the latency while there is plenty of capacity."""
    wave: float = 0.05
    """How far the rate swings, as a part of it."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An alert rule."""

    name: str
    metric: str
    """``error_rate``, ``request_latency_p99``, ``nodes_not_ready``, ``workloads_failed``, ``gpu_temperature`` or
    ``node_not_ready`` (one alert per node)."""
    above: float
    for_s: int = 0
    severity: str = "warning"
    summary: str = ""


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that happens at a time of the scenario."""

    at_s: int
    kind: str
    """One of ``FAULTS``."""
    target: str = ""
    value: str = ""


FAULTS = {
    "switch_down": "the switch TARGET dies",
    "switch_up": "the switch TARGET is back",
    "node_down": "the node TARGET loses power",
    "node_up": "the node TARGET is back",
    "deploy": "workload TARGET gets the image VALUE",
    "bad_deploy": "workload TARGET gets the image VALUE, which crashes",
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
    fault: list[Fault] = []


RANGE = re.compile(r"(.*)\[(\d+)-(\d+)\](.*)")
METRICS = frozenset(
    "error_rate request_latency_p99 nodes_not_ready workloads_failed gpu_temperature node_not_ready".split()
)
MOST_NODES = 20_000


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
    except tomllib.TOMLDecodeError as wrong:
        raise WarroomError(f"{file}: not valid TOML: {wrong}") from wrong
    try:
        scenario = msgspec.convert(_neutral(raw), Scenario)
    except msgspec.ValidationError as wrong:
        raise WarroomError(f"{file}: {_where(str(wrong))}") from wrong
    scenario = msgspec.structs.replace(scenario, name=name)
    for sentence in _contradictions(scenario):
        raise WarroomError(f"{file}: {sentence}")
    return scenario


def _neutral(value: Any) -> Any:
    if isinstance(value, str):
        return str(neutral(value.strip("\n"), "log" if "\n" in value else "cell"))
    if isinstance(value, dict):
        return {str(neutral(key)): _neutral(inner) for key, inner in value.items()}
    return [_neutral(inner) for inner in value] if isinstance(value, list) else value


def _where(wrong: str) -> str:
    """msgspec's ``... - at `$.rack[0].gpus` `` as table and key, with the nearest known key for an unknown one."""
    what, _, place = wrong.partition(" - at `$")
    found = re.search(r"unknown field `([^`]*)`", what)
    table = place.rstrip("`").lstrip(".") or "the top of the file"
    if found:
        known = sorted({f.name for s in (Scenario, Rack, Control, WorkloadSpec, Traffic, Rule, Fault) for f in msgspec.structs.fields(s)})
        near = difflib.get_close_matches(found.group(1), known, 1)
        return f"{table}: unknown key {found.group(1)}" + (f"; did you mean {near[0]}?" if near else "")
    return f"{table}: {what[0].lower()}{what[1:]}"


def _contradictions(scenario: Scenario) -> list[str]:
    switches = {rack.switch for rack in scenario.rack}
    nodes = [name for rack in scenario.rack for name in expand(rack.nodes)]
    workloads = {spec.name for spec in scenario.workload}
    services = {spec.labels.get("service") for spec in scenario.workload}
    wrong: list[str] = []
    if len(set(nodes)) != len(nodes):
        wrong.append("rack.nodes: two racks name the same node")
    if not nodes:
        wrong.append("rack: a cluster needs at least one node")
    for key, switch in (("switch", scenario.control.switch), ("backup", scenario.control.backup)):
        if switch and switch not in switches:
            wrong.append(f"control.{key}: no rack has the switch {switch}")
    wrong += [f"alert.metric: {r.metric} is none of {', '.join(sorted(METRICS))}" for r in scenario.alert if r.metric not in METRICS]
    wrong += [f"traffic.service: no workload has the label service = {t.service!r}" for t in scenario.traffic if t.service not in services]
    wrong += [f"workload {s.name}: replicas and gpus must not be negative" for s in scenario.workload if s.replicas < 0 or s.gpus < 0]
    targets: dict[str, set[Any]] = {"switch": switches, "node": set(nodes), "deploy": workloads, "bad": workloads, "demand": services}
    for fault in scenario.fault:
        if fault.kind not in FAULTS:
            wrong.append(f"fault.kind: {fault.kind} is none of {', '.join(FAULTS)}")
        elif fault.target not in targets[fault.kind.split("_")[0]]:
            wrong.append(f"fault.target: {fault.kind} cannot hit {fault.target!r}, which the file does not have")
    return wrong
