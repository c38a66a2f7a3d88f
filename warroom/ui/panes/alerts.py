"""The Alerts pane: groups of alerts, the loud and the worst first; Enter opens a group, then an alert."""

from collections.abc import Hashable

from warroom.model.nouns import Alert, Fingerprint
from warroom.state.slices import Acknowledgement
from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.virtual_table import ListedRows, Rows, VirtualTable
from warroom.views.alerts import (
    COLUMNS,
    MEMBER_COLUMNS,
    MemberRows,
    alert_lines,
    alert_rows,
    alerts_title,
    group_title,
)
from warroom.views.lines import line
from warroom.views.matching import Matching
from warroom.views.rows import Column, Line, Title
from warroom.views.sources import absence
from warroom.views.subjects import alert_subject


class AlertsPane(Pane):
    """One row a group; inside of one, a row an alert."""

    number = 2

    def __init__(self, theme: Theme) -> None:
        self.groups, self.members = VirtualTable(theme), VirtualTable(theme)
        self._taken: dict[Fingerprint, Acknowledgement] = {}
        self.matching: Matching[Fingerprint, Alert] = self._made_matching()
        super().__init__(theme, self.groups, self.members)

    @property
    def table(self) -> VirtualTable:
        """The table that is seen."""
        return self.members if self.path else self.groups

    @property
    def sortable(self) -> tuple[Column, ...]:
        return MEMBER_COLUMNS if self.path else COLUMNS

    def _made_matching(self) -> Matching[Fingerprint, Alert]:
        return Matching(lambda alert: alert_subject(alert, self._taken.get(alert.fingerprint)))

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        return frame.state.alerts.revision, frame.minute, frame.sources

    def fill(self, frame: Frame) -> None:
        alerts, known = frame.state.alerts, frame.census.alerts
        if self._taken != alerts.acknowledged:
            self._taken, self.matching = dict(alerts.acknowledged), self._made_matching()
        self.matching.update(alerts.alerts, self.passing)
        only = self.matching.keys if self.passing else None
        rows: Rows
        if self.path:
            group = known.groups.get(self.path[0])
            rows, total = ListedRows(), group.size if group is not None else 0
            if group is not None:
                rows = MemberRows(frame.state, frame.minute, group, self.sorting, known, only)
            empty = line((f"no {self.path[0]} any more; Esc goes back", "muted"))
        else:
            total = len(known.groups)
            rows = ListedRows(alert_rows(frame.state, frame.minute, known, self.sorting, only))
            empty = absence(frame.state, "alerts", none="no alert fires")
        self.matched = len(rows), total
        if self.passing and total:
            empty = self.nothing
        self.table.show(self.sortable, rows, selected=self.selected, empty=empty)

    def title(self, frame: Frame) -> Title:
        if self.path:
            return group_title(frame.state, frame.room_ms, frame.census.alerts, self.path[0])
        return alerts_title(frame.state, frame.room_ms, frame.census.alerts)

    def more(self) -> str:
        below = self.table.below
        return f"{below:,} more" if below else ""

    def enter(self, frame: Frame) -> bool:
        group = frame.census.alerts.groups.get(self.cursor) if not self.path else None
        if group is None or group.size == 1:
            return False
        self.open(group.name)
        self.members.start()
        return True

    def called(self, frame: Frame) -> str:
        alert = frame.census.alerts.alert(self.cursor)
        return str(alert.name) if alert is not None else self.cursor

    def detail(self, frame: Frame) -> list[Line]:
        return alert_lines(frame.state, self.cursor, frame.now, frame.census.alerts)
