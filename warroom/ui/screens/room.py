"""The room's screen: severity bar, vitals, panes, flash line and footer; live and in a replay the same."""

import hashlib
from datetime import timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from warroom.clock import monotonic_s
from warroom.host.feed import Feed, LiveFeed, ReplayFeed
from warroom.ui.acting import Acting
from warroom.ui.canvas import Canvas
from warroom.ui.keys import footer_text, keys_for
from warroom.ui.layout import PANES, arrange, has_tabs
from warroom.ui.looking import Looking
from warroom.ui.paintlog import PaintLog
from warroom.ui.panes.pane import Frame, Pane
from warroom.ui.panes.seven import PANES as PANE_TYPES
from warroom.ui.playing import Playing
from warroom.ui.theme import Theme
from warroom.views.ages import age, clock
from warroom.views.bar import severity_bar, vitals
from warroom.views.lines import line
from warroom.views.rows import Cell, Line

FRAME_S = 0.25
"""Data is painted four times a second at most; what a key changes at once."""
FLASH_S = 12.0


def bindings(replay: bool) -> list[BindingType]:
    """Textual's bindings, made from the key table."""
    return [Binding(key.keys, key.id, key.help, show=False) for key in keys_for(replay)]


class RoomScreen(Screen[None], Acting, Looking, Playing, inherit_bindings=False):
    """One feed on one screen."""

    CSS = "RoomScreen { layout: vertical; overflow: hidden; }"

    def __init__(self, feed: Feed, theme: Theme, paint_log: PaintLog | None = None) -> None:
        super().__init__()
        self.feed = feed
        self.look = theme
        self.paint_log = paint_log
        self.bar, self.vitals, self.tabs = Canvas(theme, role="bar"), Canvas(theme), Canvas(theme)
        self.flash_line, self.footer_line = Canvas(theme), Canvas(theme, role="bar")
        self.panes: dict[str, Pane] = {name: PANE_TYPES[name](theme) for name in PANES}
        self.focused_name = "alerts"
        self.zoomed = False
        self.dirty = True
        self.told = ("", "text", 0.0)
        self.last_tick = monotonic_s()

    @property
    def live(self) -> LiveFeed | None:
        """The feed, if commands can be sent through it."""
        return self.feed if isinstance(self.feed, LiveFeed) else None

    @property
    def replay(self) -> ReplayFeed | None:
        """The feed, if it is a recording."""
        return self.feed if isinstance(self.feed, ReplayFeed) else None

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
        self.set_interval(FRAME_S, self.tick)
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def feed_moved(self) -> None:
        """The state or the time moved on; it is painted with the next frame."""
        self.dirty = True

    def tick(self) -> None:
        """The clock of data frames; in a replay also what moves the playhead."""
        now = monotonic_s()
        elapsed, self.last_tick = now - self.last_tick, now
        replay = self.replay
        if replay is not None and replay.playing:
            replay.advance(elapsed)
        if self.told[0] and now > self.told[2]:
            self.told = ("", "text", 0.0)
            self.dirty = True
        if self.dirty:
            self.draw()

    def tell(self, text: str, role: str = "info") -> None:
        """Say something on the flash line."""
        self.told = (text, role, monotonic_s() + FLASH_S)
        self.draw()

    def draw(self) -> None:
        """Paint the newest state; only what differs is sent to the terminal."""
        if not self.is_mounted or not self.size.width:
            return
        self.dirty = False
        feed, (width, height) = self.feed, self.size
        frame = Frame(feed.state, feed.now, feed.room_ms, feed.log_tail)
        self.bar.place(0, 0, width, 1)
        self.bar.show([severity_bar(frame.state, frame.now, width)])
        self.vitals.place(0, 1, width, 1)
        self.vitals.show([vitals(frame.state, width)])
        self._draw_tabs(frame, width, height)
        boxes = arrange(width, height, self.focused_name, zoomed=self.zoomed)
        for name, pane in self.panes.items():
            pane.focused_pane = name == self.focused_name
            box = boxes.get(name)
            if box is None or box.height < 1:
                pane.display = False
                continue
            pane.place(*box)
            pane.paint(frame, box.width, box.height)
        self.flash_line.place(0, height - 2, width, 1)
        self.flash_line.show([self._flash()])
        self.footer_line.place(0, height - 1, width, 1)
        self.footer_line.show(
            [Line((Cell(" " + footer_text(width - 2, replay=self.replay is not None), "text"),))]
        )
        if self.paint_log is not None:
            self.call_after_refresh(self._log_paint, feed.epoch, frame.state.seq, frame.room_ms)

    def _log_paint(self, epoch: int, seq: int, room_ms: int) -> None:
        if (
            epoch
            and self.paint_log is not None
            and not self.dirty
            and (self.feed.state.seq, self.feed.room_ms) == (seq, room_ms)
        ):
            self.paint_log.note(epoch, seq, room_ms, self.size, self.painted_hash())

    def painted_hash(self) -> str:
        """A hash of the painted cells of bar, vitals, tabs and panes: what live and replay must agree on."""
        digest = hashlib.sha256()
        for part in (self.bar, self.vitals, self.tabs, *self.panes.values()):
            if part.display:
                digest.update(part.painted().encode("utf-8", "replace"))
        return digest.hexdigest()

    def _draw_tabs(self, frame: Frame, width: int, height: int) -> None:
        if not has_tabs(width, height, zoomed=self.zoomed):
            self.tabs.display = False
            return
        state = frame.state
        counts = {
            "alerts": len(state.alerts.alerts),
            "nodes": sum(n.state.value != "ready" for n in state.cluster.nodes.values()),
            "workloads": sum(
                w.state.value in ("failed", "degraded") for w in state.cluster.workloads.values()
            ),
        }
        cells = []
        for number, name in enumerate(PANES, 1):
            count = f" {counts[name]}" if counts.get(name) else ""
            word = f"{name.upper() if name == self.focused_name else name.capitalize()}"
            short = {"workloads": "WORK" if name == self.focused_name else "Work"}.get(name, word)
            role = "accent" if name == self.focused_name else "critical" if count else "muted"
            cells.append((f" {number} {short}{count} ", role))
        self.tabs.place(0, 2, width, 1)
        self.tabs.show([line(*cells)])

    def _flash(self) -> Line:
        if self.feed.trouble:
            return line((f" ⚠ {self.feed.trouble}; what you see is old", "lost"))
        if self.told[0]:
            return line((f" {self.told[0]}", self.told[1]))
        if self.feed.state.room.degraded:
            return line((f" NOT RECORDING: {self.feed.state.room.degraded}", "critical"))
        replay = self.replay
        if replay is not None:
            return self._replay_line(replay)
        latest = next(reversed(self.feed.state.actions.actions.values()), None)
        if latest is None:
            return line((" ", "muted"))
        verdict = latest.verdict.value if latest.verdict else latest.stage
        role = {"effect seen": "ok", "not seen": "critical", "failed": "critical", "refused": "warning"}.get(
            verdict, "info"
        )
        return line(
            (f" {latest.action} {latest.plan.title}: {verdict}", role), (f"  {latest.detail}", "muted")
        )

    def _replay_line(self, replay: ReplayFeed) -> Line:
        done = timedelta(milliseconds=replay.room_ms - replay.first_ms)
        whole = timedelta(milliseconds=replay.last_ms - replay.first_ms)
        state = "▶ playing" if replay.playing else "⏸ paused"
        return line(
            (
                f" REPLAY {state} {replay.speed:g}x  {clock(done)} of {clock(whole)}  #{replay.state.seq}  "
                f"{age(whole - done)} left ",
                "replay",
            )
        )


class LiveScreen(RoomScreen):
    """A room as it is."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(replay=False)


class ReplayScreen(RoomScreen):
    """A recording; keys that act do not exist here."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(replay=True)
