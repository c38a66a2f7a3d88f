"""The Metrics pane: one line an indicator, with its course, its extremes and its age."""

from datetime import datetime

from warroom.events.metrics import Indicator
from warroom.state.slices import Point, State
from warroom.views.ages import age, figure
from warroom.views.lines import line
from warroom.views.rows import Cell, Line, Title
from warroom.views.sources import absence, titled
from warroom.views.sparkline import sparkline

OLD_S = 90
"""A last sample older than that has its age shown."""
NAME_CELLS, FIGURE_CELLS = 9, 9


def metrics_title(state: State, room_ms: int) -> Title:
    """Name, over which time, source."""
    count = "30m" if state.metrics.series else ""
    if state.metrics.left_out:
        count += f" {state.metrics.left_out} series left out"
    return titled(state, "metrics", room_ms, name="Metrics", count=count)


def latest(state: State, metric: str) -> float | None:
    """The newest value of an indicator; None when there is none."""
    series = state.metrics.series.get(metric)
    return series.points[-1].value if series and series.points else None


def metric_lines(state: State, now: datetime, width: int) -> list[Line]:
    """A line an indicator, or why there are none."""
    if not state.metrics.indicators:
        return [absence(state, "metrics", none="no indicator is watched")]
    return [_line(state, indicator, now, width) for indicator in state.metrics.indicators]


def _line(state: State, indicator: Indicator, now: datetime, width: int) -> Line:
    series = state.metrics.series.get(indicator.metric)
    points = series.points if series else ()
    name = f"{indicator.title[:NAME_CELLS]:<{NAME_CELLS}}"
    if not points:
        return line((name, "text"), ("no data", "unknown"))
    known = [p.value for p in points if p.value is not None]
    current = points[-1].value
    bad = indicator.threshold is not None and current is not None and current > indicator.threshold
    role = "critical" if bad else "unknown" if current is None else "text"
    course = max(4, width - NAME_CELLS - FIGURE_CELLS - 22)
    late = (now - points[-1].time).total_seconds()
    extremes = f" {_extreme(known, indicator, min)}…{_extreme(known, indicator, max)}"
    cells = [
        Cell(name, role),
        Cell(f"{sparkline([p.value for p in points], course):<{course}}", "critical" if bad else "accent"),
        Cell(f"{figure(current, indicator.unit):>{FIGURE_CELLS}}", role),
        Cell(" ✖" if bad else "  ", "critical"),
        Cell(extremes, "muted"),
    ]
    if late > OLD_S:
        cells.append(Cell(f" {age(now - points[-1].time)} old", "stale"))
    return Line(tuple(cells))


def _extreme(known: list[float], indicator: Indicator, pick: object) -> str:
    if not known:
        return "—"
    return figure(min(known) if pick is min else max(known), indicator.unit)


def trend(points: tuple[Point, ...]) -> str:
    """An arrow for the last minute against the minutes before; nothing while it is steady."""
    known = [p.value for p in points[-36:] if p.value is not None]
    if len(known) < 12:
        return ""
    now, before = sum(known[-6:]) / 6, sum(known[:-6]) / (len(known) - 6)
    if abs(now - before) <= 0.15 * max(abs(before), 1e-9):
        return ""
    return "↑" if now > before else "↓"
