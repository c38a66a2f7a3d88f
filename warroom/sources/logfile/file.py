"""One log file that is followed through rotation and truncation, and read backwards and forwards."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

CHUNK = 1 << 18
TAIL_BYTES = 1 << 15
"""Shown of a file that was there before we looked."""
LONGEST_LINE = 65_536
"""A line without an end is taken as a line once it is that long."""


class Refusal(ValueError):
    """The file may not be read, and why."""


class Look(msgspec.Struct, frozen=True):
    """What one look found."""

    data: bytes
    """Whole lines, each with its end."""
    dropped: int = 0
    """Lines left out before them."""
    turned: str = ""
    """``rotated`` or ``truncated`` when the file was begun anew."""


class FollowedFile:
    """Keeps the file open, so that what was written before a rotation is read to its end."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.number = -1
        self.begun = 0
        """Where the first look began: what stands before it was not told."""
        self._place = 0
        self._rest = b""
        self._inode = 0

    def look(self, most: int) -> Look:
        """What was written since the last look, the newest ``most`` bytes; raises ``OSError``, ``Refusal``."""
        if self.number < 0:
            return self._first()
        size, turned, old = os.fstat(self.number).st_size, "", b""
        if size < self._place:
            turned, self._place, self._rest, self.begun = "truncated", 0, b"", 0
        facts = Path(self.path).stat()
        if facts.st_ino != self._inode:
            # What the writer wrote before it took the new file, its last line with or without an end.
            old = self._rest + b"".join(self._chunks(self._place, size))
            old += b"\n" if old and not old.endswith(b"\n") else b""
            self.close()
            self._open()
            turned, self._place, self._rest, self.begun = "rotated", 0, b"", 0
            size = os.fstat(self.number).st_size
        dropped = 0
        if size - self._place > most:
            # The line in which we go on was begun before: it is left out as well.
            dropped = 1 + sum(chunk.count(b"\n") for chunk in self._chunks(self._place, size - most))
            self._place, self._rest = size - most, b""
        data = self._rest + b"".join(self._chunks(self._place, size))
        if dropped:
            data = data.partition(b"\n")[2]
        self._place = size
        return Look(old + self._whole(data), dropped, turned)

    def _first(self) -> Look:
        self._open()
        size = os.fstat(self.number).st_size
        self.begun = self._place = max(0, size - TAIL_BYTES)
        data = b"".join(self._chunks(self._place, size))
        if self._place:
            cut = data.find(b"\n") + 1
            self.begun, data = self._place + cut, data[cut:]
        self._place = size
        return Look(self._whole(data))

    def _whole(self, data: bytes) -> bytes:
        """The lines that have an end; the beginning of the next one waits."""
        ends = len(data) if len(data) - data.rfind(b"\n") > LONGEST_LINE else data.rfind(b"\n") + 1
        self._rest = data[ends:]
        return data[:ends]

    def _open(self) -> None:
        number = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        facts = os.fstat(number)
        if not stat.S_ISREG(facts.st_mode):
            os.close(number)
            raise Refusal("it is no ordinary file")
        self.number, self._inode = number, facts.st_ino

    def _chunks(self, start: int, end: int) -> Iterator[bytes]:
        while start < end and (chunk := os.pread(self.number, min(CHUNK, end - start), start)):
            start += len(chunk)
            yield chunk

    def before(self, place: int) -> Iterator[list[tuple[int, bytes]]]:
        """Lines that begin before a place, chunk by chunk backwards, each chunk's oldest line first."""
        end, rest = min(place, self.begun), b""
        while end > 0:
            start = max(0, end - CHUNK)
            data = b"".join(self._chunks(start, end)) + rest
            cut = 0 if start == 0 else data.find(b"\n") + 1
            if start and (cut == 0 or len(data) > CHUNK + LONGEST_LINE):
                # One line longer than all we read: it is shown in pieces.
                cut = 0
            rest = data[:cut]
            end = start
            yield split(data[cut:], start + cut)

    def after(self, place: int) -> Iterator[list[tuple[int, bytes]]]:
        """Lines that begin after a place and were not told, chunk by chunk."""
        start, rest = max(0, place), b""
        if start:
            found = b"".join(self._chunks(start, min(self.begun, start + LONGEST_LINE))).find(b"\n")
            start = start + found + 1 if found >= 0 else self.begun
        while start + len(rest) < self.begun:
            data = rest + b"".join(
                self._chunks(start + len(rest), min(self.begun, start + len(rest) + CHUNK))
            )
            ends = len(data) if start + len(data) >= self.begun else data.rfind(b"\n") + 1 or len(data)
            yield split(data[:ends], start)
            start, rest = start + ends, data[ends:]

    def close(self) -> None:
        """Let go of the file."""
        if self.number >= 0:
            os.close(self.number)
            self.number = -1


def split(data: bytes, start: int) -> list[tuple[int, bytes]]:
    """Lines with where they begin."""
    made: list[tuple[int, bytes]] = []
    for line in data.split(b"\n"):
        made.append((start, line))
        start += len(line) + 1
    if made and not made[-1][1]:
        made.pop()
    return made
