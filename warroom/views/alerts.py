"""The Alerts pane: groups with counts, the worst and oldest first; then the alerts of a group."""

from collections.abc import Callable, Container, Sequence
from datetime import datetime
from typing import Any

from warroom.model.nouns import Alert, Fingerprint
from warroom.state.slices import State
from warroom.views.ages import since
from warroom.views.alert_census import Alerts, Group, alerts_of, member_place, severity_rank, standing_of
from warroom.views.lines import line
from warroom.views.rows import Cell, Column, Line, Row, Title
from warroom.views.sorting import Sorting, arranged
from warroom.views.sources import titled

COLUMNS = (
    Column("SEV", 3, priority=9),
    Column("AGE", 5, align="right", priority=9),
    Column("ALERT", None, priority=10, least=26, most=70),
    Column("N", 5, align="right", priority=9),
    Column("STATE", 14, priority=8, most=28),
)
MEMBER_COLUMNS = (
    Column("SEV", 3, priority=9),
    Column("AGE", 5, align="right", priority=9),
    Column("WHICH", 22, priority=10, most=60),
    Column("SUMMARY", None, priority=7, least=16),
    Column("STATE", 14, priority=9, most=28),
)
MARKS = {"critical": "✖ C", "error": "✖ E", "warning": "▲ W", "info": "● I"}
MEANINGS = {"critical": "critical", "error": "critical", "warning": "warning", "info": "info"}
STANDINGS = ("firing", "pending", "taken", "inhibited", "silenced")
"""In the order in which a sorted column shows them."""
MOST_INHIBITORS = 3
SORTS: dict[str, Callable[[Group], Any]] = {
    "SEV": lambda g: (g.rank, g.name),
    "AGE": lambda g: (g.oldest is None, g.oldest.timestamp() if g.oldest else 0.0, g.name),
    "ALERT": lambda g: g.name,
    "N": lambda g: (-g.size, g.name),
    "STATE": lambda g: (min((STANDINGS.index(s) for s, n in g.standings.items() if n), default=9), g.name),
}


def alerts_title(state: State, room_ms: int, alerts: Alerts | None = None) -> Title:
    """Name, how many alerts in how many groups, source."""
    known = alerts or alerts_of(state)
    groups = len(known.groups)
    count = f"{known.total:,} in {groups:,} group{'s' if groups > 1 else ''}"
    return titled(
        state,
        "alerts",
        room_ms,
        name="Alerts",
        count=count if known.total else "none" if state.alerts.listed else "",
    )


def group_title(state: State, room_ms: int, alerts: Alerts, name: str) -> Title:
    """Of one group: how many, and the labels all of them have."""
    group = alerts.groups.get(name)
    shared = " ".join(_pairs(group.shared)) if group else ""
    count = (f"{group.size:,} alerts" if group.size != 1 else "1 alert") if group else "none"
    count += f", all {shared}" if shared else ""
    return titled(state, "alerts", room_ms, name=f"Alerts › {name}", count=count)


def grouped(state: State) -> list[tuple[str, list[Alert]]]:
    """Alerts by name: the loud before the quiet, the worst severity first, then the oldest."""
    return [
        (group.name, sorted(group.members.values(), key=lambda a: (a.name, a.fingerprint)))
        for group in alerts_of(state).ordered()
    ]


def alert_rows(
    state: State,
    now: datetime,
    alerts: Alerts | None = None,
    sorting: Sorting | None = None,
    only: Container[Fingerprint] | None = None,
) -> list[Row]:
    """One row a group; its key is the alerts' name. A group with one of ``only`` stays whole.

    What a key does to a row it does to all of the group; a row must not show less than that.
    """
    ordered = (alerts or alerts_of(state)).ordered()
    if only is not None:
        ordered = [group for group in ordered if any(one in only for one in group.members)]
    return [_row(state, group, now) for group in arranged(ordered, SORTS, sorting)]


def _row(state: State, group: Group, now: datetime) -> Row:
    meaning = MEANINGS.get(group.worst, "unknown")
    words, state_role = _standing(state, group, meaning)
    role = "muted" if state_role == "muted" else meaning
    differing = " ".join(f"{name}×{n}" for name, n in group.differing.items()) if group.size > 1 else ""
    shared = " ".join(_pairs(group.shared))
    said = "  ".join(part for part in (group.name, differing, group.summary, shared) if part)
    cells = (
        Cell(MARKS.get(group.worst, "? ?"), role),
        Cell(since(group.oldest, now), role),
        Cell(said, role),
        Cell(f"{group.size:,}", role),
        Cell(words, state_role),
    )
    return Row(group.name, cells, role)


def _pairs(labels: dict[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in sorted(labels.items())]


def _standing(state: State, group: Group, meaning: str) -> tuple[str, str]:
    """Silenced, inhibited, taken by somebody, pending or firing; of how many when not of all."""
    stands = group.standings
    if stands["silenced"] == group.size:
        return _until(state, [s for s, count in group.silences.items() if count]), "muted"
    if group.quiet:
        return ("inhibited" if not stands["silenced"] else "quiet"), "muted"
    if group.owners:
        last = max(group.owners.values(), key=lambda one: one.time)
        return f"acked {last.person.name}{_share(len(group.owners), group.size)}", "info"
    if stands["pending"] and not stands["firing"]:
        return f"pending{_share(stands['pending'], group.size)}", "warning"
    return f"firing{_share(stands['firing'], group.size)}", meaning


def _until(state: State, silences: Sequence[str]) -> str:
    ends = [state.alerts.silences[s].ends for s in silences if s in state.alerts.silences]
    return f"silenced to {max(ends):%H:%M}Z" if ends else "silenced"


def _share(part: int, whole: int) -> str:
    return "" if part == whole else f" {part}/{whole}"


class MemberRows(Sequence[Row]):
    """The alerts of a group, the loud and worst first; each row is made when it is looked at."""

    def __init__(
        self,
        state: State,
        now: datetime,
        group: Group,
        sorting: Sorting | None = None,
        alerts: Alerts | None = None,
        only: Container[Fingerprint] | None = None,
    ) -> None:
        self._state, self._now, self._alerts = state, now, alerts
        self._names = tuple(group.differing)
        members = group.members.values()
        wanted = members if only is None else [one for one in members if one.fingerprint in only]
        ordered = sorted(wanted, key=member_place)
        self._members = arranged(ordered, self._sorts(), sorting)
        self._places = {str(alert.fingerprint): n for n, alert in enumerate(self._members)}

    def _sorts(self) -> dict[str, Callable[[Alert], Any]]:
        taken = self._state.alerts.acknowledged
        return {
            "SEV": severity_rank,
            "AGE": lambda a: (a.started is None, a.started.timestamp() if a.started else 0.0),
            "WHICH": self._which,
            "SUMMARY": lambda a: str(a.summary),
            "STATE": lambda a: STANDINGS.index(standing_of(a, taken)),
        }

    def __len__(self) -> int:
        return len(self._members)

    def __getitem__(self, place: int) -> Row:  # type: ignore[override]
        alert = self._members[place]
        meaning = MEANINGS.get(alert.severity, "unknown")
        words, state_role = alert_state(self._state, alert, self._alerts)
        role = "muted" if state_role == "muted" else meaning
        cells = (
            Cell(MARKS.get(alert.severity, "? ?"), role),
            Cell(since(alert.started, self._now), role),
            Cell(self._which(alert), role),
            Cell(str(alert.summary), "muted"),
            Cell(words, state_role),
        )
        return Row(str(alert.fingerprint), cells, role)

    def place(self, key: str) -> int | None:
        """Where the row with that key stands."""
        return self._places.get(key)

    def _which(self, alert: Alert) -> str:
        """What tells it from the others of its group; the label's name only where there are several."""
        said = [(name, alert.labels[name]) for name in self._names if name in alert.labels]
        if len(said) == 1:
            return said[0][1]
        return " ".join(f"{name}={value}" for name, value in said) or str(alert.fingerprint)


def alert_state(state: State, alert: Alert, alerts: Alerts | None = None) -> tuple[str, str]:
    """Silenced until when, inhibited by what, acknowledged by whom, pending or firing; and what that means."""
    match standing_of(alert, state.alerts.acknowledged):
        case "silenced":
            return _until(state, alert.silenced_by), "muted"
        case "inhibited":
            named = alerts.alert if alerts is not None else (lambda _: None)
            by = [one.name if (one := named(f)) else f[:12] for f in alert.inhibited_by[:MOST_INHIBITORS]]
            return f"inhibited by {', '.join(dict.fromkeys(by))}", "muted"
        case "taken":
            return f"acked {state.alerts.acknowledged[alert.fingerprint].person.name}", "info"
        case "pending":
            return "pending", "warning"
        case _:
            return "firing", MEANINGS.get(alert.severity, "unknown")


def alert_lines(state: State, name: str, now: datetime, alerts: Alerts | None = None) -> list[Line]:
    """Everything known of an alert, or of each alert of a group."""
    known = alerts or alerts_of(state)
    one = known.alert(name)
    group = known.groups.get(name)
    members = [one] if one is not None else list(group.members.values()) if group else []
    lines: list[Line] = []
    for alert in sorted(members, key=member_place):
        meaning = MEANINGS.get(alert.severity, "unknown")
        words, role = alert_state(state, alert, known)
        lines.append(
            line(
                (f"{MARKS.get(alert.severity, '? ?')} {alert.name}", meaning),
                (f"  {words}", role),
                (f"  for {since(alert.started, now)}", "muted"),
            )
        )
        lines += [line(f"  {alert.summary}")] if alert.summary else []
        lines += [*_said_of(state, alert)]
        labels = " ".join(_pairs(alert.labels))
        lines.append(line((f"  {labels}", "muted")))
    return lines


def _said_of(state: State, alert: Alert) -> list[Line]:
    """Since when, who took it with which word, and which silences keep it quiet."""
    lines = []
    if alert.started is not None:
        lines.append(line(("  since ", "muted"), f"{alert.started:%Y-%m-%d %H:%M:%S}Z"))
    taken = state.alerts.acknowledged.get(alert.fingerprint)
    if taken is not None:
        note = f": {taken.note}" if taken.note else ""
        lines.append(
            line(("  acknowledged: ", "muted"), f"{taken.person.name} at {taken.time:%H:%M:%S}Z{note}")
        )
    for silence in (state.alerts.silences[s] for s in alert.silenced_by if s in state.alerts.silences):
        words = f"until {silence.ends:%H:%M:%S}Z by {silence.created_by or 'nobody named'}: {silence.comment}"
        lines.append(line(("  silenced ", "muted"), words))
    return lines
