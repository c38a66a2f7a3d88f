"""The room's screen: severity bar, vitals, panes, flash line and footer; live and in a replay the same."""

import hashlib
from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingsMap, BindingType
from textual.geometry import Size
from textual.screen import Screen

from warroom.clock import monotonic_s
from warroom.host.feed import Feed, LiveFeed, ReplayFeed
from warroom.response.clocks import clocks
from warroom.ui.binding import bindings
from warroom.ui.commanding import Commanding
from warroom.ui.frame import Frame, Seen, frame_of
from warroom.ui.keys import footer_text, keys_for
from warroom.ui.layout import PANES, Box, arrange, has_tabs
from warroom.ui.memory import Memory
from warroom.ui.paintlog import PaintLog
from warroom.ui.panes.alerts import AlertsPane
from warroom.ui.panes.health import HealthPane
from warroom.ui.panes.logs import LogsPane
from warroom.ui.panes.metrics import MetricsPane
from warroom.ui.panes.nodes import NodesPane
from warroom.ui.panes.pane import Pane
from warroom.ui.panes.timeline import TimelinePane
from warroom.ui.panes.workloads import WorkloadsPane
from warroom.ui.preferences import Preferences
from warroom.ui.screens.bars import flash_of, tabs_of
from warroom.ui.theme import Theme
from warroom.ui.widgets.line_widget import LineWidget
from warroom.ui.widgets.lines import Bar
from warroom.ui.wire.kept import Layout
from warroom.ui.wire.wire import Wire
from warroom.ui.wire.wired import WiredApp
from warroom.views.bar import severity_bar, vitals
from warroom.views.census import Census
from warroom.views.lines import line
from warroom.views.rows import Line

FRAME_S = 0.25
"""Data is painted four times a second at most, over some links less often; what a key changes at once."""
EARLY_S = 0.05
"""A timer is not exact."""
FLASH_S = 12.0
"""How long an answer stays on the flash line, unless another key is pressed when it was read."""
READ_S = 1.0


def panes(theme: Theme) -> dict[str, Pane]:
    """Every pane by name, in the order of their digits."""
    made = (
        HealthPane(theme),
        AlertsPane(theme),
        NodesPane(theme),
        WorkloadsPane(theme),
        MetricsPane(theme),
        LogsPane(theme),
        TimelinePane(theme),
    )
    return dict(zip(PANES, made, strict=True))


class RoomScreen(Screen[None], Commanding, inherit_bindings=False):
    """One feed on one screen."""

    CSS = "RoomScreen { layout: vertical; overflow: hidden; }"

    def __init__(
        self,
        feed: Feed,
        theme: Theme,
        wire: Wire,
        memory: Memory,
        preferences: Preferences,
    ) -> None:
        super().__init__()
        self.feed = feed
        # Asked in every frame, and a protocol looks at each of its methods for an answer.
        self._live = feed if isinstance(feed, LiveFeed) else None
        self._replay = feed if isinstance(feed, ReplayFeed) else None
        self.memory = memory
        self.keys = preferences.keys
        self.presets = preferences.presets
        self.settings_refused = preferences.refused
        # What the class has are the keys as shipped.
        self._bindings = BindingsMap(bindings(keys_for(self._replay is not None, self.keys)))
        self.look = theme
        self.wire = wire
        self.paint_log: PaintLog | None = None
        self.bar, self.vitals, self.tabs = Bar(theme, paper="bar"), Bar(theme), Bar(theme)
        self.flash_line, self.footer_line = Bar(theme), Bar(theme, paper="bar")
        self.panes = panes(theme)
        for pane in self.panes.values():
            pane.keys = self.keys
        self.focused_name = "alerts"
        self.zoomed = False
        self.dirty = True
        self.told = ("", "text", 0.0)
        self.last_tick = monotonic_s()
        self._painted_s = 0.0
        self._known = False
        """Whether anything of the room was there to be painted."""
        self._kept_size = Size(0, 0)
        self._was_absent = False
        self._census = Census()
        self._vitals_seen, self._tabs_seen = Seen(), Seen()
        self._boxes: dict[str, Box] = {}

    @property
    def live(self) -> LiveFeed | None:
        """The feed, if commands can be sent through it."""
        return self._live

    @property
    def replay(self) -> ReplayFeed | None:
        """The feed, if it is a recording."""
        return self._replay

    @property
    def pane(self) -> Pane:
        """The pane the keys go to."""
        return self.panes[self.focused_name]

    def compose(self) -> ComposeResult:
        yield from (self.bar, self.vitals, self.tabs, *self.panes.values(), self.flash_line, self.footer_line)

    def on_mount(self) -> None:
        for pane in self.panes.values():
            pane.display = False
        self.feed.subscribe(self.feed_moved)
        self.as_left()
        self.set_interval(FRAME_S, self.tick)
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key is taken: what was typed on for a question that was refused presses none."""
        return not self.drops(action)

    async def run_command(self, key: str) -> None:
        await self.run_action(key)

    def feed_moved(self) -> None:
        """The state or the time moved on; it is painted with the next frame, what is first known of a room at once."""
        self.dirty = True
        if not self._known and self.feed.state.seq:
            self.draw(data=True)
        absent = self.feed.absence is not None
        if absent and not self._was_absent:
            # What was said before speaks of a room that has a host.
            self.untell()
        self._was_absent = absent

    def tick(self) -> None:
        """The clock of data frames; in a replay also what moves the playhead."""
        now = monotonic_s()
        elapsed, self.last_tick = now - self.last_tick, now
        replay = self.replay
        if replay is not None and replay.playing:
            replay.advance(elapsed)
        if self.told[0] and now > self.told[2]:
            self.untell()
            self.dirty = True
        if self.dirty and now - self._painted_s > self._interval_s - EARLY_S and self.wire.free(now):
            before = self._repaints()
            self.draw(data=True)
            if self._repaints() != before:
                self.wire.data()
        if isinstance(self.app, WiredApp):
            # A terminal that does not answer is not waited for.
            self.app.pump()
            if self._kept_size != self.size and self.feed.state.seq and self.app.screen is self:
                self._kept_size = self.size
                self.app.keep(self._layout())

    def _layout(self) -> Layout:
        """What of this screen the next one may begin with."""
        boxes = [(self.panes[name], box) for name, box in self._boxes.items() if box.height > 1]
        frames = [(*box, pane.name_cells) for pane, box in boxes]
        height = self.size.height
        return Layout(frames, kept=[height - 1], emptied=[0, 1, height - 2])

    @property
    def _interval_s(self) -> float:
        return self.wire.link.profile.interval_s

    def _repaints(self) -> int:
        return sum(part.repaints for part in (*self.shown(), self.flash_line, self.footer_line))

    def about_terminal(self) -> list[Line]:
        return [line(""), line((self.wire.link.words, "muted"))]

    def forget_shown(self) -> None:
        self.wire.forget()

    def tell(self, text: str, role: str = "info") -> None:
        """Say something on the flash line."""
        self.told = (text, role, monotonic_s() + FLASH_S)
        self.draw()

    def untell(self) -> None:
        """What was said on the flash line is over."""
        self.told = ("", "text", 0.0)

    def moment(self) -> Frame:
        """What the feed shows now."""
        return frame_of(self.feed, self._census)

    def draw(self, *, data: bool = False) -> None:
        """Paint the newest state; only what differs is sent to the terminal.

        Soon after a key only what it changed is painted, unless it is the turn of ``data``.
        """
        if not self.is_mounted or not self.size.width:
            return
        now = monotonic_s()
        if self.told[0] and self.wire.keyed_since(self.told[2] - FLASH_S + READ_S):
            # Another key was pressed since it could be read: it speaks of what was, not of what that key did.
            self.untell()
        width, height = self.size
        boxes = arrange(
            width,
            height,
            self.focused_name,
            zoomed=self.zoomed,
            layout=self.layout_name,
            presets=self.presets,
        )
        # What a key changes is shown at once; what happens meanwhile, with the next data frame.
        hurried = not data and self._is_hurried(now) and boxes == self._boxes
        frame = self.moment()
        if not hurried:
            self.dirty, self._painted_s, self._known = False, now, bool(frame.state.seq)
            self._draw_bars(frame, width, height)
        self._draw_lines(frame, width, height, hurried=hurried)
        for name, pane in self.panes.items():
            box, active = boxes.get(name), name == self.focused_name
            if box is None or box.height < 1:
                pane.display = False
                continue
            pane.place(*box)
            pane.paint(frame, width=box.width, active=active, hurried=hurried)
        self.read_on()
        if any(pane.unfinished for pane in self.panes.values() if pane.display):
            # Keys that wait come first.
            self.call_later(self.draw)
        if boxes != self._boxes:
            # How much fits, and so what is left over, is known when the panes have their new sizes.
            self._boxes = boxes
            self.call_after_refresh(self.draw)
        if self.paint_log is not None:
            self.call_after_refresh(self._log_paint, self.feed.epoch, frame.state.seq, frame.room_ms)

    def _is_hurried(self, now: float) -> bool:
        """Whether to paint only what a key changed: the feed moves, and a data frame comes soon."""
        return self.dirty and self.live is not None and self.wire.keyed(now)

    def _draw_bars(self, frame: Frame, width: int, height: int) -> None:
        state = frame.state
        self.bar.place(0, 0, width, 1)
        read_only = self.live is not None and self.live.read_only
        due = clocks(state, frame.now)
        absence = self.feed.absence
        self.bar.show([severity_bar(state, frame.now, width, due, read_only=read_only, absence=absence)])
        self.vitals.place(0, 1, width, 1)
        facts = state.cluster.revision, state.alerts.revision, state.metrics.revision, frame.sources
        if self._vitals_seen.changed(state, width, *facts):
            self.vitals.show([vitals(state, width, frame.census)])

    def _draw_lines(self, frame: Frame, width: int, height: int, *, hurried: bool) -> None:
        state = frame.state
        self.tabs.display = has_tabs(width, height, zoomed=self.zoomed or self.is_guest)
        if self.tabs.display:
            self.tabs.place(0, 2, width, 1)
            counts = () if hurried else (state.cluster.revision, state.alerts.revision)
            if self._tabs_seen.changed(state, width, self.focused_name, *counts):
                census = frame.kept if hurried else frame.census
                self.tabs.show([tabs_of(state, census, self.focused_name, width)])
        self.flash_line.place(0, height - 2, width, 1)
        self.flash_line.show([flash_of(self.feed, self.told, self.keys, width=width)])
        self.footer_line.place(0, height - 1, width, 1)
        keys = footer_text(width - 2, replay=self.replay is not None, keys=self.keys)
        self.footer_line.show([line(f" {keys}")])

    def _log_paint(self, epoch: int, seq: int, room_ms: int) -> None:
        if (
            epoch
            and self.paint_log is not None
            and not self.dirty
            and self.feed.absence is None
            and (self.feed.state.seq, self.feed.room_ms) == (seq, room_ms)
        ):
            self.paint_log.note(epoch, seq, room_ms, self.size, self.painted_hash())

    def painted_hash(self) -> str:
        """A hash of the painted cells of bar, vitals, tabs and panes: what live and replay must agree on."""
        digest = hashlib.sha256()
        for part in self.shown():
            digest.update(part.painted().encode("utf-8", "replace"))
        return digest.hexdigest()

    def shown(self) -> Iterator[LineWidget]:
        """What shows the room, from above: all but the flash line and the footer."""
        yield from (part for part in (self.bar, self.vitals, self.tabs) if part.display)
        for pane in self.panes.values():
            if pane.display:
                yield pane
                yield pane.body


class LiveScreen(RoomScreen):
    """A room as it is."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(keys_for(replay=False))


class ReplayScreen(RoomScreen):
    """A recording; keys that act do not exist here."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(keys_for(replay=True))
