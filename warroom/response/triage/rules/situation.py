"""The first questions: nodes or workloads, one or many, and what users feel."""

from collections.abc import Iterable

from warroom.model.nouns import NodeName, WorkloadId
from warroom.model.response import Confidence, Fact, Finding, Targets
from warroom.response.sentences import counted
from warroom.response.triage.common import node_factor, workload_factor
from warroom.response.triage.impact import impact, workload_fact
from warroom.response.triage.picture import Down, Picture, Trouble, earliest, names_of
from warroom.response.triage.rules.network import partition
from warroom.response.triage.rules.nodes import Suspect, suspects
from warroom.response.triage.wording import bounded, clock, fact, facts, node_names, propose, some, title

SURE_S = 10


def user_impact(picture: Picture) -> Iterable[Finding]:
    """What users feel by figures and services, and which severity that is: total, half, a part, or only slow."""
    felt = impact(picture)
    if felt is None:
        return
    hit = [t.workload.id for t in picture.broken if picture.matters(t.workload)]
    incident = picture.state.incident.incident
    low = incident.severity if incident is not None and incident.open else felt.severity
    higher = f"; {felt.severity}, declared as {low}" if felt.severity < low else ""
    advice = f"classify it as {felt.severity}: X, severity; or `incident severity {felt.severity.lower()}`"
    yield Finding(
        "user-impact",
        "user-impact",
        title(f"Users feel it: {felt.words}{higher}"),
        felt.confidence,
        facts(felt.facts),
        title("a request by hand is answered well, or the traffic measured is not that of users"),
        felt.severity,
        targets=Targets(workloads=bounded(hit)),
        proposals=(propose(advice),) if higher else (),
    )


def where(picture: Picture) -> Iterable[Finding]:
    """Infrastructure or application: nodes are in trouble, or only workloads on nodes that are well."""
    bad = suspects(picture)
    down = picture.surely_down
    broken = _lasting(picture)
    if not down and not bad and not broken:
        return
    total = len(picture.state.cluster.nodes)
    seen: list[Fact] = []
    if down:
        first = earliest(d.since for d in down)
        since = f", the first at {clock(first)}" if first else ""
        seen.append(fact(f"{len(down)} of {total} nodes not ready{since}", picture.looked))
    seen += [f for s in bad for f in s.facts]
    seen += [workload_fact(picture, t) for t in broken[:4]]
    unreached = bool(broken) and all(t.unreached for t in broken)
    if down or bad or unreached:
        names = ", ".join(part for part in (names_of(down), some(s.node for s in bad)) if part)
        names = names or f"the nodes under {some(t.workload.name for t in broken)}"
        own = [
            t for t in broken if not t.unreached and t.crashed and not _stands_on_bad(picture, t.workload.id)
        ]
        said = f"Infrastructure: {names} in trouble" + ("; and workloads elsewhere" if own else "")
        refuted = "the workloads fail on other nodes too"
    else:
        said = f"Application: {some(t.workload.name for t in broken)} in trouble, {_well(picture, total)}"
        refuted = "nodes, GPUs or the network under it show trouble of their own"
    yield Finding(
        "where",
        "where",
        title(said),
        Confidence.MEDIUM if len(seen) < 2 else Confidence.HIGH,
        facts(seen),
        title(refuted),
        targets=Targets(_nodes(picture, down, bad), bounded([t.workload.id for t in broken])),
    )


def _nodes(picture: Picture, down: Iterable[Down], bad: Iterable[Suspect]) -> tuple[NodeName, ...]:
    nodes = picture.state.cluster.nodes
    return node_names(({d.node.name: d.node for d in down} | {s.node: nodes[s.node] for s in bad}).values())


def _lasting(picture: Picture) -> list[Trouble]:
    """Workloads in trouble for long enough that it is no hiccup."""
    return [t for t in picture.broken if picture.ago(t.since) >= SURE_S]


def _stands_on_bad(picture: Picture, workload: str) -> bool:
    bad = {s.node for s in suspects(picture)}
    # Those that merely start somewhere else did not fail there.
    failed = [i for i in picture.unready.get(WorkloadId(workload), ()) if i.state == "failed"]
    return bool(failed) and all(i.node is None or i.node in bad for i in failed)


def _well(picture: Picture, total: int) -> str:
    gone = len(picture.gone)
    if not gone:
        return "all nodes are well" if picture.sees("cluster") else "no node is reported down"
    return f"{counted(total - gone, 'node')} of {total} ready"


def spread(picture: Picture) -> Iterable[Finding]:
    """Isolated or widespread, with what those in trouble share: rack, switch, zone, pool, image, deploy, GPU."""
    away = picture.surely_down
    down = [d.node for d in away]
    broken = [t.workload for t in _lasting(picture)]
    if len(down) + len(broken) < 2:
        return
    nodes = picture.state.cluster.nodes
    found = partition(picture)
    dead = [d.node for d in found.dead] if found and found.dead else down
    factor = node_factor(dead, picture)
    common = factor.words if factor else workload_factor(broken[:50], picture)
    many = len(down) * 2 >= len(nodes) or len(broken) >= 3
    parts = [counted(len(down), "node") if down else "", counted(len(broken), "workload") if broken else ""]
    size = ", ".join(part for part in parts if part)
    ending = f"in common: {common}" if common else "nothing in common that others have not"
    seen = [fact(f"{counted(len(down), 'node')} not ready: {names_of(away)}", picture.looked)] if down else []
    if broken:
        seen.append(
            fact(
                f"{counted(len(broken), 'workload')} in trouble: {some(w.name for w in broken)}",
                picture.looked,
            )
        )
    yield Finding(
        "spread",
        "spread",
        title(f"{'Widespread' if many else 'Confined'}: {size}; {ending}"),
        Confidence.MEDIUM if common else Confidence.LOW,
        facts(seen),
        title("something outside of what they have in common is in the same trouble"),
        targets=Targets(node_names(down), bounded([w.id for w in broken])),
    )
