"""The frame of a pane: its border and the title line in it, drawn by us."""

from rich.segment import Segment
from textual.app import ComposeResult
from textual.events import DescendantBlur, DescendantFocus
from textual.strip import Strip
from textual.widget import Widget

from warroom.ui.theme import Theme
from warroom.ui.widgets.drawing import length, segments, words
from warroom.ui.widgets.line_widget import LineWidget
from warroom.views.rows import Cell, Title

LIGHT, HEAVY = "┌─┐│└┘", "┏━┓┃┗┛"
CORNERS = 6
"""Cells of the title line that are border: two at each end and a blank beside them."""
FINE = ("text", "muted", "ok")
"""Roles of a title that need no glyph: nothing is wrong."""

Parts = tuple[list[Cell], list[Cell]]


class PaneFrame(LineWidget):
    """A border around what it contains; heavy while the focus is inside."""

    DEFAULT_CSS = "PaneFrame { width: 1fr; height: 1fr; padding: 1; layout: vertical; }"

    def __init__(self, theme: Theme, number: int, *children: Widget, widget_id: str | None = None) -> None:
        super().__init__(theme, widget_id=widget_id)
        self._number = number
        self._title = Title("", "", "", "")
        self._inside = children
        self._heavy = False

    def compose(self) -> ComposeResult:
        yield from self._inside

    def show_title(self, title: Title) -> None:
        """What the pane shows, from where, and how old that is."""
        if title != self._title:
            self._title = title
            self.repaint()

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        self._weigh(heavy=True)

    def on_descendant_blur(self, _event: DescendantBlur) -> None:
        self._weigh(heavy=False)

    def _weigh(self, *, heavy: bool) -> None:
        if heavy != self._heavy:
            self._heavy = heavy
            self.repaint()

    def draw_line(self, y: int) -> Strip:
        width, height = self.outer_size
        box = HEAVY if self._heavy else LIGHT
        style = self.theme.style("border_focus" if self._heavy else "border")
        drawn: list[Segment]
        if y == 0:
            left, right = self._titled(width - CORNERS)
            rest = max(0, width - CORNERS - length(left) - length(right))
            fill = box[1] * (rest if right else rest + 2)
            ends = [Segment(" ", style), *right, Segment(f" {box[1]}", style)] if right else []
            drawn = [
                Segment(f"{box[0]}{box[1]} ", style),
                *left,
                Segment(f" {fill}"[: rest + 3], style),
                *ends,
            ]
            drawn.append(Segment(box[2], style))
        elif y == height - 1:
            drawn = [Segment(box[4] + box[1] * max(0, width - 2) + box[5], style)]
        else:
            blank = self.theme.style("text")
            side = Segment(box[3], style)
            drawn = [side, Segment(" " * max(0, width - 2), blank), side]
        plain = [Segment(self.theme.plain(text), look) for text, look, _ in drawn]
        return Strip(plain).adjust_cell_length(width, style)

    def _titled(self, room: int) -> tuple[list[Segment], list[Segment]]:
        for left, right in self._choices():
            wanted = [sum(len(words(cell, self.theme)) for cell in side) for side in (left, right)]
            if sum(wanted) + 3 * bool(right) <= room or not right:
                break
        return segments(left, room, self.theme), segments(right, room, self.theme)

    def _choices(self) -> list[Parts]:
        """What the title line says, the fullest first; the age outlives the source and the note."""
        title = self._title
        fine = title.role in FINE
        name = Cell(f"{self._number} {title.text}", "accent" if self._heavy else "text")
        note = [Cell(f"  {title.note}", "muted")] if title.note else []
        count = [Cell(f"  {title.count}")] if title.count else []
        whole, aged = (
            [Cell(text, "muted" if fine else title.role, glyph=not fine)] if text or not fine else []
            for text in (f"{title.source} {title.age}".strip(), title.age)
        )
        return [
            ([name, *note, *count], whole),
            ([name, *count], whole),
            ([name, *count], aged),
            ([name], aged),
            ([name], []),
        ]
