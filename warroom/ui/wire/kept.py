"""Keeps the frames of a screen, without what was in them, for the first thing the next screen shows."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from warroom import __version__, firstframe
from warroom.ui.wire.pens import Pen, Pens
from warroom.ui.wire.shadow import Row, Shadow

ENDLESS = 1 << 30


class Cells(msgspec.Struct, frozen=True):
    """What a terminal shows: its rows, and the pens their numbers mean."""

    pens: list[tuple[tuple[str, ...], str, str]]
    rows: list[tuple[list[str], list[int]]]


class Layout(msgspec.Struct, frozen=True):
    """What of a screen says nothing of the cluster."""

    width: int
    height: int
    frames: list[tuple[int, int, int, int, int]]
    """Boxes of panes (x, y, width, height), and how long the name in the title is."""
    kept: list[int]
    """Rows that stay as they are."""
    emptied: list[int]
    """Rows whose text is taken out."""


def bare(shadow: Shadow, layout: Layout) -> Shadow:
    """The screen without figures and words that may be true no more."""
    made = Shadow(shadow.width, shadow.height, shadow.pens)
    made.shown = [Row(shadow.width, " ", made.pens.of(None)) for _ in range(shadow.height)]
    for y in layout.kept:
        _copy(shadow, made, y, 0, shadow.width)
    for y in layout.emptied:
        ground = shadow.wanted[y].pens[-1]
        made.put(y, 0, [" "] * shadow.width, [made.pens.blank(ground)] * shadow.width)
    for x, top, width, height, named in layout.frames:
        for y in (top, top + height - 1):
            _copy(shadow, made, y, x, x + width)
        for y in range(top + 1, top + height - 1):
            ground = made.pens.blank(shadow.wanted[y].pens[x + 1])
            made.put(y, x + 1, [" "] * (width - 2), [ground] * (width - 2))
            _copy(shadow, made, y, x, x + 1)
            _copy(shadow, made, y, x + width - 1, x + width)
        for y, after in ((top, named + 4), (top + height - 1, 1)):
            line, pen = shadow.wanted[y].characters[x + 1], shadow.wanted[y].pens[x + 1]
            if (run := width - after - 1) > 0:
                made.put(y, x + after, [line] * run, [pen] * run)
    return made


def _copy(shadow: Shadow, made: Shadow, y: int, begin: int, end: int) -> None:
    row = shadow.wanted[y]
    made.put(y, begin, row.characters[begin:end], row.pens[begin:end])


def keep(shadow: Shadow, layout: Layout, environ: Mapping[str, str]) -> bool:
    """Write what the next screen of this size begins with; without a place to write there is none.

    False while a terminal that was resized has not been painted at its new size yet.
    """
    if (shadow.width, shadow.height) != (layout.width, layout.height):
        return False
    made = bare(shadow, layout)
    said, _ = made.difference(((y, 0, made.width) for y in range(made.height)), ENDLESS)
    head = firstframe.head(environ, made.width, made.height, __version__)
    frame = said.encode()
    where = Path(firstframe.path(environ, made.width, made.height))
    with suppress(OSError):
        where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = where.with_suffix(f".{os.getpid()}")
        part.touch(0o600)
        part.write_bytes(b"%s\n%d\n%s%s" % (head.encode("ascii"), len(frame), frame, _encoded(made.wanted)))
        part.replace(where)
    return True


def _encoded(rows: Iterable[Row]) -> bytes:
    numbers: dict[Pen, int] = {}
    said = [(row.characters, [numbers.setdefault(pen, len(numbers)) for pen in row.pens]) for row in rows]
    return msgspec.msgpack.encode(Cells([(pen.attributes, pen.ink, pen.paper) for pen in numbers], said))


def shown(cells: bytes, pens: Pens) -> list[Row] | None:
    """The rows that the first frame put on the screen; None when that cannot be told."""
    try:
        told = msgspec.msgpack.decode(cells, type=Cells)
        known = [pens.known(Pen(*pen)) for pen in told.pens]
        rows = []
        for characters, numbers in told.rows:
            row = Row(0, " ", pens.of(None))
            row.characters, row.pens = characters, [known[number] for number in numbers]
            rows.append(row)
    except (msgspec.DecodeError, IndexError):
        return None
    return rows
