"""A widget that draws lines of meant text, each only when it changed; everything on the screen is made of it."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from warroom.ui.theme import Theme
from warroom.views.rows import Cell, Line

BLANK = Line(())


def segments_of(line: Line, width: int, theme: Theme, paper: str) -> list[Segment]:
    """A line as exactly ``width`` cells; the right part stays when there is no room for both."""
    right = _fitted(line.right, width, theme, paper)
    used = sum(cell_len(s.text) for s in right)
    left = _fitted(line.spans, width - used, theme, paper)
    gap = width - used - sum(cell_len(s.text) for s in left)
    return [*left, Segment(" " * gap, theme.style("text", paper)), *right] if gap else [*left, *right]


def _fitted(cells: Sequence[Cell], width: int, theme: Theme, paper: str) -> list[Segment]:
    made: list[Segment] = []
    left = width
    for cell in cells:
        if left <= 0:
            break
        size = cell_len(cell.text)
        text = cell.text if size <= left else set_cell_size(cell.text, left - 1) + "…"
        made.append(Segment(theme.plain(text), theme.style(cell.role, paper)))
        left -= min(size, left)
    return made


class Canvas(Widget):
    """Lines at the top, blanks below."""

    DEFAULT_CSS = "Canvas { position: absolute; }"
    can_focus = False

    def __init__(self, theme: Theme, *, role: str = "text") -> None:
        super().__init__()
        self.look = theme
        self.paper = role
        self._lines: list[Line] = []
        self._strips: dict[int, Strip] = {}
        self._marked: dict[int, str] = {}

    def place(self, x: int, y: int, width: int, height: int) -> None:
        """Put it there on the screen."""
        self.styles.offset = (x, y)
        self.styles.width, self.styles.height = width, height
        self.display = True

    def show(self, lines: Sequence[Line], *, marked: dict[int, str] | None = None) -> None:
        """Draw these lines; ``marked`` gives rows a role of their own, such as the cursor's ``selection``."""
        new, marks = list(lines), marked or {}
        rows = max(len(new), len(self._lines))
        dirty = [
            y
            for y in range(rows)
            if _at(new, y) != _at(self._lines, y) or marks.get(y) != self._marked.get(y)
        ]
        self._lines, self._marked = new, marks
        for y in dirty:
            self._strips.pop(y, None)
        if dirty:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in dirty))

    def render_line(self, y: int) -> Strip:
        """One row of cells."""
        strip = self._strips.get(y)
        width = self.size.width
        if strip is None or strip.cell_length != width:
            paper = self._marked.get(y, self.paper)
            strip = Strip(segments_of(_at(self._lines, y), width, self.look, paper), width)
            self._strips[y] = strip
        return strip

    def painted(self) -> str:
        """What stands there now, with its styles, for comparing one screen with another."""
        return "\n".join(
            "|".join(f"{segment.text}\x00{segment.style}" for segment in self.render_line(y))
            for y in range(self.size.height)
        )


def _at(lines: Sequence[Line], y: int) -> Line:
    return lines[y] if y < len(lines) else BLANK
