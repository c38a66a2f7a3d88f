"""What several nodes or workloads that are in trouble have in common, and others have not."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from warroom.model.nouns import Labels, Node, Workload
from warroom.response.sentences import placed
from warroom.response.triage.picture import Picture

WHOLE = 0.75
"""From that part on a group is counted as whole: of what is observed some is always missing."""
LEAST = 2
OTHERS = 500
"""Of the workloads that are well so many are compared with."""
TOGETHER_S = 120
"""Deploys within that time of one another are one."""


def _switch(node: Node) -> str:
    return node.labels.get("switch", "")


PLACES: tuple[tuple[str, Callable[[Node], str]], ...] = (
    ("switch", _switch),
    ("rack", attrgetter("rack")),
    ("zone", attrgetter("zone")),
    ("pool", attrgetter("pool")),
    ("gpu", attrgetter("gpu_model")),
)
"""What groups nodes, the narrowest cause first; the names are those of node labels where there are such."""


class Factor(NamedTuple):
    """A group that those in trouble are all in."""

    kind: str
    value: str
    hit: int
    """How many of the group are in trouble."""
    size: int
    """How many the group has."""

    @property
    def whole(self) -> bool:
        """Nearly all of the group is in trouble."""
        return self.hit >= LEAST and self.hit >= WHOLE * self.size

    @property
    def words(self) -> str:
        """``rack 7 (4 of 4)``."""
        return f"{placed(self.kind, self.value)} ({self.hit} of {self.size})"

    @property
    def labels(self) -> Labels:
        """The group as a node selector."""
        return {self.kind: self.value}


def node_factor(nodes: Sequence[Node], picture: Picture) -> Factor | None:
    """The narrowest group that all these nodes are in and that does not hold the whole cluster."""
    if len(nodes) < LEAST or len(nodes) == len(picture.state.cluster.nodes):
        return None
    for kind, of in PLACES:
        value = of(nodes[0])
        if value and all(of(n) == value for n in nodes):
            size = picture.sizes(kind, of)[value]
            if size < len(picture.state.cluster.nodes):
                return Factor(kind, value, len(nodes), size)
    return None


def grouped(nodes: Sequence[Node], picture: Picture) -> list[Factor]:
    """Switches, else racks, of which nearly all nodes are among these."""
    for kind, of in PLACES[:2]:
        hit = Counter(map(of, nodes))
        hit.pop("", None)
        if hit and max(hit.values()) >= LEAST:
            sizes = picture.sizes(kind, of)
            found = [f for v, n in sorted(hit.items()) if (f := Factor(kind, v, n, sizes[v])).whole]
            if found:
                return found
    return []


def workload_factor(workloads: Sequence[Workload], picture: Picture) -> str:
    """What these workloads have in common, in words; empty for nothing that tells them from others."""
    if len(workloads) < LEAST:
        return ""
    chosen = {w.id for w in workloads}
    running = [w for w in picture.state.cluster.workloads.values() if w.ready and w.id not in chosen]
    on = [_nodes_of(w, picture) for w in workloads]
    for kind, of in PLACES:
        values = {of(n) for nodes in on for n in nodes}
        if len(values) != 1 or not all(on) or not (value := values.pop()):
            continue
        if not any(of(n) == value for w in running[:OTHERS] for n in _nodes_of(w, picture)):
            return placed(kind, value)
    images = {str(w.image) for w in workloads}
    if len(images) == 1 and (image := images.pop()) and all(w.image != image for w in running):
        return f"image {image}"
    deployed = [w.deployed for w in workloads if w.deployed is not None]
    if len(deployed) == len(workloads) and _span(deployed) <= TOGETHER_S:
        return f"deployed at {min(deployed):%H:%M:%S}Z"
    return ""


def _nodes_of(workload: Workload, picture: Picture) -> list[Node]:
    nodes = picture.state.cluster.nodes
    return [nodes[n] for n in workload.nodes if n in nodes]


def _span(times: Sequence[datetime]) -> float:
    return (max(times) - min(times)).total_seconds()
