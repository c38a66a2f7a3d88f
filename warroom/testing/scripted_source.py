"""A source and actuator that shows and answers what a test tells it to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from warroom.events.base import Event
from warroom.events.sources import SourceAnnounced
from warroom.host.ports import Observation, Outcome, Report
from warroom.model.requests import ActionKind, Capability, Request
from warroom.model.text import Safe

Answer = Callable[[Request, str, Report], Awaitable[Outcome]]


async def accepted(*_: object) -> Outcome:
    """Say yes to everything."""
    return Outcome("succeeded", Safe("accepted"))


class ScriptedSource:
    """A ``Source`` and ``Actuator`` of a cluster of words."""

    def __init__(self, name: str = "scripted", *, interval_s: float = 5.0) -> None:
        self.name = name
        self.interval_s = interval_s
        self.answer: Answer = accepted
        self.calls: list[tuple[Request, str]] = []
        """Every request that reached it, with its operation."""
        self.observed = 0
        """How often it was asked to observe."""
        self.closed = False
        self._next: asyncio.Queue[Event | Exception] = asyncio.Queue()

    def announce(self) -> SourceAnnounced:
        """Able to do everything in every role."""
        able = tuple(Capability(kind, call=Safe("{target}"), evicts=True) for kind in ActionKind)
        return SourceAnnounced("sample", ("cluster", "alerts"), interval_s=self.interval_s, capabilities=able)

    def show(self, *events: Event) -> None:
        """Let these be observed next."""
        for event in events:
            self._next.put_nowait(event)

    def fail(self, bug: Exception) -> None:
        """Let observing end in a bug next."""
        self._next.put_nowait(bug)

    async def observe(self) -> AsyncIterator[Observation]:
        """What the test shows, as it shows it."""
        self.observed += 1
        while True:
            shown = await self._next.get()
            if isinstance(shown, StopAsyncIteration):
                return
            if isinstance(shown, Exception):
                raise shown
            yield Observation(shown)

    async def carry_out(self, request: Request, *, operation: str, report: Report) -> Outcome:
        """Note the call and answer it as the test says."""
        self.calls.append((request, operation))
        return await self.answer(request, operation, report)

    async def close(self) -> None:
        """Note that it was let go of."""
        self.closed = True
