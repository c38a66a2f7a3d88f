"""How a moment's time is written: in UTC, in the reader's own zone, or relative to when it began."""

from datetime import datetime, timedelta, tzinfo

import msgspec

from warroom.views.ages import clock

KINDS = ("utc", "local", "relative")
START_WORDS = {"utc": "", "local": "local time", "relative": "since"}
CELLS = 9
"""Cells a stamp takes; relative ones stay that wide for a hundred hours."""


class Stamps(msgspec.Struct, frozen=True):
    """One way to write times. Relative times count from the incident, so that they stand still on screen."""

    kind: str = "utc"
    zone: tzinfo | None = None
    origin: datetime | None = None

    def write(self, time: datetime | None, *, mark: str = " ") -> str:
        """``14:02:10 ``, ``16:02:10+``, ``+00:12:07``; blank for no time. ``mark`` ends a UTC stamp."""
        if time is None:
            return " " * CELLS
        if self.kind == "relative" and self.origin is not None:
            span = time - self.origin
            return f"{'-' if span < timedelta() else '+'}{clock(abs(span))}"
        if self.kind == "local" and self.zone is not None:
            return f"{time.astimezone(self.zone):%H:%M:%S}L"
        return f"{time:%H:%M:%S}{mark}"

    @property
    def words(self) -> str:
        """What a title says of it; nothing for UTC, which is the rule."""
        if self.kind == "local" and self.zone is not None:
            return "local time"
        if self.kind == "relative" and self.origin is not None:
            return f"from {self.origin:%H:%M:%S}Z"
        return ""


UTC_STAMPS = Stamps()


def next_kind(kind: str) -> str:
    """The way after this one."""
    return KINDS[(KINDS.index(kind) + 1) % len(KINDS)]
