"""The dialogs: a menu, a form, a plan to confirm, lines to read. None acts on a single key."""

from collections.abc import Sequence
from typing import ClassVar, Protocol, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Paste
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from warroom.ui.mouse import WHEEL
from warroom.ui.theme import Theme
from warroom.ui.widgets.drawing import wrapped
from warroom.ui.widgets.framed import Framed
from warroom.ui.widgets.lines import Lines
from warroom.views.copying import Copied, copied_lines
from warroom.views.lines import line
from warroom.views.rows import Cell, Line, Title

ARM_S = 0.7
"""A dialog that acts ignores what was typed before it could be read."""
UNARMED = "a moment: read it first; Esc leaves it undone"
"""What it says meanwhile."""
NARROWEST, WIDEST = 50, 110
BORDER = 4
"""Cells of a line that are border and a blank beside it."""


class Dialog(ModalScreen[str | None]):
    """A titled box of lines in the middle of the screen."""

    CSS = """
    Framed { padding: 1 2; }
    Input, Input:focus { border: none; height: 1; padding: 0; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(
        self, theme: Theme, title: str, lines: Sequence[Line], *, role: str = "border_focus"
    ) -> None:
        super().__init__()
        self.look = theme
        self.titled = title
        self.lines = list(lines)
        self.role = role
        self.inside, self.below = Lines(theme), Lines(theme)
        self.box = Framed(theme, self.inside, *self.entries(), self.below)

    def entries(self) -> list[Widget]:
        """What is typed into, between the lines and the hint."""
        return []

    def compose(self) -> ComposeResult:
        yield self.box

    def on_mount(self) -> None:
        # Textual calls the handlers of every class in the hierarchy; subclasses therefore override ``ready``.
        self.ready()
        # What there is below is known after the layout; the title must not wait for that.
        self.box.show_frame(Title(self.titled, "", "", ""), heavy=True, edge=self.role)
        self.draw()

    def ready(self) -> None:
        """What a kind of dialog does first."""

    def on_resize(self) -> None:
        self.draw()

    def body(self, width: int) -> list[Line]:
        """The lines inside, the newest state of them."""
        return [part for one in self.lines for part in wrapped(one, width)]

    def entry_rows(self, width: int, most: int) -> int:
        """Make the entries as high as they are to be; how many rows all of them take."""
        return len(self.entries())

    def foot(self) -> Line:
        """The hint below, always seen."""
        return line(("Esc back", "muted"))

    def draw(self) -> None:
        """Lay out and paint."""
        screen_width, screen_height = self.app.size
        width = min(screen_width, max(NARROWEST, min(WIDEST, screen_width - BORDER)))
        body, foot = self.body(width - BORDER), wrapped(self.foot(), width - BORDER, indent=0)
        around = 2 + len(foot) + self.entry_rows(width - BORDER, screen_height - 2 - len(foot))
        height = min(screen_height, len(body) + around)
        self.below.styles.height = len(foot)
        self.box.place((screen_width - width) // 2, max(0, (screen_height - height) // 2), width, height)
        self.inside.show(body)
        self.below.show(foot)
        self.call_after_refresh(self.draw_frame)

    def draw_frame(self) -> None:
        """The border, with how much there is below."""
        more = f"{self.inside.below} more lines ↓" if self.inside.below else ""
        title = Title(self.titled, "", "", "")
        self.box.show_frame(title, heavy=True, more=more, edge=self.role)

    def action_leave(self) -> None:
        """Back, with nothing done."""
        self.dismiss(None)

    def clicked(self, at: Offset) -> None:
        """The mouse chooses nothing."""

    def wheeled(self, at: Offset, by: int) -> None:
        """Move the lines."""
        self.inside.move(by * WHEEL)
        self.draw_frame()


class CopyingRoom(Protocol):
    """An app whose room takes texts out of it."""

    async def copy_out(self, copied: Copied, where: str, *, for_chat: bool) -> str:
        """Take a text out of the program; answers what to say of it."""


class Readable(Dialog):
    """A dialog whose lines can be copied."""

    said = ""
    """What there is to say of the last copy."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy(False)", show=False),
        Binding("C", "copy(True)", show=False),
    ]

    @work
    async def action_copy(self, for_chat: bool) -> None:
        """All lines as text, or as a block for a chat."""
        copied = copied_lines("line", [[one] for one in self.lines])
        room = cast("CopyingRoom", self.app)
        self.said = await room.copy_out(copied, self.titled, for_chat=for_chat)
        self.draw()

    def hint(self, keys: str) -> Line:
        """The keys, or what became of the copy."""
        return line((self.said or keys, "info" if self.said else "muted"))


class Reading(Readable):
    """Lines to read, with scrolling."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("ctrl+d,pagedown,space", "scroll(10)", show=False),
        Binding("ctrl+u,pageup", "scroll(-10)", show=False),
    ]

    def foot(self) -> Line:
        return self.hint("Esc back, ↑ ↓ scroll, c copies, C for a chat")

    def action_scroll(self, by: int) -> None:
        """Move the lines."""
        self.inside.move(by)
        self.draw_frame()


class Menu(Readable):
    """One of several, below lines to read; the impossible ones say why and cannot be chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("pagedown,ctrl+d,space", "scroll(8)", show=False),
        Binding("pageup,ctrl+u", "scroll(-8)", show=False),
        Binding("enter", "choose", show=False),
    ]

    def __init__(
        self,
        theme: Theme,
        title: str,
        choices: Sequence[tuple[str, Line, bool]],
        *,
        lines: Sequence[Line] = (),
    ) -> None:
        self.choices = list(choices)
        self.listed = Lines(theme)
        super().__init__(theme, title, lines)
        self.at = next((n for n, choice in enumerate(self.choices) if choice[2]), 0)

    def entries(self) -> list[Widget]:
        return [self.listed]

    def body(self, width: int) -> list[Line]:
        return [*super().body(width), line()] if self.lines else []

    def entry_rows(self, width: int, most: int) -> int:
        drawn = [self._choice(number, width) for number in range(len(self.choices))]
        rows = sum(map(len, drawn))
        if self.lines:
            # What is read stays seen above the choices, and the other way round.
            rows = min(rows, max(2, most // 2))
        rows = max(1, min(rows, most))
        self.inside.display = bool(self.lines)
        self.listed.styles.height = rows
        self.listed.show([part for lines in drawn for part in lines])
        return rows

    def _choice(self, number: int, width: int) -> list[Line]:
        _, words, possible = self.choices[number]
        mark = "▶ " if number == self.at else "  "
        return wrapped(Line((Cell(mark, "accent" if possible else "muted"), *words.spans)), width, indent=4)

    def foot(self) -> Line:
        reading = ", PgDn reads on" if self.lines else ""
        return self.hint(f"↑ ↓ choose, Enter next{reading}, Esc back")

    def draw_frame(self) -> None:
        width = self.listed.size.width
        before = sum(len(self._choice(number, width)) for number in range(self.at))
        if self.choices and width:
            self.listed.reveal(before, before + len(self._choice(self.at, width)) - 1)
        super().draw_frame()
        if self.listed.below and not (self.lines and self.inside.below):
            more = f"{self.listed.below} more lines ↓"
            self.box.show_frame(Title(self.titled, "", "", ""), heavy=True, more=more, edge=self.role)

    def action_move(self, by: int) -> None:
        """The next choice."""
        self.at = max(0, min(len(self.choices) - 1, self.at + by))
        self.draw()

    def action_scroll(self, by: int) -> None:
        """Move the lines above."""
        self.inside.move(by)
        self.draw_frame()

    def clicked(self, at: Offset) -> None:
        """To the choice there; it is taken by Enter alone."""
        if not self.listed.region.contains_point(at):
            return
        width, row = self.listed.size.width, at.y - self.listed.region.y + self.listed.top
        for number in range(len(self.choices)):
            row -= len(self._choice(number, width))
            if row < 0:
                self.at = number
                self.draw()
                return

    def action_choose(self) -> None:
        """Answer with the choice the cursor is on."""
        if self.choices and self.choices[self.at][2]:
            self.dismiss(self.choices[self.at][0])


class Form(Dialog):
    """One line to type; what was typed is the answer."""

    ENTRY: ClassVar[type[Input]] = Input

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(10)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
    ]

    def __init__(
        self,
        theme: Theme,
        title: str,
        lines: Sequence[Line],
        *,
        value: str = "",
        hint: str = "",
        at_end: bool = False,
    ) -> None:
        """``at_end``: of more lines than fit the last ones are seen first."""
        self._at_end = at_end
        self.entry = self.ENTRY(value=value, select_on_focus=False)
        self.hint = hint or "Enter goes on, Esc back"
        super().__init__(theme, title, lines)

    def entries(self) -> list[Widget]:
        return [self.entry]

    def ready(self) -> None:
        self.entry.focus()
        if self._at_end:
            self.call_after_refresh(self.inside.jump, -1)

    def foot(self) -> Line:
        return line((self.hint, "muted"))

    def action_scroll(self, by: int) -> None:
        """Move the lines above what is typed."""
        self.inside.move(by)
        self.draw_frame()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """What was typed."""
        event.stop()
        self.submitted(event.value)

    def submitted(self, value: str) -> None:
        """Any line is an answer."""
        self.dismiss(value)


class Suggesting(Form):
    """One line with an answer in it: Enter takes it, and the first character that is typed takes its place."""

    def __init__(self, theme: Theme, title: str, lines: Sequence[Line], *, value: str) -> None:
        hint = f"Enter takes {value}, typing replaces it, End goes on behind it; Esc back"
        super().__init__(theme, title, lines, value=value, hint=hint)
        self.entry.select_on_focus = True


class TypedOnly(Input):
    """An entry that takes keys and nothing that was pasted."""

    def _on_paste(self, event: Paste) -> None:
        event.prevent_default()
        event.stop()

    def action_paste(self) -> None:
        """What was copied is no answer either."""


class Confirm(Form):
    """A plan and what must be typed to have it done; armed after a moment, whatever was typed before is dropped."""

    ENTRY = TypedOnly

    def __init__(self, theme: Theme, title: str, lines: Sequence[Line], *, challenge: str) -> None:
        super().__init__(theme, title, lines, hint=UNARMED)
        self.challenge = challenge
        self.armed = False
        self.role = "warning"

    def ready(self) -> None:
        self.entry.disabled = True
        self.set_timer(ARM_S, self._arm)

    def _arm(self) -> None:
        self.armed = True
        self.hint = f"type {self.challenge} and Enter to do it; Esc leaves it undone"
        self.draw()
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
