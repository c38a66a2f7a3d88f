"""The time cursor: one time that Metrics, Logs and Timeline show together; Esc is now again."""

from datetime import datetime

from textual import work

from warroom.errors import WarroomError
from warroom.model.times import parse_time
from warroom.ui.panes.logs import LogsPane
from warroom.ui.panes.metrics import MetricsPane
from warroom.ui.panes.timeline import TimelinePane
from warroom.ui.parts import Part
from warroom.ui.screens.dialogs import Form
from warroom.views.lines import line

TIMED = ("metrics", "logs", "timeline")
"""Panes that go along; the same names as in the room."""


class Pointing(Part):
    """The keys that move the time cursor, and what follows it."""

    pointed: datetime | None = None
    """The time that is looked at; None for now."""

    @property
    def logs(self) -> LogsPane:
        """The Logs pane."""
        logs = self.panes["logs"]
        assert isinstance(logs, LogsPane)
        return logs

    @property
    def timeline(self) -> TimelinePane:
        """The Timeline pane."""
        timeline = self.panes["timeline"]
        assert isinstance(timeline, TimelinePane)
        return timeline

    @property
    def metrics(self) -> MetricsPane:
        """The Metrics pane."""
        metrics = self.panes["metrics"]
        assert isinstance(metrics, MetricsPane)
        return metrics

    def look_at(self, time: datetime, *, but: str = "") -> None:
        """Show that time in every pane that has times, besides the one that was moved in."""
        self.pointed = time
        self.metrics.at = self.logs.pointed = self.timeline.pointed = time
        if but != "logs":
            self.logs.aim(time)
        if but != "timeline":
            self.timeline.aim(time)

    def follow_cursor(self) -> None:
        """Somebody moved in a pane: the others go to the same time, or follow again with it."""
        if self.focused_name not in TIMED:
            return
        pane = self.pane
        time = pane.time if isinstance(pane, LogsPane | TimelinePane) else self.metrics.at
        if time is not None:
            self.look_at(time, but=self.focused_name)
        elif isinstance(pane, LogsPane | TimelinePane) and pane.view.following:
            self.look_at_now()

    def look_at_now(self) -> bool:
        """Follow what comes in again; False when that was so already."""
        had, self.pointed = self.pointed is not None, None
        self.metrics.at = self.logs.pointed = self.timeline.pointed = None
        if had:
            self.logs.follow()
            self.timeline.view.follow()
        return had

    def move_column(self, by: int) -> None:
        """The time cursor by one measured point of the indicator under the cursor."""
        time = self.metrics.column(self.feed.state, by)
        if time is None:
            self.look_at_now()
        else:
            self.look_at(time, but="metrics")

    @work
    async def action_look_at(self) -> None:
        """The time cursor to a time that is typed."""
        asked = [
            line("A time such as 14:32 or 14:32:07 (UTC), -5m for five minutes ago, or now."),
            line(("Metrics, Logs and Timeline go there; Esc follows again.", "muted")),
        ]
        text = await self.app.push_screen_wait(Form(self.look, "look at a time", asked))
        if text and text.strip():
            self.look_at_typed(text)

    def look_at_typed(self, text: str) -> None:
        """The time cursor to a time as people type it."""
        try:
            time = parse_time(text, self.feed.now)
        except WarroomError as wrong:
            self.tell(str(wrong), "warning")
            return
        if time >= self.feed.now:
            self.look_at_now()
        else:
            self.look_at(time)
        self.draw()
