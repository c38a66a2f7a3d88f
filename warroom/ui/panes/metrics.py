"""The Metrics pane: one line an indicator."""

from collections.abc import Hashable

from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.lines import Lines
from warroom.views.around import around_lines
from warroom.views.filtering import checker
from warroom.views.metrics import lateness, metric_lines, metrics_title
from warroom.views.rows import Line, Title
from warroom.views.subjects import lines_subject


class MetricsPane(Pane):
    """Free lines, drawn for the width there is."""

    number = 5

    def __init__(self, theme: Theme) -> None:
        self.lines = Lines(theme)
        super().__init__(theme, self.lines)

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        late = lateness(frame.state, frame.now)
        return frame.state.metrics.revision, late, frame.sources

    def fill(self, frame: Frame) -> None:
        lines = metric_lines(frame.state, frame.now, self.inside)
        total = len(frame.state.metrics.indicators)
        if self.passing and total:
            passes = checker(self.passing)
            lines = [one for one in lines if passes(lines_subject([one]))]
        self.matched = len(lines), total
        self.lines.show(lines or [self.nothing])

    def title(self, frame: Frame) -> Title:
        return metrics_title(frame.state, frame.room_ms)

    def detail(self, frame: Frame) -> list[Line]:
        return around_lines(frame.state, frame.now)

    def more(self) -> str:
        return f"{self.lines.below} more" if self.lines.below else ""
