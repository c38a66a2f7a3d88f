"""The Logs pane: the newest lines, with level, time and origin."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from warroom.model.nouns import LogLevel, LogLine
from warroom.state.logtail import TailLine
from warroom.state.slices import State
from warroom.views.rows import Cell, Line, Title
from warroom.views.sources import titled

ROLES = {
    LogLevel.FATAL: "log_error",
    LogLevel.ERROR: "log_error",
    LogLevel.WARN: "log_warn",
    LogLevel.INFO: "log_info",
    LogLevel.DEBUG: "log_debug",
    LogLevel.NONE: "text",
}


RATE_OVER = timedelta(seconds=60)


def logs_title(state: State, room_ms: int, *, note: str = "follow") -> Title:
    """Name, how many lines, how many were dropped, source."""
    logs = state.logs
    dropped = f"  dropped {logs.dropped:,}" if logs.dropped else ""
    count = f"{note}  {logs.lines:,} lines  {logs.errors:,} errors{dropped}"
    return titled(state, "logs", room_ms, name="Logs", count=count)


def lines_per_second(tail: Iterable[TailLine], now: datetime) -> float | None:
    """How many lines a second the last minute brought; None when the tail does not reach back that far."""
    times = [entry.line.time for entry in tail if entry.line.time is not None]
    if not times or min(times) > now - RATE_OVER:
        return None
    return sum(now - RATE_OVER < time <= now for time in times) / RATE_OVER.total_seconds()


def log_lines(tail: Iterable[TailLine]) -> list[Line]:
    """Each line of the tail; further lines of one record keep their gutter."""
    return [shown for entry in tail for shown in lines_of(entry.line, source=entry.source)]


def lines_of(entry: LogLine, *, source: str = "") -> list[Line]:
    """One record as one or more lines; its source stands where neither node nor workload is known."""
    role = ROLES[entry.level]
    time = f"{entry.time:%H:%M:%S} " if entry.time else "         "
    where = " ".join(part for part in (entry.node, entry.workload) if part) or source
    first, *more = entry.text.split("\n")
    cells = (
        Cell(time, "muted"),
        Cell(f"{entry.level.upper():<5} ", role),
        Cell(f"{where:<12} ", "accent"),
        Cell(first, role if role == "log_error" else "text"),
    )
    return [Line(cells), *(Line((Cell(f"         {part}", "text"),)) for part in more)]
