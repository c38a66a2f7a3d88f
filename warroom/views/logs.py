"""The Logs pane: the newest lines, with level, time and origin."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from warroom.model.nouns import LogLevel, LogLine, RecordedLine
from warroom.state.slices import State
from warroom.views.ages import figure
from warroom.views.rows import Cell, Line, Title
from warroom.views.sources import titled
from warroom.views.stamps import UTC_STAMPS, Stamps

ROLES = {
    LogLevel.FATAL: "log_error",
    LogLevel.ERROR: "log_error",
    LogLevel.WARN: "log_warn",
    LogLevel.INFO: "log_info",
    LogLevel.DEBUG: "log_debug",
    LogLevel.NONE: "text",
}


MARK = "⚑"
"""Stands behind the time of a marked line."""
LEAST_LEVELS = ("", "info", "warn", "error")
"""What the level can be set to: everything, then ever fewer lines."""
RATE_OVER = timedelta(seconds=60)


def logs_title(state: State, room_ms: int, *, note: str = "follow", rate: float | None = None) -> Title:
    """Name, how many lines, how many came a second in the last minute, how many were dropped, source."""
    logs = state.logs
    dropped = f"  dropped {logs.dropped:,}" if logs.dropped else ""
    speed = "" if rate is None else f"  {figure(rate, 'per_second')}"
    count = f"{note}  {logs.lines:,} lines{speed}  {logs.errors:,} errors{dropped}"
    title = titled(state, "logs", room_ms, name="Logs", count=count)
    return msgspec.structs.replace(title, brief=note + dropped)


def lines_per_second(tail: Iterable[RecordedLine], now: datetime, *, full: bool = False) -> float | None:
    """How many lines a second the last minute brought; None when the tail does not reach back that far.

    Of a ``full`` tail that let go of lines younger than a minute, what it holds is the measure.
    """
    times = [entry.line.time for entry in tail if entry.line.time is not None]
    if not times:
        return None
    oldest, newest = min(times), max(times)
    if oldest <= now - RATE_OVER:
        return sum(now - RATE_OVER < time <= now for time in times) / RATE_OVER.total_seconds()
    return len(times) / (newest - oldest).total_seconds() if full and newest > oldest else None


def log_lines(tail: Iterable[RecordedLine]) -> list[Line]:
    """Each line of the tail; further lines of one record keep their gutter."""
    return [shown for entry in tail for shown in lines_of(entry.line, source=entry.source)]


def lines_of(
    entry: LogLine, *, source: str = "", stamps: Stamps = UTC_STAMPS, marked: bool = False
) -> list[Line]:
    """One record as one or more lines; its source stands where neither node nor workload is known."""
    role = ROLES[entry.level]
    time = stamps.write(entry.time)
    mark = Cell(f"{time[:-1]}{MARK}" if marked else time, "accent" if marked else "muted")
    where = " ".join(part for part in (entry.node, entry.workload) if part) or source
    first, *more = entry.text.split("\n")
    cells = (
        mark,
        Cell(f"{entry.level.upper():<5} ", role),
        Cell(f"{where:<12} ", "accent"),
        Cell(first, role if role == "log_error" else "text"),
    )
    return [Line(cells), *(Line((Cell(f"         {part}", "text"),)) for part in more)]


def told_elsewhere(entry: LogLine, *, source: str = "") -> list[Line]:
    """One record as it is read outside of the room: with its day, in UTC, unmarked."""
    first, *more = lines_of(entry, source=source)
    stamp = f"{entry.time:%Y-%m-%d %H:%M:%S}Z " if entry.time is not None else "no time "
    return [Line((Cell(stamp, "muted"), *first.spans[1:])), *more]
