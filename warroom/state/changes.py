"""Folds what changed and when: deploys, scaling, nodes, closing and opening, in the order it was seen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from warroom.events.base import Event
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.events.envelope import Envelope
from warroom.model.nouns import Node, Time, Workload
from warroom.model.text import Safe
from warroom.state.signals import Sign

if TYPE_CHECKING:
    from warroom.state.slices import ClusterSlice

KEPT = 1_000
"""Changes kept; older ones are read from the recording."""


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is different from before."""

    kind: str
    """``deploy``, ``new``, ``scale``, ``selector``, ``workload``, ``node``, ``cordon``, ``uncordon``, or ``config``:
    what a log says was loaded or deployed."""
    subject: str
    """The workload's id or the node's name; the source's where a log names neither."""
    before: Safe
    after: Safe
    time: Time
    """When it changed by the cluster's own word, else when it was seen."""
    room_ms: int
    seq: int


class ChangesSlice(msgspec.Struct):
    """The newest changes, oldest first; bounded."""

    revision: int = 0
    changes: list[Change] = []
    older: int = 0


def note_changes(
    slice_: ChangesSlice, cluster: "ClusterSlice", event: Event, envelope: Envelope
) -> list[Change]:
    """What an observation changes in the cluster as it was before; the first listing is no change."""
    if not cluster.listed:
        return []
    fresh: list[Change] = []
    if isinstance(event, NodesChanged):
        for node in event.nodes:
            fresh += _of_node(cluster.nodes.get(node.name), node, envelope)
    elif isinstance(event, WorkloadsChanged):
        if not cluster.workloads:
            return []
        for workload in event.workloads:
            fresh += _of_workload(cluster.workloads.get(workload.id), workload, envelope)
    _keep(slice_, fresh)
    return fresh


def note_logged(
    slice_: ChangesSlice, cluster: "ClusterSlice", made: list[Sign], envelope: Envelope
) -> list[Change]:
    """What a log tells of changes; of deploys only where the cluster itself does not show images."""
    images = any(workload.image for workload in cluster.workloads.values())
    fresh = [
        Change(
            "config",
            sign.workload or sign.node or envelope.source,
            Safe(""),
            sign.example,
            sign.last or envelope.time,
            envelope.room_ms,
            envelope.seq,
        )
        for sign in made
        if sign.kind == "config" or not images
    ]
    _keep(slice_, fresh)
    return fresh


def _keep(slice_: ChangesSlice, fresh: list[Change]) -> None:
    if not fresh:
        return
    slice_.changes += fresh
    extra = len(slice_.changes) - KEPT
    if extra > 0:
        del slice_.changes[:extra]
        slice_.older += extra
    slice_.revision += 1


def _of_node(old: Node | None, new: Node, envelope: Envelope) -> Iterator[Change]:
    def change(kind: str, before: str, after: str) -> Change:
        return Change(
            kind, new.name, Safe(before), Safe(after), envelope.time, envelope.room_ms, envelope.seq
        )

    if old is None:
        yield change("node", "", new.state)
        return
    if old.state is not new.state:
        yield change("node", old.state, new.state)
    if old.cordoned is not new.cordoned:
        yield change("cordon" if new.cordoned else "uncordon", "", new.reason)
    if old.gpus != new.gpus and old.gpus is not None and new.gpus is not None:
        yield change("node", f"{old.gpus} GPUs", f"{new.gpus} GPUs")


def _of_workload(old: Workload | None, new: Workload, envelope: Envelope) -> Iterator[Change]:
    def change(kind: str, before: str, after: str, time: Time | None = None) -> Change:
        at = time or envelope.time
        return Change(kind, new.id, Safe(before), Safe(after), at, envelope.room_ms, envelope.seq)

    if old is None:
        yield change("new", "", new.name, new.submitted)
        return
    if new.image != old.image or (new.deployed != old.deployed and new.deployed is not None):
        yield change("deploy", old.image, new.image, _later(new.deployed, old.deployed))
    if new.desired != old.desired:
        yield change("scale", str(old.desired), str(new.desired))
    if new.selector != old.selector:
        yield change("selector", _labels(old.selector), _labels(new.selector))
    if new.state is not old.state:
        yield change("workload", old.state, new.state, _later(new.changed, old.changed))


def _later(said: Time | None, before: Time | None) -> Time | None:
    """The cluster's word for when it changed, unless that word is of an earlier change."""
    return said if said is not None and (before is None or said > before) else None


def _labels(labels: dict[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in sorted(labels.items()))
