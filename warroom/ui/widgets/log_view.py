"""The tail of a log: follows the newest entry, or stays where one moved to."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any

from textual.geometry import Offset
from textual.strip import Strip

from warroom.ui.theme import Theme
from warroom.ui.widgets.drawing import length, padded, segments
from warroom.ui.widgets.line_widget import Body
from warroom.views.rows import Line, LogRow

KEPT = 1_000
"""Drawn lines remembered; more are forgotten all at once."""
LONGEST = 4_096
"""Cells of a line that can be reached."""
SIDE = 20
"""Cells of one step to the side."""

Key = tuple[Any, ...]
"""The number of an entry."""
Part = tuple[int, int, int]
"""Place of an entry, which of its lines, which piece of that line."""


class LogView(Body):
    """Shows what fits of a sequence of entries, of which only those on screen are looked at."""

    DEFAULT_CSS = "LogView { width: 1fr; height: 1fr; }"

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.wrapped = False
        """Whether long lines go on below instead of to the right."""
        self.pointed = False
        """Whether the cursor is shown even while the keys are not meant for it, until it follows."""
        self._rows: Sequence[LogRow] = ()
        self._empty = Line(())
        self._anchor: Key | None = None
        """The first entry on screen; None while following."""
        self._key: Key | None = None
        """The entry under the cursor; None while following."""
        self._left = 0
        self._shown: list[Part] = []
        self._strips: dict[tuple[Key, int, int, bool], tuple[LogRow, Strip]] = {}

    @property
    def following(self) -> bool:
        """Whether the newest entry is always shown."""
        return self._key is None

    @property
    def newer(self) -> int:
        """How many entries came after the one under the cursor."""
        return 0 if self._key is None else max(0, len(self._rows) - 1 - self._place(self._key))

    @property
    def row(self) -> LogRow | None:
        """The entry under the cursor, or the newest."""
        if not self._rows:
            return None
        return self._rows[-1 if self._key is None else self._place(self._key)]

    @property
    def at(self) -> int:
        """The place of the entry under the cursor, or of the newest; -1 when there is none."""
        return len(self._rows) - 1 if self._key is None or not self._rows else self._place(self._key)

    @property
    def first(self) -> int:
        """The place of the first entry on screen."""
        return self._shown[0][0] if self._shown else 0

    @property
    def last(self) -> int:
        """The place of the last entry on screen."""
        return self._shown[-1][0] if self._shown else 0

    def hold(self, place: int) -> None:
        """Go to an entry, with as much before it as after it."""
        if self._rows:
            place = max(0, min(len(self._rows) - 1, place))
            self._anchor = self._rows[max(0, place - self._room // 2)].key
            self._go_to(place)

    def show(self, rows: Sequence[LogRow], *, empty: Line) -> None:
        """Show these entries, oldest first; ``empty`` is what is said when there is none."""
        self._rows, self._empty = rows, empty
        self._choose()
        self.repaint()

    def follow(self) -> None:
        """Show the newest entry from now on."""
        self._anchor = self._key = None
        self.pointed = False
        self._choose()
        self.repaint()

    def move(self, delta: int) -> None:
        if self._rows:
            at = len(self._rows) - 1 if self._key is None else self._place(self._key)
            if self._anchor is None and self._shown:
                self._anchor = self._rows[self._shown[0][0]].key
            self._go_to(max(0, min(len(self._rows) - 1, at + delta)))

    def jump(self, index: int) -> None:
        if index < 0:
            self.follow()
        elif self._rows:
            self._go_to(min(index, len(self._rows) - 1))

    def point(self, at: Offset) -> None:
        if 0 <= at.y < len(self._shown):
            if self._anchor is None:
                self._anchor = self._rows[self._shown[0][0]].key
            self._go_to(self._shown[at.y][0])

    def across(self, delta: int) -> None:
        longest = max((self._cells(line) for line in self._visible_lines()), default=0)
        left = max(0, min(self._left + delta * SIDE, longest - self.size.width))
        if left != self._left and not self.wrapped:
            self._left = left
            self._strips.clear()
            self.repaint()

    def wrap(self) -> None:
        """Let long lines go on below, or not any more."""
        self.wrapped, self._left = not self.wrapped, 0
        self._strips.clear()
        self._choose()
        self.repaint()

    def _go_to(self, place: int) -> None:
        self._key = self._rows[place].key
        self._choose()
        self.repaint()

    def _place(self, key: Key) -> int:
        return min(bisect_left(self._rows, key, key=lambda row: row.key), max(0, len(self._rows) - 1))

    @property
    def _room(self) -> int:
        return max(1, self.size.height)

    def _choose(self) -> None:
        """Choose what is on screen."""
        if not self._rows:
            self._shown = []
        elif self._key is None:
            self._shown = self._ending_with(len(self._rows) - 1)
        else:
            at = self._place(self._key)
            first = at if self._anchor is None else min(at, self._place(self._anchor))
            self._shown = self._beginning_with(first)
            if first < at and list(self._parts(at))[-1] not in self._shown:
                self._shown = self._ending_with(at)
            if len(self._shown) < self._room:
                self._shown = self._ending_with(len(self._rows) - 1)
            self._anchor = self._rows[self._shown[0][0]].key

    def _ending_with(self, last: int) -> list[Part]:
        found: list[Part] = []
        while last >= 0 and len(found) < self._room:
            found[:0] = self._parts(last)
            last -= 1
        return found[-self._room :]

    def _beginning_with(self, first: int) -> list[Part]:
        found: list[Part] = []
        while first < len(self._rows) and len(found) < self._room:
            found += self._parts(first)
            first += 1
        return found[: self._room]

    def _parts(self, place: int) -> Iterator[Part]:
        for number, line in enumerate(self._rows[place].lines):
            pieces = max(1, ceil(self._cells(line) / max(1, self.size.width))) if self.wrapped else 1
            for piece in range(pieces):
                yield place, number, piece

    def _visible_lines(self) -> Iterator[Line]:
        return (self._rows[place].lines[number] for place, number, _ in self._shown)

    def _cells(self, line: Line) -> int:
        return length(segments(line.spans, LONGEST, self.look))

    def before_drawing(self) -> None:
        self._strips.clear()
        self._choose()

    def draw_line(self, y: int) -> Strip:
        if y >= len(self._shown):
            return self.draw_piece(self._empty, 0) if y == 0 and not self._rows else self.blank()
        place, number, piece = self._shown[y]
        row = self._rows[place]
        look = row.key, number, piece, (self.active or self.pointed) and row.key == self._key
        known = self._strips.get(look)
        if known is None or known[0] != row:
            if len(self._strips) > KEPT:
                self._strips.clear()
            strip = self.draw_piece(row.lines[number], piece, paper="selection" if look[-1] else "text")
            known = self._strips[look] = (row, strip)
        return known[1]

    def draw_piece(self, line: Line, piece: int, *, paper: str = "text") -> Strip:
        """Draw anew as much of a line as stands in one line of the screen."""
        width, ground = self.size.width, self.look.style("text", paper)
        start = piece * width if self.wrapped else self._left
        reach = LONGEST if self.wrapped else start + width
        drawn = segments(line.spans, reach, self.look, paper=paper)
        whole = Strip(padded(drawn, start + width, ground))
        return whole.crop(start, start + width)
