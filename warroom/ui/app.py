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
from textual.geometry import Offset

from warroom.clock import monotonic_s
from warroom.errors import WarroomError
from warroom.host.client import Client
from warroom.host.feed import Feed
from warroom.host.player import Player
from warroom.model.text import neutral
from warroom.ui.alarm import Alarm
from warroom.ui.clipboard import Clipboard
from warroom.ui.dressed import DressedApp
from warroom.ui.driver import GuardedDriver
from warroom.ui.looks import Looks
from warroom.ui.memory import Memory
from warroom.ui.mouse import Clickable
from warroom.ui.pace import collect_seldom
from warroom.ui.paintlog import PaintLog
from warroom.ui.preferences import Preferences
from warroom.ui.screens.room import LiveScreen, ReplayScreen, RoomScreen
from warroom.ui.terminal import terminal
from warroom.ui.wire.link import Link
from warroom.views.copying import Copied

log = logging.getLogger(__name__)

PAINT_LOG = "WARROOM_PAINT_LOG"
"""Environment variable: a file that is told what was painted when."""

LOOK_AGAIN_S = 1.0
"""How often the files of the theme are looked at."""

CRASHED = "the screen ended by a bug, which its log has; the room goes on, `warroom attach` enters it again"


class WarroomApp(DressedApp):
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
        super().__init__(looks or Looks(terminal(os.environ)), link)
        self.feed = feed
        self.preferences = preferences or Preferences()
        self.memory = Memory(self.preferences.kept)
        self.memory_trouble = [self.memory.trouble] if self.memory.trouble else []
        self.mouse = False
        self.alarm = Alarm()
        self.ways_out = Clipboard(os.environ, self.memory.folder, self._write_clipboard)
        log = os.environ.get(PAINT_LOG)
        self.paint_log = PaintLog(Path(log)) if log else None

    def on_mount(self) -> None:
        self.dress()
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
            self.redress(self.wire.link.words)
        else:
            self.say(self.wire.link.words, "info")

    async def action_quit(self) -> None:
        """Textual's own way out, Ctrl+q, belongs to flow control and does nothing: q leaves."""

    def action_help_quit(self) -> None:
        """Ctrl+c ends nothing here; the way out is said where everything is said."""
        self.say("Ctrl+c does nothing here: Esc goes back, q leaves the screen and the room goes on", "info")

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


def show_room(client: Client, looks: Looks, link: Link, own: Preferences) -> int:
    """Show a live room until the person leaves; answers an exit code."""
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
