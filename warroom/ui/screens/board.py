"""The response board: a box of tabs over the room, whose entries can be chosen."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import BindingsMap, BindingType

from warroom.ui.binding import bindings
from warroom.ui.boards import TABS, Shown, board_entries, tabs_line
from warroom.ui.commands import called
from warroom.ui.frame import Frame
from warroom.ui.keys import KEYS, Key, board_keys
from warroom.ui.screens.dialogs import Dialog
from warroom.ui.theme import Theme
from warroom.ui.widgets.drawing import wrapped
from warroom.ui.widgets.entries import Entries
from warroom.ui.widgets.framed import Framed
from warroom.ui.widgets.lines import Lines
from warroom.views.lines import line
from warroom.views.rows import Line, Title

LOOK_S = 0.25
WIDEST = 160
AROUND = 3
"""Rows of the room that stay seen: the severity bar above, the flash line and the footer below."""
HINTS = {
    "findings": "Enter: its facts, its runbook, what it proposes",
    "command": "Enter: phase, role, handover, milestone; {tick} takes a role",
    "checklist": "{tick} ticks, {skip} skips with a reason, Enter all choices",
    "inquiry": "Enter: raise, judge, decide, finish",
    "runbooks": "{next} goes on with the step, Enter starts or gives up, {skip} skips",
    "actions": "Enter: agree, refuse, override, cancel, take back",
    "updates": "Enter: write one, promise the next",
}

HINTED = {"tick": "tick", "skip": "skip", "next": "step", "help": "help"}
"""Keys in the hints, and what they pick."""


class Board(Dialog):
    """Shows one tab of the response, always the newest state; what is picked is the answer."""

    REPLAY = False

    def __init__(
        self, theme: Theme, moment: Callable[[], Frame], at: Shown, keys: Sequence[Key] = KEYS
    ) -> None:
        super().__init__(theme, "response", [])
        self.keys = keys
        self._bindings = BindingsMap(bindings(board_keys(self.REPLAY, keys)))
        self.moment = moment
        self.at = at
        self.tabs = Lines(theme)
        self.entries_list = Entries(theme, wrap=True)
        self.box = Framed(theme, self.tabs, self.entries_list, self.below)

    def ready(self) -> None:
        self.entries_list.activate(True)
        self.set_interval(LOOK_S, self.paint)

    def draw(self) -> None:
        """Lay out and paint."""
        width, height = self.app.size
        wide = min(width, WIDEST)
        foot = wrapped(self.foot(), max(1, wide - 4), indent=0)
        self.tabs.styles.height = 1
        self.below.styles.height = len(foot)
        above = 1 if height > AROUND + 6 else 0
        self.box.place((width - wide) // 2, above, wide, max(3, height - (AROUND if above else 0)))
        self.below.show(foot)
        self.paint()
        self.call_after_refresh(self._settled)

    def _settled(self) -> None:
        self.entries_list.put(self.at.key)
        self.paint()

    def paint(self) -> None:
        """Bring it up to date."""
        frame = self.moment()
        self.tabs.show([tabs_line(frame.state, self.at.tab, self.app.size.width)])
        self.entries_list.show(board_entries(frame, self.at.tab))
        incident = frame.state.incident.incident
        name = f"response  {incident.incident}" if incident is not None else "response"
        more = f"{self.entries_list.below} more lines ↓" if self.entries_list.below else ""
        self.box.show_frame(Title(name, "", "", ""), heavy=True, more=more, edge=self.role)

    def foot(self) -> Line:
        key = {name: called(f"pick('{id_}')", self.keys) for name, id_ in HINTED.items()}
        hint = HINTS[self.at.tab].format(**key)
        return line((f"{hint} · Tab 1-7 tabs · {key['help']} keys · Esc back", "muted"))

    def _go(self, tab: str) -> None:
        self.at = Shown(tab)
        self.entries_list.jump(0)
        self.draw()

    def action_tab(self, number: int) -> None:
        """To a tab by its digit."""
        self._go(TABS[number - 1])

    def action_next_tab(self) -> None:
        """The next tab."""
        self._go(TABS[(TABS.index(self.at.tab) + 1) % len(TABS)])

    def action_previous_tab(self) -> None:
        """The tab before."""
        self._go(TABS[TABS.index(self.at.tab) - 1])

    def action_move(self, by: int) -> None:
        """To another entry."""
        self.entries_list.move(by)
        self._keep()

    def action_jump(self, to: int) -> None:
        """To the first or the last entry."""
        self.entries_list.jump(to)
        self._keep()

    def _keep(self) -> None:
        self.at = Shown(self.at.tab, self.entries_list.cursor)
        self.paint()

    def action_pick(self, how: str) -> None:
        """Answer with what is to be done to the entry under the cursor."""
        self._keep()
        self.dismiss(how)


class LiveBoard(Board):
    """The response of a room as it is."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(board_keys(replay=False))


class ReplayBoard(Board):
    """The response of a recording; keys that act do not exist here."""

    REPLAY = True

    BINDINGS: ClassVar[list[BindingType]] = bindings(board_keys(replay=True))
