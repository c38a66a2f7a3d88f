"""What is measured of single nodes, and how a measured node is marked in a grid; pure."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from warroom.model.nouns import Node, NodeState
from warroom.state.slices import Series, State, series_key
from warroom.views.ages import figure
from warroom.views.lines import line
from warroom.views.rows import Line

COLOURS = ("state", "load", "gpu_temperature", "gpu_utilization")
"""What the tiles of a grid can show, in the order a key goes through them."""
NAMES = {"load": "load", "gpu_temperature": "GPU temperature", "gpu_utilization": "GPU use"}
UNITS = {"gpu_temperature": "celsius", "gpu_utilization": "percent"}
HOT, WARM = 85.0, 75.0
"""Degrees Celsius; the indicator's own threshold goes before."""
IDLE, FULL = 10.0, 95.0
"""Percent."""
OLD = timedelta(minutes=2)
"""A value that much older than the newest of its kind says nothing of now."""
BY = ("node", "instance")
"""Labels that name a node, with or without a port."""
NODE_ROLES = {NodeState.NOT_READY: "critical", NodeState.OFFLINE: "lost", NodeState.UNKNOWN: "unknown"}


class Mark(msgspec.Struct, frozen=True, gc=False):
    """How a node is drawn: what it means, and a digit in place of the meaning's glyph."""

    role: str
    sign: str = ""


STANDING = {role: Mark(role) for role in ("critical", "lost", "unknown", "warning", "ok")}
"""The marks of nodes that show their state."""


def role_of(node: Node) -> str:
    """How bad a node is: the states of a cell, worst first, are critical, lost, unknown, warning, ok."""
    return NODE_ROLES.get(node.state) or ("warning" if node.cordoned else "ok")


def load_of(node: Node) -> float | None:
    """The larger share of its CPUs and its GPUs that is in use, in percent; None when neither is reported."""
    shares = [
        100 * used / whole
        for used, whole in ((node.cpus_used, node.cpus), (node.gpus_used, node.gpus))
        if used is not None and whole
    ]
    return max(shares, default=None)


class Measures:
    """The newest value of one metric by node."""

    def __init__(self, state: State, metric: str) -> None:
        self.metric = metric
        indicator = next((i for i in state.metrics.indicators if i.metric == metric), None)
        self.threshold = indicator.threshold if indicator is not None else None
        self._series = state.metrics.series
        whole = self._series.get(metric)
        self._newest = whole.points[-1].time if whole is not None and whole.points else None
        self._by_name: dict[str, Series] | None = None

    def of(self, node: Node) -> float | None:
        """Its value, if it is one of now."""
        series = self._series.get(series_key(self.metric, {"node": node.name})) or self._named().get(
            node.name
        )
        if series is None or not series.points:
            return None
        point = series.points[-1]
        old = self._newest is not None and point.time < self._newest - OLD
        return None if old else point.value

    def _named(self) -> Mapping[str, Series]:
        """Those that a server labels otherwise, such as ``instance=gpu-01:9400``."""
        if self._by_name is None:
            mine = (s for s in self._series.values() if s.metric == self.metric and "node" not in s.labels)
            self._by_name = {
                s.labels["instance"].partition(":")[0]: s for s in mine if "instance" in s.labels
            }
        return self._by_name


def mark_of(node: Node, colour: str, measures: Measures | None) -> Mark:
    """A node that is not as it should be shows that, whatever else is asked for."""
    role = role_of(node)
    if colour == "state" or role in ("critical", "lost"):
        return STANDING[role]
    value = load_of(node) if measures is None else measures.of(node)
    if value is None or value != value:
        return Mark("unknown")
    tens = str(max(0, min(9, int(value // 10))))
    if measures is not None and colour == "gpu_temperature":
        hot = measures.threshold if measures.threshold is not None else HOT
        return Mark("critical" if value >= hot else "warning" if value >= hot - (HOT - WARM) else "ok", tens)
    return Mark("muted" if value < IDLE else "info" if value >= FULL else "ok", tens)


def scale_line(state: State, colour: str) -> Line:
    """What the digits and colours of a grid mean."""
    if colour not in NAMES:
        return line()
    head = f"{NAMES[colour]}, digit ×10 {'°C' if colour == 'gpu_temperature' else '%'}: "
    if colour == "gpu_temperature":
        threshold = Measures(state, colour).threshold
        hot = HOT if threshold is None else threshold
        scale = ((f"{hot - (HOT - WARM):.0f}+ warm ", "warning"), (f"{hot:.0f}+ hot ", "critical"))
    else:
        scale = ((f"<{IDLE:.0f} idle ", "muted"), (f"{FULL:.0f}+ full ", "info"))
    return line((head, "muted"), *scale, ("◌ not measured", "unknown"))


def measured_lines(state: State, node: Node) -> list[Line]:
    """The figures of one node that are of now."""
    lines = []
    for metric, name in NAMES.items():
        if metric not in UNITS:
            continue
        value = Measures(state, metric).of(node)
        if value is not None:
            lines.append(line((f"{name} ", "muted"), figure(value, UNITS[metric])))
    share = load_of(node)
    if share is not None:
        lines.append(line(("load ", "muted"), f"{share:.0f}% of its CPUs or GPUs in use"))
    return lines
