"""Since when things are as they are: the newest turns of nodes and workloads, and what people changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from warroom.model.nouns import NodeState, WorkloadState
from warroom.state.changes import Change

DOWN: tuple[str, ...] = (NodeState.NOT_READY, NodeState.OFFLINE)
TROUBLED: tuple[str, ...] = (WorkloadState.FAILED, WorkloadState.DEGRADED)
READY: str = NodeState.READY
MADE = ("deploy", "scale", "selector", "new")
"""Changes that somebody made, in distinction to what befell."""


class Past(NamedTuple):
    """What the changes so far tell, by the name of what they are about."""

    down: dict[str, datetime]
    """Node -> since when it is reported down."""
    up: dict[str, datetime]
    """Node -> since when it is ready again."""
    broken: dict[str, int]
    """Workload -> the room time since which it is seen in trouble: the cluster's own word for when a
    workload changed is often that of its last start."""
    waiting: dict[str, int]
    """Workload -> the room time since which it runs with less than is wanted, or not at all."""
    touched: dict[str, datetime]
    """Workload -> when somebody last deployed, scaled, moved or submitted it."""
    lost_gpus: dict[str, Change]
    """Node -> how it lost GPUs."""
    turned: dict[str, int]
    """Node or workload -> the event that showed what it is in now."""
    configured: tuple[Change, ...]
    """Configurations of which the log says that they were changed; oldest first."""
    made: tuple[Change, ...]
    """What people changed, and nodes that were closed; oldest first."""


def past_of(changes: Iterable[Change]) -> Past:
    """Read the changes once, oldest first."""
    past = Past({}, {}, {}, {}, {}, {}, {}, (), ())
    made, configured = [], []
    for change in changes:
        kind, subject = change.kind, change.subject
        if kind == "node":
            _node_turned(past, change)
            past.turned[subject] = change.seq
        elif kind == "workload":
            past.turned[subject] = change.seq
            _keep_since(past.broken, change, TROUBLED)
            _keep_since(past.waiting, change, (*TROUBLED, WorkloadState.PENDING))
        elif kind in MADE:
            past.touched[subject] = change.time
            if kind == "new":
                past.waiting.setdefault(subject, change.room_ms)
            made.append(change)
        elif kind == "cordon":
            made.append(change)
        elif kind == "config":
            configured.append(change)
    return past._replace(made=tuple(made), configured=tuple(configured))


def _keep_since(since: dict[str, int], change: Change, states: tuple[str, ...]) -> None:
    if change.after in states:
        since.setdefault(change.subject, change.room_ms)
    else:
        since.pop(change.subject, None)


def _node_turned(past: Past, change: Change) -> None:
    if change.after in DOWN:
        past.down.setdefault(change.subject, change.time)
        past.up.pop(change.subject, None)
    elif change.after == READY:
        past.down.pop(change.subject, None)
        past.up[change.subject] = change.time
    elif change.after.endswith("GPUs"):
        if _number(change.after) < _number(change.before):
            past.lost_gpus[change.subject] = change
        else:
            past.lost_gpus.pop(change.subject, None)


def _number(text: str) -> int:
    digits = text.partition(" ")[0]
    return int(digits) if digits.isdigit() else 0
