"""The Alerts pane: groups of alerts, the loud and the worst first."""

from collections.abc import Hashable

from warroom.model.nouns import Alert, Fingerprint
from warroom.state.slices import Acknowledgement
from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.virtual_table import ListedRows, VirtualTable
from warroom.views.alerts import COLUMNS, alert_lines, alert_rows, alerts_title
from warroom.views.matching import Matching
from warroom.views.rows import Line, Title
from warroom.views.sources import absence
from warroom.views.subjects import alert_subject


class AlertsPane(Pane):
    """One row a group."""

    number = 2

    def __init__(self, theme: Theme) -> None:
        self.table = VirtualTable(theme)
        self._taken: dict[Fingerprint, Acknowledgement] = {}
        self.matching: Matching[Fingerprint, Alert] = self._made_matching()
        super().__init__(theme, self.table)

    def _made_matching(self) -> Matching[Fingerprint, Alert]:
        return Matching(lambda alert: alert_subject(alert, self._taken.get(alert.fingerprint)))

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        return frame.state.alerts.revision, frame.minute, frame.sources

    def fill(self, frame: Frame) -> None:
        alerts = frame.state.alerts
        if self._taken != alerts.acknowledged:
            self._taken, self.matching = dict(alerts.acknowledged), self._made_matching()
        self.matching.update(alerts.alerts, self.passing)
        only = self.matching.keys if self.passing else None
        rows = ListedRows(alert_rows(frame.state, frame.minute, only))
        self.matched = len(rows), len({alert.name for alert in alerts.alerts.values()})
        empty = self.nothing if self.matched[1] else absence(frame.state, "alerts", none="no alert fires")
        self.table.show(COLUMNS, rows, selected=self.selected, empty=empty)

    def title(self, frame: Frame) -> Title:
        return alerts_title(frame.state, frame.room_ms)

    def more(self) -> str:
        return f"{self.table.below} more" if self.table.below else ""

    def detail(self, frame: Frame) -> list[Line]:
        return alert_lines(frame.state, self.cursor, frame.now)
