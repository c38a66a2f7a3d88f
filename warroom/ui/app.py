"""The Textual app: one feed, one screen, a clean way out."""

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.filter import Monochrome, NoColor
from textual.geometry import Offset

from warroom.clock import monotonic_s
from warroom.errors import WarroomError
from warroom.host.client import Client
from warroom.host.feed import Feed
from warroom.host.player import Player
from warroom.model.text import neutral
from warroom.ui.alarm import Alarm
from warroom.ui.clipboard import Clipboard
from warroom.ui.driver import GuardedDriver
from warroom.ui.looks import Looks
from warroom.ui.memory import Memory
from warroom.ui.mouse import Clickable
from warroom.ui.pace import collect_seldom
from warroom.ui.paintlog import PaintLog
from warroom.ui.preferences import Preferences
from warroom.ui.screens.room import LiveScreen, ReplayScreen, RoomScreen
from warroom.ui.terminal import terminal
from warroom.ui.textual_theme import textual_theme
from warroom.ui.theme_file import themes_by_name
from warroom.ui.widgets.line_widget import LineWidget
from warroom.ui.wire.link import Link
from warroom.ui.wire.wired import WiredApp
from warroom.views.copying import Copied

log = logging.getLogger(__name__)

PAINT_LOG = "WARROOM_PAINT_LOG"
"""Environment variable: a file that is told what was painted when."""

LOOK_AGAIN_S = 1.0
"""How often the files of the theme are looked at."""

CRASHED = "the screen ended by a bug, which its log has; the room goes on, `warroom attach` enters it again"


class WarroomApp(WiredApp):
    """Shows one feed."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    CSS = "RoomScreen { background: $background; }"

    def __init__(
        self,
        feed: Feed,
        looks: Looks | None = None,
        link: Link | None = None,
        preferences: Preferences | None = None,
    ) -> None:
        super().__init__(link)
        self.feed = feed
        self.preferences = preferences or Preferences()
        self.memory = Memory(self.preferences.kept)
        self.memory_trouble = [self.memory.trouble] if self.memory.trouble else []
        self.mouse = False
        self._tried_theme = ""
        self.looks = looks or Looks(terminal(os.environ))
        self.look = self.looks.theme
        self.alarm = Alarm()
        self.ways_out = Clipboard(os.environ, self.memory.folder, self._write_clipboard)
        self._times_themed = 0
        log = os.environ.get(PAINT_LOG)
        self.paint_log = PaintLog(Path(log)) if log else None

    def on_mount(self) -> None:
        self._dress()
        # SIGHUP keeps its default: the room survives, and a stalled screen must stay killable.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit)
        screen = ReplayScreen if isinstance(self.feed, Player) else LiveScreen
        room = screen(self.feed, self.look, self.wire, self.memory, self.preferences)
        room.paint_log = self.paint_log
        self.push_screen(room)
        self.set_interval(LOOK_AGAIN_S, self.look_again)
        if wrong := [
            *map(self.looks.shortly, self.looks.warnings),
            *self.memory_trouble,
            *self.preferences.refused,
        ]:
            self.say(wrong[0] + (f" (and {len(wrong) - 1} more)" if wrong[1:] else ""), "warning")
        elif self.looks.terminal.note:
            self.say(self.looks.terminal.note, "info")
        if self.preferences.mouse:
            self.turn_mouse()
        if self.looks.bell and not isinstance(self.feed, Player):
            self.feed.subscribe(self._listen)
        if isinstance(self.feed, Client):
            self.feed.gives_way = lambda: self.wire.in_haste(monotonic_s())
            self.follow(self.feed)
        if not self.is_headless:
            collect_seldom()

    def turn_mouse(self) -> bool:
        """Listen to the mouse, or not any more; answers which."""
        self.mouse = not self.mouse
        if isinstance(self._driver, GuardedDriver):
            self._driver.listen_to_mouse(self.mouse)
        return self.mouse

    def clicked(self, at: Offset) -> None:
        """Let the screen on top go there, if it has anywhere to go to."""
        if isinstance(self.screen, Clickable):
            self.screen.clicked(at)

    def wheeled(self, at: Offset, by: int) -> None:
        """Let the screen on top scroll there."""
        if isinstance(self.screen, Clickable):
            self.screen.wheeled(at, by)

    def _listen(self) -> None:
        if not self.feed.trouble and self.alarm.rings(self.feed.state, monotonic_s()):
            self.bell()

    def bell(self) -> None:
        """Ring the terminal's bell, past the guard that keeps bells of others from it."""
        if isinstance(self._driver, GuardedDriver):
            self._driver.ring()

    def _write_clipboard(self, sequence: str) -> bool:
        return isinstance(self._driver, GuardedDriver) and self._driver.copy(sequence)

    def _dress(self) -> None:
        """Give Textual's own widgets the looks of the theme."""
        self._times_themed += 1
        made = textual_theme(self.look, f"{self.look.name}-{self._times_themed}")
        self.register_theme(made)
        self.theme = made.name
        # Textual turns colours into greys where none are wanted; a theme of ours without colour needs only its own.
        self._filters = [one for one in self._filters if not isinstance(one, Monochrome | NoColor)]
        if not self.look.coloured:
            self._filters.append(NoColor())

    def look_again(self) -> None:
        """Show a theme whose file has changed; one that broke is told, and the old one stays."""
        try:
            if self.looks.look_again():
                self._redress(f"theme {self.look.name} read anew")
        except WarroomError as broken:
            self.say(f"old looks kept: {self.looks.shortly(str(broken))}", "warning")

    def theme_names(self) -> list[str]:
        """The themes there are, shipped and of one's own."""
        return sorted(themes_by_name(self.looks.wanted.folder))

    def use_theme(self, name: str) -> None:
        """Change to another theme; raises ``WarroomError`` and keeps the one in force."""
        self.looks.choose(name)
        self._redress(f"theme {self.look.name}")

    def try_theme(self, name: str) -> None:
        """Show a theme while it is being chosen, with no name the one in force; raises ``WarroomError``."""
        if name == self._tried_theme:
            return
        if name:
            try:
                self.looks.try_on(name)
            except WarroomError as broken:
                raise WarroomError(self.looks.shortly(str(broken))) from broken
        else:
            self.looks.take_off()
        self._tried_theme = name
        self._dress_all()

    def _dress_all(self) -> None:
        self._dress()
        for screen in self.screen_stack:
            for widget in screen.query(LineWidget):
                widget.on_show()

    def _redress(self, said: str) -> None:
        self._tried_theme = ""
        self._dress_all()
        warnings = self.looks.warnings
        self.say(self.looks.shortly(warnings[0]) if warnings else said, "warning" if warnings else "info")

    def say(self, text: str, role: str) -> None:
        """Say something on the flash line of the room's screen, whatever dialog is open."""
        for screen in self.screen_stack:
            if isinstance(screen, RoomScreen):
                screen.tell(text, role)

    @work(exit_on_error=False)
    async def follow(self, client: Client) -> None:
        """Keep the client connected; a refusal ends the app with its sentence."""
        try:
            await client.run(reconnect=True)
        except WarroomError as refused:
            self.exit(str(refused))

    def link_changed(self) -> None:
        """Say so, and take looks of as many colours as the link is given."""
        if self.looks.fit(self.wire.link.profile.colours):
            self._redress(self.wire.link.words)
        else:
            self.say(self.wire.link.words, "info")

    async def action_quit(self) -> None:
        """Textual's own way out, Ctrl+q, belongs to flow control and does nothing: q leaves."""

    async def copy_out(self, copied: Copied, where: str, *, for_chat: bool) -> str:
        """Take the text of a dialog out of the program; answers what the room says of it."""
        room = next(screen for screen in self.screen_stack if isinstance(screen, RoomScreen))
        return await room.copy_out(copied, where, for_chat=for_chat)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy within this screen only: what may write the terminal's clipboard may also be made to."""
        self._clipboard = text

    def _handle_exception(self, error: Exception) -> None:
        log.critical("the screen ended by a bug", exc_info=error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual's own way prints every local variable onto the terminal.
        self._exit_renderables.append("")
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        if self._exit_renderables:
            self._exit_renderables.clear()
            (sys.__stderr__ or sys.stderr).write(f"warroom: {CRASHED}\n")


def show_room(
    path: Path, *, version: str, read_only: bool, looks: Looks, link: Link, own: Preferences
) -> int:
    """Show a live room until the person leaves; answers an exit code."""
    size = os.get_terminal_size()
    client = Client(
        path, program="tui", version=version, size=(size.columns, size.lines), read_only=read_only
    )
    return _run(WarroomApp(client, looks, link, own))


def show_replay(player: Player, looks: Looks, link: Link, own: Preferences) -> int:
    """Show a recording until the person leaves."""
    return _run(WarroomApp(player, looks, link, own))


def _run(app: WarroomApp) -> int:
    said = app.run(mouse=False)
    if said:
        sys.stderr.write(f"warroom: {neutral(said, 'log')}\n")
        return 1
    return app.return_code or 0
