"""What all panes share: border and title, focus, a cursor that stays on its row, following the end."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from warroom.state.logtail import LogTail
from warroom.state.slices import State
from warroom.ui.canvas import Canvas
from warroom.ui.theme import Theme
from warroom.views.rows import Cell, Line, Title


class Frame(NamedTuple):
    """One moment of a room, as all panes of one frame show it."""

    state: State
    now: datetime
    room_ms: int
    log_tail: LogTail


class Content(NamedTuple):
    """What a pane shows inside its border."""

    title: Title
    head: list[Line]
    """Lines that stay above."""
    keys: Sequence[str]
    """One key a body line; empty keys cannot be selected."""
    line_at: Callable[[int], Line]
    """The body line with that number."""
    foot: list[Line]
    """Lines that stay below."""


class Pane(Canvas):
    """A bordered region with a cursor. Subclasses say what it holds."""

    number = 0
    follows = False
    """Shows the end and moves with it until the cursor is moved."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.focused_pane = False
        self.following = self.follows
        self.cursor = ""
        self.moved = False
        """Whether the person put the cursor where it is; before that it stays on the first row."""
        self.selected: set[str] = set()
        self._keys: Sequence[str] = ()
        self._top = 0
        self._height = 1

    def content(self, frame: Frame, width: int, height: int) -> Content:
        """What is inside, for an inside of that size."""
        raise NotImplementedError

    def paint(self, frame: Frame, width: int, height: int) -> None:
        """Draw the frame at that size."""
        inside, rows = max(1, width - 2), max(0, height - 2)
        content = self.content(frame, inside, rows)
        self._keys = content.keys
        self._height = max(0, rows - len(content.head) - len(content.foot))
        at = self._place()
        last = min(len(content.keys), self._top + self._height)
        body = [content.line_at(n) for n in range(self._top, last)]
        blank = [Line(())] * (self._height - len(body))
        inner = [*content.head, *body, *blank, *content.foot]
        marks: dict[int, str] = {}
        if at is not None and self.focused_pane and self._top <= at < last:
            marks[1 + len(content.head) + at - self._top] = "selection"
        self.show(
            [self._top_line(content.title, width), *map(self._framed, inner), self._bottom_line(width)],
            marked=marks,
        )

    def _place(self) -> int | None:
        """Keep the cursor on its key and in sight; answers its place."""
        if not self._keys:
            self._top = 0
            return None
        if self.following:
            self._top = max(0, len(self._keys) - self._height)
            return None
        at = self._index()
        self._top = min(self._top, at)
        self._top = max(self._top, at - self._height + 1)
        self._top = max(0, min(self._top, len(self._keys) - self._height))
        return at

    def _index(self) -> int:
        if not self.moved:
            self._top = 0
        elif self.cursor in self._keys:
            return self._keys.index(self.cursor)
        at = min(self._top, len(self._keys) - 1)
        self.cursor = self._keys[at]
        return at

    def move(self, by: int) -> None:
        """Move the cursor; a following pane stops following."""
        if self._keys:
            at = len(self._keys) - 1 if self.following else self._index()
            self.following, self.moved = False, True
            self.cursor = self._keys[max(0, min(len(self._keys) - 1, at + by))]

    def jump(self, to: int) -> None:
        """To the first or the last; the last of a pane that follows makes it follow again."""
        self.following, self.moved = self.follows and to < 0, True
        if self._keys:
            self.cursor = self._keys[to]

    def targets(self) -> list[str]:
        """What an action would be about: the selected rows, else the one under the cursor."""
        chosen = [key for key in dict.fromkeys(self._keys) if key in self.selected]
        return chosen or ([self.cursor] if self.cursor in self._keys else [])

    def toggle(self, keys: Sequence[str]) -> None:
        """Select these rows, or none of them when all are selected."""
        wanted = set(keys)
        self.selected = self.selected - wanted if wanted <= self.selected else self.selected | wanted

    def _edge(self) -> tuple[str, str]:
        return ("━┏┓┃┗┛", "border_focus") if self.focused_pane else ("─┌┐│└┘", "border")

    def _framed(self, line: Line) -> Line:
        edge, role = self._edge()
        side = Cell(edge[3], role)
        return Line((side, *line.spans), (*line.right, side))

    def _top_line(self, title: Title, width: int) -> Line:
        edge, role = self._edge()
        marked = f" {len(self.selected)} selected" if self.selected else ""
        words = [
            Cell(f"{edge[1]}{edge[0]} ", role),
            Cell(f"{self.number} {title.text}", "bar" if self.focused_pane else "text"),
            Cell(f"  {title.count}" if title.count else "", "text"),
            Cell(marked, "warning"),
            Cell(" ", role),
        ]
        source = f" {title.source} {title.age}".rstrip() + " "
        used = sum(len(c.text) for c in words) + len(source) + 2
        words.append(Cell(edge[0] * max(0, width - used), role))
        return Line(tuple(words), (Cell(source, title.role), Cell(edge[0] + edge[2], role)))

    def _bottom_line(self, width: int) -> Line:
        edge, role = self._edge()
        return Line((Cell(edge[4] + edge[0] * max(0, width - 2) + edge[5], role),))


def plain_content(title: Title, lines: list[Line]) -> Content:
    """Content of free lines."""
    keys = [str(n) for n in range(len(lines))]
    return Content(title, [], keys, lambda n: lines[n], [])
