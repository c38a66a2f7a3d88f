"""The Alerts pane: groups with counts, the worst and oldest first."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from warroom.model.nouns import Alert, AlertState
from warroom.state.slices import State
from warroom.views.ages import since
from warroom.views.lines import line
from warroom.views.rows import Cell, Column, Line, Row, Title
from warroom.views.sources import titled

COLUMNS = (
    Column("SEV", 3, priority=9),
    Column("AGE", 5, align="right", priority=9),
    Column("ALERT", None, priority=10, least=26, most=70),
    Column("SCOPE", 26, priority=7, most=60),
    Column("N", 4, align="right", priority=9),
    Column("STATE", 14, priority=8, most=24),
)
RANKS = {"critical": 0, "error": 0, "warning": 1, "info": 2}
MARKS = {"critical": "✖ C", "error": "✖ E", "warning": "▲ W", "info": "● I"}
MEANINGS = {"critical": "critical", "error": "critical", "warning": "warning", "info": "info"}
SAYS_NOTHING = ("alertname", "severity", "job")


def alerts_title(state: State, room_ms: int) -> Title:
    """Name, how many alerts in how many groups, source."""
    alerts = state.alerts.alerts.values()
    groups = len({a.name for a in alerts})
    count = (
        f"{len(alerts)} in {groups} group{'s' * (groups != 1)}"
        if alerts
        else "none"
        if state.alerts.listed
        else ""
    )
    return titled(state, "alerts", room_ms, name="Alerts", count=count)


def grouped(state: State) -> list[tuple[str, list[Alert]]]:
    """Alerts by name: the loud before the quiet, the worst severity first, then the oldest."""
    ordered = sorted(state.alerts.alerts.values(), key=lambda a: (a.name, a.fingerprint))
    groups = [(str(name), list(members)) for name, members in groupby(ordered, key=lambda a: a.name)]
    return sorted(groups, key=lambda g: (_is_quiet(g[1]), _rank(g[1]), _started(g[1]), g[0]))


def _is_quiet(members: Iterable[Alert]) -> bool:
    return all(a.silenced_by or a.inhibited_by for a in members)


def _rank(members: Iterable[Alert]) -> int:
    return min(RANKS.get(a.severity, 3) for a in members)


def _started(members: Iterable[Alert]) -> float:
    return min((a.started.timestamp() for a in members if a.started), default=0.0)


def alert_rows(state: State, now: datetime) -> list[Row]:
    """One row a group; its key is the alerts' name."""
    return [_row(state, name, members, now) for name, members in grouped(state)]


def _row(state: State, name: str, members: list[Alert], now: datetime) -> Row:
    worst = min(members, key=lambda a: RANKS.get(a.severity, 3))
    meaning = MEANINGS.get(worst.severity, "unknown")
    words, state_role = _state_of(state, members, meaning)
    role = "muted" if state_role == "muted" else meaning
    oldest = min((a.started for a in members if a.started), default=None)
    summaries = {a.summary for a in members}
    said = f"{name}  {worst.summary}" if len(summaries) == 1 and worst.summary else name
    cells = (
        Cell(MARKS.get(worst.severity, "? ?"), role),
        Cell(since(oldest, now), role),
        Cell(said, role),
        Cell(scope(members), "muted"),
        Cell(str(len(members)), role),
        Cell(words, state_role),
    )
    return Row(name, cells, role)


def alert_lines(state: State, name: str, now: datetime) -> list[Line]:
    """Everything known of a group, one alert after the other."""
    members = next((members for group, members in grouped(state) if group == name), [])
    taken = state.alerts.acknowledged
    lines: list[Line] = []
    for alert in members:
        meaning = MEANINGS.get(alert.severity, "unknown")
        words, role = _state_of(state, [alert], meaning)
        lines.append(
            line(
                (f"{MARKS.get(alert.severity, '? ?')} {alert.name}", meaning),
                (f"  {words}", role),
                (f"  for {since(alert.started, now)}", "muted"),
            )
        )
        if alert.summary:
            lines.append(line(f"  {alert.summary}"))
        labels = " ".join(f"{k}={v}" for k, v in sorted(alert.labels.items()))
        lines.append(line((f"  {labels}", "muted")))
        if note := taken[alert.fingerprint].note if alert.fingerprint in taken else "":
            lines.append(line(("  acknowledged: ", "muted"), note))
    return lines


def scope(members: list[Alert]) -> str:
    """The labels all members share, without those that say nothing new."""
    shared = set(members[0].labels.items())
    for alert in members[1:]:
        shared &= set(alert.labels.items())
    return " ".join(f"{k}={v}" for k, v in sorted(shared) if k not in SAYS_NOTHING)


def _state_of(state: State, members: list[Alert], meaning: str) -> tuple[str, str]:
    """Silenced, inhibited, taken by somebody, pending or firing; of how many when not of all."""
    if all(a.silenced_by for a in members):
        silences = state.alerts.silences
        ends = [silences[s].ends for a in members for s in a.silenced_by if s in silences]
        return (f"silenced to {max(ends):%H:%M}Z" if ends else "silenced"), "muted"
    if _is_quiet(members):
        return "inhibited" if not any(a.silenced_by for a in members) else "quiet", "muted"
    taken = state.alerts.acknowledged
    owners = [taken[a.fingerprint] for a in members if a.fingerprint in taken]
    if owners:
        last = max(owners, key=lambda one: one.time)
        return f"acked {last.person.name}{_share(len(owners), len(members))}", "info"
    firing = sum(a.state is AlertState.FIRING for a in members)
    if not firing:
        return "pending", "warning"
    loud = sum(a.state is AlertState.FIRING and not a.silenced_by and not a.inhibited_by for a in members)
    return f"firing{_share(loud, len(members))}", meaning


def _share(part: int, whole: int) -> str:
    return "" if part == whole else f" {part}/{whole}"
