"""The Alerts pane: groups of alerts, the loud and the worst first."""

from collections.abc import Hashable

from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.virtual_table import ListedRows, VirtualTable
from warroom.views.alerts import COLUMNS, alert_lines, alert_rows, alerts_title
from warroom.views.rows import Line, Title
from warroom.views.sources import absence


class AlertsPane(Pane):
    """One row a group."""

    number = 2

    def __init__(self, theme: Theme) -> None:
        self.table = VirtualTable(theme)
        super().__init__(theme, self.table)

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        return frame.state.alerts.revision, frame.minute, frame.sources

    def fill(self, frame: Frame) -> None:
        rows = ListedRows(alert_rows(frame.state, frame.minute))
        empty = absence(frame.state, "alerts", none="no alert fires")
        self.table.show(COLUMNS, rows, selected=self.selected, empty=empty)

    def title(self, frame: Frame) -> Title:
        return alerts_title(frame.state, frame.room_ms)

    def more(self) -> str:
        return f"{self.table.below} more" if self.table.below else ""

    def detail(self, frame: Frame) -> list[Line]:
        return alert_lines(frame.state, self.cursor, frame.now)
