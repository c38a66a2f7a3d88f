"""Turns what slurmrestd lists of nodes into nodes."""

from collections.abc import Mapping
from typing import Any

from warroom.errors import Unreadable
from warroom.model.nouns import Node, NodeName, NodeState
from warroom.model.text import Safe, neutral
from warroom.sources.names import distinct, rack_of
from warroom.sources.slurm.parse_fields import gpus, listed, number, text, words

BASES = {"idle", "mixed", "allocated", "down", "error", "future", "unknown", "reserved"}
"""States; everything beside the first of them in a list of states is a flag."""
GIVEN_UP = {"POWERED_DOWN", "POWERING_DOWN", "POWER_DOWN"}
SILENT = {"NOT_RESPONDING", "NO_RESPOND", "INVALID_REG", "INVALID", "REBOOT_ISSUED"}
CLOSED = {"DRAIN", "DRAINED", "DRAINING", "FAIL", "FAILING"}


def parse_nodes(answer: Any) -> dict[NodeName, Node]:
    """All nodes of a listing, by the name they are shown under; raises ``Unreadable``."""
    names = node_names(answer)
    nodes = [parse_node(raw, names[text(raw, "name")]) for raw in listed(answer, "nodes")]
    return {node.name: node for node in nodes}


def node_names(answer: Any) -> dict[str, NodeName]:
    """The name each node is shown under, by Slurm's own; raises ``Unreadable``."""
    raw_names = [text(raw, "name") for raw in listed(answer, "nodes")]
    if not all(raw_names):
        raise Unreadable("a Slurm node", field="name", why="missing")
    return {raw: NodeName(shown) for raw, shown in distinct(raw_names).items()}


def parse_node(raw: Mapping[str, Any], name: NodeName) -> Node:
    """One node; raises ``Unreadable`` naming the field."""
    base, flags = _state(raw)
    features = tuple(str(neutral(feature)) for feature in words(raw, "features"))
    partitions = tuple(str(neutral(partition)) for partition in words(raw, "partitions"))
    has, used = gpus(text(raw, "gres")), gpus(text(raw, "gres_used"))
    rack = rack_of(features)
    labels = {feature: "true" for feature in features if feature != rack}
    if len(partitions) > 1:
        labels["partitions"] = ",".join(partitions)
    return Node(
        name,
        _health(base, flags),
        cordoned=bool(CLOSED & flags),
        native=Safe("+".join([neutral(base), *sorted(str(neutral(flag)) for flag in flags)])),
        reason=neutral(text(raw, "reason")),
        rack=rack,
        pool=partitions[0] if partitions else "",
        gpu_model=str(neutral(has[0])) if has else "",
        gpus=has[1] if has else None,
        gpus_used=(used[1] if used else 0) if has else None,
        cpus=number(raw, "cpus"),
        cpus_used=number(raw, "alloc_cpus"),
        labels=labels,
    )


def _state(raw: Mapping[str, Any]) -> tuple[str, set[str]]:
    """The state and its flags: a text with flags beside it until 0.0.38, one list of both after it."""
    given = words(raw, "state")
    base = next((word.lower() for word in given if word.lower() in BASES), "unknown")
    strangers = {word.upper() for word in given if word.lower() != base}
    return base, strangers | {flag.upper() for flag in words(raw, "state_flags")}


def _health(base: str, flags: set[str]) -> NodeState:
    if base in ("down", "error") or flags & GIVEN_UP:
        return NodeState.OFFLINE
    if flags & SILENT:
        return NodeState.NOT_READY
    if base in ("unknown", "future"):
        return NodeState.UNKNOWN
    return NodeState.READY
