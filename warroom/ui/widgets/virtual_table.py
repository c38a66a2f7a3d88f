"""A table that looks only at the rows on screen, whatever their number."""

from collections.abc import Iterable, Sequence, Set
from typing import Protocol

from rich.segment import Segment
from textual.geometry import Offset
from textual.strip import Strip

from warroom.ui.theme import Theme
from warroom.ui.widgets.columns import GAP, fit_columns
from warroom.ui.widgets.drawing import drawable, fitted, padded, segments, words
from warroom.ui.widgets.line_widget import Body
from warroom.views.copying import Copied, copied_rows
from warroom.views.rows import Cell, Column, Line, Row

KEPT = 1_000
"""Drawn rows remembered; more are forgotten all at once."""
MARGIN = 1
"""Cells before the first column: whether the row is selected."""


class Rows(Protocol):
    """Rows that may be made only when they are looked at."""

    def __len__(self) -> int:
        """How many there are."""

    def __getitem__(self, place: int) -> Row:
        """The row at a place."""

    def place(self, key: str) -> int | None:
        """Where the row with that key stands."""


class ListedRows(Sequence[Row]):
    """Rows that were all made already."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self._rows = rows
        self._places = {row.key: place for place, row in enumerate(rows)}

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int) -> Row:  # type: ignore[override]
        return self._rows[place]

    def place(self, key: str) -> int | None:
        """Where the row with that key stands."""
        return self._places.get(key)


class VirtualTable(Body):
    """Rows under a header. A cursor that was moved stays on its row; until then it is on the first."""

    DEFAULT_CSS = "VirtualTable { width: 1fr; height: 1fr; }"

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._columns: Sequence[Column] = ()
        self._rows: Rows = ListedRows()
        self._selected: Set[str] = frozenset()
        self._fit: list[tuple[int, int]] = []
        self._empty = Line(())
        self._top = 0
        self._at = 0
        self._key = ""
        """The row the person put the cursor on; empty before that."""
        self._strips: dict[tuple[str, bool, bool], tuple[Row, Strip]] = {}
        self._header: Strip | None = None

    @property
    def cursor(self) -> str:
        return self._rows[self._at].key if len(self._rows) else ""

    @property
    def page(self) -> int:
        """How many rows are visible."""
        return max(1, self.size.height - 1)

    @property
    def below(self) -> int:
        """How many rows there are below those that are seen."""
        return max(0, len(self._rows) - self._top - self.page)

    def show(self, columns: Sequence[Column], rows: Rows, *, selected: Set[str], empty: Line) -> None:
        """Show these rows; the cursor stays on its row, or where it was when that is gone.

        ``empty`` is what is said when there is none.
        """
        if columns is not self._columns:
            self._columns = columns
            self._refit()
        before = self._at
        self._rows, self._selected, self._empty = rows, selected, empty
        self._at = self._place_of_cursor()
        # At the top one wants to see what comes first; further down nothing may move under one's eyes.
        if self._top:
            self._top += self._at - before
        self._follow_cursor()

    def move(self, delta: int) -> None:
        self._go(min(len(self._rows) - 1, max(0, self._at + delta)))

    def jump(self, index: int) -> None:
        last = len(self._rows) - 1
        self._go(last + 1 + index if index < 0 else min(index, last))

    def point(self, at: Offset) -> None:
        place = self._top + at.y - 1
        if at.y > 0 and place < len(self._rows):
            self._go(place)

    def keys(self) -> list[str]:
        return [self._rows[place].key for place in range(len(self._rows))]

    def start(self, key: str = "") -> None:
        """Begin at that row, else the first: what is shown next is something else."""
        self._top, self._at, self._key = 0, 0, key

    def known(self, keys: Iterable[str]) -> list[str]:
        places = ((self._rows.place(key), key) for key in keys)
        return [key for _, key in sorted((place, key) for place, key in places if place is not None)]

    def copied(self, keys: Sequence[str]) -> Copied:
        places = (self._rows.place(key) for key in keys)
        return copied_rows(self._columns, [self._rows[place] for place in places if place is not None])

    def _go(self, place: int) -> None:
        if len(self._rows):
            self._at = max(0, place)
            self._key = self._rows[self._at].key
            self._follow_cursor()

    def _place_of_cursor(self) -> int:
        if not self._key or not len(self._rows):
            return 0
        place = self._rows.place(self._key)
        if place is None:
            place = min(self._at, len(self._rows) - 1)
            self._key = self._rows[place].key
        return place

    def _follow_cursor(self) -> None:
        if self.size.height:
            # Before it was laid out nobody knows how much fits.
            self._scroll()
        self.repaint()

    def _scroll(self) -> None:
        lowest = max(0, len(self._rows) - self.page)
        self._top = max(self._at - self.page + 1, min(self._top, self._at, lowest), 0)

    def _refit(self) -> None:
        self._fit = fit_columns(self._columns, max(0, self.size.width - MARGIN))
        self._strips.clear()
        self._header = None

    def before_drawing(self) -> None:
        self._refit()
        self._scroll()

    def draw_line(self, y: int) -> Strip:
        if not len(self._rows):
            return self._draw_empty() if y == 0 else self.blank()
        if y == 0:
            self._header = self._header or self._draw_header()
            return self._header
        place = self._top + y - 1
        return self._row_strip(place) if place < len(self._rows) else self.blank()

    def _row_strip(self, place: int) -> Strip:
        row = self._rows[place]
        look = row.key, self.active and place == self._at, row.key in self._selected
        known = self._strips.get(look)
        if known is not None and known[0] == row:
            return known[1]
        if len(self._strips) > KEPT:
            self._strips.clear()
        strip = self.draw_row(row, under_cursor=look[1], selected=look[2])
        self._strips[look] = row, strip
        return strip

    def draw_row(self, row: Row, *, under_cursor: bool, selected: bool) -> Strip:
        """Draw a row anew: its content or what is the matter with it changed."""
        theme, paper = self.look, "selection" if under_cursor else "text"
        ground = theme.style("text", paper)
        mark = Segment(theme.plain("▌"), theme.style("warning", paper)) if selected else Segment(" ", ground)
        drawn = [mark]
        for shown, (n, width) in enumerate(self._fit):
            cell = row.cells[n] if n < len(row.cells) else Cell("")
            text = fitted(words(cell, theme), width, self._columns[n].align)
            if shown:
                drawn.append(Segment(" " * GAP, ground))
            drawn.append(Segment(theme.plain(text), theme.style(cell.role, paper)))
        return Strip(padded(drawn, self.size.width, ground), self.size.width)

    def _draw_header(self) -> Strip:
        shown = [(self._columns[n], width) for n, width in self._fit]
        titles = [fitted(drawable(column.title), width, column.align) for column, width in shown]
        text = fitted(" " * MARGIN + (" " * GAP).join(titles), self.size.width)
        return Strip([Segment(self.look.plain(text), self.look.style("muted"))], self.size.width)

    def _draw_empty(self) -> Strip:
        width, ground = self.size.width, self.look.style("text")
        said = segments(self._empty.spans, width - MARGIN, self.look)
        return Strip(padded([Segment(" " * MARGIN, ground), *said], width, ground), width)
