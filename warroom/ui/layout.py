"""Where the panes are, by the size of the terminal and the layout that was chosen; pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from warroom.ui.presets import OVERVIEW, PRESETS, Preset, Row

PANES = ("health", "alerts", "nodes", "workloads", "metrics", "logs", "timeline")
"""In the order of their digits."""


class Box(NamedTuple):
    """A place on the screen in cells."""

    x: int
    y: int
    width: int
    height: int


Presets = Mapping[str, Preset]


def panes_of(name: str, presets: Presets = PRESETS) -> tuple[str, ...]:
    """The panes of a layout, in the order in which Tab goes through them."""
    return presets[name].panes if name in presets else PANES


def arrange(
    width: int,
    height: int,
    focused: str,
    *,
    zoomed: bool,
    layout: str = OVERVIEW,
    presets: Presets = PRESETS,
) -> dict[str, Box]:
    """The boxes of the visible panes; what is not in it is not shown.

    Rows 0 and 1 are the severity bar and the vitals, the last two the flash line and the footer.
    """
    inner = max(1, height - 4)
    if zoomed or focused not in panes_of(layout, presets):
        return {focused: Box(0, 2, width, inner)}
    if layout == OVERVIEW and width < 100 and height >= 46:
        layout = "portrait"
    if layout in presets:
        tabs = 1 if has_tabs(width, height, zoomed=False) else 0
        return _rows(presets[layout], Box(0, 2 + tabs, width, inner - tabs), focused)
    if width < 100 or height < 34:
        return _compact(width, inner, height, focused)
    if width < 160 or height < 50:
        return _with_focus(_standard(width, inner), focused)
    return _wide(width, inner)


def has_tabs(width: int, height: int, *, zoomed: bool) -> bool:
    """Whether row 2 holds the tab strip; a pane alone that is not of the layout counts as zoomed."""
    return not zoomed and (width < 100 or height < 34) and height >= 15 and width >= 40


def _rows(preset: Preset, place: Box, focused: str) -> dict[str, Box]:
    """The rows of a preset that fit, that of the focused pane first of all."""
    rows = preset.rows
    if place.width < 100:
        rows = tuple(Row(row.share, {name: 1}) for row in rows for name in row.panes)
    room = max(1, place.height // preset.least)
    kept: list[Row] = []
    for name in (focused, *preset.first):
        row = next(row for row in rows if name in row.panes)
        if row not in kept and len(kept) < room:
            kept.append(row)
    seen = [row for row in rows if row in kept]
    boxes: dict[str, Box] = {}
    y = place.y
    for row, height in zip(seen, _shared([row.share for row in seen], place.height), strict=True):
        x = place.x
        for name, cells in zip(row.panes, _shared([*row.panes.values()], place.width), strict=True):
            boxes[name] = Box(x, y, cells, height)
            x += cells
        y += height
    return boxes


def _shared(shares: Sequence[int], whole: int) -> list[int]:
    """A length in these shares, to the last cell."""
    ends = [whole * sum(shares[: n + 1]) // sum(shares) for n in range(len(shares))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _compact(width: int, inner: int, height: int, focused: str) -> dict[str, Box]:
    tabs = 1 if has_tabs(width, height, zoomed=False) else 0
    ticker = 5 if height >= 20 and focused != "timeline" else 0
    boxes = {focused: Box(0, 2 + tabs, width, inner - tabs - ticker)}
    if ticker:
        boxes["timeline"] = Box(0, 2 + inner - ticker, width, ticker)
    return boxes


def _standard(width: int, inner: int) -> dict[str, Box]:
    left = width * 7 // 12
    right = width - left
    top = inner * 14 // 36
    middle = inner * 10 // 36
    bottom = inner - top - middle
    return {
        "alerts": Box(0, 2, left, top),
        "nodes": Box(left, 2, right, top),
        "workloads": Box(0, 2 + top, left, middle),
        "metrics": Box(left, 2 + top, right, middle),
        "logs": Box(0, 2 + top + middle, width, bottom),
    }


def _with_focus(boxes: dict[str, Box], focused: str) -> dict[str, Box]:
    """A pane without a place of its own takes one: Health that of Metrics, Timeline that of Logs."""
    stand_in = {"health": "metrics", "timeline": "logs"}.get(focused)
    if stand_in is not None:
        boxes[focused] = boxes.pop(stand_in)
    return boxes


def _wide(width: int, inner: int) -> dict[str, Box]:
    first, second = width * 66 // 200, width * 68 // 200
    third = width - first - second
    logs = inner * 18 // 56
    upper = inner - logs
    health = min(14, upper // 3)
    top = upper * 22 // 38
    return {
        "health": Box(0, 2, first, health),
        "alerts": Box(0, 2 + health, first, upper - health),
        "workloads": Box(first, 2, second, top),
        "metrics": Box(first, 2 + top, second, upper - top),
        "nodes": Box(first + second, 2, third, top),
        "timeline": Box(first + second, 2 + top, third, upper - top),
        "logs": Box(0, 2 + upper, width, logs),
    }
