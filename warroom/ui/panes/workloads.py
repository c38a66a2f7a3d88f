"""The Workloads pane: services and jobs, what is broken and critical first."""

from collections.abc import Hashable

from warroom.model.nouns import Workload, WorkloadId
from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.virtual_table import VirtualTable
from warroom.views.matching import Matching
from warroom.views.rows import Line, Title
from warroom.views.sources import absence
from warroom.views.subjects import workload_subject
from warroom.views.workloads import COLUMNS, WorkloadRows, workload_lines, workloads_title


class WorkloadsPane(Pane):
    """One row a workload, made when it is looked at."""

    number = 4

    def __init__(self, theme: Theme) -> None:
        self.table = VirtualTable(theme)
        self.matching: Matching[WorkloadId, Workload] = Matching(workload_subject)
        super().__init__(theme, self.table)

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        return frame.state.cluster.revision, frame.minute, frame.sources

    def fill(self, frame: Frame) -> None:
        every = frame.census.workloads
        self.matching.update(frame.state.cluster.workloads, self.passing)
        rows = WorkloadRows(every.chosen(self.matching.keys) if self.passing else every, frame.minute)
        self.matched = len(rows), every.total
        none = absence(frame.state, "cluster", none="no workload is listed")
        empty = self.nothing if every.total else none
        self.table.show(COLUMNS, rows, selected=self.selected, empty=empty)

    def title(self, frame: Frame) -> Title:
        return workloads_title(frame.state, frame.room_ms, frame.census)

    def more(self) -> str:
        return f"{self.table.below:,} more" if self.table.below else ""

    def detail(self, frame: Frame) -> list[Line]:
        return workload_lines(frame.state, self.cursor, frame.now) if self.cursor else []
