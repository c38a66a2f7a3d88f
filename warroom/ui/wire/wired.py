"""A Textual app whose frames go by the wire."""

import os

from rich.console import RenderableType
from textual.app import App
from textual.screen import Screen

from warroom.clock import monotonic_s
from warroom.ui.driver import GuardedDriver
from warroom.ui.wire.kept import Layout
from warroom.ui.wire.link import Link
from warroom.ui.wire.wire import Wire, marked


class WiredApp(App[str]):
    """Writes what differs from what the terminal shows, when the terminal takes it; nobody waits for that."""

    def __init__(self, link: Link | None = None) -> None:
        super().__init__(driver_class=GuardedDriver)
        self.wire = Wire(link)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        driver = self._driver
        if (
            renderable is None
            or not isinstance(driver, GuardedDriver)
            or self._batch_count
            or self._closed
            or self.is_headless
        ):
            super()._display(screen, renderable)
            return
        size = self.screen.outer_size
        cursor = size.clamp_offset(self.cursor_position)
        if self.wire.take(renderable, size, self.console.color_system, cursor, monotonic_s()):
            self.pump()
            self.post_display_hook()
        else:
            # What Textual may add one day goes its own way.
            super()._display(screen, renderable)

    def pump(self) -> None:
        """Write what may be written now."""
        driver = self._driver
        if isinstance(driver, GuardedDriver) and not driver.busy:
            said = self.wire.next(monotonic_s())
            if said:
                driver.write(marked(said, waits=self._sync_available))

    def keep(self, layout: Layout) -> bool:
        """Keep the layout for what the next screen shows first; False when it is to be tried again."""
        return self.is_headless or self.wire.keep(layout, os.environ)

    def taken(self) -> None:
        """The terminal has taken all that was written; called from the writer's thread."""
        loop = self._loop
        if loop is not None and self.wire.owing:
            try:
                loop.call_soon_threadsafe(self.pump)
            except RuntimeError:
                # The loop has ended meanwhile.
                return

    def on_cursor_position(self) -> None:
        """The answer to what was asked after data."""
        if self.wire.link.answered(monotonic_s()):
            self.link_changed()
        self.pump()

    def link_changed(self) -> None:
        """Another profile suits the link better than the one before."""
