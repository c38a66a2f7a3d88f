"""One line to type at the bottom of the screen, with what is said of it above; the panes stay in sight."""

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from warroom.ui.theme import Theme
from warroom.ui.widgets.lines import Bar
from warroom.views.lines import line
from warroom.views.rows import Line

LONGEST_TYPED = 400


class Completion(NamedTuple):
    """Words that what is typed may go on with."""

    start: int = 0
    """Where the word begins that they would replace."""
    words: tuple[str, ...] = ()


class Advice(NamedTuple):
    """What a prompt is told of what is typed into it."""

    said: Callable[[str], Line]
    """What there is to say of it, each time it changes."""
    refused: Callable[[str], str]
    """Why it cannot be taken; empty when it can."""
    complete: Callable[[str], Completion] = lambda _: Completion()
    tried: Callable[[str], str] = lambda _: ""
    """Told of what is typed, also by completion, and of an empty line when all of it is dropped; answers what of it
    cannot be shown."""


class Prompt(ModalScreen[str | None]):
    """What was typed, once it can be taken; None when it was given up."""

    CSS = """
    Prompt { background: transparent; }
    Prompt Input, Prompt Input:focus {
        position: absolute; border: none; height: 1; padding: 0; background: $panel;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("tab", "complete(1)", show=False, priority=True),
        Binding("shift+tab", "complete(-1)", show=False, priority=True),
        Binding("up", "earlier(1)", show=False, priority=True),
        Binding("down", "earlier(-1)", show=False, priority=True),
    ]

    def __init__(
        self,
        theme: Theme,
        sign: str,
        advice: Advice,
        *,
        value: str = "",
        history: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.look = theme
        self.sign = sign
        self.entry = Input(value=value, select_on_focus=False, max_length=LONGEST_TYPED)
        self.above, self.mark = Bar(theme), Bar(theme, paper="bar")
        self._advice = advice
        self._history = list(history)
        self._place = len(self._history)
        self._typed = value
        self._cycle = Completion()
        self._turn = -1

    def compose(self) -> ComposeResult:
        yield from (self.above, self.mark, self.entry)

    def on_mount(self) -> None:
        self.entry.focus()
        self.draw()
        self._say(self._advice.said(self.entry.value))

    def on_resize(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Put the two lines at the bottom."""
        width, height = self.app.size
        self.above.place(0, max(0, height - 2), width, 1)
        self.mark.place(0, height - 1, width, 1)
        self.mark.show([line((f" {self.sign}", "accent"))])
        left = len(self.sign) + 1
        self.entry.styles.offset = (left, height - 1)
        self.entry.styles.width = max(1, width - left)

    def _say(self, words: Line) -> None:
        self.above.show([words])

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what there is to say of it."""
        event.stop()
        trouble = self._advice.tried(event.value)
        if not (self._cycle.words and event.value == self._with(self._turn)):
            self._cycle, self._turn = Completion(), -1
            self._say(self._advice.said(event.value))
        if trouble:
            self._say(line((f" {trouble}", "warning")))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take it, or say why not and keep it."""
        event.stop()
        if why := self._advice.refused(event.value):
            self._say(line((f" {why}", "warning")))
            return
        self.dismiss(event.value)

    def action_leave(self) -> None:
        """Give it up."""
        self._advice.tried("")
        self.dismiss(None)

    def action_earlier(self, by: int) -> None:
        """What was typed before, or after that."""
        if self._place == len(self._history):
            self._typed = self.entry.value
        self._place = max(0, min(len(self._history), self._place - by))
        self._put(self._typed if self._place == len(self._history) else self._history[self._place])

    def action_complete(self, by: int) -> None:
        """Go on with what is common to all words that fit; then with one after the other."""
        if self._cycle.words:
            self._turn = (self._turn + by) % len(self._cycle.words)
            self._put(self._with(self._turn))
            self._say(self._candidates())
            return
        found = self._advice.complete(self.entry.value)
        if not found.words:
            return
        typed = self.entry.value[found.start :]
        common = _common(found.words)
        if len(found.words) == 1 or len(common) > len(typed):
            more = " " if len(found.words) == 1 else ""
            self._put(f"{self.entry.value[: found.start]}{common}{more}")
            return
        self._cycle, self._turn = found, -1
        self.action_complete(1 if by > 0 else 0)

    def _with(self, turn: int) -> str:
        return f"{self.entry.value[: self._cycle.start]}{self._cycle.words[turn]}"

    def _candidates(self) -> Line:
        return line(
            (" ", "muted"),
            *(
                (f"{word}  ", "accent" if n == self._turn else "muted")
                for n, word in enumerate(self._cycle.words)
            ),
        )

    def _put(self, text: str) -> None:
        self.entry.value = text
        self.entry.cursor_position = len(text)


def _common(words: Sequence[str]) -> str:
    """What all of them begin with."""
    first, last = min(words), max(words)
    same = next((n for n, letter in enumerate(first) if n >= len(last) or letter != last[n]), len(first))
    return first[:same]
