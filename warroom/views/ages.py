"""How old something is and how much, in words that change by the minute unless something is late."""

from datetime import datetime, timedelta
from math import isfinite, isnan

HUGE = 1_000_000
"""From here on a figure is shown by its magnitude, so that one wild value does not push a line apart."""


def age(span: timedelta, *, seconds: bool = False) -> str:
    """``0m``, ``41m``, ``3h05m``, ``14h``, ``2d``, at most five cells; with ``seconds`` also ``34s``."""
    total = max(0, int(span.total_seconds()))
    if seconds and total < 120:
        return f"{total}s"
    if total < 3600:
        return f"{total // 60}m"
    if total < 36_000:
        return f"{total // 3600}h{total % 3600 // 60:02d}m"
    return f"{total // 3600}h" if total < 86_400 else f"{min(9999, total // 86_400)}d"


def since(moment: datetime | None, now: datetime) -> str:
    """The age of a moment; a dash for one that is not known."""
    return "—" if moment is None else age(now - moment)


def clock(span: timedelta) -> str:
    """``00:42:13``."""
    total = max(0, int(span.total_seconds()))
    return f"{total // 3600:02d}:{total % 3600 // 60:02d}:{total % 60:02d}"


def figure(value: float | None, unit: str) -> str:
    """A measured value with its unit; a dash for none. What is not 0 is never shown as 0."""
    if value is None or isnan(value):
        return "—"
    if not isfinite(value):
        return "+Inf" if value > 0 else "-Inf"
    if abs(value) >= HUGE:
        return f"{value:.2g}{_MARKS.get(unit, '')}"
    match unit:
        case "ratio":
            return "<0.1%" if 0 < value < 0.0005 else f"{value:.1%}"
        case "s":
            return _duration(value)
        case "percent":
            return "<1%" if 0 < value < 0.5 else f"{value:.0f}%"
        case "celsius":
            return f"{value:.0f}°C"
        case "per_second":
            return _rate(value)
        case _:
            return f"{value:.4g}"


_MARKS = {"ratio": "", "s": "s", "percent": "%", "celsius": "°C", "per_second": "/s"}


def _duration(value: float) -> str:
    if value >= 1:
        return f"{value:.1f}s" if value < 100 else f"{value:.0f}s"
    return "<1ms" if 0 < value < 0.0005 else f"{value * 1000:.0f}ms"


def _rate(value: float) -> str:
    if value >= 10_000:
        return f"{value / 1000:.1f}k/s"
    return f"{value:.0f}/s" if value >= 10 or value == 0 else f"{value:.2g}/s"
