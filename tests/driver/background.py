"""Runs servers of a test in an event loop of their own, so that the test itself may wait for processes."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Self, TypeVar

Answer = TypeVar("Answer")
WAIT_S = 60.0


class Background:
    """A thread with an event loop."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="background")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """Do something in the loop and wait for its answer."""

        async def done() -> Answer:
            return await work()

        started: Coroutine[Any, Any, Answer] = done()
        future: Future[Answer] = asyncio.run_coroutine_threadsafe(started, self._loop)
        return future.result(WAIT_S)
