"""Entries of one or several lines; the cursor goes from one to the next, past lines that are only read."""

from collections.abc import Iterable, Sequence

from textual.geometry import Offset
from textual.strip import Strip

from warroom.ui.theme import Theme
from warroom.ui.widgets.drawing import spread, wrapped
from warroom.ui.widgets.line_widget import Body
from warroom.views.copying import Copied, copied_lines
from warroom.views.rows import Entry, Line


class Entries(Body):
    """Shows entries from above, scrolls with the cursor, and by lines where there is none to stand on."""

    DEFAULT_CSS = "Entries { width: 1fr; height: 1fr; }"

    def __init__(self, theme: Theme, *, wrap: bool = False) -> None:
        """``wrap``: lines that are too long go on below."""
        super().__init__(theme)
        self._wrap = wrap
        self._entries: Sequence[Entry] = ()
        self._key = ""
        """The entry the person put the cursor on; empty before that."""
        self._top = 0
        self._rows: list[tuple[str, Line]] = []
        self._strips: dict[int, tuple[Line, bool, Strip]] = {}

    @property
    def cursor(self) -> str:
        keys = self._keys
        return self._key if self._key in keys else next(iter(keys), "")

    @property
    def below(self) -> int:
        """How many lines there are below those that are seen."""
        return max(0, len(self._rows) - self._top - self.size.height)

    @property
    def _keys(self) -> list[str]:
        return [entry.key for entry in self._entries if entry.key]

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these entries; the cursor stays on its own."""
        self._entries = entries
        self._lay()
        self.repaint()

    def put(self, key: str) -> None:
        """Put the cursor on an entry, if it is there."""
        if key in self._keys:
            self._key = key
            self._reveal()
        self.repaint()

    def move(self, delta: int) -> None:
        keys = self._keys
        at = keys.index(self.cursor) if keys else 0
        aim = max(0, min(len(keys) - 1, at + delta))
        if not keys or aim == at:
            # There is no further entry that way: what is left are lines to read.
            self._top = self._clamped(self._top + delta)
        else:
            self._key = keys[aim]
            self._reveal()
        self.repaint()

    def jump(self, index: int) -> None:
        keys = self._keys
        if keys:
            self._key = keys[-1] if index < 0 else keys[min(index, len(keys) - 1)]
        self._top = self._clamped(len(self._rows) if index < 0 else 0)
        self.repaint()

    def point(self, at: Offset) -> None:
        place = self._top + at.y
        if at.y >= 0 and place < len(self._rows) and self._rows[place][0]:
            self._key = self._rows[place][0]
            self.repaint()

    def known(self, keys: Iterable[str]) -> list[str]:
        wanted = set(keys)
        return [key for key in self._keys if key in wanted]

    def copied(self, keys: Sequence[str]) -> Copied:
        # Where there is no entry to stand on, all there is to read is meant.
        return copied_lines("entry", [e.lines for e in self._entries if e.key in keys or not keys])

    def _lay(self) -> None:
        width = self.size.width
        self._rows = [
            (entry.key, part)
            for entry in self._entries
            for one in entry.lines
            for part in (wrapped(one, width, indent=6) if self._wrap and width else [one])
        ]
        self._top = self._clamped(self._top)

    def _clamped(self, top: int) -> int:
        return max(0, min(top, len(self._rows) - self.size.height))

    def _reveal(self) -> None:
        places = [n for n, (key, _) in enumerate(self._rows) if key == self.cursor]
        if not places:
            return
        first, last = places[0], places[-1]
        if self._keys and self.cursor == self._keys[0]:
            first = 0
        self._top = self._clamped(min(first, max(self._top, last - self.size.height + 1)))

    def before_drawing(self) -> None:
        self._strips.clear()
        self._lay()
        if self._key:
            self._reveal()

    def draw_line(self, y: int) -> Strip:
        place = self._top + y
        if place >= len(self._rows):
            return self.blank()
        key, one = self._rows[place]
        chosen = bool(key) and self.active and key == self.cursor
        known = self._strips.get(place)
        if known is None or known[:2] != (one, chosen):
            paper = "selection" if chosen else "text"
            drawn = spread(one.spans, one.right, self.size.width, self.look, paper=paper)
            known = self._strips[place] = (one, chosen, Strip(drawn, self.size.width))
        return known[2]
