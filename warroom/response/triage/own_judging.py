"""What rules of one's own come to."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from warroom.model.nouns import Fingerprint, NodeName, WorkloadId
from warroom.model.response import Confidence, Fact, Finding, Targets
from warroom.model.text import neutral
from warroom.response.triage.figures import GONE_S
from warroom.response.triage.own_rules import Condition, OwnRule
from warroom.response.triage.picture import Picture
from warroom.response.triage.wording import clock, fact, facts, propose, sign_fact
from warroom.views.ages import figure

NUMBERS: Mapping[str, Callable[[Picture], int]] = {
    "nodes_not_ready": lambda p: len(p.listed.down),
    "workloads_failed": lambda p: sum(w.state == "failed" for w in p.listed.troubled),
    "workloads_pending": lambda p: len(p.listed.waiting),
    "alerts_firing": lambda p: len(p.firing),
}
"""How each of ``own_rules.COUNTS`` is counted."""


def own_finding(rule: OwnRule, picture: Picture) -> Finding | None:
    """What a rule comes to; None while one of its conditions does not hold. Its counts hold from now on."""
    seen: list[Fact] = []
    nodes: set[NodeName] = set()
    workloads: set[WorkloadId] = set()
    alerts: set[Fingerprint] = set()
    for condition in rule.conditions:
        held = HOLDS[condition.kind](condition, picture)
        if held is None:
            return None
        seen += held[0]
        nodes.update(held[1].nodes)
        workloads.update(held[1].workloads)
        alerts.update(held[1].alerts)
    targets = Targets(tuple(sorted(nodes))[:50], tuple(sorted(workloads))[:50], tuple(sorted(alerts))[:50])
    return Finding(
        f"own:{rule.id}",
        f"own:{rule.id}",
        rule.title,
        Confidence.MEDIUM,
        facts(seen),
        neutral(f"one of its conditions no longer holds ({rule.file})"),
        rule.severity,
        runbook=rule.runbook,
        targets=targets,
        proposals=(propose(rule.advice),) if rule.advice else (),
    )


Held = tuple[Iterable[Fact], Targets]


def _beyond(condition: Condition, value: float) -> bool:
    if condition.above is not None:
        return value > condition.above
    return condition.below is not None and value < condition.below


def _metric(condition: Condition, picture: Picture) -> Held | None:
    series = picture.state.metrics.series.get(condition.name)
    points = [p for p in series.points if p.value is not None] if series else []
    if not points or picture.ago(points[-1].time) > GONE_S:
        return None
    since = None
    for point in reversed(points):
        if point.value is None or not _beyond(condition, point.value):
            break
        since = point.time
    if since is None or picture.now - since < timedelta(seconds=condition.for_s):
        return None
    known = picture.figures.get(condition.name)
    shown = figure(points[-1].value, known.indicator.unit if known else "")
    words = f"{condition.name} {shown} since {clock(since)}"
    return [fact(words, points[-1].time, series.seq if series else 0)], Targets()


def _count(condition: Condition, picture: Picture) -> Held | None:
    number = NUMBERS[condition.name](picture)
    if not _beyond(condition, number):
        return None
    nodes = tuple(n.name for n in picture.listed.down) if condition.name == "nodes_not_ready" else ()
    return [fact(f"{condition.name}: {number}", picture.looked)], Targets(nodes)


def _sign(condition: Condition, picture: Picture) -> Held | None:
    signs = [
        s
        for s in picture.recent(condition.name, condition.within_s)
        if (not condition.detail or s.detail == condition.detail)
        and all(word in s.example.casefold() for word in condition.words)
    ]
    if not signs:
        return None
    nodes = tuple(NodeName(s.node) for s in signs if s.node in picture.state.cluster.nodes)
    return [sign_fact(s) for s in signs], Targets(
        nodes, tuple(WorkloadId(s.workload) for s in signs if s.workload)
    )


def _alert(condition: Condition, picture: Picture) -> Held | None:
    firing = [
        a
        for a in picture.state.alerts.alerts.values()
        if a.name == condition.name and a.state == "firing" and picture.ago(a.started) >= condition.for_s
    ]
    if not firing:
        return None
    return [picture.alert_fact(a) for a in firing[:4]], Targets(alerts=tuple(a.fingerprint for a in firing))


HOLDS: Mapping[str, Callable[[Condition, Picture], Held | None]] = {
    "metric": _metric,
    "count": _count,
    "sign": _sign,
    "alert": _alert,
}
