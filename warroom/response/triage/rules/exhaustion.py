"""Resources that ran out: room for important work, memory, disk."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from warroom.model.nouns import Node, NodeName, Severity, Workload, WorkloadId, WorkloadState
from warroom.model.requests import Cordon, Stop
from warroom.model.response import Confidence, Fact, Finding, Proposal, Targets
from warroom.response.reach import free_gpus
from warroom.response.triage.impact import ERRORS, LATENCY, impact
from warroom.response.triage.picture import Picture, earliest
from warroom.response.triage.rules.network import partition
from warroom.response.triage.rules.nodes import suspects
from warroom.response.triage.wording import (
    at_least,
    bounded,
    clock,
    fact,
    facts,
    propose,
    sign_fact,
    some,
    title,
)
from warroom.state.signals import Sign
from warroom.views.ready import ready_words

WAITING_S = 15
"""What waits for room that long does not find it by itself."""
OVERLOADED_S = 15
"""Requests that fail for that long with every workload well are not those of a node nobody missed yet."""
ACTING_S = 90
"""So long after an action what it moves may still be on its way."""
LACKS = ("lack", "insufficient", "resources", "no room", "quota", "capacity", "exceed")
"""Words with which schedulers say that there is no room."""
ENDED = (WorkloadState.STOPPED, WorkloadState.COMPLETED, WorkloadState.FAILED)
SIGNS_S = 300
TIGHT = 0.1
"""With less than this part of all GPUs free the cluster is full."""


class Shortage(NamedTuple):
    """Important work that lacks room, and what less important work holds."""

    starved: tuple[Workload, ...]
    overloaded: bool
    """Nothing waits, but requests wait for the instances there are, and no room is left for more."""
    lesser: tuple[Workload, ...]
    free: int | None
    total: int


def is_lesser(workload: Workload) -> bool:
    """Whether its owner says that it can wait: low priority, and not critical."""
    low = workload.priority.lower() == "low" or workload.labels.get("priority") == "low"
    return low and not workload.critical


def shortage(picture: Picture) -> Shortage | None:
    """Whether important work lacks room; None while that has another cause or is ordinary waiting."""
    return picture.once(_shortage)


def _shortage(picture: Picture) -> Shortage | None:
    starved = _starved(picture)
    if not starved and not _overloaded(picture):
        return None
    if partition(picture) or suspects(picture) or picture.down:
        # The room went with the nodes: that is another finding's business.
        return None
    nodes = picture.open_nodes
    free, total = free_gpus(nodes), sum(n.gpus or 0 for n in nodes)
    lesser = tuple(w for w in picture.state.cluster.workloads.values() if _holds(w) and is_lesser(w))
    if starved:
        return Shortage(starved, False, lesser, free, total)
    full = free is not None and total > 0 and free <= TIGHT * total
    if full and lesser:
        return Shortage((), True, lesser, free, total)
    return None


def _overloaded(picture: Picture) -> bool:
    """Requests fail or wait for a while, and nothing is broken that would explain it."""
    if picture.gone or _acting(picture):
        # Room that went with nodes, and what is stopped on purpose to run elsewhere, are no overload.
        return False
    times = [f.bad_since for m in (ERRORS, LATENCY) if (f := picture.figures.get(m)) is not None and f.bad]
    lasting = bool(times) and picture.ago(earliest(times)) >= OVERLOADED_S
    # A batch job that crashes explains no requests that fail.
    hit = (t for t in picture.broken if picture.matters(t.workload))
    return lasting and not any(t.crashed or t.unreached for t in hit)


def _acting(picture: Picture) -> bool:
    started = (a.step("started") for a in picture.state.actions.actions.values())
    return any(s is not None and picture.ago(s.time) < ACTING_S for s in started)


def _starved(picture: Picture) -> tuple[Workload, ...]:
    listed = picture.listed
    found = [
        w
        for w in (*listed.waiting, *listed.troubled)
        if picture.matters(w) and w.ready < w.desired and _lacks_room(picture, w)
    ]
    return tuple(sorted(found, key=lambda w: (not w.critical, w.id)))


def _lacks_room(picture: Picture, workload: Workload) -> bool:
    said = workload.reason.lower()
    if not any(word in said for word in LACKS):
        return False
    since = picture.past.waiting.get(workload.id)
    return picture.ago(None if since is None else picture.at(since)) >= WAITING_S


def _holds(workload: Workload) -> bool:
    return bool(workload.nodes) and (workload.state not in ENDED or workload.ready > 0)


def resource_exhaustion(picture: Picture) -> Iterable[Finding]:
    """Important work lacks room, or is overloaded with no room for more, while less important work holds some."""
    found = shortage(picture)
    if found is None:
        return
    felt = impact(picture)
    stopped = _enough(found)
    yield Finding(
        "resource-exhaustion",
        "resource-exhaustion",
        title(_title(found)),
        Confidence.HIGH if found.starved and found.lesser and felt else Confidence.MEDIUM,
        facts([*_facts(found, picture), *(felt.facts if felt else ())]),
        title("there is room on open nodes and the work still does not start, or errors stay when it runs"),
        at_least(felt.severity if felt else None, Severity.SEV4),
        "resource-exhaustion",
        "resource-exhaustion",
        Targets(workloads=bounded([w.id for w in stopped])),
        tuple(_proposals(stopped, found)),
    )


def _title(found: Shortage) -> str:
    holding = f"low-priority work holds {_gpus(found.lesser)} GPUs" if found.lesser else "the cluster is full"
    if found.starved:
        return f"No room for {some(w.name for w in found.starved)}: {holding}"
    return f"Overloaded, and no room for more instances: {holding}"


def _gpus(workloads: Iterable[Workload]) -> int:
    return sum((w.gpus or 0) * max(1, w.desired) for w in workloads)


def _facts(found: Shortage, picture: Picture) -> Iterable[Fact]:
    for workload in found.starved[:3]:
        since = picture.past.waiting.get(workload.id)
        long = "" if since is None else f" since {clock(picture.at(since))}"
        yield fact(
            f"{workload.name}: {ready_words(workload.ready, workload.desired)}{long}: {workload.reason}",
            picture.looked,
            picture.past.turned.get(workload.id, 0),
        )
    if found.free is not None and found.total:
        yield fact(f"{found.free} of {found.total} GPUs free on open nodes", picture.looked)
    for workload in found.lesser[:3]:
        yield fact(f"{workload.name} (low priority) holds {_gpus([workload])} GPUs", picture.looked)
        yield from grown(picture, workload)


def grown(picture: Picture, workload: Workload) -> Iterable[Fact]:
    """When it last was submitted or asked for more, where the room saw that."""
    for change in reversed(picture.past.made):
        if change.subject == workload.id and change.kind in ("new", "scale"):
            words = "submitted" if change.kind == "new" else f"scaled: {change.before} -> {change.after}"
            yield fact(f"{workload.name} {words}", change.time, change.seq)
            return


def _enough(found: Shortage) -> Sequence[Workload]:
    """As much low-priority work as gives the room that is needed, the newest first: it loses the least."""
    needed = sum((w.gpus or 1) * (w.desired - w.ready) for w in found.starved)
    newest = sorted(found.lesser, key=lambda w: (w.submitted is not None and w.submitted.timestamp()) or 0.0)
    chosen: list[Workload] = []
    for workload in reversed(newest):
        if chosen and found.starved and _gpus(chosen) >= needed:
            break
        chosen.append(workload)
    return sorted(chosen, key=lambda w: w.id)


def _proposals(stopped: Sequence[Workload], found: Shortage) -> Iterable[Proposal]:
    if not stopped:
        yield propose("add nodes, or ask owners what can wait")
        return
    ids = tuple(w.id for w in stopped)
    why = title(f"room for {some(w.name for w in found.starved) or 'what answers users'}")
    yield propose(f"stop low-priority work: {some(ids)} ({_gpus(stopped)} GPUs)", Stop(ids, reason=why))


def out_of_memory(picture: Picture) -> Iterable[Finding]:
    """Memory ran out and something was ended for it, by the kernel's or the runtime's word."""
    signs = picture.recent("oom", SIGNS_S)
    if not signs:
        return
    where = sorted({s.workload or s.node for s in signs} - {""})
    workloads = tuple(sorted({WorkloadId(s.workload) for s in signs if s.workload}))
    yield Finding(
        "out-of-memory",
        "out-of-memory",
        title(f"Out of memory: {some(where) or 'somewhere'}"),
        Confidence.HIGH if sum(s.count for s in signs) > 1 else Confidence.MEDIUM,
        facts(sign_fact(s) for s in signs),
        title(
            "memory use was far from the limit when it ended, or it ends in the same way with twice the memory"
        ),
        None,
        "",
        "scale-up",
        Targets(tuple(sorted({NodeName(s.node) for s in signs if s.node}))[:20], workloads[:20]),
        (propose("give it more memory, or find what grew; what was deployed last is the first suspect"),),
    )


def disk_full(picture: Picture) -> Iterable[Finding]:
    """A disk or a quota is full, by the words of what could not write."""
    signs = picture.recent("disk_full", SIGNS_S)
    if not signs:
        return
    nodes = _known(picture, signs)
    where = sorted({s.node or s.workload for s in signs} - {""})
    yield Finding(
        "disk-full",
        "disk-full",
        title(f"Disk full: {some(where) or 'somewhere'}"),
        Confidence.HIGH if sum(s.count for s in signs) > 1 else Confidence.MEDIUM,
        facts(sign_fact(s) for s in signs),
        title("df and the quota show room where it writes"),
        None,
        "",
        "scale-up",
        Targets(tuple(n.name for n in nodes)[:20]),
        tuple(_disk_proposals(nodes)),
    )


def _known(picture: Picture, signs: Iterable[Sign]) -> list[Node]:
    names = sorted({NodeName(s.node) for s in signs})
    return [picture.state.cluster.nodes[n] for n in names if n in picture.state.cluster.nodes]


def _disk_proposals(nodes: Sequence[Node]) -> Iterable[Proposal]:
    still_open = tuple(n.name for n in nodes if not n.cordoned)[:20]
    if still_open:
        why = title("disk full")
        yield propose(f"close {some(still_open)} to new work while it is cleared", Cordon(still_open, why))
    yield propose("clear or enlarge it; look for what wrote most since the first symptom")
