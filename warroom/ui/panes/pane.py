"""What all panes share: a frame with its title, something to move in, what is selected, what is known of a row."""

from collections.abc import Hashable, Iterable

import msgspec
from rich.cells import cell_len

from warroom.ui.frame import Frame, Seen
from warroom.ui.theme import Theme
from warroom.ui.widgets.framed import Framed
from warroom.ui.widgets.line_widget import Body
from warroom.views.rows import Line, Title


class Pane(Framed):
    """One region of the screen. It is drawn anew only when something it shows has changed."""

    number = 0

    def __init__(self, theme: Theme, body: Body) -> None:
        super().__init__(theme, body)
        self.body = body
        self.selected: frozenset[str] = frozenset()
        self.inside = 1
        """Cells between the borders."""
        self._seen = Seen()
        self._head_line = Title("", "", "", "")

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        """What its rows and its title depend on, besides what is selected; cheap whatever the cluster's size."""
        raise NotImplementedError

    def fill(self, frame: Frame) -> None:
        """Show the rows."""
        raise NotImplementedError

    def title(self, frame: Frame) -> Title:
        """What the title line says."""
        raise NotImplementedError

    def more(self) -> str:
        """What there is below what is seen."""
        return ""

    def detail(self, frame: Frame) -> list[Line]:
        """Everything known of what the cursor is on."""
        return []

    def back(self) -> bool:
        """Undo one layer of its own; False when there was none."""
        had, self.selected = bool(self.selected), frozenset()
        return had

    def paint(self, frame: Frame, *, width: int, active: bool) -> None:
        """Bring it up to date at that width."""
        self.inside = max(1, width - 2)
        if self._seen.changed(frame.state, width, self.selected, *self.facts(frame)):
            self.fill(frame)
            self.selected = frozenset(self.body.known(self.selected))
            title = self.title(frame)
            self._head_line = msgspec.structs.replace(title, text=f"{self.number} {title.text}")
        self.body.activate(active)
        marked = f"{len(self.selected)} selected" if self.selected else ""
        self.show_frame(self._head_line, heavy=active, marked=marked, more=self.more())

    @property
    def name_cells(self) -> int:
        """How long its name is in the title line."""
        return cell_len(self._head_line.text)

    @property
    def cursor(self) -> str:
        """The key of the row under the cursor."""
        return self.body.cursor

    def targets(self) -> list[str]:
        """What an action would be about: the selected rows, else the one under the cursor."""
        return self.body.known(self.selected) or ([self.cursor] if self.cursor else [])

    def next(self) -> None:
        """On to the next row."""
        self.body.move(1)

    def toggle(self, keys: Iterable[str]) -> None:
        """Select these rows, or none of them when all are selected."""
        wanted = frozenset(keys)
        self.selected = self.selected - wanted if wanted <= self.selected else self.selected | wanted

    def block(self) -> list[str]:
        """The keys of what fails together with the row under the cursor."""
        return []
