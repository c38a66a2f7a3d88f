"""The Workloads pane: services and jobs, what is broken and critical first."""

from collections.abc import Hashable

from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.virtual_table import VirtualTable
from warroom.views.rows import Line, Title
from warroom.views.sources import absence
from warroom.views.workloads import COLUMNS, WorkloadRows, workload_lines, workloads_title


class WorkloadsPane(Pane):
    """One row a workload, made when it is looked at."""

    number = 4

    def __init__(self, theme: Theme) -> None:
        self.table = VirtualTable(theme)
        super().__init__(theme, self.table)

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        return frame.state.cluster.revision, frame.minute, frame.sources

    def fill(self, frame: Frame) -> None:
        rows = WorkloadRows(frame.census.workloads, frame.minute)
        empty = absence(frame.state, "cluster", none="no workload is listed")
        self.table.show(COLUMNS, rows, selected=self.selected, empty=empty)

    def title(self, frame: Frame) -> Title:
        return workloads_title(frame.state, frame.room_ms, frame.census)

    def more(self) -> str:
        return f"{self.table.below:,} more" if self.table.below else ""

    def detail(self, frame: Frame) -> list[Line]:
        return workload_lines(frame.state, self.cursor, frame.now) if self.cursor else []
