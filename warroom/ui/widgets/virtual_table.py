"""A table that draws only the rows on screen, whatever their number."""

from collections.abc import Sequence

from rich.segment import Segment
from textual.events import Blur, Click, Focus, MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.strip import Strip

from warroom.ui.theme import Theme
from warroom.ui.widgets.columns import GAP, fit_columns
from warroom.ui.widgets.drawing import drawable, fitted, padded, segments, words
from warroom.ui.widgets.line_widget import LineWidget
from warroom.views.rows import Cell, Column, Row

KEPT = 1_000
"""Drawn rows remembered; more are forgotten all at once."""
WHEEL = 3


class RowChosen(Message):
    """The row under the cursor was chosen."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


class VirtualTable(LineWidget, can_focus=True):
    """Rows under a header, with a cursor that stays on its row while rows come and go."""

    DEFAULT_CSS = "VirtualTable { width: 1fr; height: 1fr; }"

    def __init__(self, theme: Theme, *, glyphs: bool = False, widget_id: str | None = None) -> None:
        """``glyphs``: show the glyph of each row's role before its first cell."""
        super().__init__(theme, widget_id=widget_id)
        self._margin = 3 if glyphs else 1
        self._columns: Sequence[Column] = ()
        self._rows: Sequence[Row] = ()
        self._fit: list[tuple[int, int]] = []
        self._empty: Cell | None = None
        self._top = 0
        self._cursor = 0
        self._key: str | None = None
        self._strips: dict[tuple[str, str], tuple[Row, Strip]] = {}
        self._header: Strip | None = None

    @property
    def selected_key(self) -> str | None:
        """The key of the row under the cursor; None in an empty table."""
        return self._rows[self._cursor].key if self._rows else None

    @property
    def page(self) -> int:
        """How many rows are visible."""
        return max(1, self.size.height - 1)

    def show(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Show these rows; the cursor stays on its row, or where it was when that is gone."""
        if columns != self._columns:
            self._columns = columns
            self._refit()
        shift = -self._cursor
        self._empty, self._rows = None, rows
        self._cursor = self._place_of_cursor()
        shift += self._cursor
        # At the top one wants to see what comes first; further down nothing may move under one's eyes.
        if self._top:
            self._top += shift
        self._follow_cursor()

    def show_empty(self, text: str, role: str = "muted") -> None:
        """Say why there are no rows; the cursor returns to its row when they come back."""
        self._empty, self._rows = Cell(text, role, glyph=role not in ("text", "muted")), ()
        self._cursor = self._top = 0
        self.repaint()

    def move(self, delta: int) -> None:
        """Move the cursor by rows."""
        self._go(min(len(self._rows) - 1, max(0, self._cursor + delta)))

    def jump(self, index: int) -> None:
        """Put the cursor on a row by its place; -1 is the last."""
        last = len(self._rows) - 1
        self._go(last + 1 + index if index < 0 else min(index, last))

    def select(self, key: str) -> bool:
        """Put the cursor on a row by its key; False when there is none."""
        place = next((n for n, row in enumerate(self._rows) if row.key == key), None)
        if place is not None:
            self._go(place)
        return place is not None

    def choose(self) -> None:
        """Tell that the row under the cursor was chosen."""
        if self.selected_key is not None:
            self.post_message(RowChosen(self.selected_key))

    def _go(self, place: int) -> None:
        if self._rows:
            self._cursor = max(0, place)
            self._key = self._rows[self._cursor].key
            self._follow_cursor()

    def _place_of_cursor(self) -> int:
        if not self._rows:
            return 0
        place = min(self._cursor, len(self._rows) - 1)
        if self._key is not None and self._rows[place].key != self._key:
            place = next((n for n, row in enumerate(self._rows) if row.key == self._key), place)
        self._key = self._rows[place].key
        return place

    def _follow_cursor(self) -> None:
        lowest = max(0, len(self._rows) - self.page)
        self._top = max(self._cursor - self.page + 1, min(self._top, self._cursor, lowest), 0)
        self.repaint()

    def _refit(self) -> None:
        self._fit = fit_columns(self._columns, max(0, self.size.width - self._margin))
        self._strips.clear()
        self._header = None

    def before_drawing(self) -> None:
        self._refit()
        self._top = max(self._cursor - self.page + 1, min(self._top, self._cursor), 0)

    def draw_line(self, y: int) -> Strip:
        if y == 0:
            self._header = self._header or self._draw_header()
            return self._header
        place = self._top + y - 1
        if place < len(self._rows):
            return self._row_strip(self._rows[place], selected=place == self._cursor)
        if self._empty and y == 1:
            width, text = self.size.width, self.theme.style("text")
            said = segments([self._empty], width - 1, self.theme)
            return Strip(padded([Segment(" ", text), *said], width, text), width)
        return self.blank()

    def _row_strip(self, row: Row, *, selected: bool) -> Strip:
        cursor = ("selection" if self.has_focus else "mark") if selected else ""
        known = self._strips.get((row.key, cursor))
        if known is not None and known[0] == row:
            return known[1]
        if len(self._strips) > KEPT:
            self._strips.clear()
        strip = self.draw_row(row, cursor)
        self._strips[row.key, cursor] = row, strip
        return strip

    def draw_row(self, row: Row, cursor: str) -> Strip:
        """Draw a row anew: its content or its place under the cursor changed."""
        theme, paper = self.theme, "selection" if cursor == "selection" else "text"
        ground = theme.style("text", paper)
        mark = theme.glyph("selection") if cursor else " "
        drawn = [Segment(mark, theme.style("accent", paper))]
        if self._margin > 1:
            drawn.append(Segment(f"{theme.glyph(row.role)} ", theme.style(row.role, paper)))
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
        line = fitted(" " * self._margin + (" " * GAP).join(titles), self.size.width)
        return Strip([Segment(self.theme.plain(line), self.theme.style("muted"))], self.size.width)

    def on_focus(self, _event: Focus) -> None:
        self.repaint()

    def on_blur(self, _event: Blur) -> None:
        self.repaint()

    def on_click(self, event: Click) -> None:
        if 1 <= event.y <= len(self._rows) - self._top:
            self.jump(self._top + event.y - 1)

    def on_mouse_scroll_down(self, _event: MouseScrollDown) -> None:
        self.move(WHEEL)

    def on_mouse_scroll_up(self, _event: MouseScrollUp) -> None:
        self.move(-WHEEL)
