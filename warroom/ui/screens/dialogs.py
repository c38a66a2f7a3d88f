"""The dialogs: a menu, a form, a plan to confirm, lines to read. None acts on a single key."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from warroom.ui.canvas import Canvas
from warroom.ui.theme import Theme
from warroom.views.lines import line
from warroom.views.rows import Cell, Line

ARM_S = 0.7
"""A dialog that acts ignores what was typed before it could be read."""


class Dialog(ModalScreen[str | None]):
    """A titled box of lines in the middle of the screen."""

    CSS = "Dialog { background: $background 60%; } Input { position: absolute; border: none; height: 1; padding: 0; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(
        self, theme: Theme, title: str, lines: Sequence[Line], *, role: str = "border_focus"
    ) -> None:
        super().__init__()
        self.look = theme
        self.titled = title
        self.lines = list(lines)
        self.role = role
        self.box = Canvas(theme)
        self.top = 0

    def compose(self) -> ComposeResult:
        yield self.box

    def on_mount(self) -> None:
        # Textual calls the handlers of every class in the hierarchy; subclasses therefore override ``ready``.
        self.ready()
        self.draw()

    def ready(self) -> None:
        """What a kind of dialog does first."""

    def on_resize(self) -> None:
        self.draw()

    def body(self) -> list[Line]:
        """The lines inside, the newest state of them."""
        return self.lines

    def foot(self) -> list[Line]:
        """The lines below, always seen."""
        return [line(("Esc back", "muted"))]

    def extent(self) -> tuple[int, int, int, int]:
        """Where the box is: x, y, width, height."""
        width = min(self.app.size.width, max(50, min(110, self.app.size.width - 4)))
        height = min(self.app.size.height, len(self.body()) + len(self.foot()) + 2)
        return (self.app.size.width - width) // 2, max(0, (self.app.size.height - height) // 2), width, height

    def draw(self) -> None:
        """Lay out and paint."""
        x, y, width, height = self.extent()
        self.box.place(x, y, width, height)
        room = max(0, height - 2 - len(self.foot()))
        body = self.body()
        self.top = max(0, min(self.top, len(body) - room))
        more = f" {len(body) - room} more lines, ↓ " if len(body) - self.top > room else ""
        edge = Cell("┃", self.role)
        title = f" {self.titled} "
        head = Line((Cell("┏━", self.role), Cell(title, self.role)), ())
        head = Line(
            (*head.spans, Cell("━" * max(0, width - 3 - len(title)), self.role)), (Cell("┓", self.role),)
        )
        inner = [*body[self.top : self.top + room], *self.foot()]
        bottom = Line(
            (Cell("┗" + "━" * max(0, width - 2 - len(more)), self.role), Cell(more, "muted")),
            (Cell("┛", self.role),),
        )
        self.box.show([head, *(Line((edge, Cell(" "), *one.spans), (edge,)) for one in inner), bottom])

    def action_leave(self) -> None:
        """Back, with nothing done."""
        self.dismiss(None)


class Reading(Dialog):
    """Lines to read, with scrolling."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("ctrl+d,pagedown,space", "scroll(10)", show=False),
        Binding("ctrl+u,pageup", "scroll(-10)", show=False),
    ]

    def action_scroll(self, by: int) -> None:
        """Move the lines."""
        self.top += by
        self.draw()


class Menu(Dialog):
    """One of several; the impossible ones say why and cannot be chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    def __init__(self, theme: Theme, title: str, choices: Sequence[tuple[str, Line, bool]]) -> None:
        super().__init__(theme, title, [])
        self.choices = list(choices)
        self.at = next((n for n, choice in enumerate(self.choices) if choice[2]), 0)

    def body(self) -> list[Line]:
        lines = []
        for number, (_, words, possible) in enumerate(self.choices):
            mark = "▶ " if number == self.at else "  "
            lines.append(Line((Cell(mark, "accent" if possible else "muted"), *words.spans)))
        return lines

    def foot(self) -> list[Line]:
        return [line(("↑ ↓ choose, Enter next, Esc back", "muted"))]

    def action_move(self, by: int) -> None:
        """The next choice."""
        self.at = max(0, min(len(self.choices) - 1, self.at + by))
        self.draw()

    def action_choose(self) -> None:
        """Answer with the choice the cursor is on."""
        if self.choices and self.choices[self.at][2]:
            self.dismiss(self.choices[self.at][0])


class Form(Dialog):
    """One line to type; what was typed is the answer."""

    def __init__(
        self, theme: Theme, title: str, lines: Sequence[Line], *, value: str = "", hint: str = ""
    ) -> None:
        super().__init__(theme, title, lines)
        self.entry = Input(value=value, select_on_focus=False)
        self.hint = hint or "Enter goes on, Esc back"

    def compose(self) -> ComposeResult:
        yield self.box
        yield self.entry

    def ready(self) -> None:
        self.entry.focus()

    def foot(self) -> list[Line]:
        return [line(), line((self.hint, "muted"))]

    def draw(self) -> None:
        super().draw()
        x, y, width, height = self.extent()
        self.entry.styles.offset = (x + 2, y + height - 3)
        self.entry.styles.width = width - 4

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """What was typed."""
        event.stop()
        self.submitted(event.value)

    def submitted(self, value: str) -> None:
        """Any line is an answer."""
        self.dismiss(value)


class Confirm(Form):
    """A plan and what must be typed to have it done; armed after a moment, whatever was typed before is dropped."""

    def __init__(self, theme: Theme, title: str, lines: Sequence[Line], *, challenge: str) -> None:
        super().__init__(theme, title, lines, hint=f"type {challenge} and Enter to do it; Esc does nothing")
        self.challenge = challenge
        self.armed = False
        self.role = "warning"

    def ready(self) -> None:
        self.entry.disabled = True
        self.set_timer(ARM_S, self._arm)

    def _arm(self) -> None:
        self.armed = True
        self.entry.value = ""
        self.entry.disabled = False
        self.entry.focus()

    def submitted(self, value: str) -> None:
        """Only the challenge itself is an answer."""
        if not self.armed:
            return
        if value.strip() == self.challenge:
            self.dismiss(value.strip())
            return
        self.entry.value = ""
        self.hint = (
            f"that was not {self.challenge}; nothing was done. Type {self.challenge} and Enter, or Esc"
        )
        self.draw()
