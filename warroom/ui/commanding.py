"""The command line: what all keys do, by words."""

import re
from datetime import datetime, timedelta
from typing import Protocol, cast

from textual import work

from warroom.errors import WarroomError
from warroom.model.commands import AddNote
from warroom.model.text import neutral
from warroom.model.times import parse_time
from warroom.ui.boards import TABS
from warroom.ui.clicking import Clicking
from warroom.ui.commands import Typed, Word, board_words, read_command, words_for
from warroom.ui.filtering import Narrowed
from warroom.ui.layout import PANES
from warroom.ui.playing import Playing
from warroom.ui.pointing import TIMED
from warroom.ui.responding import Responding
from warroom.ui.screens.board import Board
from warroom.ui.screens.prompt import Advice, Completion, Prompt
from warroom.views.filtering import parse_filter
from warroom.views.lines import line
from warroom.views.rows import Line


class Themed(Protocol):
    """An app that has themes."""

    def use_theme(self, name: str) -> None:
        """Change the looks; raises ``WarroomError``."""

    def try_theme(self, name: str) -> None:
        """Show one while it is being chosen, with no name the one in force; raises ``WarroomError``."""

    def theme_names(self) -> list[str]:
        """What there is to change to."""


class Commanding(Responding, Playing, Clicking):
    """The key of the command line, and what its words do."""

    @work
    async def action_prompt(self) -> None:
        """Type a command; what cannot be done is said above it, and what was typed stays."""
        await self.type_command(None)

    async def type_command(self, board: Board | None) -> None:
        """Type a command in the room, or on the response board over it."""
        on_board = board is not None
        advice = Advice(
            lambda text: self._meant(text, self._words(on_board)),
            lambda text: self._not_possible(text, board),
            lambda text: self._going_on(text, self._words(on_board)),
            self._seen_in,
        )
        text = await self.app.push_screen_wait(
            Prompt(self.look, ":", advice, history=self.memory.typed("command"))
        )
        if text is None or not text.strip():
            return
        self.memory.keep("command", text)
        typed = read_command(text, replay=self.replay is not None, on_board=on_board)
        if board is None:
            await self._obey(typed)
        elif typed.word.name in board_words(self.replay is not None):
            await self._obey_on(board, typed)
        else:
            board.answer(f":{text}")

    def _seen_in(self, text: str) -> str:
        """Show the theme that is about to be chosen; answers why it cannot be."""
        word, _, name = text.strip().removeprefix(":").partition(" ")
        name = name.strip() if word == "theme" else ""
        themed = cast("Themed", self.app)
        try:
            themed.try_theme(name if name in themed.theme_names() else "")
        except WarroomError as wrong:
            return f"old looks kept: {wrong}"
        return ""

    async def _told(self, command: str) -> None:
        await self._obey(read_command(command, replay=self.replay is not None))

    def _words(self, on_board: bool) -> dict[str, Word]:
        replay = self.replay is not None
        return words_for(replay, self.keys) | (board_words(replay, self.keys) if on_board else {})

    def _meant(self, text: str, words: dict[str, Word]) -> Line:
        """What the command does, or how to begin."""
        if not text.strip():
            return line(
                (" a command, such as goto 14:32 or nodes /rack1; Tab lists them, ↑ what was typed", "muted")
            )
        word = words.get(text.split(maxsplit=1)[0])
        if word is None:
            return line((" ", "muted"))
        return line(
            (f" {word.name} {word.takes}".rstrip(), "accent"),
            (f"  {f'{word.shown}  ' if word.shown else ''}{word.help}", "muted"),
        )

    def _going_on(self, text: str, words: dict[str, Word]) -> Completion:
        name, space, rest = text.partition(" ")
        if not space:
            return Completion(0, tuple(sorted(word for word in words if word.startswith(name))))
        offered: tuple[str, ...] = ()
        if name == "theme":
            offered = tuple(self.looks_there())
        elif name == "layout":
            offered = self.layout_names
        elif name == "filter" and rest.startswith("use "):
            return Completion(
                len(name) + 5, tuple(n for n in sorted(self.memory.filters) if n.startswith(rest[4:]))
            )
        elif name == "filter":
            offered = ("clear", "save", "use")
        return Completion(len(name) + 1, tuple(one for one in offered if one.startswith(rest)))

    def _not_possible(self, text: str, board: Board | None) -> str:
        if not text.strip():
            return ""
        try:
            typed = read_command(text, replay=self.replay is not None, on_board=board is not None)
            self._check(typed, board or self.pane)
        except WarroomError as wrong:
            return str(wrong)
        return ""

    def _check(self, typed: Typed, pane: Narrowed) -> None:
        match typed.word.name:
            case "goto":
                self._time(typed.rest)
            case "filter" if typed.rest.startswith("use "):
                self._saved(typed.rest[4:].strip())
            case "filter" if re.match(r"save(\s|$)", typed.rest):
                if not typed.rest[4:].strip() or not pane.passing.terms:
                    raise WarroomError("filter save NAME keeps the filter of what is seen, which needs one")
            case "theme" if typed.rest not in self.looks_there():
                raise WarroomError(f"there is no theme {typed.rest!r}; Tab lists them")
            case "layout" if typed.rest not in self.layout_names:
                raise WarroomError(
                    f"there is no layout {typed.rest!r}; there is: {', '.join(self.layout_names)}"
                )
            case "severity" | "declare" if not re.match(r"(SEV)?[1-4](\s|$)", typed.rest, re.IGNORECASE):
                raise WarroomError(f"{typed.word.name} wants a severity from 1 to 4 first, the worst is 1")
            case name if name == "filter" or name in PANES or (name in TABS and typed.word.takes):
                parse_filter(_unstroked(typed.rest))

    def _saved(self, name: str) -> str:
        if name not in self.memory.filters:
            there = ", ".join(sorted(self.memory.filters)) or "none"
            raise WarroomError(f"no filter is saved as {name!r}; there is: {there}")
        return self.memory.filters[name]

    async def _obey(self, typed: Typed) -> None:
        name, rest = typed.word.name, typed.rest
        if not rest:
            await self.run_command(typed.word.key)
        elif name in PANES:
            self.focused_name = name
            self.looked_at(name)
            self._narrow(_unstroked(rest), self.pane, name)
        elif name == "filter":
            self._filter(rest, self.pane, self.focused_name)
        elif name == "goto":
            self._go(self._time(rest))
        elif name == "search":
            await self._search(rest, None)
        elif name == "theme":
            self.choose_theme(rest)
        elif name == "layout":
            self.choose_layout(rest)
        elif name == "note":
            await self._send(AddNote(neutral(rest)), "noted")
        else:
            await self._incident(name, rest)
        self.draw()

    async def _obey_on(self, board: Board, typed: Typed) -> None:
        name, rest = typed.word.name, typed.rest
        if not rest:
            await board.run_action(typed.word.key)
        elif name in TABS:
            board.go(name)
            self._narrow(_unstroked(rest), board, name)
        else:
            self._filter(rest, board, board.at.tab)

    def _filter(self, rest: str, pane: Narrowed, where: str) -> None:
        word, _, name = rest.partition(" ")
        if rest == "clear":
            self.unfilter(pane)
        elif word == "save":
            self.memory.save(name.strip(), pane.passing.text)
            self.tell(f"saved; :filter use {name.strip()} in any pane", "ok")
        elif word == "use":
            self._narrow(self._saved(name.strip()), pane, where)
        else:
            self._narrow(_unstroked(rest), pane, where)

    def _narrow(self, text: str, pane: Narrowed, where: str) -> None:
        pane.narrow(parse_filter(text, faults=self.faults_only))
        self.memory.keep(f"filter {where}", text)

    def _time(self, text: str) -> datetime:
        """The time that is meant: before the playhead or now, else the last time it was that late."""
        replay, now = self.replay, self.feed.now
        if replay is not None and not text.startswith("-"):
            now += timedelta(milliseconds=replay.last_ms - replay.room_ms)
        return parse_time(text, now)

    def _go(self, time: datetime) -> None:
        replay = self.replay
        if replay is not None:
            replay.seek_ms(replay.room_ms + int((time - replay.now).total_seconds() * 1000))
        else:
            self.look_at(time)
            if not any(self.panes[name].display for name in TIMED):
                keys = " ".join(self.key(f"pane({PANES.index(name) + 1})") for name in TIMED)
                self.tell(f"Metrics, Logs and Timeline are at {time:%H:%M:%S}Z: {keys} show them, Esc is now")

    async def run_command(self, key: str) -> None:
        """Do what a key does."""
        raise NotImplementedError

    def looks_there(self) -> list[str]:
        """The names of the themes."""
        return cast(Themed, self.app).theme_names()

    def choose_theme(self, name: str) -> None:
        """Change the looks; those in force stay when that cannot be done."""
        try:
            cast(Themed, self.app).use_theme(name)
        except WarroomError as wrong:
            self.tell(f"{wrong}; the old looks stay", "warning")


def _unstroked(text: str) -> str:
    """``/pay`` is the filter ``pay``, as it is typed after the key; ``/pay/`` stays a pattern."""
    return text[1:] if text.startswith("/") and not re.match(r"/(?:[^/\\]|\\.)+/(\s|\||$)", text) else text
