"""A watched figure over the last half hour: its value, and since when it is beyond its threshold."""

from datetime import datetime
from typing import NamedTuple

from warroom.events.metrics import Indicator
from warroom.model.response import Fact
from warroom.response.triage.wording import clock, fact
from warroom.state.slices import Point, Series
from warroom.views.ages import figure
from warroom.views.metrics import is_bad

GONE_S = 60
"""A figure without a value for that long has no data."""


class Figure(NamedTuple):
    """An indicator as rules see it."""

    indicator: Indicator
    points: tuple[Point, ...] = ()
    value: float | None = None
    time: datetime | None = None
    """When it was measured."""
    bad_since: datetime | None = None
    """The first point of the present run beyond the threshold; None while it is within."""
    bad_points: int = 0
    seq: int = 0
    """The event with the newest value."""

    @property
    def bad(self) -> bool:
        """Beyond its threshold at two measurements in a row, so that one wild value is no trouble."""
        return self.bad_points >= 2

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return figure(self.value, self.indicator.unit)

    @property
    def beyond(self) -> Fact:
        """Its newest value with the limit it is beyond and since when; of the time it was measured."""
        limit = figure(self.indicator.threshold, self.indicator.unit)
        words = (
            f"{self.indicator.title} {self.shown}, beyond its limit of {limit} since {clock(self.bad_since)}"
        )
        return fact(words, self.time, self.seq)

    def before(self, time: datetime) -> float | None:
        """The last value at or before a time."""
        point = self.last(time)
        return None if point is None else point.value

    def last(self, time: datetime) -> Point | None:
        """The last point with a value at or before a time."""
        return next((p for p in reversed(self.points) if p.time <= time and p.value is not None), None)

    def between(self, start: datetime, end: datetime) -> list[float]:
        """The values measured after ``start`` and up to ``end``."""
        return [p.value for p in self.points if start < p.time <= end and p.value is not None]


def figure_of(indicator: Indicator, series: Series | None) -> Figure:
    """Read a series from its end."""
    points = series.points if series else ()
    newest = next((p for p in reversed(points) if p.value is not None), None)
    if series is None or newest is None:
        return Figure(indicator, points)
    since: datetime | None = None
    count = 0
    for point in reversed(points):
        if point.value is None:
            continue
        if not is_bad(indicator, point.value):
            break
        since, count = point.time, count + 1
    return Figure(indicator, points, newest.value, newest.time, since, count, series.seq)
