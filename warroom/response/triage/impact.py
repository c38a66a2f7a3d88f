"""What users feel, by the watched figures and the workloads that answer them, and which severity that is."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from warroom.model.nouns import Severity, Workload, WorkloadId
from warroom.model.requests import Stop, Verdict
from warroom.model.response import Confidence, Fact
from warroom.response.sentences import counted
from warroom.response.triage.picture import Picture, Trouble, earliest
from warroom.response.triage.wording import clock, fact, some
from warroom.views.ready import ready_words

ERRORS = "error_rate"
LATENCY = "request_latency_p99"
TRAFFIC = "request_rate"
MEASURED_S = 30
"""Shown figures are smoothed and sampled: for so long the services know better how bad it is."""
TOTAL = 0.95
"""From that part of failing requests on the outage is total."""
HALF = 0.5
STOPPED_S = 900
"""So long a service that was stopped from here is missed; after that nobody wants it."""
BANDS = {
    Severity.SEV1: "all or nearly all requests fail",
    Severity.SEV2: "half or more of the requests fail",
    Severity.SEV3: "some requests fail",
}


class Impact(NamedTuple):
    """What users feel."""

    severity: Severity
    words: str
    facts: tuple[Fact, ...]
    confidence: Confidence
    since: datetime | None


def impact(picture: Picture) -> Impact | None:
    """The worst of what figures and workloads say; None while users feel nothing."""
    return picture.once(_impact)


def _impact(picture: Picture) -> Impact | None:
    found = [i for i in (_errors(picture), _latency(picture), _down(picture)) if i is not None]
    if not found:
        return None
    worst = min(found, key=lambda i: i.severity)
    every = tuple(dict.fromkeys(f for i in found for f in i.facts))
    return worst._replace(facts=every, since=earliest(i.since for i in found))


def _errors(picture: Picture) -> Impact | None:
    figure = picture.figures.get(ERRORS)
    if figure is None or not figure.bad or figure.value is None:
        return None
    value = figure.value
    severity = Severity.SEV1 if value >= TOTAL else Severity.SEV2 if value >= HALF else Severity.SEV3
    # A band, not the figure: a sentence that changes with every sample is read by nobody.
    words = BANDS[severity]
    return Impact(severity, words, (figure.beyond,), Confidence.HIGH, figure.bad_since)


def _latency(picture: Picture) -> Impact | None:
    figure = picture.figures.get(LATENCY)
    if figure is None or not figure.bad:
        return None
    return Impact(Severity.SEV4, "answers are slow", (figure.beyond,), Confidence.HIGH, figure.bad_since)


def _down(picture: Picture) -> Impact | None:
    hit = [t for t in picture.broken if picture.matters(t.workload)]
    lost = lost_services(picture)
    if not hit and not lost:
        return None
    gone = [t for t in hit if t.workload.ready == 0 and t.workload.desired]
    facts = tuple(
        dict.fromkeys((*(s.fact for s in lost), *(workload_fact(picture, t) for t in gone or hit)))
    )[:4]
    since = earliest((*(t.since for t in hit), *(s.since for s in lost)))
    if not gone and not lost:
        words = f"{some(t.workload.name for t in hit)} with fewer instances than wanted"
        return Impact(Severity.SEV4, words, facts, Confidence.MEDIUM, since)
    severity, words = _weighed(picture, gone)
    measured = picture.figures.get(ERRORS)
    felt = measured is None or measured.value is None or measured.bad
    if measured is not None and measured.value is not None and picture.ago(since) >= MEASURED_S:
        severity = Severity.SEV3
    if lost and felt and severity >= Severity.SEV2:
        names = some(s.name for s in lost)
        return Impact(
            Severity.SEV2, f"critical {names} down, no instance left", facts, Confidence.HIGH, since
        )
    return Impact(severity, words, facts, Confidence.MEDIUM, since) if gone else None


def _weighed(picture: Picture, gone: Sequence[Trouble]) -> tuple[Severity, str]:
    """What is down by how many services there are."""
    serving = [w for w in picture.state.cluster.workloads.values() if _serves(picture, w)]
    if len(serving) > 1 and len(gone) * 2 >= len(serving):
        severity = Severity.SEV1 if len(gone) == len(serving) else Severity.SEV2
        return severity, f"{len(gone)} of {counted(len(serving), 'service')} down"
    return Severity.SEV3, f"{some(t.workload.name for t in gone)} down"


class Lost(NamedTuple):
    """A critical service of which no instance is left."""

    name: str
    since: datetime | None
    fact: Fact


def lost_services(picture: Picture) -> list[Lost]:
    """Critical services that nothing answers for: broken, or stopped from this room and not run again yet."""
    suspected = {
        t.workload.id: t.since for t in picture.broken if t.workload.critical and not t.workload.ready
    }
    suspected.update(_stopped(picture))
    if not suspected:
        return []
    workloads = picture.state.cluster.workloads
    serving = {w.id for w in workloads.values() if "service" in w.labels}
    answered = {_service(w) for w in workloads.values() if w.ready}
    found: dict[str, Lost] = {}
    for identity, since in suspected.items():
        workload = workloads[identity]
        name = _service(workload)
        faces_users = identity in serving or not serving
        if faces_users and name not in answered and (workload.desired or workload.state == "stopped"):
            found.setdefault(name, Lost(str(workload.name), since, _seen(picture, workload, since)))
    return list(found.values())


def _service(workload: Workload) -> str:
    return workload.labels.get("service") or str(workload.id)


def _stopped(picture: Picture) -> dict[WorkloadId, datetime]:
    """Critical workloads that were stopped from this room a short while ago, and when."""
    found: dict[WorkloadId, datetime] = {}
    for action in picture.state.actions.actions.values():
        seen = action.step("verified")
        if not isinstance(action.request, Stop) or action.verdict is not Verdict.SEEN or seen is None:
            continue
        for identity in action.request.workloads if picture.ago(seen.time) <= STOPPED_S else ():
            known = picture.state.cluster.workloads.get(identity)
            if known is not None and known.critical and known.state == "stopped":
                found[identity] = seen.time
    return found


def _serves(picture: Picture, workload: Workload) -> bool:
    over = workload.state in ("stopped", "completed") or workload.id in picture.replaced
    return picture.matters(workload) and workload.desired > 0 and not over


def workload_fact(picture: Picture, trouble: Trouble) -> Fact:
    """A workload in trouble as it was last seen, and since when it is so."""
    return _seen(picture, trouble.workload, trouble.since)


def _seen(picture: Picture, w: Workload, begun: datetime | None) -> Fact:
    again = f", {counted(w.restarts, 'restart')}" if w.restarts else ""
    why = f": {w.reason}" if w.reason else ""
    since = f", in trouble since {clock(begun)}" if begun else ""
    words = f"{w.name} {w.state.value}{since}, {ready_words(w.ready, w.desired)}{again}{why}"
    return fact(words, picture.looked, picture.past.turned.get(w.id, 0))
