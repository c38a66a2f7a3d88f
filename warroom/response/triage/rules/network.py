"""The network: nodes that are reported gone together, and whether some of them still live."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from warroom.model.nouns import Labels, Node, Severity, Workload
from warroom.model.requests import Cordon, Stop, Submit
from warroom.model.response import Confidence, Fact, Finding, Proposal, Targets
from warroom.response.sentences import counted, placed
from warroom.response.triage.common import Factor, grouped, node_factor
from warroom.response.triage.impact import impact
from warroom.response.triage.picture import Down, Picture, earliest, latest, names_of
from warroom.response.triage.wording import (
    at_least,
    bounded,
    clock,
    fact,
    facts,
    node_names,
    propose,
    sign_fact,
    some,
    title,
)

SETTLE_S = 8
"""A partition is judged once its nodes had the time to write, or to fall silent."""
AT_ONCE_S = 60
"""Nodes that went within that time of one another went together."""
AT_ONCE = timedelta(seconds=AT_ONCE_S)
MANY = 0.5
SIGNS_S = 600
MOST_MOVED = 20


class Partition(NamedTuple):
    """Nodes that went together."""

    dead: tuple[Down, ...]
    """Not known to live."""
    alive: tuple[Down, ...]
    """Reported gone, but they still write."""
    groups: tuple[Factor, ...]
    """Racks or switches that are dead as a whole."""
    times: frozenset[datetime]
    """When they went, as far as that is known."""

    @property
    def number(self) -> int:
        """How many are reported gone."""
        return len(self.dead) + len(self.alive)


def partition(picture: Picture) -> Partition | None:
    """Whether nodes went together because of what is between them; shared with the rule about nodes."""
    return picture.once(_partition)


def _partition(picture: Picture) -> Partition | None:
    down = picture.down
    if len(down) < 2:
        return None
    total = len(picture.state.cluster.nodes)
    alive = tuple(d for d in down if d.alive)
    dead = tuple(d for d in down if not d.alive)
    groups = tuple(grouped([d.node for d in dead], picture))
    most = len(down) >= max(2, MANY * total) and _together(_times(down))
    if len(alive) >= 2 and (most or node_factor([d.node for d in down], picture) is not None):
        chosen = _of(dead, groups)
        return Partition(chosen, alive, groups, _times(chosen) | _times(alive))
    if groups and _together(_times(_of(dead, groups))):
        chosen = _of(dead, groups)
        return Partition(chosen, alive, groups, _times(chosen))
    return Partition(dead, alive, groups, _times(down)) if most and len(down) >= 3 else None


def _of(dead: tuple[Down, ...], groups: tuple[Factor, ...]) -> tuple[Down, ...]:
    if not groups:
        return dead
    values = {g.value for g in groups}
    return tuple(
        d for d in dead if d.node.rack in values or d.node.labels.get("switch") in values or d.silent
    )


def _times(down: Iterable[Down]) -> frozenset[datetime]:
    return frozenset(d.since for d in down if d.since is not None)


def _together(times: frozenset[datetime]) -> bool:
    return not times or (max(times) - min(times)).total_seconds() <= AT_ONCE_S


def went_with(found: Partition, down: Down) -> bool:
    """Whether a node went when these did: what is known of it alone is not enough to blame it."""
    if down.since is None or not found.times:
        return False
    first, last = min(found.times), max(found.times)
    return first - AT_ONCE <= down.since <= last + AT_ONCE


def network(picture: Picture) -> Iterable[Finding]:
    """Many nodes went at once: a rack is cut off, or the control plane lost sight of nodes that still write."""
    found = partition(picture)
    if found is None:
        return
    if picture.ago(latest(found.times)) < SETTLE_S:
        return
    felt = impact(picture)
    dead = [d.node for d in found.dead]
    selector = healthy(picture, found)
    affected = _affected(picture, found)
    yield Finding(
        "network",
        "network",
        title(_title(picture, found)),
        _confidence(picture, found),
        facts(_facts(picture, found)),
        title(_refuted(found)),
        at_least(felt.severity if felt else None, Severity.SEV3),
        "network",
        "network",
        Targets(node_names(dead), bounded([w.id for w in affected]), (), selector),
        tuple(_proposals(dead, affected, selector, found)),
    )


def _title(picture: Picture, found: Partition) -> str:
    total = len(picture.state.cluster.nodes)
    where = some(placed(g.kind, g.value) for g in found.groups)
    if found.groups:
        head = f"{where} cut off: {counted(len(found.dead), 'node')} gone at once"
        return f"{head}; others only seem gone, they still write" if found.alive else head
    if found.alive:
        said = f"{found.number} of {total} nodes reported gone"
        return f"Partition: {said}, but {len(found.alive)} still write: the path to the control plane"
    return f"{len(found.dead)} of {total} nodes gone at once"


def _confidence(picture: Picture, found: Partition) -> Confidence:
    silent = sum(d.silent for d in found.dead)
    if len(found.alive) >= 2 and (not found.dead or silent * 2 >= len(found.dead)):
        return Confidence.HIGH
    if found.groups and (silent * 2 >= len(found.dead) or picture.recent("link_down", SIGNS_S)):
        return Confidence.HIGH
    return Confidence.MEDIUM if found.groups or found.alive else Confidence.LOW


def _facts(picture: Picture, found: Partition) -> Iterable[Fact]:
    total = len(picture.state.cluster.nodes)
    first = earliest(found.times)
    since = f", the first at {clock(first)}" if first else ""
    yield fact(f"{found.number} of {total} nodes reported not ready{since}", picture.looked)
    for group in found.groups:
        yield fact(f"nearly all of {group.words} and nothing is heard from it", picture.looked)
    if found.alive:
        newest = latest(d.heard for d in found.alive)
        yield fact(f"{names_of(found.alive)} still write heartbeats into the log", newest)
    silent = [d for d in found.dead if d.silent]
    if silent:
        last = latest(d.heard for d in silent)
        yield fact(f"{names_of(silent)} wrote their last heartbeat", last)
    for kind in ("link_down", "network"):
        for sign in picture.recent(kind, SIGNS_S)[-2:]:
            yield sign_fact(sign)
    felt = impact(picture)
    if felt is not None:
        yield from felt.facts


def _refuted(found: Partition) -> str:
    if found.alive:
        return "heartbeats in the log end, or those that still write are reported ready again one by one"
    return "the nodes come back one by one, or some of them answer on another path"


def healthy(picture: Picture, found: Partition) -> Labels:
    """Where there is healthy capacity: the rack with the most free GPUs that is not among the dead ones."""
    free: dict[str, int] = {}
    for node in (*picture.open_nodes, *[d.node for d in found.alive]):
        rack = node.rack
        if rack and not node.cordoned:
            room = 1 if node.gpus is None else node.gpus - (node.gpus_used or 0)
            free[rack] = free.get(rack, 0) + room
    without = {d.node.rack for d in found.dead}
    best = max(sorted(rack for rack in free if rack not in without), key=lambda r: free[r], default="")
    return {"rack": best} if best else {}


def _affected(picture: Picture, found: Partition) -> list[Workload]:
    dead = {d.node.name for d in found.dead}
    hit = [t.workload for t in picture.broken if not dead.isdisjoint(t.workload.nodes)]
    hit = [w for w in hit if w.ready < w.desired]
    first = [w for w in hit if w.critical] or [w for w in hit if picture.matters(w)] or hit
    return first[:MOST_MOVED]


def _proposals(
    dead: list[Node], affected: list[Workload], selector: Labels, found: Partition
) -> Iterable[Proposal]:
    still_open = node_names(n for n in dead if not n.cordoned)
    if still_open:
        where = some(g.value for g in found.groups) or some(still_open)
        reason = title(f"{where} cut off")
        yield propose(f"close {where}: cordon {counted(len(still_open), 'node')}", Cordon(still_open, reason))
    elif not dead:
        yield propose("close nothing: the nodes live; look at what is between them and the control plane")
    ids = tuple(w.id for w in affected)
    if not ids or not selector:
        return
    reason = title("moved away from dead nodes")
    yield propose(
        f"stop by force what stands on dead nodes: {some(ids)}", Stop(ids, force=True, reason=reason)
    )
    place = ",".join(f"{k}={v}" for k, v in selector.items())
    for w in affected:
        again = Submit(str(w.name), like=w.id, selector=selector, reason=reason)
        yield propose(f"submit {w.name} again with {place}", again)
