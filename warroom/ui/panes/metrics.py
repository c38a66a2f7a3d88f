"""The Metrics pane: one line an indicator, at present or at the time cursor."""

from collections.abc import Hashable
from datetime import datetime

from warroom.state.slices import State
from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.entries import Entries
from warroom.views.around import around_lines
from warroom.views.filtering import checker
from warroom.views.metrics import column_time, lateness, metric_entries, metrics_title
from warroom.views.rows import Entry, Line, Title
from warroom.views.subjects import lines_subject


class MetricsPane(Pane):
    """The cursor goes from indicator to indicator, and to the side from time to time."""

    number = 5

    def __init__(self, theme: Theme) -> None:
        self.lines = Entries(theme)
        self.at: datetime | None = None
        """The time that is looked at; None for now."""
        self.typed: list[str] = []
        """Queries that were plotted, the newest last."""
        super().__init__(theme, self.lines)

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        late = lateness(frame.state, frame.now)
        return frame.state.metrics.revision, late, frame.sources

    def wish(self) -> Hashable:
        return self.at

    def fill(self, frame: Frame) -> None:
        entries = metric_entries(frame.state, frame.now, self.inside, at=self.at)
        total = len(frame.state.metrics.indicators)
        if self.passing and total:
            passes = checker(self.passing)
            entries = [one for one in entries if passes(lines_subject(one.lines, metric=one.key))]
        self.matched = len(entries), total
        self.lines.show(entries or [Entry("", (self.nothing,))])

    def title(self, frame: Frame) -> Title:
        return metrics_title(frame.state, frame.room_ms, at=self.at)

    def detail(self, frame: Frame) -> list[Line]:
        return around_lines(frame.state, frame.now)

    def column(self, state: State, by: int) -> datetime | None:
        """The time of the next column on, or back; None for now."""
        return column_time(state, self.cursor, self.at, by)

    def more(self) -> str:
        return f"{self.lines.below} more" if self.lines.below else ""
