"""Where the tiles of a grid are drawn, and how many share a cell, by the space there is; pure."""

from collections.abc import Iterator, Sequence
from math import ceil, inf

import msgspec

BETWEEN = 2
"""Blank cells between two blocks side by side."""
LISTED = 24
"""Narrower than that, a list of tiles would not say more than the tiles."""


class Zoom(msgspec.Struct, frozen=True, gc=False):
    """How large a tile is drawn."""

    name: str
    cells: int
    """Terminal cells from one drawn place to the next."""
    share: int = 1
    """Tiles that share one place."""


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A run of places of one block on one line; none on the line that names the block of a list."""

    x: int
    block: int
    first: int
    places: int


class Arrangement(msgspec.Struct, frozen=True, gc=False):
    """All lines of a grid; there may be more than fit, then it scrolls."""

    zoom: Zoom
    lines: tuple[tuple[Piece, ...], ...]


def arrange(
    sizes: Sequence[int], *, label: int, named: int, width: int, height: int, half_blocks: bool
) -> Arrangement:
    """The largest zoom at which blocks of these sizes fit: a list where each tile can have a line.

    ``label``: cells before each block's tiles; ``named``: cells of a tile that shows its name.
    """
    if sum(sizes) + len(sizes) <= height and width >= LISTED:
        return Arrangement(Zoom("listed", width), _listed(sizes))
    smallest = Zoom("one", 1)
    boxes = 1
    for smallest in _zooms(sizes, named=named, area=width * height, half_blocks=half_blocks):
        places = _places(sizes, smallest)
        whole = sum(places)
        for boxes in range(1, max(1, width // (label + 1 + BETWEEN)) + 1):
            per_line = _per_line(smallest, label=label, width=width, boxes=boxes)
            if whole > per_line * boxes * height:
                continue
            if 0 < _height(places, smallest, label=label, width=width, boxes=boxes) <= height:
                return Arrangement(smallest, _lines(sizes, smallest, label=label, width=width, boxes=boxes))
    return Arrangement(smallest, _lines(sizes, smallest, label=label, width=width, boxes=boxes))


ZOOMS = ("half", "one", "two", "named")
"""From the smallest tile to the largest that can be asked for."""


def arrange_at(
    wish: str, sizes: Sequence[int], *, label: int, named: int, width: int
) -> Arrangement:  # fmt: skip
    """Tiles as large as somebody asked for, in the fewest lines; what does not fit is scrolled to."""
    cells = {"named": named, "two": 2}.get(wish, 1)
    zoom = Zoom(wish, min(cells, max(1, width - label)), 2 if wish == "half" else 1)
    tried = range(1, max(1, width // (label + 1 + BETWEEN)) + 1)
    places = _places(sizes, zoom)
    boxes = min(tried, key=lambda boxes: _height(places, zoom, label=label, width=width, boxes=boxes))
    return Arrangement(zoom, _lines(sizes, zoom, label=label, width=width, boxes=boxes))


def _places(sizes: Sequence[int], zoom: Zoom) -> list[int]:
    """How many places the tiles of each block take."""
    return [ceil(size / zoom.share) for size in sizes] if zoom.share > 1 else list(sizes)


def _height(places: Sequence[int], zoom: Zoom, *, label: int, width: int, boxes: int) -> float:
    """How many lines ``_lines`` would make; without end where not even one tile fits beside its label."""
    per_line = _per_line(zoom, label=label, width=width, boxes=boxes)
    if per_line < 1:
        return inf
    return sum(max(1, -(-max(places[n : n + boxes]) // per_line)) for n in range(0, len(places), boxes))


def _per_line(zoom: Zoom, *, label: int, width: int, boxes: int) -> int:
    pitch = (width + BETWEEN) // boxes
    return max(0, pitch - (BETWEEN if boxes > 1 else 0) - label) // zoom.cells


def _listed(sizes: Sequence[int]) -> tuple[tuple[Piece, ...], ...]:
    lines: list[tuple[Piece, ...]] = []
    for block, size in enumerate(sizes):
        lines.append((Piece(0, block, 0, 0),))
        lines += [(Piece(0, block, first, 1),) for first in range(size)]
    return tuple(lines)


def _zooms(sizes: Sequence[int], *, named: int, area: int, half_blocks: bool) -> Iterator[Zoom]:
    total = sum(sizes)
    if total * named <= area:
        yield Zoom("named", named)
    if total * 2 <= area:
        yield Zoom("two", 2)
    yield Zoom("one", 1)
    if half_blocks:
        yield Zoom("half", 1, 2)
    most = max(sizes, default=1)
    # Below this share not even one block without a label would fit.
    yield from (Zoom("grouped", 1, share) for share in range(max(2, total // max(1, area)), most))
    yield Zoom("grouped", 1, max(2, most))


def _lines(
    sizes: Sequence[int], zoom: Zoom, *, label: int, width: int, boxes: int
) -> tuple[tuple[Piece, ...], ...]:
    pitch = (width + BETWEEN) // boxes
    per_line = _per_line(zoom, label=label, width=width, boxes=boxes)
    if per_line < 1:
        return ()
    places = _places(sizes, zoom)
    lines: list[tuple[Piece, ...]] = []
    for start in range(0, len(places), boxes):
        beside = range(start, min(start + boxes, len(places)))
        for row in range(max(1, *(ceil(places[block] / per_line) for block in beside))):
            first = row * per_line
            lines.append(
                tuple(
                    Piece((block - start) * pitch, block, first, max(0, min(per_line, places[block] - first)))
                    for block in beside
                    if row == 0 or places[block] > first
                )
            )
    return tuple(lines)
