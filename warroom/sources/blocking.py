"""Runs calls that may block for ever (files on a dead network file system) where they can hold up nobody."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from warroom.errors import SourceError

T = TypeVar("T")


async def in_thread(call: Callable[[], T], *, owner: str, deadline_s: float) -> T:
    """The call's result; raises what it raises, or ``SourceError`` when it takes too long.

    The thread is a daemon: for the event loop's own executor the program would wait at its end.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, wrong: BaseException | None) -> None:
        if done.done():
            return
        if wrong is not None:
            done.set_exception(wrong)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result: T | None = None
        wrong: BaseException | None = None
        try:
            result = call()
        except (OSError, ValueError, SourceError) as raised:
            wrong = raised
        # The loop may have ended while the file did not answer.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, wrong)

    threading.Thread(target=run, name=f"{owner} file", daemon=True).start()
    try:
        async with asyncio.timeout(deadline_s):
            return await done
    except TimeoutError as late:
        raise SourceError(owner, f"a file did not answer within {deadline_s:g} s") from late
