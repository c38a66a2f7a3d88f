"""The tail of a log: follows the newest line, or stays where one scrolled to."""

from bisect import bisect_left
from collections.abc import Sequence
from math import ceil

from textual.events import MouseScrollDown, MouseScrollUp
from textual.strip import Strip

from warroom.ui.theme import Theme
from warroom.ui.widgets.drawing import length, padded, segments, spread
from warroom.ui.widgets.line_widget import LineWidget
from warroom.views.rows import Cell, LogRow

KEPT = 1_000
"""Drawn lines remembered; more are forgotten all at once."""
LONGEST = 4_096
"""Cells of a line that can be reached by scrolling."""
WHEEL = 3


class LogView(LineWidget, can_focus=True):
    """Shows part of a bounded sequence of lines and says what it does not show."""

    DEFAULT_CSS = "LogView { width: 1fr; height: 1fr; }"

    def __init__(self, theme: Theme, *, widget_id: str | None = None) -> None:
        super().__init__(theme, widget_id=widget_id)
        self._lines: Sequence[LogRow] = ()
        self._total = self._dropped = 0
        self._anchor: int | None = None
        self._left = 0
        self._wrapped = False
        self._shown: list[tuple[int, int]] = []
        self._strips: dict[tuple[int, int], tuple[LogRow, Strip]] = {}

    @property
    def following(self) -> bool:
        """Whether the newest line is always shown."""
        return self._anchor is None

    @property
    def wrapped(self) -> bool:
        """Whether long lines go on below instead of to the right."""
        return self._wrapped

    @property
    def page(self) -> int:
        """How many lines fit."""
        return max(1, self.size.height - self._foot)

    def show(self, lines: Sequence[LogRow], total: int, dropped: int) -> None:
        """Show these lines, oldest first, of ``total`` there were; ``dropped`` of them never arrived."""
        self._lines, self._total, self._dropped = lines, total, dropped
        self._window()

    def move(self, delta: int) -> None:
        """Scroll by lines; at the end it follows again."""
        if self._shown:
            self._go_to(self._shown[0][0] + delta)

    def jump(self, index: int) -> None:
        """Scroll so that this line comes first; -1 follows the newest."""
        self._go_to(len(self._lines) if index < 0 else index)

    def follow(self, *, on: bool) -> None:
        """Follow the newest line, or stay here."""
        if on:
            self._anchor = None
        elif self._shown:
            self._anchor = self._lines[self._shown[0][0]].key
        self._window()

    def wrap(self, *, on: bool) -> None:
        """Let long lines go on below."""
        self._wrapped, self._left = on, 0
        self._strips.clear()
        self._window()

    def scroll_across(self, cells: int) -> None:
        """Scroll to the right, as far as the longest visible line goes, or back."""
        if self._wrapped:
            return
        longest = max((self._cells(place) for place, _ in self._shown), default=0)
        left = max(0, min(self._left + cells, longest - self.size.width))
        if left != self._left:
            self._left = left
            self._strips.clear()
            self.repaint()

    def _go_to(self, place: int) -> None:
        if not self._lines:
            return
        place = max(0, min(place, len(self._lines) - 1))
        self._anchor = self._lines[place].key
        if self._from(place)[1]:
            self._anchor = None
        self._window()

    def _window(self) -> None:
        """Choose what is on screen: pairs of a line's place and which part of it."""
        if self._anchor is None:
            self._shown = self._tail()
        else:
            place = bisect_left(self._lines, self._anchor, key=lambda row: row.key)
            self._shown, _ = self._from(min(place, max(0, len(self._lines) - 1)))
        self.repaint()

    def _tail(self) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        place = len(self._lines) - 1
        while place >= 0 and len(found) < self.page:
            found[:0] = [(place, part) for part in range(self._parts(place))]
            place -= 1
        return found[-self.page :]

    def _from(self, place: int) -> tuple[list[tuple[int, int]], bool]:
        """What is visible from a line on, and whether that reaches the end."""
        found: list[tuple[int, int]] = []
        room = max(1, self.size.height - 1)
        while place < len(self._lines) and len(found) <= room:
            found += [(place, part) for part in range(self._parts(place))]
            place += 1
        return found[:room], place >= len(self._lines) and len(found) <= room

    def _parts(self, place: int) -> int:
        return max(1, ceil(self._cells(place) / max(1, self.size.width))) if self._wrapped else 1

    def _cells(self, place: int) -> int:
        return length(segments(self._lines[place].spans, LONGEST, self.theme))

    @property
    def _foot(self) -> int:
        return 1 if self._dropped or not self.following else 0

    def before_drawing(self) -> None:
        self._strips.clear()
        if self._anchor is None:
            self._shown = self._tail()
        else:
            place = bisect_left(self._lines, self._anchor, key=lambda row: row.key)
            self._shown, _ = self._from(min(place, max(0, len(self._lines) - 1)))

    def draw_line(self, y: int) -> Strip:
        if y >= self.page and self._foot:
            return self._draw_foot()
        if y >= len(self._shown):
            return self.blank()
        place, part = self._shown[y]
        row = self._lines[place]
        known = self._strips.get((row.key, part))
        if known is None or known[0] != row:
            if len(self._strips) > KEPT:
                self._strips.clear()
            known = self._strips[row.key, part] = (row, self.draw_part(row, part))
        return known[1]

    def draw_part(self, row: LogRow, part: int) -> Strip:
        """Draw anew as much of a line as stands in one line of the screen."""
        width, ground = self.size.width, self.theme.style("text")
        start = part * width if self._wrapped else self._left
        reach = LONGEST if self._wrapped else start + width
        whole = Strip(padded(segments(row.spans, reach, self.theme), start + width, ground))
        return whole.crop(start, start + width)

    def _draw_foot(self) -> Strip:
        newer = len(self._lines) - 1 - (self._shown[-1][0] if self._shown else -1)
        state = [] if self.following else [Cell(f"scrolled back, {newer:,} newer below", "info", glyph=True)]
        kept = [Cell(f"{len(self._lines):,} of {self._total:,} lines", "muted")]
        lost = [Cell(f"  dropped {self._dropped:,}", "warning", glyph=True)] if self._dropped else []
        width = self.size.width
        return Strip(spread(state, (*kept, *lost), width, self.theme, paper="bar"), width)

    def on_mouse_scroll_down(self, _event: MouseScrollDown) -> None:
        self.move(WHEEL)

    def on_mouse_scroll_up(self, _event: MouseScrollUp) -> None:
        self.move(-WHEEL)
