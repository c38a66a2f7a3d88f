"""Alert rules, created alerts and silences of the simulated cluster."""

import hashlib
import re
from typing import TYPE_CHECKING

import msgspec

from warroom.model.nouns import Alert, AlertState, Fingerprint, Labels, Matcher
from warroom.model.text import Safe, neutral
from warroom.simulator.parts import Firing, Quiet
from warroom.simulator.scenario import Rule
from warroom.views.logquery import LONGEST_REGEX, RISKY

if TYPE_CHECKING:
    from warroom.simulator.world import World


def fingerprint(labels: Labels) -> Fingerprint:
    """Identity of an alert: a hash of its labels."""
    text = "\x00".join(f"{key}={labels[key]}" for key in sorted(labels))
    return Fingerprint(hashlib.sha256(text.encode()).hexdigest()[:16])


class Alerting:
    """What fires and what is kept quiet."""

    def __init__(self) -> None:
        self.holding: dict[Fingerprint, Firing] = {}
        self.silences: dict[str, Quiet] = {}
        self.limits: dict[str, float] = {}
        """Rule -> its limit, where somebody changed it."""

    def evaluate(self, world: "World") -> None:
        """Look at every rule once."""
        holds: dict[Fingerprint, tuple[Rule, Labels]] = {}
        for rule in world.scenario.alert:
            for labels in _holding(world, rule):
                holds[fingerprint(labels)] = (rule, labels)
        for gone in [f for f, firing in self.holding.items() if firing.rule and f not in holds]:
            del self.holding[gone]
        for identity, (rule, labels) in holds.items():
            if identity not in self.holding:
                self.holding[identity] = Firing(_alert(world, rule, labels, identity), world.tick, rule.name)
            firing = self.holding[identity]
            # An alert that a person created fires until the end, also when a rule has the same labels.
            firing.firing = not firing.rule or world.tick - firing.since >= rule.for_s
        for name in [name for name, quiet in self.silences.items() if quiet.ends <= world.tick]:
            del self.silences[name]

    def create(self, world: "World", labels: Labels, summary: Safe) -> Fingerprint:
        """An alert that somebody made; it fires until the end."""
        identity = fingerprint(labels)
        alert = Alert(
            identity,
            neutral(labels.get("alertname", "")),
            labels.get("severity", "info"),
            AlertState.FIRING,
            summary,
            labels,
            world.now(),
        )
        self.holding[identity] = Firing(alert, world.tick, firing=True)
        return identity

    def end(self, name: str) -> bool:
        """The alerts of a name that somebody made are over; whether there were any."""
        made = [f for f, firing in self.holding.items() if not firing.rule and firing.alert.name == name]
        for identity in made:
            del self.holding[identity]
        return bool(made)

    def shown(self) -> list[Alert]:
        """Every alert as the cluster shows it."""
        return [self._shown(firing) for firing in self.holding.values()]

    def _shown(self, firing: Firing) -> Alert:
        quiet = tuple(
            name
            for name, q in self.silences.items()
            if all(matches(m, firing.alert.labels) for m in q.silence.matchers)
        )
        state = AlertState.FIRING if firing.firing else AlertState.PENDING
        return msgspec.structs.replace(firing.alert, state=state, silenced_by=quiet)


def matches(matcher: Matcher, labels: Labels) -> bool:
    """Whether a matcher holds for labels, as Alertmanager does it: a missing label is an empty one."""
    value = labels.get(matcher.name, "")
    if not matcher.is_regex:
        return (value == matcher.value) is matcher.is_equal
    return usable(matcher.value) and (re.fullmatch(matcher.value, value) is not None) is matcher.is_equal


def usable(pattern: str) -> bool:
    """Whether a pattern can be read, and cannot take for ever."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return len(pattern) <= LONGEST_REGEX and RISKY.search(pattern) is None


def _holding(world: "World", rule: Rule) -> list[Labels]:
    base = {"alertname": rule.name, "severity": rule.severity}
    if rule.metric == "node_not_ready":
        return [
            {**base, "node": m.name, "rack": m.rack} for m in world.machines.values() if not world.heard(m)
        ]
    limit = world.alerting.limits.get(rule.name, rule.above)
    return [base] if _value(world, rule.metric) > limit else []


def _value(world: "World", metric: str) -> float:
    match metric:
        case "error_rate":
            return world.flow.error_rate
        case "request_latency_p99":
            return world.flow.p99_s
        case "nodes_not_ready":
            return sum(not world.heard(m) for m in world.machines.values())
        case "workloads_failed":
            return sum(any(r.crashed for r in s.replicas) for s in world.services.values())
        case _:
            return max((m.temperature for m in world.machines.values()), default=0.0)


def _alert(world: "World", rule: Rule, labels: Labels, identity: Fingerprint) -> Alert:
    summary = rule.summary.replace("{node}", labels.get("node", ""))
    return Alert(
        identity,
        neutral(rule.name),
        rule.severity,
        AlertState.PENDING,
        neutral(summary),
        labels,
        world.now(),
    )
