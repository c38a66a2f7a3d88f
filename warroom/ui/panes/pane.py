"""What all panes share: a frame with its title, something to move in, what is selected, what is known of a row."""

from collections.abc import Hashable, Iterable
from typing import Any

import msgspec
from rich.cells import cell_len

from warroom.ui.commands import called
from warroom.ui.frame import Frame, Seen
from warroom.ui.keys import KEYS, Key
from warroom.ui.theme import Theme
from warroom.ui.widgets.framed import Framed
from warroom.ui.widgets.line_widget import Body
from warroom.views.copying import Copied
from warroom.views.filtering import EVERYTHING, Filter, filter_words
from warroom.views.lines import line
from warroom.views.matching import Matching
from warroom.views.rows import Column, Line, Title
from warroom.views.sorting import Sorting, next_sorting, sorting_words


class Pane(Framed):
    """One region of the screen. It is drawn anew only when something it shows has changed."""

    number = 0
    keys: tuple[Key, ...] = KEYS
    matching: Matching[Any, Any] | None = None
    """What the filter has found, in a pane of many rows."""

    columns: tuple[Column, ...] = ()
    """What its first level can be sorted by."""

    def __init__(self, theme: Theme, body: Body, *deeper: Body) -> None:
        """``deeper``: what is seen of an entry that was opened."""
        super().__init__(theme, body, *deeper)
        self.levels = (body, *deeper)
        for one in deeper:
            one.display = False
        self.path: tuple[str, ...] = ()
        """The keys of what was opened, from outside in."""
        self.sorting = Sorting()
        self.selected: frozenset[str] = frozenset()
        self.inside = 1
        """Cells between the borders."""
        self.passing: Filter = EVERYTHING
        """Only rows that pass are shown."""
        self.matched = (0, 0)
        """How many rows pass, and how many there are."""
        self._seen = Seen()
        self._look: Hashable = None
        """What was wanted when it was last brought up to date."""
        self._head_line = Title("", "", "", "")

    def key(self, id_: str) -> str:
        """What a person presses for it, as a sentence names it."""
        return called(id_, self.keys)

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        """What its rows and its title depend on, besides what is selected; cheap whatever the cluster's size."""
        raise NotImplementedError

    def wish(self) -> Hashable:
        """How somebody wants it shown, besides what is opened, selected, sorted and filtered."""
        return ()

    def fill(self, frame: Frame) -> None:
        """Show the rows."""
        raise NotImplementedError

    def title(self, frame: Frame) -> Title:
        """What the title line says."""
        raise NotImplementedError

    def more(self) -> str:
        """What there is below what is seen."""
        return ""

    def called(self, frame: Frame) -> str:
        """What people call what the cursor is on."""
        return self.cursor

    def detail(self, frame: Frame) -> list[Line]:
        """Everything known of what the cursor is on."""
        return []

    def copied(self, frame: Frame) -> Copied:
        """What is selected, else what the cursor is on, as text that is copied."""
        return self.body.copied(self.chosen)

    @property
    def chosen(self) -> list[str]:
        """The selected rows, else the one under the cursor."""
        return self.body.known(self.selected) or ([self.cursor] if self.cursor else [])

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

    @property
    def body(self) -> Body:
        """What is seen and moved in."""
        return self.levels[min(self.depth, len(self.levels) - 1)]

    @property
    def depth(self) -> int:
        """Which body shows what the path leads to."""
        return len(self.path)

    def enter(self, frame: Frame) -> bool:
        """Open what the cursor is on inside the pane; False for what is only read."""
        return False

    def open(self, *path: str) -> None:
        """Go to that level."""
        self.path, self.selected = path, frozenset()
        self.sorting = Sorting()
        for body in self.levels:
            body.display = body is self.body

    def back(self) -> bool:
        """Undo one layer of its own; False when there was none."""
        if self.selected:
            self.selected = frozenset()
            return True
        if self.path:
            self.open(*self.path[:-1])
            return True
        return False

    def sort(self, by: int) -> bool:
        """Sort by the column beside; 0 turns the order round. False where nothing can be sorted."""
        if not self.sortable:
            return False
        self.sorting = (
            next_sorting(self.sortable, self.sorting, by)
            if by
            else msgspec.structs.replace(self.sorting, reverse=not self.sorting.reverse)
        )
        return True

    @property
    def sortable(self) -> tuple[Column, ...]:
        """The columns of what is seen."""
        return self.columns

    def narrow(self, wanted: Filter) -> None:
        """Show only rows that pass."""
        self.passing = wanted

    def paint(self, frame: Frame, *, width: int, active: bool, hurried: bool = False) -> None:
        """Bring it up to date at that width; hurried only what a person chose, not what happened meanwhile."""
        self.inside = max(1, width - 2)
        look = self._wanted_look(width)
        if not hurried or look != self._look or self.unfinished:
            if self._seen.changed(frame.state, look, frame.lost, *self.facts(frame)) or self.unfinished:
                self._bring_up_to_date(frame)
            self._look = self._wanted_look(width)
        self.body.activate(active)
        self.show_frame(self._head_line, heavy=active, marked=self.doings, more=self.more())

    def _bring_up_to_date(self, frame: Frame) -> None:
        self.fill(frame)
        self.selected = frozenset(self.body.known(self.selected))
        title = self.title(frame)
        if frame.lost is not None:
            title = msgspec.structs.replace(title, age=f"as of {frame.lost:%H:%M:%S}Z", role="lost")
        self._head_line = msgspec.structs.replace(title, text=f"{self.number} {title.text}")

    def _wanted_look(self, width: int) -> Hashable:
        return width, self.selected, self.path, self.sorting, self.passing, self.wish()

    @property
    def doings(self) -> str:
        """What somebody did to what is seen: filtered it, selected some, sorted it."""
        said = []
        if self.passing:
            passed, total = self.matched
            so_far = "…" if self.unfinished else ""
            said.append(f"{passed:,}{so_far}/{total:,} {self._wanted_words}")
        if self.selected:
            said.append(f"{len(self.selected):,} selected")
        return "  ".join(said + ([sorting_words(self.sorting)] if self.sorting != Sorting() else []))

    @property
    def _wanted_words(self) -> str:
        return filter_words(self.passing)

    @property
    def name_cells(self) -> int:
        """How long its name is in the title line."""
        return cell_len(self._head_line.text)

    @property
    def cursor(self) -> str:
        """The key of the row under the cursor."""
        return self.body.cursor

    @property
    def subject(self) -> str:
        """What the log is asked for its lines about."""
        return self.cursor

    def targets(self) -> list[str]:
        """What an action would be about: the selected rows, else the one under the cursor."""
        return self.chosen

    def next(self) -> None:
        """On to the next row."""
        self.body.move(1)

    def toggle(self, keys: Iterable[str]) -> None:
        """Select these rows, or none of them when all are selected."""
        wanted = frozenset(keys)
        self.selected = self.selected - wanted if wanted <= self.selected else self.selected | wanted

    def shown_keys(self) -> list[str]:
        """The keys of all rows that are shown, also above and below what is seen."""
        return self.body.keys()

    def extend(self) -> None:
        """Select all between the cursor and the nearest selected row, one above before one below."""
        keys = self.shown_keys()
        if self.cursor not in keys:
            return
        at = keys.index(self.cursor)
        start = next((n for n in range(at - 1, -1, -1) if keys[n] in self.selected), None)
        if start is None:
            start = next((n for n in range(at + 1, len(keys)) if keys[n] in self.selected), at)
        self.selected |= frozenset(keys[min(start, at) : max(start, at) + 1])

    def block(self) -> list[str]:
        """The keys of what fails together with the row under the cursor."""
        return []
