"""The base of our widgets: draws lines, remembers what it drew, and repaints only the cells that differ."""

from collections.abc import Sequence
from itertools import takewhile

from rich.segment import Segment
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from warroom.ui.theme import Theme


class LineWidget(Widget):
    """A region of lines of our own. It has no border and no padding; a ``PaneFrame`` goes around it."""

    ALLOW_SELECT = False

    def __init__(self, theme: Theme, *, widget_id: str | None = None) -> None:
        super().__init__(id=widget_id)
        self.theme = theme
        self._drawn: list[Strip] = []
        self._drawn_size = Size(0, 0)

    def draw_line(self, y: int) -> Strip:
        """The line ``y`` as it should be, as wide as the widget; the same object when nothing changed."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Draw everything anew with other looks."""
        self.theme = theme
        self.forget()

    def forget(self) -> None:
        """Draw everything anew: what was drawn no longer says what is."""
        self._drawn_size = Size(0, 0)
        self.refresh()

    def before_drawing(self) -> None:
        """Work that depends on the size; called before the first line of a new size is drawn."""

    def repaint(self) -> None:
        """Bring the screen up to date: refresh the cells that differ from what was drawn, and no others."""
        if self._drawn_size != self.outer_size:
            # Not laid out, or about to be painted as a whole.
            self.refresh()
            return
        regions = []
        for y, old in enumerate(self._drawn):
            new = self.draw_line(y)
            if new is old:
                continue
            if span := changed_span(old, new):
                self._drawn[y] = new
                regions.append(Region(span[0], y, span[1] - span[0], 1))
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        if self._drawn_size != self.outer_size:
            self.before_drawing()
            self._drawn_size = self.outer_size
            self._drawn = [self.draw_line(line) for line in range(self.outer_size.height)]
        return self._drawn[y] if y < len(self._drawn) else self.blank()

    def render_lines(self, crop: Region) -> list[Strip]:
        # Textual's own way copies each Strip; kept ones let what writes to the terminal skip them by identity.
        strips = [self.render_line(y) for y in crop.line_range]
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span != (0, self.outer_size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def get_line_filters(self) -> Sequence[LineFilter]:
        # Our styles hold no named colours; that filter would only copy each strip.
        return [f for f in super().get_line_filters() if not isinstance(f, ANSIToTruecolor)]

    def blank(self, paper: str = "text") -> Strip:
        """An empty line."""
        return Strip.blank(self.outer_size.width, self.theme.style(paper))


def changed_span(old: Strip, new: Strip) -> tuple[int, int] | None:
    """The first changed cell and the one after the last; None when both show the same."""
    before, after = list(old), list(new)
    if before == after:
        return None
    start = _same_cells(before, after)
    end = _same_cells(before[::-1], after[::-1])
    return min(start, new.cell_length - 1), max(start + 1, new.cell_length - end)


def _same_cells(one: Sequence[Segment], other: Sequence[Segment]) -> int:
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(first.cell_length for first, _ in pairs)
