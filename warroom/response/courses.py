"""What a watched figure did around a moment: before it, since then, whether it was getting better already."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from warroom.state.slices import Point, State

HELD = 2
"""So many samples in a row within the threshold, as many as make it trouble: one good value is no recovery."""
LOOK_BACK = timedelta(seconds=30)
FELL = 0.75
"""A figure that lost a quarter within that time was getting better..."""
STAYED = 0.9
"""... unless it was nearly as bad again later."""


def points_of(state: State, metric: str) -> tuple[Point, ...]:
    """The samples with a value of an indicator of the whole cluster, oldest first."""
    series = state.metrics.series.get(metric)
    return tuple(p for p in series.points if p.value is not None) if series else ()


def since(state: State, metric: str, time: datetime) -> tuple[Point, ...]:
    """The samples taken after a time."""
    return tuple(p for p in points_of(state, metric) if p.time > time)


def before(state: State, metric: str, time: datetime) -> float | None:
    """The last value at or before a time; None where nothing was measured."""
    return next((p.value for p in reversed(points_of(state, metric)) if p.time <= time), None)


def recovered(points: Sequence[Point], at_most: float) -> datetime | None:
    """Since when the newest samples are within a threshold; None when they are not, or only one is."""
    first: datetime | None = None
    count = 0
    for point in reversed(points):
        if point.value is None or point.value > at_most:
            break
        first, count = point.time, count + 1
    return first if count >= HELD else None


def is_falling(state: State, metric: str, time: datetime, end: datetime) -> bool:
    """Whether a figure was on its way down at a time, and never nearly as bad again until ``end``."""
    points = points_of(state, metric)
    value = before(state, metric, time)
    earlier = [p.value for p in points if time - LOOK_BACK <= p.time <= time and p.value is not None]
    later = [p.value for p in points if time < p.time < end and p.value is not None]
    if value is None or not earlier or value > FELL * max(earlier):
        return False
    return all(one < STAYED * value for one in later)
