"""The response board: a box of tabs over the room, whose entries can be chosen."""

from collections.abc import Sequence
from typing import ClassVar, Protocol

import msgspec
from textual import work
from textual.binding import BindingsMap, BindingType
from textual.geometry import Offset

from warroom.ui.binding import bindings
from warroom.ui.boards import TABS, Shown, board_entries, tabs_line
from warroom.ui.commands import called
from warroom.ui.filtering import Narrowed
from warroom.ui.frame import Frame
from warroom.ui.keys import Key, board_keys
from warroom.ui.screens.dialogs import Dialog
from warroom.ui.theme import Theme
from warroom.ui.widgets.drawing import wrapped
from warroom.ui.widgets.entries import Entries
from warroom.ui.widgets.framed import Framed
from warroom.ui.widgets.lines import Lines
from warroom.views.copying import Copied
from warroom.views.filtering import EVERYTHING, Filter, checker, filter_words
from warroom.views.lines import line
from warroom.views.rows import Entry, Line, Title
from warroom.views.subjects import lines_subject

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
NOTHING_WRONG = "nothing is wrong here"


class Room(Protocol):
    """What the board needs of the room it stands over."""

    keys: tuple[Key, ...]
    faults_only: bool

    @property
    def board_passing(self) -> dict[str, Filter]:
        """The filters of the tabs."""

    def moment(self) -> Frame:
        """What the feed shows now."""

    def unfilter(self, pane: Narrowed) -> bool:
        """Show all of it again; False when all is shown."""

    def action_faults(self) -> None:
        """Only what is wrong, in every pane; and all again."""

    async def type_filter(self, pane: Narrowed, name: str) -> None:
        """Type a filter for it."""

    async def type_command(self, board: "Board") -> None:
        """Type a command."""

    async def copy_out(self, copied: Copied, where: str, *, for_chat: bool) -> str:
        """Take a text out of the program, and say so."""


class Board(Dialog):
    """Shows one tab of the response, always the newest state; what is picked is the answer."""

    REPLAY = False

    def __init__(self, theme: Theme, room: Room, at: Shown) -> None:
        super().__init__(theme, "response", [])
        self.room = room
        self.keys = room.keys
        self.matched = (0, 0)
        """How many entries pass the filter, and how many there are."""
        self.unknown_keys: frozenset[str] = frozenset()
        self._bindings = BindingsMap(bindings(board_keys(self.REPLAY, self.keys)))
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
        frame = self.room.moment()
        self.tabs.show([tabs_line(frame.state, self.at.tab, self.app.size.width)])
        self.entries_list.show(self._passing(board_entries(frame, self.at.tab)))
        incident = frame.state.incident.incident
        name = f"response  {incident.incident}" if incident is not None else "response"
        more = f"{self.entries_list.below} more lines ↓" if self.entries_list.below else ""
        marked = "{:,}/{:,} {}".format(*self.matched, filter_words(self.passing)) if self.passing else ""
        self.box.show_frame(Title(name, "", "", ""), heavy=True, marked=marked, more=more, edge=self.role)

    def _passing(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        passing, found = self.passing, entries
        if passing:
            subjects = [lines_subject(one.lines, kind=one.key.partition(":")[0]) for one in entries]
            self.unknown_keys = passing.keys - {key for subject in subjects for key in subject.fields}
            passes = checker(passing)
            found = [one for one, subject in zip(entries, subjects, strict=True) if passes(subject)]
        self.matched = len(found), len(entries)
        nothing = (
            f"nothing here passes {filter_words(passing)}; Esc shows all" if passing.terms else NOTHING_WRONG
        )
        return found or [Entry("", (line((nothing, "muted")),))]

    @property
    def passing(self) -> Filter:
        """Only entries of this tab that pass are shown; ``f`` is the room's."""
        wanted = self.room.board_passing.get(self.at.tab, EVERYTHING)
        return msgspec.structs.replace(wanted, faults=self.room.faults_only)

    def narrow(self, wanted: Filter) -> None:
        """Show only entries of this tab that pass."""
        self.room.board_passing[self.at.tab] = wanted
        self.paint()

    def foot(self) -> Line:
        key = {name: called(f"pick('{id_}')", self.keys) for name, id_ in HINTED.items()}
        hint = HINTS[self.at.tab].format(**key)
        return line((f"{hint} · Tab 1-7 tabs · {key['help']} keys · Esc back", "muted"))

    def go(self, tab: str) -> None:
        """To a tab."""
        self.at = Shown(tab)
        self.entries_list.jump(0)
        self.draw()

    def action_tab(self, number: int) -> None:
        """To a tab by its digit."""
        self.go(TABS[number - 1])

    def action_next_tab(self) -> None:
        """The next tab."""
        self.go(TABS[(TABS.index(self.at.tab) + 1) % len(TABS)])

    def action_previous_tab(self) -> None:
        """The tab before."""
        self.go(TABS[TABS.index(self.at.tab) - 1])

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
        self.answer(how)

    def answer(self, how: str) -> None:
        """Answer, and remember where the board stood."""
        self._keep()
        self.dismiss(how)

    def clicked(self, at: Offset) -> None:
        """To the entry there; nothing is done to it."""
        if self.entries_list.region.contains_point(at):
            self.entries_list.point(at - self.entries_list.region.offset)
            self._keep()

    def wheeled(self, at: Offset, by: int) -> None:
        """To other entries."""
        self.action_move(by)

    def action_back(self) -> None:
        """Show all entries again, else back to the room."""
        if not self.room.unfilter(self):
            self.dismiss(None)

    @work
    async def action_filter(self) -> None:
        """Type a filter for this tab; what passes is seen while it is typed."""
        await self.room.type_filter(self, self.at.tab)

    @work
    async def action_prompt(self) -> None:
        """Type a command; what it is not for the board, the room does."""
        await self.room.type_command(self)

    def action_faults(self) -> None:
        """Only what is wrong, here and in every pane."""
        self.room.action_faults()
        self.paint()

    @work
    async def action_copy(self) -> None:
        """The entry under the cursor, as text."""
        await self._copy(for_chat=False)

    @work
    async def action_copy_block(self) -> None:
        """The same for a chat."""
        await self._copy(for_chat=True)

    async def _copy(self, *, for_chat: bool) -> None:
        cursor = self.entries_list.cursor
        copied = self.entries_list.copied([cursor] if cursor else [])
        await self.room.copy_out(copied, f"response {self.at.tab}", for_chat=for_chat)


class LiveBoard(Board):
    """The response of a room as it is."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(board_keys(replay=False))


class ReplayBoard(Board):
    """The response of a recording; keys that act do not exist here."""

    REPLAY = True

    BINDINGS: ClassVar[list[BindingType]] = bindings(board_keys(replay=True))
