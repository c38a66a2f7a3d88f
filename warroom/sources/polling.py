"""The loop every polling source shares: look, tell what is different, wait; never end, never raise."""

import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from warroom.clock import Clock
from warroom.errors import SourceError, Unreadable
from warroom.events.base import Event
from warroom.events.sources import SourceLost, SourcePolled, SourceStale, SourceSynced
from warroom.host.ports import Observation
from warroom.model.text import neutral
from warroom.sources.backoff import Backoff
from warroom.sources.failures import Blame, HttpError

LEAST_INTERVAL_S = 0.5
"""Between two looks, whatever is configured: what we watch must not suffer from it."""
LATE_INTERVALS = 3
BEAT_S = 1.0
"""How often what goes on between two looks (following logs) is done, also while the source is lost."""

Looking = Callable[[bool], Awaitable[Sequence[Event]]]
"""One complete look, told whether the last succeeded in time; raises ``SourceError``, ``Unreadable``."""
Beating = Callable[[], Awaitable[Sequence[Event]]]
"""What is done between looks; raises nothing."""


class Poller:
    """Looks for ever. The look decides what is different; this decides whether we see."""

    def __init__(
        self,
        name: str,
        look: Looking,
        *,
        clock: Clock,
        interval_s: float,
        beat: Beating | None = None,
        denied: Callable[[], None] | None = None,
    ) -> None:
        self._look = look
        self._clock = clock
        self._interval_s = max(LEAST_INTERVAL_S, interval_s)
        self._beat = beat
        self._denied = denied
        # Rooms that watch one server must not come back to it in step.
        self._backoff = Backoff(f"{name} {socket.gethostname()} {os.getpid()}")
        self.detail = ""
        """What ``SourceSynced`` says; told again whenever a look changed it."""

    async def observe(self) -> AsyncIterator[Observation]:
        """Report for ever; never end, never raise for a bad network or a bad answer."""
        seen_ms: int | None = None
        told = ""
        late_ms = LATE_INTERVALS * self._interval_s * 1000
        while True:
            began_ms = self._clock.room_ms()
            watching = seen_ms is not None and began_ms - seen_ms <= late_ms
            try:
                events = await self._look(watching)
            except (SourceError, Unreadable) as error:
                seen_ms = None
                wait_s = self._backoff.next_s(_asked_s(error))
                yield Observation(SourceLost(reason=neutral(_reason(error)), retry_s=round(wait_s, 1)))
                if isinstance(error, HttpError) and error.blame is Blame.DENIED and self._denied:
                    self._denied()
            else:
                self._backoff.reset()
                seen_ms = self._clock.room_ms()
                if late := watching and seen_ms - began_ms > late_ms:
                    took = f"the last look took {(seen_ms - began_ms) / 1000:.0f} s"
                    yield Observation(SourceStale(reason=neutral(took)))
                synced = late or not watching or self.detail != told
                for place, event in enumerate(events, 1):
                    yield Observation(event, whole=place == len(events) and not synced)
                if synced:
                    told = self.detail
                    yield Observation(SourceSynced(detail=neutral(self.detail)))
                elif not events:
                    yield Observation(SourcePolled())
                wait_s = max(0.0, self._interval_s - (seen_ms - began_ms) / 1000)
            async for seen in self._wait(wait_s):
                yield seen

    async def _wait(self, seconds: float) -> AsyncIterator[Observation]:
        """Wait, with a beat each second and one at the end."""
        until_ms = self._clock.room_ms() + seconds * 1000
        while True:
            left_s = (until_ms - self._clock.room_ms()) / 1000
            if left_s > 0:
                await self._clock.sleep(min(left_s, BEAT_S) if self._beat else left_s)
            if self._beat is not None:
                for event in await self._beat():
                    yield Observation(event)
            if left_s <= BEAT_S:
                return


def _asked_s(error: SourceError | Unreadable) -> float | None:
    return error.retry_after_s if isinstance(error, HttpError) else None


def _reason(error: SourceError | Unreadable) -> str:
    return error.reason if isinstance(error, SourceError) else str(error)
