"""The Alerts pane: groups with counts, the worst and oldest first."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from warroom.model.nouns import Alert, AlertState
from warroom.state.slices import State
from warroom.views.ages import since
from warroom.views.rows import Cell, Column, Row, Title
from warroom.views.sources import titled

COLUMNS = (
    Column("SEV", 5, priority=9),
    Column("AGE", 5, align="right", priority=9),
    Column("ALERT", None, priority=9),
    Column("SCOPE", 18, priority=7),
    Column("N", 4, align="right", priority=9),
    Column("STATE", 16, priority=8),
)
RANKS = {"critical": 0, "error": 0, "warning": 1, "info": 2}
MARKS = {"critical": "✖ C", "error": "✖ E", "warning": "▲ W", "info": "● I"}
MEANINGS = {"critical": "critical", "error": "critical", "warning": "warning", "info": "info"}


def alerts_title(state: State, room_ms: int) -> Title:
    """Name, how many fire in how many groups, source."""
    alerts = state.alerts.alerts.values()
    groups = len({a.name for a in alerts})
    count = f"{len(alerts)} in {groups} groups" if alerts else "none" if state.alerts.listed else ""
    return titled(state, "alerts", room_ms, name="Alerts", count=count)


def grouped(state: State) -> list[tuple[str, list[Alert]]]:
    """Alerts by name: the worst severity first, then the oldest."""
    ordered = sorted(state.alerts.alerts.values(), key=lambda a: (a.name, a.fingerprint))
    groups = [(str(name), list(members)) for name, members in groupby(ordered, key=lambda a: a.name)]
    return sorted(groups, key=lambda g: (min(RANKS.get(a.severity, 3) for a in g[1]), _started(g[1]), g[0]))


def _started(alerts: Iterable[Alert]) -> float:
    return min((a.started.timestamp() for a in alerts if a.started), default=0.0)


def alert_rows(state: State, now: datetime) -> list[Row]:
    """One row a group."""
    rows: list[Row] = []
    for name, members in grouped(state):
        worst = min(members, key=lambda a: RANKS.get(a.severity, 3))
        role = MEANINGS.get(worst.severity, "unknown")
        oldest = min((a.started for a in members if a.started), default=None)
        words, meaning = _state_of(state, members, now)
        if meaning == "muted":
            role = "muted"
        rows.append(
            Row(
                name,
                (
                    Cell(MARKS.get(worst.severity, "? ?"), role),
                    Cell(since(oldest, now), role),
                    Cell(f"{name}  {worst.summary}" if len(members) == 1 and worst.summary else name, role),
                    Cell(scope(members), "muted"),
                    Cell(str(len(members)), role),
                    Cell(words, meaning),
                ),
            )
        )
    return rows


def scope(members: list[Alert]) -> str:
    """The labels all members share, without those that say nothing new."""
    shared = set(members[0].labels.items())
    for alert in members[1:]:
        shared &= set(alert.labels.items())
    return " ".join(f"{k}={v}" for k, v in sorted(shared) if k not in ("alertname", "severity", "job"))


def _state_of(state: State, members: list[Alert], now: datetime) -> tuple[str, str]:
    quiet = [a for a in members if a.silenced_by]
    if len(quiet) == len(members):
        ends = [state.alerts.silences[s].ends for a in quiet for s in a.silenced_by if s in state.alerts.silences]
        return (f"silenced to {max(ends):%H:%M}Z" if ends else "silenced"), "muted"
    if all(a.inhibited_by for a in members):
        return "inhibited", "muted"
    taken = [state.alerts.acknowledged[a.fingerprint] for a in members if a.fingerprint in state.alerts.acknowledged]
    if taken:
        part = "" if len(taken) == len(members) else f" {len(taken)}/{len(members)}"
        return f"acked {taken[-1].person.name}{part}", "info"
    if all(a.state is AlertState.PENDING for a in members):
        return "pending", "warning"
    return "firing", MEANINGS.get(members[0].severity, "text")
