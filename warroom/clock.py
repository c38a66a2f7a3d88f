"""The room's clock: real time, or whole ticks of a simulated cluster; alone reads the machine's clock."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What a room asks of time. ``room_ms`` is monotonic and never steps; ``now`` may."""

    def now(self) -> datetime:
        """Wall-clock time in UTC."""

    def room_ms(self) -> int:
        """Milliseconds since the room was first opened, monotonic, also across a host's restart."""

    async def sleep(self, seconds: float) -> None:
        """Wait for that much room time."""


def wall_now() -> datetime:
    """The machine's time in UTC."""
    return datetime.now(UTC)


def monotonic_s() -> float:
    """Seconds of the machine's monotonic clock, for deadlines that are no part of a record."""
    return time.monotonic()


class RealClock:
    """Time as the machine has it."""

    def __init__(self, *, start_ms: int = 0) -> None:
        self._start = time.monotonic() - start_ms / 1000

    def now(self) -> datetime:
        return datetime.now(UTC)

    def room_ms(self) -> int:
        return int((time.monotonic() - self._start) * 1000)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class TickClock:
    """Time that stands still between ticks; who advances it decides how fast it runs."""

    def __init__(self, *, start: datetime, tick_ms: int = 1000, tick: int = 0) -> None:
        self.start = start
        self.tick_ms = tick_ms
        self.tick = tick
        self._sleepers: list[tuple[int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self.start + timedelta(milliseconds=self.room_ms())

    def room_ms(self) -> int:
        return self.tick * self.tick_ms

    async def sleep(self, seconds: float) -> None:
        wake = self.room_ms() + max(1, round(seconds * 1000))
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((wake, future))
        await future

    def advance(self, ticks: int = 1) -> None:
        """Move on by whole ticks and wake who waited for the time now reached, in their order."""
        self.tick += ticks
        reached = self.room_ms()
        due = sorted((s for s in self._sleepers if s[0] <= reached), key=lambda s: s[0])
        self._sleepers = [s for s in self._sleepers if s[0] > reached]
        for _, future in due:
            if not future.done():
                future.set_result(None)
