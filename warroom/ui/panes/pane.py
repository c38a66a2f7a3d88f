"""What all panes share: a frame with its title, something to move in, what is selected, what is known of a row."""

from collections.abc import Hashable, Iterable
from typing import Any

import msgspec

from warroom.ui.frame import Frame, Seen
from warroom.ui.theme import Theme
from warroom.ui.widgets.framed import Framed
from warroom.ui.widgets.line_widget import Body
from warroom.views.filtering import EVERYTHING, Filter
from warroom.views.lines import line
from warroom.views.matching import Matching
from warroom.views.rows import Line, Title

FILTER_CELLS = 28
"""How much of a filter the title shows."""


class Pane(Framed):
    """One region of the screen. It is drawn anew only when something it shows has changed."""

    number = 0
    matching: Matching[Any, Any] | None = None
    """What the filter has found, in a pane of many rows."""

    def __init__(self, theme: Theme, body: Body) -> None:
        super().__init__(theme, body)
        self.body = body
        self.selected: frozenset[str] = frozenset()
        self.inside = 1
        """Cells between the borders."""
        self.passing: Filter = EVERYTHING
        """Only rows that pass are shown."""
        self.matched = (0, 0)
        """How many rows pass, and how many there are."""
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

    @property
    def unfinished(self) -> bool:
        """Whether the filter has not looked at all rows yet; the next frame goes on with them."""
        return self.matching is not None and self.matching.unfinished

    @property
    def unknown_keys(self) -> frozenset[str]:
        """What the filter asks for and no row has."""
        return self.matching.unknown_keys if self.matching is not None else frozenset()

    @property
    def nothing(self) -> Line:
        """What is said where no row passes the filter."""
        return line((f"nothing here passes {self._wanted_words}; Esc shows all", "muted"))

    def back(self) -> bool:
        """Undo one layer of its own; False when there was none."""
        had, self.selected = bool(self.selected), frozenset()
        return had

    def narrow(self, wanted: Filter) -> None:
        """Show only rows that pass."""
        self.passing = wanted

    def paint(self, frame: Frame, *, width: int, active: bool) -> None:
        """Bring it up to date at that width."""
        self.inside = max(1, width - 2)
        changed = self._seen.changed(frame.state, width, self.selected, self.passing, *self.facts(frame))
        if changed or self.unfinished:
            self.fill(frame)
            self.selected = frozenset(self.body.known(self.selected))
            title = self.title(frame)
            self._head_line = msgspec.structs.replace(title, text=f"{self.number} {title.text}")
        self.body.activate(active)
        self.show_frame(self._head_line, heavy=active, marked=self._marked_words, more=self.more())

    @property
    def _marked_words(self) -> str:
        said = []
        if self.passing:
            passed, total = self.matched
            so_far = "…" if self.unfinished else ""
            said.append(f"{passed:,}{so_far}/{total:,} {self._wanted_words}")
        if self.selected:
            said.append(f"{len(self.selected)} selected")
        return "  ".join(said)

    @property
    def _wanted_words(self) -> str:
        text = self.passing.text
        text = text if len(text) <= FILTER_CELLS else f"{text[: FILTER_CELLS - 1]}…"
        return " ".join(
            word for word in ("faults" if self.passing.faults else "", f"/{text}" if text else "") if word
        )

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
