"""A clock for tests: whoever sleeps is woken at once, and time has leapt."""

import asyncio
from datetime import UTC, datetime, timedelta

BREATH_S = 0.001
"""Real time given to the rest of the program at each sleep, so that a loop of looks does not starve it."""


class LeapingClock:
    """Room time that moves only when somebody sleeps or a test says so."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)) -> None:
        self.start = start
        self._ms = 0.0

    def now(self) -> datetime:
        """Wall-clock time in UTC."""
        return self.start + timedelta(milliseconds=self._ms)

    def room_ms(self) -> int:
        """Milliseconds since the start."""
        return int(self._ms)

    async def sleep(self, seconds: float) -> None:
        """Leap."""
        self.leap(seconds)
        await asyncio.sleep(BREATH_S)

    def leap(self, seconds: float) -> None:
        """Let time pass."""
        self._ms += max(0.0, seconds) * 1000
