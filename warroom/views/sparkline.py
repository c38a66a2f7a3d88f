"""A row of numbers as a row of bars."""

from collections.abc import Sequence
from math import isfinite

BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None], width: int, *, low: float | None = None) -> str:
    """The newest values in ``width`` cells; the worst (highest) of each cell's share, a gap as a space.

    Infinity is the full bar and no measure for the others; what is not a number is a gap.
    """
    if width <= 0 or not values:
        return ""
    shown = _shares([None if v is None or v != v else v for v in values], width)
    known = [v for v in shown if v is not None and isfinite(v)]
    bottom = min(known, default=0.0) if low is None else min([low, *known])
    top = max(known, default=bottom)
    return "".join(" " if v is None else _bar(v, bottom, top) for v in shown)


def _bar(value: float, bottom: float, top: float) -> str:
    if not isfinite(value):
        return BARS[-1] if value > 0 else BARS[0]
    # Halves, because the distance between two large numbers may not be a number any more.
    span = top / 2 - bottom / 2
    return BARS[round((value / 2 - bottom / 2) / span * 7)] if span > 0 else BARS[0]


def _shares(values: list[float | None], width: int) -> list[float | None]:
    if len(values) <= width:
        return values
    each = len(values) / width
    shares = [values[round(n * each) : max(round(n * each) + 1, round((n + 1) * each))] for n in range(width)]
    return [max((v for v in share if v is not None), default=None) for share in shares]
