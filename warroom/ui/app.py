"""The Textual app: one feed, one screen, a clean way out."""

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from typing import ClassVar

from rich.console import RenderableType
from textual import work
from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen

from warroom.errors import WarroomError
from warroom.host.client import Client
from warroom.host.feed import Feed
from warroom.host.player import Player
from warroom.model.text import neutral
from warroom.ui.driver import GuardedDriver
from warroom.ui.paintlog import PaintLog
from warroom.ui.screens.room import LiveScreen, ReplayScreen, RoomScreen
from warroom.ui.theme import load_theme, textual_theme, theme_name, theme_path
from warroom.ui.wire.wire import Wire, marked

log = logging.getLogger(__name__)

PAINT_LOG = "WARROOM_PAINT_LOG"
"""Environment variable: a file that is told what was painted when."""

CRASHED = "the screen ended by a bug, which its log has; the room goes on, `warroom attach` enters it again"


class WarroomApp(App[str]):
    """Shows one feed."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    CSS = "RoomScreen { background: $background; }"

    def __init__(self, feed: Feed) -> None:
        super().__init__(driver_class=GuardedDriver)
        self.feed = feed
        self.look = load_theme(theme_path(theme_name(os.environ)))
        log = os.environ.get(PAINT_LOG)
        self.paint_log = PaintLog(Path(log)) if log else None
        self.wire = Wire()

    def on_mount(self) -> None:
        made = textual_theme(self.look)
        self.register_theme(made)
        self.theme = made.name
        # SIGHUP keeps its default: the room survives, and a stalled screen must stay killable.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.exit)
        screen = ReplayScreen if isinstance(self.feed, Player) else LiveScreen
        self.push_screen(screen(self.feed, self.look, self.paint_log))
        if isinstance(self.feed, Client):
            self.follow(self.feed)

    @work(exit_on_error=False)
    async def follow(self, client: Client) -> None:
        """Keep the client connected; a refusal ends the app with its sentence."""
        try:
            await client.run(reconnect=True)
        except WarroomError as refused:
            self.exit(str(refused))

    def on_cursor_position(self) -> None:
        """The answer to what the room's screen asks after a data frame, whatever dialog is open."""
        for screen in self.screen_stack:
            if isinstance(screen, RoomScreen):
                screen.acknowledged()

    async def action_quit(self) -> None:
        """Textual's own way out is the room's: never by accident."""
        if isinstance(self.screen, RoomScreen):
            self.screen.action_close()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Write what differs from what the terminal shows; what Textual may add one day goes its own way."""
        driver = self._driver
        if renderable is None or driver is None or self._batch_count or self._closed or self.is_headless:
            super()._display(screen, renderable)
            return
        size, cursor = self.screen.outer_size, self.screen.outer_size.clamp_offset(self.cursor_position)
        said = self.wire.frame(renderable, size, self.console.color_system, cursor)
        if said is None:
            super()._display(screen, renderable)
        else:
            if said:
                driver.write(marked(said, waits=self._sync_available))
            self.post_display_hook()

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


def show_room(path: Path, *, version: str, read_only: bool) -> int:
    """Show a live room until the person leaves; answers an exit code."""
    size = os.get_terminal_size()
    client = Client(
        path, program="tui", version=version, size=(size.columns, size.lines), read_only=read_only
    )
    return _run(WarroomApp(client))


def show_replay(player: Player) -> int:
    """Show a recording until the person leaves."""
    return _run(WarroomApp(player))


def _run(app: WarroomApp) -> int:
    said = app.run(mouse=False)
    if said:
        sys.stderr.write(f"warroom: {neutral(said, 'log')}\n")
        return 1
    return app.return_code or 0
