"""Free lines: bars, health, metrics, dialogs."""

from collections.abc import Sequence

from textual.geometry import Size
from textual.strip import Strip

from warroom.ui.theme import Theme
from warroom.ui.widgets.drawing import spread
from warroom.ui.widgets.line_widget import Body
from warroom.views.rows import Line


class Lines(Body):
    """Shows lines from a list; scrolls when there are more of them than room."""

    DEFAULT_CSS = "Lines { width: 1fr; height: 1fr; }"

    def __init__(self, theme: Theme, *, paper: str = "text") -> None:
        """``paper``: the role whose ground the lines stand on, such as ``bar``."""
        super().__init__(theme)
        self._paper = paper
        self._lines: Sequence[Line] = ()
        self._top = 0
        self._strips: dict[int, tuple[Line, Strip]] = {}

    @property
    def top(self) -> int:
        """Which line stands first."""
        return self._top

    @property
    def below(self) -> int:
        """How many lines there are below those that are seen."""
        return max(0, len(self._lines) - self._top - self.size.height)

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        grown = len(lines) != len(self._lines)
        self._lines = lines
        self._top = self._clamped(self._top)
        if grown and self.styles.height is not None and self.styles.height.is_auto:
            self.refresh(layout=True)
        self.repaint()

    def move(self, delta: int) -> None:
        self._top = self._clamped(self._top + delta)
        self.repaint()

    def jump(self, index: int) -> None:
        self._top = self._clamped(len(self._lines) if index < 0 else index)
        self.repaint()

    def reveal(self, first: int, last: int) -> None:
        """Scroll as little as shows these lines."""
        self._top = self._clamped(min(first, max(self._top, last - self.size.height + 1)))
        self.repaint()

    def _clamped(self, top: int) -> int:
        return max(0, min(top, len(self._lines) - self.size.height))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self._lines))

    def before_drawing(self) -> None:
        self._strips.clear()
        self._top = self._clamped(self._top)

    def draw_line(self, y: int) -> Strip:
        place = self._top + y
        if place >= len(self._lines):
            return self.blank(self._paper)
        line = self._lines[place]
        known = self._strips.get(place)
        if known is None or known[0] != line:
            drawn = spread(line.spans, line.right, self.size.width, self.look, paper=self._paper)
            known = self._strips[place] = (line, Strip(drawn, self.size.width))
        return known[1]


class Bar(Lines):
    """One line of the screen itself."""

    DEFAULT_CSS = "Bar { position: absolute; }"

    @property
    def first(self) -> Line:
        """What it shows."""
        return next(iter(self._lines), Line(()))
