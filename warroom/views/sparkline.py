"""A row of numbers as a row of bars."""

from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None], width: int, *, low: float | None = None) -> str:
    """The newest values in ``width`` cells; the worst (highest) of each cell's share, a gap as a space."""
    if width <= 0 or not values:
        return ""
    shown = _shares(list(values), width)
    known = [v for v in shown if v is not None]
    if not known:
        return " " * len(shown)
    bottom = min(known) if low is None else min(low, min(known))
    span = max(known) - bottom
    return "".join(" " if v is None else BARS[round((v - bottom) / span * 7) if span else 0] for v in shown)


def _shares(values: list[float | None], width: int) -> list[float | None]:
    if len(values) <= width:
        return values
    each = len(values) / width
    shares = [values[round(n * each) : max(round(n * each) + 1, round((n + 1) * each))] for n in range(width)]
    return [max((v for v in share if v is not None), default=None) for share in shares]
