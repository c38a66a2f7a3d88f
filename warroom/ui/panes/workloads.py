"""The Workloads pane: services and jobs, what is broken and critical first; Enter opens what is behind a row."""

from collections.abc import Hashable, Iterable

from warroom.model.nouns import Workload, WorkloadId
from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.line_widget import Body
from warroom.ui.widgets.virtual_table import VirtualTable
from warroom.views import instances
from warroom.views.instances import InstanceRows, instance_lines, instances_title
from warroom.views.lines import line
from warroom.views.matching import Matching
from warroom.views.members import Members
from warroom.views.rows import Column, Line, Title
from warroom.views.sources import absence
from warroom.views.subjects import workload_subject
from warroom.views.workload_rows import COLUMNS, WorkloadRows, crowd_of
from warroom.views.workloads import workload_lines, workloads_title


class WorkloadsPane(Pane):
    """One row a workload, or a crowd of them in one state; inside of a workload, a row an instance."""

    number = 4

    def __init__(self, theme: Theme) -> None:
        self.table, self.crowd, self.inside_of = VirtualTable(theme), VirtualTable(theme), VirtualTable(theme)
        self._members = Members()
        self.matching: Matching[WorkloadId, Workload] = Matching(workload_subject)
        super().__init__(theme, self.table, self.crowd, self.inside_of)

    @property
    def opened(self) -> str:
        """The workload whose instances are seen; empty where workloads are."""
        return "" if not self.path or crowd_of(self.path[-1]) is not None else self.path[-1]

    @property
    def body(self) -> Body:
        return self._seen_table

    @property
    def _seen_table(self) -> VirtualTable:
        return self.inside_of if self.opened else self.crowd if self.path else self.table

    @property
    def sortable(self) -> tuple[Column, ...]:
        return () if self.opened else COLUMNS

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        return frame.state.cluster.revision, frame.minute, frame.sources

    def fill(self, frame: Frame) -> None:
        if self.opened:
            inside = InstanceRows(self._members.update(frame.state.cluster.instances), self.opened)
            none = line((f"no instance of {self.opened} is listed; Esc goes back", "muted"))
            self.matched = len(inside), len(inside)
            self.inside_of.show(instances.COLUMNS, inside, selected=self.selected, empty=none)
            return
        only = crowd_of(self.path[-1]) if self.path else None
        every = frame.census.workloads
        self.matching.update(frame.state.cluster.workloads, self.passing)
        rows = WorkloadRows(
            every,
            frame.minute,
            sorting=self.sorting,
            only=only,
            chosen=self.matching.keys if self.passing else None,
        )
        self.matched = len(rows), every.states[only] if only is not None else every.total
        empty = absence(frame.state, "cluster", none="no workload is listed")
        if only is not None:
            empty = line((f"no workload is {only.value} any more; Esc goes back", "muted"))
        if self.passing and self.matched[1]:
            empty = self.nothing
        self._seen_table.show(COLUMNS, rows, selected=self.selected, empty=empty)

    def title(self, frame: Frame) -> Title:
        if self.opened:
            return instances_title(frame.state, frame.room_ms, self.opened)
        return workloads_title(frame.state, frame.room_ms, frame.census)

    def more(self) -> str:
        below = self._seen_table.below
        return f"{below:,} more" if below else ""

    def enter(self, frame: Frame) -> bool:
        key = self.cursor
        if self.opened or not key:
            return False
        is_crowd = frame.census.workloads.one(key) is None and crowd_of(key) is not None
        if not is_crowd and not self._members.update(frame.state.cluster.instances).of_workload(key):
            return False
        self.open(*self.path, key)
        self._seen_table.start()
        return True

    def detail(self, frame: Frame) -> list[Line]:
        if not self.cursor:
            return []
        if not self.opened:
            return workload_lines(frame.state, self.cursor, frame.now)
        members = self._members.update(frame.state.cluster.instances)
        log = (entry.line for entry in frame.log_tail.lines)
        about = workload_lines(frame.state, self.opened, frame.now)
        return [*instance_lines(self.cursor, members, self.opened, log), line(), *about]

    @property
    def subject(self) -> str:
        return self.opened or self.cursor

    def targets(self) -> list[str]:
        # What is done is done to the workload: no cluster here takes an action on one of its instances.
        return [self.opened] if self.opened else [t for t in super().targets() if crowd_of(t) is None]

    def toggle(self, keys: Iterable[str]) -> None:
        if not self.opened:
            super().toggle(key for key in keys if crowd_of(key) is None)
