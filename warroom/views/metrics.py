"""The Metrics pane: one line an indicator, with its course, its extremes and its age."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import isfinite
from statistics import fmean, pstdev

from rich.cells import cell_len, set_cell_size

from warroom.events.metrics import Indicator
from warroom.model.commands import MetricsFound
from warroom.state.slices import Point, Series, State
from warroom.views.ages import age, figure
from warroom.views.lines import line
from warroom.views.rows import Cell, Entry, Line, Title
from warroom.views.sources import absence, titled
from warroom.views.sparkline import sparkline

OLD_S = 90
"""A last sample older than that has its age shown."""
NAME_CELLS, FIGURE_CELLS = 9, 9
BESIDE_CELLS = 22
"""What stands beside name, course and figure: the mark and the extremes."""
LIMIT_CELLS = 14
MARK_CELLS = 3
NARROW = 60
"""Narrower lines leave the extremes out: the course says more."""
ROOMY = 72
"""Only lines that wide also show the threshold."""
STEADY = 0.15
"""A change smaller than this part of the value is none."""
RECENT = timedelta(seconds=60)
"""What the newest value is compared with to say where it goes."""
MINUTE_POINTS = 61
LEAST_BEFORE = 3


def metrics_title(state: State, room_ms: int, *, at: datetime | None = None) -> Title:
    """Name, over which time or at which, source."""
    count = "30m" if state.metrics.series else ""
    if at is not None:
        count = f"at {at:%H:%M:%S}Z, Esc now"
    if state.metrics.left_out:
        count += f" too many: {state.metrics.left_out} series left out"
    return titled(state, "metrics", room_ms, name="Metrics", count=count.strip())


def latest(state: State, metric: str) -> float | None:
    """The newest value of an indicator; None when there is none."""
    series = state.metrics.series.get(metric)
    return series.points[-1].value if series and series.points else None


def is_bad(indicator: Indicator, value: float | None) -> bool:
    """Whether a value is beyond its indicator's threshold."""
    return indicator.threshold is not None and value is not None and value > indicator.threshold


def metric_lines(state: State, now: datetime, width: int, *, at: datetime | None = None) -> list[Line]:
    """A line an indicator, or why there are none."""
    if not state.metrics.indicators:
        return [absence(state, "metrics", none="no indicator is watched")]
    return [_line(state, indicator, now, width, at) for indicator in state.metrics.indicators]


def metric_entries(state: State, now: datetime, width: int, *, at: datetime | None = None) -> list[Entry]:
    """The lines as entries; an indicator's key is its metric."""
    lines = metric_lines(state, now, width, at=at)
    keys = [indicator.metric for indicator in state.metrics.indicators] or [""]
    return [Entry(key, (one,)) for key, one in zip(keys, lines, strict=True)]


def point_at(points: Sequence[Point], at: datetime) -> int | None:
    """The newest point not after a time; None when all are."""
    place = bisect_right(points, at, key=lambda point: point.time)
    return place - 1 if place else None


def column_time(state: State, metric: str, at: datetime | None, by: int) -> datetime | None:
    """The time of an indicator's next point from a time on, or of the one before; None for now."""
    series = state.metrics.series.get(metric)
    points = series.points if series else ()
    if not points:
        return None
    place = len(points) - 1 if at is None else point_at(points, at)
    aim = (0 if place is None else place + by) if at is not None or by < 0 else len(points)
    return points[max(0, aim)].time if aim < len(points) - 1 or by < 0 else None


def range_lines(found: MetricsFound, unit: str, course: int, most: int = 20) -> tuple[list[Line], str]:
    """A line a series of an answer, and the answer in a sentence."""
    lines: list[Line] = []
    said: list[str] = []
    for series in found.series[:most]:
        known = [value for _, value in series.points if value is not None]
        last = figure(known[-1] if known else None, unit)
        low, high = figure(min(known, default=None), unit), figure(max(known, default=None), unit)
        name = " ".join(f"{label}={value}" for label, value in sorted(series.labels.items()))
        said.append(f"{name} {last} ({low} to {high})".strip())
        bars = sparkline([value for _, value in series.points], course)
        lines.append(line((f"{name}  " if name else "", "text"), (bars, "accent"), (f" {last}", "text")))
        lines.append(line((f"    {low} to {high}", "muted")))
    if len(found.series) > most or found.left_out:
        left = len(found.series) - len(said) + found.left_out
        lines.append(line((f"{left} more series are left out", "muted")))
    lines += [line((f"▲ {warning}", "warning")) for warning in found.warnings]
    words = f"{found.query}: {'; '.join(said[:3]) or 'no data'}"
    return lines or [line(("no data", "unknown"))], words


def lateness(state: State, now: datetime) -> tuple[str, ...]:
    """How old the newest sample of each indicator is, where that is worth saying."""
    return tuple(_late(state.metrics.series.get(i.metric), now) for i in state.metrics.indicators)


def _late(series: Series | None, now: datetime) -> str:
    late = now - series.points[-1].time if series and series.points else timedelta()
    return f" {age(late)} old" if late.total_seconds() > OLD_S else ""


def _line(state: State, indicator: Indicator, now: datetime, width: int, at: datetime | None) -> Line:
    series = state.metrics.series.get(indicator.metric)
    points = series.points if series else ()
    name = set_cell_size(str(indicator.title), NAME_CELLS)
    if not points:
        return line((name, "text"), ("no data", "unknown"))
    place = len(points) - 1 if at is None else point_at(points, at)
    current = points[place].value if place is not None else None
    bad = is_bad(indicator, current)
    role = "critical" if bad else "unknown" if current is None else "text"
    limit = _limit(indicator) if width >= ROOMY else ""
    beside = BESIDE_CELLS if width >= NARROW else MARK_CELLS
    course = max(4, width - NAME_CELLS - FIGURE_CELLS - beside - (LIMIT_CELLS if limit else 0))
    bars = sparkline([p.value for p in points], course)
    cells = [
        Cell(name, role),
        *_marked(bars, None if at is None or place is None else place * len(bars) // len(points), bad),
        Cell(" " * (course - cell_len(bars))),
        Cell(f"{figure(current, indicator.unit):>{FIGURE_CELLS}}", role),
        Cell(" ✖" if bad else "  ", "critical"),
        Cell(f" {_extremes(points, indicator)}{limit}" if width >= NARROW else "", "muted"),
    ]
    if late := _late(series, now):
        cells.append(Cell(late, "stale"))
    return Line(tuple(cells))


def _marked(bars: str, column: int | None, bad: bool) -> list[Cell]:
    """The course, with the column of the time that is looked at."""
    role = "critical" if bad else "accent"
    if column is None:
        return [Cell(bars, role)]
    return [Cell(bars[:column], role), Cell(bars[column], "selection"), Cell(bars[column + 1 :], role)]


def _limit(indicator: Indicator) -> str:
    return "" if indicator.threshold is None else f"  limit {figure(indicator.threshold, indicator.unit)}"


def _extremes(points: tuple[Point, ...], indicator: Indicator) -> str:
    known = [p.value for p in points if p.value is not None]
    low, high = min(known, default=None), max(known, default=None)
    return f"{figure(low, indicator.unit)}…{figure(high, indicator.unit)}"


def trend(points: Sequence[Point]) -> str:
    """An arrow for the newest value against the minute before it; nothing while it is steady or has just turned."""
    newest = points[-1] if points else None
    if newest is None or newest.value is None or not isfinite(newest.value):
        return ""
    since = newest.time - RECENT
    before = [p.value for p in points[-MINUTE_POINTS:-1] if p.value is not None and p.time >= since]
    before = [value for value in before if isfinite(value)]
    if len(before) < LEAST_BEFORE:
        return ""
    usual = fmean(before)
    change, step = newest.value - usual, newest.value - before[-1]
    if abs(change) <= max(STEADY * abs(usual), pstdev(before), 1e-9):
        return ""
    if change * step < 0 and abs(step) > STEADY * abs(before[-1]):
        return ""
    return "↑" if change > 0 else "↓"
