"""How old something is, in words that change by the minute unless it is late."""

from datetime import datetime, timedelta


def age(span: timedelta, *, seconds: bool = False) -> str:
    """``0m``, ``41m``, ``3h``, ``2d``; with ``seconds`` also ``34s`` below two minutes."""
    total = max(0, int(span.total_seconds()))
    if seconds and total < 120:
        return f"{total}s"
    if total < 3600:
        return f"{total // 60}m"
    return f"{total // 3600}h{total % 3600 // 60:02d}m" if total < 86_400 else f"{total // 86_400}d"


def since(moment: datetime | None, now: datetime) -> str:
    """The age of a moment; a dash for one that is not known."""
    return "—" if moment is None else age(now - moment)


def clock(span: timedelta) -> str:
    """``00:42:13``."""
    total = max(0, int(span.total_seconds()))
    return f"{total // 3600:02d}:{total % 3600 // 60:02d}:{total % 60:02d}"


def figure(value: float | None, unit: str) -> str:
    """A measured value with its unit; a dash for none, never 0."""
    if value is None:
        return "—"
    match unit:
        case "ratio":
            return f"{value:.1%}"
        case "s":
            return f"{value * 1000:.0f}ms" if value < 1 else f"{value:.1f}s"
        case "percent":
            return f"{value:.0f}%"
        case "celsius":
            return f"{value:.0f}°C"
        case "per_second":
            return f"{value / 1000:.1f}k/s" if value >= 10_000 else f"{value:.0f}/s"
        case _:
            return f"{value:g}"
