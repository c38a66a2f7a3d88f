"""The Logs pane: the newest lines, with level, time and origin."""

from collections.abc import Iterable

from warroom.model.nouns import LogLevel, LogLine
from warroom.state.logtail import TailLine
from warroom.state.slices import State
from warroom.views.rows import Cell, Line, Title
from warroom.views.sources import titled

ROLES = {
    LogLevel.FATAL: "critical",
    LogLevel.ERROR: "critical",
    LogLevel.WARN: "warning",
    LogLevel.INFO: "info",
    LogLevel.DEBUG: "muted",
    LogLevel.NONE: "text",
}


def logs_title(state: State, room_ms: int, *, note: str = "follow") -> Title:
    """Name, how many lines, how many were dropped, source."""
    logs = state.logs
    dropped = f"  dropped {logs.dropped:,}" if logs.dropped else ""
    return titled(state, "logs", room_ms, name="Logs", count=f"{note}  {logs.lines:,} lines  {logs.errors:,} errors{dropped}")


def log_lines(tail: Iterable[TailLine]) -> list[Line]:
    """Each line of the tail; further lines of one record keep their gutter."""
    return [shown for entry in tail for shown in lines_of(entry.line)]


def lines_of(entry: LogLine) -> list[Line]:
    """One record as one or more lines."""
    role = ROLES[entry.level]
    time = f"{entry.time:%H:%M:%S} " if entry.time else "         "
    where = " ".join(part for part in (entry.node, entry.workload) if part)
    first, *more = entry.text.split("\n")
    head = Line((Cell(time, "muted"), Cell(f"{entry.level.upper():<5} ", role), Cell(f"{where:<12} ", "accent"), Cell(first, role if role == "critical" else "text")))
    return [head, *(Line((Cell(f"         {part}", "text"),)) for part in more)]
