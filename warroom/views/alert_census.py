"""Alerts in groups by name, kept up to date by what came, changed and ended; thousands of alerts stay groups."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from warroom.model.nouns import Alert, AlertState, Fingerprint
from warroom.state.slices import Acknowledgement, State
from warroom.views.changed import replaced

RANKS = {"critical": 0, "error": 0, "warning": 1, "info": 2}
UNRANKED = 3
SAYS_NOTHING = ("alertname", "severity", "job")
"""Labels that repeat what the line says already, or say nothing of where it is."""
QUIET = ("silenced", "inhibited")


def severity_rank(alert: Alert) -> int:
    """The worst severity is 0; a word nobody knows comes last."""
    return RANKS.get(alert.severity, UNRANKED)


def standing_of(alert: Alert, acknowledged: Mapping[Fingerprint, Acknowledgement]) -> str:
    """``silenced``, ``inhibited``, ``taken``, ``pending`` or ``firing``: what matters first of an alert."""
    if alert.silenced_by:
        return "silenced"
    if alert.inhibited_by:
        return "inhibited"
    if alert.fingerprint in acknowledged:
        return "taken"
    return "pending" if alert.state is AlertState.PENDING else "firing"


class Group:
    """All alerts of one name, and what they have in common."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.members: dict[Fingerprint, Alert] = {}
        self.severities: Counter[str] = Counter()
        self.standings: Counter[str] = Counter()
        self.summaries: Counter[str] = Counter()
        self.silences: Counter[str] = Counter()
        self.owners: dict[Fingerprint, Acknowledgement] = {}
        self._oldest: datetime | None = None
        self._oldest_gone = False
        self._labels: Counter[tuple[str, str]] = Counter()
        self._values: Counter[str] = Counter()
        """How many different values a label has."""
        self._stood: dict[Fingerprint, str] = {}

    @property
    def size(self) -> int:
        """How many alerts it has."""
        return len(self.members)

    @property
    def rank(self) -> int:
        """That of its worst severity."""
        return min((RANKS.get(s, UNRANKED) for s, n in self.severities.items() if n), default=UNRANKED)

    @property
    def worst(self) -> str:
        """Its worst severity, in the source's word."""
        there = (s for s, n in self.severities.items() if n)
        return min(there, key=lambda s: (RANKS.get(s, UNRANKED), s), default="")

    @property
    def quiet(self) -> bool:
        """Whether all of it is silenced or inhibited."""
        return sum(self.standings[word] for word in QUIET) == self.size

    @property
    def oldest(self) -> datetime | None:
        """When the first of them began."""
        if self._oldest_gone:
            self._oldest = min((a.started for a in self.members.values() if a.started), default=None)
            self._oldest_gone = False
        return self._oldest

    @property
    def summary(self) -> str:
        """What all of them say; empty when they differ."""
        said = [text for text, count in self.summaries.items() if count]
        return said[0] if len(said) == 1 else ""

    @property
    def shared(self) -> dict[str, str]:
        """The labels all of them have, without those that say nothing new."""
        first = next(iter(self.members.values()), None)
        if first is None:
            return {}
        every = sorted(first.labels.items())
        return {k: v for k, v in every if self._labels[k, v] == self.size and k not in SAYS_NOTHING}

    @property
    def differing(self) -> dict[str, int]:
        """The labels in which they differ, with how many values there are."""
        shared = self.shared
        return {
            name: count
            for name, count in sorted(self._values.items())
            if count and name not in shared and name not in SAYS_NOTHING
        }

    def take(self, alert: Alert, owner: Acknowledgement | None, standing: str) -> None:
        """Take an alert in, or what became of it."""
        if alert.fingerprint in self.members:
            self.drop(alert.fingerprint)
        self.members[alert.fingerprint] = alert
        self._stood[alert.fingerprint] = standing
        if owner is not None:
            self.owners[alert.fingerprint] = owner
        self._count(alert, standing, 1)
        if alert.started is not None and (self._oldest is None or alert.started <= self._oldest):
            self._oldest, self._oldest_gone = alert.started, False

    def drop(self, fingerprint: Fingerprint) -> None:
        """Forget an alert that ended."""
        alert = self.members.pop(fingerprint)
        self.owners.pop(fingerprint, None)
        self._count(alert, self._stood.pop(fingerprint), -1)
        # Counted anew when it is asked for: all of a large group may change at once.
        self._oldest_gone = self._oldest_gone or (alert.started is not None and alert.started == self._oldest)

    def _count(self, alert: Alert, standing: str, by: int) -> None:
        self.severities[alert.severity] += by
        self.standings[standing] += by
        self.summaries[str(alert.summary)] += by
        for silence in alert.silenced_by:
            self.silences[silence] += by
        for pair in alert.labels.items():
            before = self._labels[pair]
            self._labels[pair] = before + by
            if not before or not before + by:
                self._values[pair[0]] += by


class Alerts:
    """All groups, and how many alerts are loud."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self.loud: Counter[str] = Counter()
        """Alerts that fire and are neither silenced nor inhibited, by severity."""
        self._known: dict[Fingerprint, Alert] = {}
        self._taken: dict[Fingerprint, Acknowledgement] = {}

    @property
    def total(self) -> int:
        """How many alerts there are."""
        return len(self._known)

    @property
    def firing(self) -> tuple[int, int, int]:
        """How many loud alerts are critical, between, and info."""
        critical = self.loud["critical"] + self.loud["error"]
        info = self.loud["info"]
        return critical, sum(self.loud.values()) - critical - info, info

    def update(
        self, alerts: Mapping[Fingerprint, Alert], taken: Mapping[Fingerprint, Acknowledgement]
    ) -> None:
        """Take over what changed."""
        owned = {f for f, _, _ in replaced(self._taken, taken)}
        changes = list(replaced(self._known, alerts))
        for fingerprint, before, after in changes:
            owned.discard(fingerprint)
            self._take(fingerprint, before, after, taken)
        for fingerprint in owned & alerts.keys():
            self._take(fingerprint, alerts[fingerprint], alerts[fingerprint], taken)
        if changes:
            self._known = dict(alerts)
        if taken or self._taken:
            self._taken = dict(taken)

    def _take(
        self,
        fingerprint: Fingerprint,
        before: Alert | None,
        after: Alert | None,
        taken: Mapping[Fingerprint, Acknowledgement],
    ) -> None:
        if before is not None:
            self._hear(before, -1)
            if after is None or after.name != before.name:
                self._leave(str(before.name), fingerprint)
        if after is not None:
            self._hear(after, 1)
            group = self.groups.setdefault(str(after.name), Group(str(after.name)))
            group.take(after, taken.get(fingerprint), standing_of(after, taken))

    def _leave(self, name: str, fingerprint: Fingerprint) -> None:
        self.groups[name].drop(fingerprint)
        if not self.groups[name].members:
            del self.groups[name]

    def _hear(self, alert: Alert, by: int) -> None:
        if alert.state is AlertState.FIRING and not alert.silenced_by and not alert.inhibited_by:
            self.loud[alert.severity] += by

    def alert(self, fingerprint: str) -> Alert | None:
        """One alert, if it is still there."""
        return self._known.get(Fingerprint(fingerprint))

    def ordered(self) -> list[Group]:
        """The loud before the quiet, the worst severity first, then the oldest, then by name."""
        return sorted(self.groups.values(), key=place_of)


def place_of(group: Group) -> tuple[bool, int, float, str]:
    """What a group is sorted by when nobody asks otherwise."""
    return group.quiet, group.rank, _stamp(group.oldest), group.name


def member_place(alert: Alert) -> tuple[bool, int, float, str]:
    """What an alert is sorted by inside its group."""
    quiet = bool(alert.silenced_by or alert.inhibited_by)
    return quiet, severity_rank(alert), _stamp(alert.started), alert.fingerprint


def _stamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment is not None else 0.0


def alerts_of(state: State) -> Alerts:
    """Grouped anew."""
    made = Alerts()
    made.update(state.alerts.alerts, state.alerts.acknowledged)
    return made


def members_of(alerts: Alerts, names: Iterable[str]) -> list[Alert]:
    """The alerts that some keys mean: a fingerprint is one, a name is all of that name."""
    found: dict[Fingerprint, Alert] = {}
    for name in names:
        group = alerts.groups.get(name)
        if group is not None:
            found |= group.members
        elif (alert := alerts.alert(name)) is not None:
            found[alert.fingerprint] = alert
    return list(found.values())
