"""The fewest silences that keep exactly some alerts quiet; pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from warroom.model.nouns import Alert, Matcher
from warroom.views.alert_census import Alerts, Group, members_of
from warroom.views.logquery import LONGEST_REGEX

PREFERRED = ("node", "instance", "pod", "workload", "rack", "zone")
"""Labels that people name a place by, the closest first."""


def silencing(alerts: Alerts, targets: Sequence[str]) -> list[tuple[Matcher, ...]]:
    """The matchers of each silence; a target is a group's name or an alert's fingerprint.

    Whole groups share one silence, and part of a group has one when a label tells it from the rest.
    """
    chosen = {alert.fingerprint for alert in members_of(alerts, targets)}
    whole: list[str] = []
    parts: list[tuple[Matcher, ...]] = []
    for group in alerts.ordered():
        wanted = [alert for alert in group.members.values() if alert.fingerprint in chosen]
        if wanted and (len(wanted) == group.size or group.name in targets):
            whole.append(group.name)
        elif wanted:
            parts += _parts(group, wanted)
    return [*((matcher,) for matcher in _any_of("alertname", whole)), *parts]


def _parts(group: Group, wanted: Sequence[Alert]) -> Iterator[tuple[Matcher, ...]]:
    label = _telling(group, wanted)
    if label:
        values = dict.fromkeys(alert.labels[label] for alert in wanted)
        for matcher in _any_of(label, values):
            yield Matcher("alertname", group.name), matcher
        return
    for alert in wanted:
        others = ((name, value) for name, value in sorted(alert.labels.items()) if name != "alertname")
        yield Matcher("alertname", group.name), *(Matcher(name, value) for name, value in others)


def _telling(group: Group, wanted: Sequence[Alert]) -> str:
    """A label whose values the wanted alerts have and no other of the group has."""
    chosen = {alert.fingerprint for alert in wanted}
    for label in sorted(group.differing, key=_preference):
        values = {alert.labels.get(label) for alert in wanted}
        others = (a for f, a in group.members.items() if f not in chosen)
        if None not in values and not any(alert.labels.get(label) in values for alert in others):
            return label
    return ""


def _preference(label: str) -> tuple[int, str]:
    return (PREFERRED.index(label) if label in PREFERRED else len(PREFERRED)), label


def _any_of(label: str, values: Iterable[str]) -> Iterator[Matcher]:
    """One matcher for all values, or several where its pattern would be too long to be taken."""
    chunk: list[str] = []
    for value in values:
        if chunk and len("|".join(map(re.escape, [*chunk, value]))) > LONGEST_REGEX:
            yield _matcher(label, chunk)
            chunk = []
        chunk.append(value)
    if chunk:
        yield _matcher(label, chunk)


def _matcher(label: str, values: Sequence[str]) -> Matcher:
    if len(values) == 1:
        return Matcher(label, values[0])
    return Matcher(label, "|".join(map(re.escape, values)), is_regex=True)
