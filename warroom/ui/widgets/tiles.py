"""What one place of a grid looks like: a named tile, a sign, or two half blocks."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from warroom.ui.theme import Theme
from warroom.ui.widgets.drawing import drawable, fitted
from warroom.ui.widgets.grid_layout import Zoom
from warroom.views.rows import Tile, rank, worst

CALM = ("ok", "info", "text", "muted", "accent")
"""States that a half block leaves to the sign of the whole cell, so that what is wrong differs in shape too."""
UPPER, LOWER = "▀", "▄"
MOST_LOOKS = 4_096
"""Looks of places remembered; where many tiles share a place there are many."""
NAME_CELLS = 4
"""Cells of a named tile that are not its name: the mark, the sign, and a blank after each."""


class Places:
    """Draws places; what several of them look like is made once."""

    def __init__(self) -> None:
        self._made: dict[object, list[Segment]] = {}
        self._theme: Theme | None = None

    def of(
        self, tiles: Sequence[Tile], zoom: Zoom, theme: Theme, *, paper: str, selected: bool
    ) -> list[Segment]:
        """``tile_segments``, the same object for what looks the same."""
        if zoom.name == "named":
            return tile_segments(tiles, zoom, theme, paper=paper, selected=selected)
        if theme is not self._theme or len(self._made) > MOST_LOOKS:
            self._theme, self._made = theme, {}
        key = (
            zoom.name,
            zoom.cells,
            paper,
            selected,
            *[tile.role for tile in tiles],
            *[t.sign for t in tiles],
        )
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = tile_segments(tiles, zoom, theme, paper=paper, selected=selected)
        return made


def joined(places: Iterable[list[Segment]]) -> Iterator[Segment]:
    """The segments of places side by side; those that are the same object become one run."""
    for _, run in groupby(places, key=id):
        same = list(run)
        if len(same[0]) == 1:
            text, style, _ = same[0][0]
            yield Segment(text * len(same), style)
        else:
            yield from chain.from_iterable(same)


def tile_segments(
    tiles: Sequence[Tile], zoom: Zoom, theme: Theme, *, paper: str = "text", selected: bool = False
) -> list[Segment]:
    """One place, as wide as the zoom says; several tiles show the worst of them."""
    if (
        zoom.name == "half"
        and paper == "text"
        and not selected
        and len(tiles) == 2
        and tiles[0].role != tiles[1].role
        and not any(tile.sign for tile in tiles)
    ):
        return [_halves(tiles[0].role, tiles[1].role, theme)]
    shown = worst_tile(tiles)
    role, glyph = shown.role, shown.sign or theme.glyph(shown.role)
    look, ground = theme.style(role, paper), theme.style("text")
    if zoom.name == "named":
        name = fitted(drawable(tiles[0].label), zoom.cells - NAME_CELLS)
        mark = Segment(theme.plain("▌") if selected else " ", theme.style("warning"))
        return [mark, Segment(theme.plain(f"{glyph} {name}"), look), Segment(" ", ground)]
    if selected:
        look += Style(reverse=not look.reverse)
    sign = Segment(glyph, look)
    return [sign, Segment(" " * (zoom.cells - 1), ground)] if zoom.cells > 1 else [sign]


def worst_tile(tiles: Sequence[Tile]) -> Tile:
    """Which of several tiles one place shows: the worst, and of these the one with the highest figure."""
    first = tiles[0]
    if all(tile.role == first.role and tile.sign == first.sign for tile in tiles):
        return first
    return min(tiles, key=lambda tile: (rank(tile.role), -ord(tile.sign or " ")))


def _halves(upper: str, lower: str, theme: Theme) -> Segment:
    ground = theme.style("text")
    if upper in CALM and lower in CALM:
        role = worst((upper, lower))
        return Segment(theme.glyph(role), theme.style(role))
    if lower in CALM:
        return Segment(UPPER, Style(color=_ink(theme, upper), bgcolor=ground.bgcolor))
    if upper in CALM:
        return Segment(LOWER, Style(color=_ink(theme, lower), bgcolor=ground.bgcolor))
    return Segment(UPPER, Style(color=_ink(theme, upper), bgcolor=_ink(theme, lower)))


def _ink(theme: Theme, role: str) -> Color | None:
    style = theme.style(role)
    # A role with a ground of its own is known by that ground.
    return style.bgcolor if theme.role(role).background else style.color
