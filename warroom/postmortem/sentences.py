"""The lines a post-mortem is made of, and how it says lengths of time."""

from datetime import datetime, timedelta

import msgspec


class Sentence(msgspec.Struct, frozen=True):
    """A line and the events it rests on."""

    text: str
    evidence: tuple[int, ...] = ()
    time: datetime | None = None
    done: bool = False
    """Of something to be done: that it was."""


def spoken(span: timedelta) -> str:
    """``1 hours 4 minutes``, or seconds below ten minutes."""
    total = int(span.total_seconds())
    sign = "-" if total < 0 else ""
    total = abs(total)
    if total < 600:
        return (
            f"{sign}{total // 60} minutes {total % 60} seconds" if total >= 60 else f"{sign}{total} seconds"
        )
    return f"{sign}{total // 3600} hours {total % 3600 // 60} minutes"
