"""Each indicator around the incident: before it began, at its worst, now."""

from datetime import datetime

from warroom.events.metrics import Indicator
from warroom.state.slices import Point, State
from warroom.views.ages import figure
from warroom.views.lines import line
from warroom.views.metrics import is_bad
from warroom.views.rows import Line
from warroom.views.sources import absence
from warroom.views.sparkline import sparkline
from warroom.views.what_changed import start_of

COURSE = 60


def around_lines(state: State, now: datetime) -> list[Line]:
    """Two lines an indicator: its course, and its figures with their times."""
    if not state.metrics.indicators:
        return [absence(state, "metrics", none="no indicator is watched")]
    start, word = start_of(state, now)
    head = f"Around {word} ({start:%H:%M:%S}Z)" if word != "now" else "No incident: the last figures"
    lines = [line((head, "muted"))]
    for indicator in state.metrics.indicators:
        lines += _lines(state, indicator, start)
    return lines


def indicator_lines(state: State, indicator: Indicator, now: datetime) -> list[Line]:
    """One indicator's figures around the incident: before it, at its worst, the last."""
    return _lines(state, indicator, start_of(state, now)[0])[1:]


def _lines(state: State, indicator: Indicator, start: datetime) -> list[Line]:
    series = state.metrics.series.get(indicator.metric)
    points = [p for p in series.points if p.value is not None] if series else []
    if not points:
        return [line((f"{indicator.title}  ", "text"), ("no data", "unknown"))]
    before = [p for p in points if p.time < start]
    worst = max((p for p in points if p.time >= start), key=lambda p: p.value or 0.0, default=points[-1])
    last = points[-1]
    role = "critical" if is_bad(indicator, last.value) else "text"
    figures = line(
        ("    before ", "muted"),
        (_at(before[-1] if before else None, indicator), "text"),
        ("  highest since ", "muted"),
        (_at(worst, indicator), "text"),
        ("  last ", "muted"),
        (_at(last, indicator), role),
        (
            f"  limit {figure(indicator.threshold, indicator.unit)}"
            if indicator.threshold is not None
            else "",
            "muted",
        ),
    )
    course = line((f"{indicator.title}  ", role), (sparkline([p.value for p in points], COURSE), "accent"))
    return [course, figures]


def _at(point: Point | None, indicator: Indicator) -> str:
    return "—" if point is None else f"{figure(point.value, indicator.unit)} at {point.time:%H:%M:%S}Z"
