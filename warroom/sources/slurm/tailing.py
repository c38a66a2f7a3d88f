"""Reads what was added to a log file, in bounded chunks; counts the lines it leaves out."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

CHUNK = 1 << 20
MOST_COUNTED = 64 << 20
"""Bytes looked through to count the lines left out; of a longer jump they are the least there were."""
BACKLOG = 4_096
"""Bytes shown of a file that was there before we looked."""
LONGEST_LINE = 65_536
"""A line without an end is taken as a line once it is that long."""


class Refusal(ValueError):
    """The file may not be read, and why."""


class Tail(msgspec.Struct):
    """How far one file was read."""

    path: str
    owner: int | None
    """The user whose file it must be: a job can name any path, but only its own files are shown.

    Without a user nothing is read.
    """
    place: int = -1
    """Bytes read; negative before the first look."""
    inode: int = 0
    rest: bytes = b""
    """The beginning of a line that has no end yet."""


class Added(msgspec.Struct, frozen=True):
    """What one look found."""

    data: bytes
    """Whole lines, each with its end; the last line of a job that ended may have none."""
    dropped: int = 0
    """Lines left out before them, or the least there were."""


def read_added(tail: Tail, *, most: int, from_start: bool, ended: bool) -> Added:
    """What was written since the last look, the newest ``most`` bytes; raises ``OSError``, ``Refusal``."""
    with _opened(tail.path, tail.owner) as file:
        facts = os.fstat(file)
        size = facts.st_size
        begun_inside = False
        if tail.place < 0:
            tail.place = 0 if from_start else max(0, size - BACKLOG)
            begun_inside = tail.place > 0
        elif facts.st_ino != tail.inode or size < tail.place:
            tail.place, tail.rest = 0, b""
        tail.inode = facts.st_ino
        dropped = 0
        if size - tail.place > most:
            counted = min(size - most, tail.place + MOST_COUNTED)
            # The line in which we go on was begun before: it is left out as well.
            dropped = 1 + sum(chunk.count(b"\n") for chunk in _chunks(file, tail.place, counted))
            tail.place, tail.rest, begun_inside = size - most, b"", True
        data = tail.rest + b"".join(_chunks(file, tail.place, size))
        tail.place = size
    if begun_inside:
        # The first line began before what we read.
        data = data.partition(b"\n")[2]
    ends = len(data) if ended or len(data) - data.rfind(b"\n") > LONGEST_LINE else data.rfind(b"\n") + 1
    tail.rest = data[ends:]
    return Added(data[:ends], dropped)


def read_end(path: str, owner: int | None, *, most: int) -> bytes:
    """The last bytes of a file, from the beginning of a line; raises ``OSError``, ``Refusal``."""
    with _opened(path, owner) as file:
        size = os.fstat(file).st_size
        start = max(0, size - most)
        data = b"".join(_chunks(file, start, size))
    return data.partition(b"\n")[2] if start else data


@contextmanager
def _opened(path: str, owner: int | None) -> Iterator[int]:
    """The file, if it is an ordinary one of that user; never a link, and never a wait for a pipe's writer."""
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        facts = os.fstat(number)
        if not stat.S_ISREG(facts.st_mode):
            raise Refusal("it is no ordinary file")
        if owner is None or facts.st_uid != owner:
            raise Refusal(
                "it does not belong to the job's user"
                if owner is not None
                else "whose job it is was not told"
            )
        yield number
    finally:
        os.close(number)


def _chunks(file: int, start: int, end: int) -> Iterator[bytes]:
    while start < end and (chunk := os.pread(file, min(CHUNK, end - start), start)):
        start += len(chunk)
        yield chunk
