"""The dialog an update is written in: its words can be changed, and it leaves by a word typed below them."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, TextArea

from warroom.ui.screens.dialogs import ARM_S, UNARMED, Dialog, TypedOnly
from warroom.ui.theme import Theme
from warroom.ui.widgets.drawing import wrapped
from warroom.views.lines import line
from warroom.views.rows import Line

LEAST_ROWS, MOST_ROWS = 4, 14
WORD = "send"


class Writing(Dialog):
    """Several lines to change; the answer is their text, once the word was typed in the entry below.

    The keys go to the entry first: words typed without looking change nothing that others read.
    """

    CSS = """
    TextArea, TextArea:focus { border: none; padding: 0; background: $panel; scrollbar-size: 0 0; }
    TextArea .text-area--cursor-line { background: $panel; }
    """
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("tab,shift+tab", "other", show=False, priority=True),
    ]

    def __init__(self, theme: Theme, title: str, lines: Sequence[Line], *, value: str) -> None:
        self.area = TextArea(value, soft_wrap=True, tab_behavior="focus", show_line_numbers=False)
        self.word = TypedOnly(placeholder=f"{WORD} and Enter", select_on_focus=False)
        self.wrong = ""
        """Why what was typed did not send it."""
        self.armed = False
        super().__init__(theme, title, lines, role="warning")

    def entries(self) -> list[Widget]:
        return [self.area, self.word]

    def ready(self) -> None:
        self.area.move_cursor(self.area.document.end)
        self.word.disabled = True
        self.set_timer(ARM_S, self._arm)

    def _arm(self) -> None:
        self.armed = True
        self.word.disabled = False
        if not self.area.has_focus:
            self.word.focus()
        self.draw()

    def foot(self) -> Line:
        if self.area.has_focus:
            return line(
                ("You change the text that others read. ", "warning"),
                (
                    f"Tab goes to the line below it, where {WORD} and Enter sends it; Esc sends nothing",
                    "muted",
                ),
            )
        if not self.armed:
            return line((UNARMED.replace("does", "sends"), "muted"))
        return line(
            (f"{self.wrong} ", "warning") if self.wrong else "",
            (f"Type {WORD} and Enter to send it as it stands; Tab goes to the text, to change it; ", "muted"),
            ("Esc sends nothing", "muted"),
        )

    def on_resize(self) -> None:
        """How many rows the text takes is known once it was wrapped to its new width."""
        self.draw()
        self.call_after_refresh(self._wrapped_anew)

    def _wrapped_anew(self) -> None:
        self.area.refresh(layout=True)
        self.draw()

    def on_descendant_focus(self) -> None:
        """Say where the keys go."""
        self.draw()

    def draw(self) -> None:
        """Lay out and paint; the text takes what the rest leaves."""
        screen_width, screen_height = self.app.size
        width = min(screen_width, 110)
        body, foot = self.body(width - 4), wrapped(self.foot(), max(1, width - 4), indent=0)
        room = screen_height - 2 - len(body) - len(foot) - 1
        rows = max(1, min(max(LEAST_ROWS, self.area.wrapped_document.height + 1), MOST_ROWS, room))
        self.area.styles.height = rows
        self.inside.styles.height, self.below.styles.height = len(body), len(foot)
        height = min(screen_height, 3 + len(body) + rows + len(foot))
        self.box.place((screen_width - width) // 2, max(0, (screen_height - height) // 2), width, height)
        self.inside.show(body)
        self.below.show(foot)
        self.call_after_refresh(self.draw_frame)

    def action_other(self) -> None:
        """From the text to the word, and back."""
        (self.word if self.area.has_focus else self.area).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Only the word sends it."""
        event.stop()
        self.word.value = ""
        if event.value.strip() != WORD:
            self.wrong = f"That was not {WORD}; nothing was sent."
        elif self.area.text.rstrip().split("\n")[-1].strip() == WORD:
            self.wrong = (
                f"The text ends with the line {WORD}, which others would read: take it out. Nothing was sent."
            )
        else:
            self.dismiss(self.area.text)
            return
        self.draw()
