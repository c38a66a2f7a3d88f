"""Whether the alarms can be believed: they may be blind, without data, silent or wrong."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from warroom.model.nouns import Alert, NodeName, Severity
from warroom.model.response import Confidence, Fact, Finding, Targets
from warroom.response.sentences import counted, span
from warroom.response.triage.figures import GONE_S, Figure
from warroom.response.triage.impact import ERRORS, LATENCY, TRAFFIC, impact
from warroom.response.triage.picture import Picture
from warroom.response.triage.rules.exhaustion import shortage
from warroom.response.triage.rules.network import partition
from warroom.response.triage.rules.nodes import suspects
from warroom.response.triage.wording import clock, fact, facts, propose, some, title
from warroom.state.slices import SourceFacts
from warroom.views.ages import figure

ROLES = {"alerts": "alarms", "metrics": "figures"}
SILENT_S = 60
CONTRADICTED_S = 30
"""An alert is called wrong when the measured state has contradicted it for that long."""
BEFORE_S = 300
EDITED_S = 900
LAG_S = 15
"""Figures are sampled and smoothed: what an alert saw may be shown that long before it or after."""
MOVED = 1.25
"""A figure that grew by that factor when the alert fired did move, and the alert may be right."""
ABOUT: tuple[tuple[str, tuple[str, ...]], ...] = (
    (LATENCY, ("latency", "p99", "slow", "response time")),
    ("gpu_temperature", ("temperature", "overheat", "thermal", "too hot")),
    (ERRORS, ("error", "requests fail", "request fail", "5xx", "requests failing", "availability")),
)
"""Words by which an alert says which figure it is about."""
ABOUT_NODES = ("not ready", "notready", "node down", "nodedown", "unreachable", "node is down")


def blind_alarms(picture: Picture) -> Iterable[Finding]:
    """A source of alarms or figures is stale or lost, or a figure or an alert has no data: quiet means nothing."""
    lost = _lost(picture)
    empty = [f for f in picture.figures.values() if _without_data(picture, f)]
    if not lost and not empty:
        return
    seen: list[Fact] = []
    for source, what in lost:
        since = picture.at(source.since_ms)
        seen.append(
            fact(f"{what} through {source.name}: {source.status}: {source.reason or 'no reason'}", since)
        )
    for figure_ in empty:
        seen.append(fact(f"{figure_.indicator.title}: the last value", figure_.time, figure_.seq))
        about = (a for a in picture.firing if subject_of(a) == figure_.indicator.metric)
        seen += [
            fact(f"alert {a.name} stands on a figure without data", *picture.fires_since(a)) for a in about
        ]
    names = [f"{what} ({s.name} {s.status})" for s, what in lost]
    names += [f"{f.indicator.title} has no data" for f in empty]
    yield Finding(
        "blind-alarms",
        "blind-alarms",
        title(f"Blind: {some(names)}; that nothing fires means nothing"),
        Confidence.HIGH if lost else Confidence.MEDIUM,
        facts(seen),
        title("the source is read again, and what was missed meanwhile shows nothing"),
        proposals=(propose("look with other means: the cluster itself, logs, a request by hand"),),
    )


def _lost(picture: Picture) -> list[tuple[SourceFacts, str]]:
    """Sources of alarms or figures that show what was, each once, with what comes through them."""
    blind = {f.name: f for role in ROLES for f in picture.blind(role)}
    return [
        (f, " and ".join(what for role, what in ROLES.items() if role in f.roles)) for f in blind.values()
    ]


def _without_data(picture: Picture, figure_: Figure) -> bool:
    """It had values, and has none any more though its source answers and there is something to measure."""
    if figure_.indicator.threshold is None or not picture.sees("metrics") or figure_.time is None:
        return False
    if picture.ago(figure_.time) <= GONE_S:
        return False
    if picture.ago(figure_.points[-1].time) > GONE_S:
        return True
    # A ratio of no requests at all is no number, and rightly so.
    traffic = picture.figures.get(TRAFFIC)
    return traffic is not None and bool(traffic.points) and bool(traffic.points[-1].value)


def silent_alarms(picture: Picture) -> Iterable[Finding]:
    """Requests fail for a minute and no alert fires, though the source of alerts answers."""
    figure_ = picture.figures.get(ERRORS)
    if figure_ is None or not figure_.bad or picture.ago(figure_.bad_since) < SILENT_S:
        return
    state = picture.state.alerts
    if picture.ago(figure_.time) > GONE_S or not picture.sees("alerts") or state.alerts or not state.listed:
        return
    yield Finding(
        "silent-alarms",
        "silent-alarms",
        title("The alarms are silent: requests fail and no alert fires"),
        Confidence.MEDIUM,
        (figure_.beyond,),
        title("no alert is meant to watch this figure"),
        proposals=(propose("do not wait for an alert; declare by the figures"),),
    )


def subject_of(alert: Alert) -> str:
    """The indicator an alert is about, by its labels or its words; empty when it does not say."""
    named = alert.labels.get("metric", "")
    said = f"{alert.name} {alert.summary}".lower()
    return named or next((metric for metric, words in ABOUT if any(w in said for w in words)), "")


def false_alarm(picture: Picture) -> Iterable[Finding]:
    """An alert fires for a while about something that the measured state contradicts all that time."""
    for alert in picture.firing[:50]:
        if alert.started is None or picture.ago(alert.started) < CONTRADICTED_S:
            continue
        against = _against(picture, alert, alert.started)
        if not against:
            continue
        alone = not _anything_wrong(picture)
        yield Finding(
            f"false-alarm:{alert.fingerprint}",
            "false-alarm",
            title(f"False alarm? {alert.name} fires, but what it says is not so"),
            Confidence.HIGH if alone and len(against) > 1 else Confidence.MEDIUM,
            facts([picture.alert_fact(alert), *_edited(picture, alert.started), *against]),
            title("the figure it is about crosses its limit, or somebody outside sees the trouble"),
            Severity.SEV4 if alone else None,
            "",
            "false-alarm",
            Targets(alerts=(alert.fingerprint,)),
            (
                propose("ask one user or send one request by hand before calling anybody"),
                propose(f"correct the rule of {alert.name}; until then silence it with an end, not for good"),
            ),
        )


def _edited(picture: Picture, started: datetime) -> list[Fact]:
    """What the log says of configurations that were changed shortly before the alert."""
    near = [c for c in picture.past.configured if 0 <= (started - c.time).total_seconds() <= EDITED_S]
    return [fact(f"log: {c.after}", c.time, c.seq) for c in near[-2:]]


def _against(picture: Picture, alert: Alert, started: datetime) -> list[Fact]:
    """Facts that contradict an alert; empty when it may be right or nothing measured speaks about it."""
    node = alert.labels.get("node") or alert.labels.get("instance", "")
    said = f"{alert.name} {alert.summary}".lower()
    if node and any(word in said for word in ABOUT_NODES):
        return _node_against(picture, NodeName(node), started)
    about = picture.figures.get(subject_of(alert))
    if about is None or about.indicator.threshold is None or not picture.sees("metrics"):
        return []
    return _figure_against(picture, about, about.indicator.threshold, started)


def _figure_against(picture: Picture, about: Figure, limit: float, started: datetime) -> list[Fact]:
    since = started - timedelta(seconds=LAG_S)
    during = [p for p in about.points if p.time > since and p.value is not None]
    if len(during) < 3 or picture.ago(about.time) > GONE_S:
        return []
    bad = [p.time for p in during if p.value is not None and p.value > limit]
    if bad:
        # Trouble that came later proves nothing for an alert that had fired for a while without any.
        fired_alone_s = (bad[0] - started).total_seconds()
        if fired_alone_s < CONTRADICTED_S or picture.ago(bad[-1]) < CONTRADICTED_S:
            return []
        lately = picture.now - timedelta(seconds=CONTRADICTED_S)
        during = [p for p in during if p.time < bad[0] or p.time > lately]
    worst = max(p.value for p in during if p.value is not None)
    before = about.between(since - timedelta(seconds=BEFORE_S), since)
    # Within the limit is not enough: the alert's own limit may be lower. It must not have moved either.
    if before and worst > MOVED * max(before) and worst > limit / 2:
        return []
    name, unit = about.indicator.title, about.indicator.unit
    when = f"until {bad[0]:%H:%M:%S}Z and again now" if bad else "since then"
    words = f"{name} at most {figure(worst, unit)} {when}, its limit is {figure(limit, unit)}"
    seen = [fact(words, about.time, about.seq)]
    if before:
        # The room may not have looked for as long as that.
        first = max(about.points[0].time, since - timedelta(seconds=BEFORE_S))
        long = span(max(1, round((since - first).total_seconds())))
        usual = figure(max(before), unit)
        seen.append(fact(f"{name} did not move: at most {usual} in the {long} before", since))
    return seen + _quiet(picture)


def _node_against(picture: Picture, name: NodeName, started: datetime) -> list[Fact]:
    node = picture.state.cluster.nodes.get(name)
    if node is None or node.state != "ready" or not picture.sees("cluster"):
        return []
    if picture.gone:
        # Where other nodes are down, one that is shown as ready may only not have been told yet.
        return []
    up = picture.past.up.get(name)
    if up is not None and (picture.now - up).total_seconds() < CONTRADICTED_S:
        return []
    back = f" since {clock(up)}" if up else ""
    seen = [fact(f"{name} is ready{back}, by the cluster's word", picture.looked)]
    heard = picture.state.signals.heard.get(name)
    if heard is not None and heard > started:
        seen.append(fact(f"{name} writes heartbeats", heard))
    return seen


def _quiet(picture: Picture) -> list[Fact]:
    """Nothing else is wrong, as a fact."""
    if _anything_wrong(picture):
        return []
    total = len(picture.state.cluster.nodes)
    return [
        fact(
            f"all {counted(total, 'node')} ready, no workload in trouble, no other figure beyond its limit",
            picture.looked,
        )
    ]


def _anything_wrong(picture: Picture) -> bool:
    wrong = impact(picture) or picture.broken or picture.down or partition(picture)
    return bool(wrong or suspects(picture) or shortage(picture))
