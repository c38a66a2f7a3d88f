"""What a view hands to a widget: cells, rows, lines and tiles as values; roles are names of meanings, not colours."""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

ROLES = (
    "sev1",
    "sev2",
    "sev3",
    "sev4",
    "ok",
    "warning",
    "critical",
    "info",
    "unknown",
    "stale",
    "lost",
    "text",
    "muted",
    "accent",
    "selection",
    "border",
    "border_focus",
    "bar",
    "live",
    "replay",
    "paused",
    "unlocked",
    "log_error",
    "log_warn",
    "log_info",
    "log_debug",
    "match",
)
"""Every meaning a cell can have; each theme gives each of them a colour, a glyph, an ASCII glyph and a style."""

WORST_FIRST = (
    "sev1",
    "critical",
    "sev2",
    "lost",
    "warning",
    "sev3",
    "stale",
    "unknown",
    "sev4",
    "info",
    "accent",
    "ok",
    "text",
    "muted",
)
"""Which of several states one cell shows when it stands for all of them."""

_RANK = {role: rank for rank, role in enumerate(WORST_FIRST)}


class Cell(msgspec.Struct, frozen=True, gc=False):
    """A piece of text and what it means."""

    text: str
    role: str = "text"
    glyph: bool = False
    """Begin with the role's glyph, so that the meaning is not in the colour alone."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """One line of a table, with the name it keeps when rows come and go."""

    key: str
    cells: tuple[Cell, ...]
    role: str = "text"
    """The state of the row as a whole: its glyph stands before the first cell. Cells keep their own roles."""


class Column(msgspec.Struct, frozen=True, gc=False):
    """How the cells at one place of every row are shown."""

    title: str
    width: int | None
    """Terminal cells, or None: take what the others leave."""
    align: Literal["left", "right"] = "left"
    priority: int = 0
    """When the table is narrow, the column with the lowest number goes first; of equals, the rightmost."""
    least: int = 12
    """Below that a column which takes what the others leave says nothing; others give way before."""
    most: int = 0
    """How wide it may grow where there is room to spare; 0 for not at all, or for one that takes what is left."""


class Title(msgspec.Struct, frozen=True, gc=False):
    """The first line of a pane: what it shows, from where, and how old that is."""

    text: str
    source: str
    age: str
    count: str
    note: str = ""
    brief: str = ""
    """What is said instead of ``count`` where there is no room for all of it."""
    role: str = "text"
    """What source and age mean: ``stale`` and ``lost`` are said with their glyph."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """One free line."""

    spans: tuple[Cell, ...]
    right: tuple[Cell, ...] = ()
    """Ends at the right edge; it stays when the line is too narrow for both."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """Lines that belong together; the cursor can stand on those with a key."""

    key: str
    lines: tuple[Line, ...]


class LogRow(msgspec.Struct, frozen=True, gc=False):
    """One entry of a log, as one line or several, with a number that grows from entry to entry."""

    key: tuple[Any, ...]
    lines: tuple[Line, ...]


class Tile(msgspec.Struct, frozen=True, gc=False):
    """One member of a grid."""

    key: str
    role: str
    label: str
    sign: str = ""
    """Stands in place of the role's glyph: a digit of what is measured."""


class Block(msgspec.Struct, frozen=True, gc=False):
    """Tiles that fail together: a rack, a zone, a pool."""

    name: str
    cells: tuple[Tile, ...]


def rank(role: str) -> int:
    """The place of a role among the worst first; a role that is no state comes last."""
    return _RANK.get(role, len(_RANK))


def worst(roles: Iterable[str]) -> str:
    """The worst of these roles; ``unknown`` when there are none."""
    return min(roles, key=rank, default="unknown")
