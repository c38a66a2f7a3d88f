"""What users feel, by the watched figures and the workloads that answer them, and which severity that is."""

from datetime import datetime
from typing import NamedTuple

from warroom.model.nouns import Severity, Workload
from warroom.model.response import Confidence, Fact
from warroom.response.sentences import counted
from warroom.response.triage.picture import Picture, Trouble, earliest
from warroom.response.triage.wording import clock, fact, some

ERRORS = "error_rate"
LATENCY = "request_latency_p99"
TRAFFIC = "request_rate"
MEASURED_S = 30
"""Shown figures are smoothed and sampled: for so long the services know better how bad it is."""
TOTAL = 0.95
"""From that part of failing requests on the outage is total."""
HALF = 0.5
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
    if not hit:
        return None
    gone = [t for t in hit if t.workload.ready == 0 and t.workload.desired]
    facts = tuple(workload_fact(picture, t) for t in (gone or hit)[:4])
    since = earliest(t.since for t in hit)
    if not gone:
        words = f"{some(t.workload.name for t in hit)} with fewer instances than wanted"
        return Impact(Severity.SEV4, words, facts, Confidence.MEDIUM, since)
    serving = [w for w in picture.state.cluster.workloads.values() if _serves(picture, w)]
    severity = Severity.SEV3
    words = f"{some(t.workload.name for t in gone)} down"
    if len(serving) > 1 and len(gone) * 2 >= len(serving):
        severity = Severity.SEV1 if len(gone) == len(serving) else Severity.SEV2
        words = f"{len(gone)} of {counted(len(serving), 'service')} down"
    measured = picture.figures.get(ERRORS)
    if measured is not None and measured.value is not None and picture.ago(since) >= MEASURED_S:
        severity = Severity.SEV3
    return Impact(severity, words, facts, Confidence.MEDIUM, since)


def _serves(picture: Picture, workload: Workload) -> bool:
    over = workload.state in ("stopped", "completed") or workload.id in picture.replaced
    return picture.matters(workload) and workload.desired > 0 and not over


def workload_fact(picture: Picture, trouble: Trouble) -> Fact:
    """A workload in trouble as it was last seen, and since when it is so."""
    w = trouble.workload
    again = f", {counted(w.restarts, 'restart')}" if w.restarts else ""
    why = f": {w.reason}" if w.reason else ""
    since = f", in trouble since {clock(trouble.since)}" if trouble.since else ""
    words = f"{w.name} {w.state.value}{since}, {w.ready} of {w.desired} ready{again}{why}"
    return fact(words, picture.looked, picture.past.turned.get(w.id, 0))
