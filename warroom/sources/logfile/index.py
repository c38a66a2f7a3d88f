"""An index of a log file: how many lines and what time there are a block; what it takes is a few bytes a megabyte."""

import os
from array import array
from datetime import datetime
from math import isnan, nan

from warroom.sources.levels import time_of

BLOCK = 1 << 20
READ = 1 << 17
"""Read at once: what fits the processor's cache is counted twice as fast."""
HEAD = 256
"""Bytes of a line in which its time is looked for."""


class BlockIndex:
    """Grows block by block; read by one thread while another makes it."""

    def __init__(self) -> None:
        self.size = 0
        """Bytes that were looked through."""
        self.lines = 0
        self._times = array("d")
        """The first time found in each block, as a timestamp; not a number where there is none."""
        self._room = bytearray(READ)

    def step(self, file: int, end: int) -> bool:
        """Look through a little more of what the file has up to ``end``; False when there is none."""
        count = min(READ - self.size % READ, end - self.size)
        if count <= 0:
            return False
        view = memoryview(self._room)[:count]
        got = os.preadv(file, [view], self.size)
        if got <= 0:
            return False
        self.lines += self._room.count(b"\n", 0, got)
        if self.size % BLOCK == 0:
            self._times.append(self._time(got))
        self.size += got
        return True

    def _time(self, got: int) -> float:
        """Of the first lines that begin in the block; a record's further lines carry none."""
        start = 0 if self.size == 0 else self._room.find(b"\n", 0, got) + 1
        for _ in range(8):
            end = min(start + HEAD, got)
            found = time_of(self._room[start:end].decode("utf-8", "replace"))
            if found is not None:
                return found.timestamp()
            start = self._room.find(b"\n", start, got) + 1
            if not start:
                break
        return nan

    def place_of(self, time: datetime) -> int:
        """Where to begin to read for a time: the start of the last block that begins before it."""
        aim, place = time.timestamp(), 0
        for number, first in enumerate(self._times):
            if not isnan(first):
                if first > aim:
                    break
                place = number
        return place * BLOCK
