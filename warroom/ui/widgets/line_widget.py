"""The base of our widgets: draws lines, remembers what it drew, and repaints only the cells that differ."""

from collections.abc import Iterable, Sequence
from itertools import takewhile

from rich.segment import Segment
from textual.filter import ANSIToTruecolor, LineFilter, NoColor
from textual.geometry import Offset, Region, Size
from textual.strip import Strip
from textual.widget import Widget

from warroom.ui.theme import Theme
from warroom.views.copying import NOTHING, Copied

NEVER_DRAWN = Size(-1, -1)


class LineWidget(Widget):
    """A region of lines of our own. It is never focused by Textual: whose the keys are is the screen's to say."""

    ALLOW_SELECT = False
    can_focus = False

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.look = theme
        self._drawn: list[Strip] = []
        self._drawn_size = NEVER_DRAWN
        self._box = (-1, -1, -1, -1)
        self.repaints = 0
        """How often something of it had to be painted."""

    def place(self, x: int, y: int, width: int, height: int) -> None:
        """Put it there on the screen, for a widget that stands where it is told to."""
        if (x, y, width, height) != self._box:
            self._box = x, y, width, height
            self.styles.offset = (x, y)
            self.styles.width, self.styles.height = width, height
        self.display = True

    def draw_line(self, y: int) -> Strip:
        """The line ``y`` as it should be, as wide as the widget; the same object when nothing changed."""
        raise NotImplementedError

    def on_show(self) -> None:
        """Draw all of it anew: it may have been asked for its lines while it was hidden, or look different now."""
        self._drawn_size = NEVER_DRAWN
        self.refresh()

    def before_drawing(self) -> None:
        """Work that depends on the size; called before the first line of a new size is drawn."""

    def repaint(self) -> None:
        """Bring the screen up to date: refresh the cells that differ from what was drawn, and no others."""
        if self._drawn_size != self.outer_size:
            # Not laid out, or about to be painted as a whole.
            self.repaints += 1
            self.refresh()
            return
        # Textual counts the cells of a region from inside the padding.
        left, top = self.content_offset
        regions = []
        for y, old in enumerate(self._drawn):
            new = self.draw_line(y)
            if new is old:
                continue
            if span := changed_span(old, new):
                self._drawn[y] = new
                regions.append(Region(span[0] - left, y - top, span[1] - span[0], 1))
        if regions:
            self.repaints += 1
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
        for line_filter in self.get_line_filters():
            # Asked for only here: all that is around the widget is walked through for it.
            background = self.background_colors[1]
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span != (0, self.outer_size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def get_line_filters(self) -> Sequence[LineFilter]:
        # Our styles are what the terminal is to get; these filters would only copy each strip.
        return [f for f in super().get_line_filters() if not isinstance(f, ANSIToTruecolor | NoColor)]

    def blank(self, paper: str = "text") -> Strip:
        """An empty line."""
        return Strip.blank(self.outer_size.width, self.look.style(paper))

    def painted(self) -> str:
        """What stands there, with its styles, for comparing one screen with another."""
        return "\n".join(
            "|".join(f"{segment.text}\x00{segment.style}" for segment in self.render_line(y))
            for y in range(self.outer_size.height)
        )


class Body(LineWidget):
    """What is inside a pane: something to move in."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.active = False

    def activate(self, active: bool) -> None:
        """Say whether the keys are meant for it; only then a cursor is shown."""
        if active != self.active:
            self.active = active
            self.repaint()

    @property
    def cursor(self) -> str:
        """The key of what is under the cursor; empty when there is nothing, or no cursor."""
        return ""

    def move(self, delta: int) -> None:
        """Move by lines."""

    def across(self, delta: int) -> None:
        """Move to the side."""

    def jump(self, index: int) -> None:
        """To the first, or with -1 to the last."""

    def point(self, at: Offset) -> None:
        """Put the cursor on what is drawn there, counted from the body's own corner."""

    def keys(self) -> list[str]:
        """The keys of all there is, in the order they are shown."""
        return []

    def known(self, keys: Iterable[str]) -> list[str]:
        """Those of these keys that are there, in the order they are shown."""
        return []

    def copied(self, keys: Sequence[str]) -> Copied:
        """What stands under these keys, as text."""
        return NOTHING


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
