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
        self._quick = _reopened(fd)
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._left = 0

    @property
    def busy(self) -> bool:
        """Whether the terminal has not taken everything yet."""
        return self._left > 0

    def write(self, text: str) -> None:
        """Write that after what was given before; at once, as much as the terminal has room for."""
        data = text.encode("utf-8", "replace")
        with self._lock:
            if not self._left and self._quick is not None:
                data = data[_written(self._quick, data) :]
            self._left += bool(data)
        if data:
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
        if self._quick is not None:
            os.close(self._quick)
            self._quick = None


def _reopened(fd: int) -> int | None:
    """The same terminal once more, opened so that nobody waits for it; others who have it open are not changed."""
    try:
        return os.open(os.ttyname(fd), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return None


def _written(fd: int, data: bytes) -> int:
    """How much of it was taken without waiting."""
    try:
        return os.write(fd, data)
    except OSError:
        return 0


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
