"""A frame around something: its border with the title line in it, drawn by us."""

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from warroom.ui.theme import Theme
from warroom.ui.widgets.drawing import fitted, length, segments, words
from warroom.ui.widgets.line_widget import LineWidget
from warroom.views.rows import Cell, Title

LIGHT, HEAVY = "┌─┐│└┘", "┏━┓┃┗┛"
CORNERS = 8
"""Cells of the title line that are border: two at each end and a blank at each end of both texts."""
FINE = ("text", "muted", "ok")
"""Roles of a title that need no glyph: nothing is wrong."""

Parts = tuple[list[Cell], list[Cell]]


class Framed(LineWidget):
    """A border around what it contains; heavy when what is inside has the keys."""

    DEFAULT_CSS = "Framed { position: absolute; padding: 1; layout: vertical; }"

    def __init__(self, theme: Theme, *inside: Widget) -> None:
        super().__init__(theme)
        self._inside = inside
        self._title = Title("", "", "", "")
        self._marked = ""
        self._more = ""
        self._heavy = False
        self._edge = ""
        self._side: tuple[tuple[str, Style, int], Strip] | None = None

    def compose(self) -> ComposeResult:
        yield from self._inside

    def show_frame(
        self, title: Title, *, heavy: bool, marked: str = "", more: str = "", edge: str = ""
    ) -> None:
        """What is shown, from where and how old; what is marked in it; what more there is below.

        ``edge`` is a role for a border that means something, such as ``warning``.
        """
        new = (title, heavy, marked, more, edge)
        if new != (self._title, self._heavy, self._marked, self._more, self._edge):
            self._title, self._heavy, self._marked, self._more, self._edge = new
            self.repaint()

    def draw_line(self, y: int) -> Strip:
        width, height = self.outer_size
        box = HEAVY if self._heavy else LIGHT
        style = self._style
        if 0 < y < height - 1:
            if self._side is None or self._side[0] != (box, style, width):
                self._side = (box, style, width), self._draw_side(box, width)
            return self._side[1]
        if y == 0:
            drawn = self._head(box, width)
        else:
            more = (
                fitted(f" {self._more} ", min(len(self._more) + 2, max(0, width - 4))) if self._more else ""
            )
            run = box[1] * max(0, width - 3 - len(more))
            drawn = [
                Segment(box[4] + run, style),
                Segment(more, self.look.style("info")),
                Segment(box[1] + box[5], style),
            ]
        plain = [Segment(self.look.plain(text), look) for text, look, _ in drawn]
        return Strip(plain).adjust_cell_length(width, style)

    def before_drawing(self) -> None:
        self._side = None

    def _draw_side(self, box: str, width: int) -> Strip:
        edge = Segment(self.look.plain(box[3]), self._style)
        blank = Segment(" " * max(0, width - 2), self.look.style("text"))
        return Strip([edge, blank, edge]).adjust_cell_length(width, self._style)

    @property
    def _style(self) -> Style:
        return self.look.style(self._edge or ("border_focus" if self._heavy else "border"))

    def _head(self, box: str, width: int) -> list[Segment]:
        style = self._style
        left, right = self._titled(width - CORNERS)
        start = [Segment(f"{box[0]}{box[1]} ", style), *left, Segment(" ", style)]
        end = [Segment(" ", style), *right, Segment(f" {box[1]}", style)] if right else []
        end.append(Segment(box[2], style))
        run = max(0, width - length(start) - length(end))
        return [*start, Segment(box[1] * run, style), *end]

    def _titled(self, room: int) -> tuple[list[Segment], list[Segment]]:
        for left, right in self._choices():
            wanted = [sum(len(words(cell, self.look)) for cell in side) for side in (left, right)]
            if sum(wanted) + 2 * bool(right) <= room or not right:
                break
        return segments(left, room, self.look), segments(right, room, self.look)

    def _choices(self) -> list[Parts]:
        """What the title line says, the fullest first; the age outlives the source and the note."""
        title = self._title
        fine = title.role in FINE
        name = [Cell(title.text, "accent" if self._heavy else "text")]
        name += [Cell(f"  {self._marked}", "warning")] if self._marked else []
        note = [Cell(f"  {title.note}", "muted" if fine else title.role)] if title.note else []
        count = [Cell(f"  {title.count}")] if title.count else []
        whole, aged = (
            [Cell(text, "muted" if fine else title.role, glyph=not fine)] if text or not fine else []
            for text in (f"{title.source} {title.age}".strip(), title.age)
        )
        return [
            ([*name, *count, *note], whole),
            ([*name, *count], whole),
            ([*name, *count], aged),
            *([([*name, Cell(f"  {title.brief}")], aged)] if title.brief else []),
            (name, aged),
            (name, []),
        ]
