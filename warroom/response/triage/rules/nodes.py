"""Single nodes that failed, by the cluster's word, the driver's, or that of the work on them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from warroom.model.nouns import NodeName, Severity, Workload, WorkloadId
from warroom.model.requests import Cordon, Drain, Submit
from warroom.model.response import Confidence, Fact, Finding, Proposal, Targets
from warroom.response.sentences import counted
from warroom.response.triage.impact import impact
from warroom.response.triage.picture import ALIVE_S, Down, Picture
from warroom.response.triage.rules.network import partition, went_with
from warroom.response.triage.wording import (
    SHOWN,
    at_least,
    clock,
    fact,
    facts,
    propose,
    sign_fact,
    some,
    title,
)
from warroom.response.triage.xids import HARDWARE, hardware_signs
from warroom.state.signals import Sign

GRACE_S = 60
RECENT_MS = 600_000
ONE_POLL = timedelta(seconds=5)
"""Nodes and work are read one after the other: what died together may be seen apart."""
CRASHES = 3
"""Instances that failed on one node before it is suspected for that alone."""


class Suspect(NamedTuple):
    """A node of which the hardware is suspected."""

    node: NodeName
    facts: tuple[Fact, ...]
    sure: bool


def suspects(picture: Picture) -> tuple[Suspect, ...]:
    """Nodes whose GPUs failed, by the driver's or the cluster's word, and that are still in service."""
    return picture.once(_suspects)


def _suspects(picture: Picture) -> tuple[Suspect, ...]:
    by_node: dict[NodeName, list[Sign]] = {}
    for sign in hardware_signs(picture):
        by_node.setdefault(NodeName(sign.node), []).append(sign)
    found = []
    for name in sorted(by_node.keys() | {NodeName(n) for n in picture.past.lost_gpus}):
        node = picture.state.cluster.nodes.get(name)
        if node is None or (node.cordoned and name not in picture.occupied):
            continue
        seen = [sign_fact(s) for s in by_node.get(name, ())]
        lost = picture.past.lost_gpus.get(name)
        if lost is not None:
            seen.append(fact(f"{name} had {lost.before}, has {lost.after}", lost.time, lost.seq))
        sure = lost is not None or any(HARDWARE[s.detail].sure for s in by_node.get(name, ()))
        found.append(Suspect(name, tuple(seen), sure))
    return tuple(found)


def concentrated(picture: Picture) -> NodeName | None:
    """The one node on which instances of several workloads, or one workload's again and again, fail."""
    return picture.once(_concentrated)


def _concentrated(picture: Picture) -> NodeName | None:
    crashed: dict[NodeName, int] = {}
    owners: dict[NodeName, set[str]] = {}
    for trouble in picture.broken:
        for instance in picture.unready.get(trouble.workload.id, ()):
            if instance.state == "failed" and instance.node is not None:
                crashed[instance.node] = crashed.get(instance.node, 0) + 1
                owners.setdefault(instance.node, set()).add(instance.workload)
    if len(crashed) == 1:
        node = next(iter(crashed))
        if crashed[node] >= CRASHES and len(owners[node]) >= 2:
            return node
    return _swallowing(picture)


def _swallowing(picture: Picture) -> NodeName | None:
    """The node on which jobs of several people fail one after the other, while hardly any fails elsewhere."""
    jobs: dict[NodeName, int] = {}
    owners: dict[NodeName, set[str]] = {}
    for workload in picture.listed.troubled:
        since = picture.past.broken.get(workload.id)
        recent = since is not None and picture.room_ms - since <= RECENT_MS
        if recent and workload.state == "failed" and len(workload.nodes) == 1:
            node = workload.nodes[0]
            jobs[node] = jobs.get(node, 0) + 1
            owners.setdefault(node, set()).add(workload.owner or workload.name)
    if not jobs:
        return None
    worst = max(sorted(jobs), key=lambda n: jobs[n])
    listed = worst in picture.state.cluster.nodes and worst not in picture.gone
    # An array of jobs with one mistake in it fails wherever it runs, and says nothing of the node.
    many = jobs[worst] >= CRASHES and len(owners[worst]) >= 2
    return worst if listed and many and jobs[worst] * 4 >= sum(jobs.values()) * 3 else None


def unanswering(picture: Picture) -> list[NodeName]:
    """Nodes shown as ready that fell silent in the log, while an alert or what stands on them says they are gone."""
    hit = [t.workload.id for t in picture.broken if t.unreached]
    named = {NodeName(a.labels["node"]) for a in picture.firing[:50] if "node" in a.labels}
    if not (hit or named) or partition(picture) is not None:
        return []
    heard = picture.state.signals.heard
    on = {
        i.node for w in hit for i in picture.unready.get(w, ()) if i.state == "unknown" and i.node is not None
    }
    ready = (n for n in (on | named) - picture.gone if n in picture.state.cluster.nodes)
    return sorted(n for n in ready if n in heard and picture.ago(heard[n]) > ALIVE_S)


def node_failure(picture: Picture) -> Iterable[Finding]:
    """Single nodes are down, lost a GPU, or make everything on them fail, while their neighbours are well."""
    away = _away(picture)
    broken = [s for s in suspects(picture) if s.node not in {d.node.name for d in away}]
    named = concentrated(picture)
    mute = unanswering(picture)
    known = {*(d.node.name for d in away), *(s.node for s in broken), *mute}
    names = sorted(known | ({named} if named else set()))
    if not names:
        return
    felt = impact(picture)
    lost = _lost(picture, away)
    seen = [f for s in broken for f in s.facts] + [f for d in away for f in _down_facts(picture, d)]
    seen += [
        fact(
            f"{w.name} ({w.id}) ended with its node: {w.reason}", w.changed, picture.past.turned.get(w.id, 0)
        )
        for w in lost[:SHOWN]
    ]
    heard = picture.state.signals.heard
    seen += [fact(f"{n} is shown as ready, but does not answer and wrote last then", heard[n]) for n in mute]
    if named:
        seen.append(
            fact(f"one after the other fails on {named} and hardly anything elsewhere", picture.looked)
        )
    sure = any(s.sure for s in broken) or any(d.silent for d in away)
    yield Finding(
        "node-failure",
        "node-failure",
        title(_title([*(d.node.name for d in away), *mute], broken, named)),
        Confidence.HIGH if sure else Confidence.MEDIUM,
        facts([*seen, *(felt.facts if felt else ())]),
        title("the node answers and its work runs there again, or the same trouble shows on other nodes"),
        at_least(felt.severity if felt else None, Severity.SEV4),
        "node-failure",
        "node-failure",
        Targets(tuple(names)[:20], _on(picture, names, lost)),
        tuple(_proposals(picture, names, lost)),
    )


def _away(picture: Picture) -> list[Down]:
    found = partition(picture)
    away = picture.surely_down
    if not away or (found is not None and found.number == len(picture.down)):
        return []
    if found is None:
        return list(away)
    together = {d.node.name for d in (*found.dead, *found.alive)}
    return [d for d in away if d.node.name not in together and (d.silent or not went_with(found, d))]


def _down_facts(picture: Picture, down: Down) -> Iterable[Fact]:
    why = f": {down.node.reason}" if down.node.reason else ""
    yield fact(
        f"{down.node.name} is reported {down.node.state.value}{why}",
        down.since,
        picture.past.turned.get(down.node.name, 0),
    )
    if down.silent:
        yield fact(f"{down.node.name} wrote its last heartbeat at {clock(down.heard)}", down.heard)
    elif down.alive:
        yield fact(f"{down.node.name} still writes heartbeats: its path to the control plane", down.heard)


def _title(away: list[NodeName], broken: list[Suspect], named: NodeName | None) -> str:
    parts = []
    if away:
        parts.append(f"{some(away)} down")
    if broken:
        parts.append(f"{some(s.node for s in broken)} with a failing GPU")
    if named and not broken:
        parts.append(f"everything on {named} fails")
    number = len(away) + len(broken)
    return f"{'Node' if number <= 1 else 'Nodes'} failed: {'; '.join(parts)}"


def _lost(picture: Picture, away: Iterable[Down]) -> list[Workload]:
    """What ended for good because its node went: nobody will run it again by itself."""
    gone = {d.node.name: d.since for d in away}
    found = []
    for workload in picture.listed.troubled if gone else ():
        seen_ms = picture.past.broken.get(workload.id)
        if workload.id not in picture.dead or seen_ms is None:
            continue
        at = picture.at(seen_ms) + ONE_POLL
        if any(n in gone and at >= (gone[n] or at) for n in workload.nodes):
            found.append(workload)
    return sorted(found, key=lambda w: (not picture.matters(w), w.id))


def _on(picture: Picture, names: Iterable[NodeName], lost: Iterable[Workload]) -> tuple[WorkloadId, ...]:
    chosen = set(names)
    hit = [t.workload.id for t in picture.broken if not chosen.isdisjoint(t.workload.nodes)]
    return tuple(dict.fromkeys([*hit, *(w.id for w in lost)]))[:20]


def _proposals(picture: Picture, names: list[NodeName], lost: list[Workload]) -> Iterable[Proposal]:
    chosen = tuple(names)[:20]
    still_open = tuple(n for n in chosen if not picture.state.cluster.nodes[n].cordoned)
    reason = title("node failed")
    if still_open:
        yield propose(f"close {some(still_open)} to new work", Cordon(still_open, reason))
    told = f"{counted(GRACE_S, 'second')} of grace"
    yield propose(f"move the work away from {some(chosen)}, {told}", Drain(chosen, GRACE_S, reason))
    for workload in lost[:SHOWN]:
        again = Submit(str(workload.name), like=workload.id, reason=reason)
        yield propose(f"run {workload.name} ({workload.id}) again elsewhere", again)
