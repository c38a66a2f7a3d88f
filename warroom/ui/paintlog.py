"""A log of what was painted when: one JSON line a frame, for comparing a live screen with its replay."""

from pathlib import Path

import msgspec
from textual.geometry import Size


class Painted(msgspec.Struct, frozen=True):
    """One painted frame."""

    epoch: int
    seq: int
    room_ms: int
    width: int
    height: int
    hash: str
    """Of the painted cells of bar, vitals, tabs and panes."""


class PaintLog:
    """Appends frames to a file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")

    def note(self, epoch: int, seq: int, room_ms: int, size: Size, painted: str) -> None:
        """Write one frame."""
        row = Painted(epoch, seq, room_ms, size.width, size.height, painted)
        self._file.write(msgspec.json.encode(row) + b"\n")
        self._file.flush()


def read_paint_log(path: Path) -> list[Painted]:
    """Every frame of a log."""
    return [msgspec.json.decode(row, type=Painted) for row in path.read_bytes().split(b"\n") if row]
