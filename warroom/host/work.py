"""Knows whether the host has anything left to do before simulated time may move on."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

SETTLE_TURNS = 8
"""Turns of the event loop after which whatever a tick woke has begun to run."""


class Work:
    """Counts what is being done. A simulated cluster ticks only when nothing is, so that real time
    (a slow disk, a busy machine) never decides on which tick something lands.
    """

    def __init__(self) -> None:
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Something is being done."""
        self._change(1)
        try:
            yield
        finally:
            self._change(-1)

    @contextmanager
    def parked(self) -> Iterator[None]:
        """Inside ``busy``: waiting for room time to pass, which must be able to."""
        self._change(-1)
        try:
            yield
        finally:
            self._change(1)

    def _change(self, by: int) -> None:
        self._busy += by
        if self._busy:
            self._idle.clear()
        else:
            self._idle.set()

    async def settled(self) -> None:
        """Wait until nothing is being done, also nothing that was only just woken."""
        while True:
            for _ in range(SETTLE_TURNS):
                await asyncio.sleep(0)
            if not self._busy:
                return
            await self._idle.wait()
