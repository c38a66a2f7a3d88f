"""Writes to the terminal in a thread of its own, so that a link that stalls stops nothing but itself."""

import logging
import os
import threading
from collections.abc import Callable
from queue import SimpleQueue

log = logging.getLogger(__name__)

PATIENCE_S = 1.0
"""How long the end of the screen waits for a terminal that takes nothing."""


class Writer(threading.Thread):
    """Takes text at any time and never makes anybody wait; order is kept."""

    def __init__(self, fd: int, taken: Callable[[], None]) -> None:
        """``taken`` is called from the thread each time the terminal has taken all there was."""
        super().__init__(daemon=True, name="warroom-output")
        self._fd = fd
        self._taken = taken
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._left = 0

    @property
    def busy(self) -> bool:
        """Whether the terminal has not taken everything yet."""
        return self._left > 0

    def write(self, text: str) -> None:
        """Write that after what was given before."""
        data = text.encode("utf-8", "replace")
        with self._lock:
            self._left += 1
        self._queue.put(data)

    def run(self) -> None:
        while (data := self._queue.get()) is not None:
            try:
                _write_all(self._fd, data)
            except OSError as gone:
                # The input side notices, too, and ends the screen.
                log.info("the terminal takes nothing any more: %s", gone)
            with self._lock:
                self._left -= 1
                idle = not self._left
            if idle:
                self._taken()

    def stop(self) -> None:
        """End after what was given; a terminal that takes nothing is not waited for."""
        self._queue.put(None)
        self.join(PATIENCE_S)


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
