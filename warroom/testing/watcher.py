"""Runs a source as a room does and keeps what it reports, for tests that wait for something to be seen."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import TypeVar

from warroom.clock import Clock
from warroom.events.base import Event
from warroom.events.codec import encode_event
from warroom.events.envelope import Envelope
from warroom.events.sources import SourceLost, SourceSynced
from warroom.host.ports import Source
from warroom.state.fold import apply
from warroom.state.slices import State

E = TypeVar("E", bound=Event)


class NotSeen(AssertionError):
    """It did not come in time; the text says what came instead."""


class Watcher:
    """What one source reported, and the state folded from it."""

    def __init__(self, source: Source, clock: Clock) -> None:
        self.source = source
        self.events: list[Event] = []
        self.state = State()
        self._clock = clock
        self._more = asyncio.Condition()

    async def run(self) -> None:
        """Take in what the source reports, for ever."""
        self._take(self.source.announce())
        async with aclosing(self.source.observe()) as seen:  # type: ignore[type-var]
            async for observation in seen:
                self._take(observation.event)
                async with self._more:
                    self._more.notify_all()
        raise NotSeen(f"{self.source.name} stopped reporting")

    def _take(self, event: Event) -> None:
        self.events.append(event)
        now = self._clock.now()
        envelope = Envelope(
            len(self.events),
            self._clock.room_ms(),
            now,
            now,
            self.source.name,
            None,
            event.type,
            event.version,
            encode_event(event),
        )
        self.state = apply(self.state, envelope)

    def of(self, kind: type[E]) -> list[E]:
        """The events of one type."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def status(self) -> str:
        """``loading``, ``synced``, ``stale`` or ``lost``."""
        facts = self.state.sources.sources.get(self.source.name)
        return facts.status if facts else "loading"

    async def until(self, true: Callable[[], object], *, what: str, within_s: float = 10.0) -> None:
        """Wait until something is so; raises ``NotSeen`` with the last events."""
        try:
            async with asyncio.timeout(within_s), self._more:
                await self._more.wait_for(lambda: bool(true()))
        except TimeoutError:
            last = "\n".join(f"  {str(event)[:300]}" for event in self.events[-5:])
            raise NotSeen(f"{what}: not within {within_s:g} s; the last events were\n{last}") from None

    async def next(self, kind: type[E], *, within_s: float = 10.0) -> E:
        """The next event of a type from now on."""
        before = len(self.of(kind))
        await self.until(
            lambda: len(self.of(kind)) > before, what=f"a further {kind.type}", within_s=within_s
        )
        return self.of(kind)[before]

    async def synced(self, *, within_s: float = 10.0) -> None:
        """Wait until the source sees."""
        await self.until(lambda: self.status == "synced", what=SourceSynced.type, within_s=within_s)

    async def lost(self, *, within_s: float = 10.0) -> SourceLost:
        """Wait until the source sees nothing, and why."""
        await self.until(lambda: self.status == "lost", what=SourceLost.type, within_s=within_s)
        return self.of(SourceLost)[-1]


@asynccontextmanager
async def watching(source: Source, clock: Clock) -> AsyncIterator[Watcher]:
    """Run a source for the time of a test."""
    watcher = Watcher(source, clock)
    try:
        async with asyncio.TaskGroup() as crew:
            task = crew.create_task(watcher.run(), name=f"watch {source.name}")
            try:
                yield watcher
            finally:
                task.cancel()
                await source.close()
    except BaseExceptionGroup as group:
        # What went wrong in a test or in the source is what its reader wants to see.
        if len(group.exceptions) > 1:
            raise
        raise group.exceptions[0] from None
