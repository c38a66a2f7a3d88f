"""The rows of the Workloads pane: each made when it is looked at; a crowd in one state is one row with its count."""

from collections.abc import Callable, Sequence, Set
from datetime import datetime
from typing import Any

from warroom.model.nouns import Workload, WorkloadId, WorkloadState
from warroom.views.ages import since
from warroom.views.census import RANKS, WORST_FIRST, Order, Workloads
from warroom.views.rows import Cell, Column, Row
from warroom.views.sorting import Sorting

COLUMNS = (
    Column("WORKLOAD", 18, priority=10, most=40),
    Column("READY", 6, align="right", priority=9),
    Column("STATE", 9, priority=9),
    Column("PRIO", 8, priority=6),
    Column("NODES", None, priority=9, least=9, most=28),
    Column("RST", 4, align="right", priority=7),
    Column("RUNS", 16, priority=7, most=60),
    Column("CHG", 5, align="right", priority=8),
)
ROLES = {
    WorkloadState.FAILED: ("✖", "critical"),
    WorkloadState.DEGRADED: ("▲", "warning"),
    WorkloadState.UNKNOWN: ("?", "unknown"),
    WorkloadState.PENDING: ("◌", "warning"),
    WorkloadState.RUNNING: ("✔", "ok"),
    WorkloadState.COMPLETED: ("·", "muted"),
    WorkloadState.STOPPED: ("·", "muted"),
}
Piece = tuple[int, int, WorkloadState | None]
"""Where a run of workloads begins in the order, how many rows it has, and whose crowd it is."""

FOLDED = 1_000
"""More workloads than that in one state are one row with their count."""
CROWD = "all "
"""A crowd's key is this and its state."""

SORTS: dict[str, Callable[[Workload], tuple[Any, ...]]] = {
    "WORKLOAD": lambda w: (str(w.name),),
    "READY": lambda w: (w.ready - w.desired,),
    "STATE": lambda w: (RANKS[w.state],),
    "PRIO": lambda w: (str(w.priority),),
    "NODES": lambda w: (not w.nodes, w.nodes),
    "RST": lambda w: (-(w.restarts or 0),),
    "RUNS": lambda w: (runs(w),),
    "CHG": lambda w: (-w.changed.timestamp() if w.changed else 0.0,),
}


def crowd_of(key: str) -> WorkloadState | None:
    """The state whose crowd a key means."""
    return next((state for state in WORST_FIRST if key == f"{CROWD}{state.value}"), None)


class WorkloadRows(Sequence[Row]):
    """One row a workload, what is broken first, a crowd in one row; or only those of one state."""

    def __init__(
        self,
        workloads: Workloads,
        now: datetime,
        *,
        sorting: Sorting | None = None,
        only: WorkloadState | None = None,
        chosen: Set[WorkloadId] | None = None,
    ) -> None:
        """``chosen``: which pass a filter; each of these has its row."""
        self._workloads, self._now, self._only = workloads, now, only
        column = sorting.column if sorting is not None else ""
        self._reverse = sorting is not None and sorting.reverse
        self._order = self._ordered(column)
        self._runs: list[Piece]
        if chosen is not None:
            self._order = workloads.chosen(self._order, chosen, only)
            self._runs = [(0, len(self._order), None)]
        else:
            self._runs = self._pieces(folding=not column and only is None)
        self._size = sum(shown for _, shown, _ in self._runs)

    def _ordered(self, column: str) -> Order:
        by = SORTS.get(column)
        if by is None:
            return self._workloads.ordered()
        if self._only is None:
            return self._workloads.ordered(column, lambda w: (*by(w), w.id))
        return self._workloads.ordered(f"{column} in states", lambda w: (RANKS[w.state], *by(w), w.id))

    def _pieces(self, *, folding: bool) -> list[Piece]:
        """The runs of the table, the worst state first."""
        pieces: list[Piece] = []
        begin = 0
        for state in WORST_FIRST:
            count = self._workloads.states[state]
            if self._only in (None, state) and count:
                crowd = folding and count > FOLDED
                pieces.append((begin, 1 if crowd else count, state if crowd else None))
            begin += count
        return pieces

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: int) -> Row:  # type: ignore[override]
        if not 0 <= place < self._size:
            raise IndexError(place)
        at = self._size - 1 - place if self._reverse else place
        for begin, shown, crowd in self._runs:
            if at < shown:
                if crowd is not None:
                    return _crowd_row(crowd, self._workloads.states[crowd])
                workload = self._workloads.one(self._order.at(begin + at))
                assert workload is not None
                return workload_row(workload, self._now)
            at -= shown
        raise IndexError(place)

    def place(self, key: str) -> int | None:
        """Where the row with that key stands."""
        workload = self._workloads.one(key)
        crowd = crowd_of(key) if workload is None else None
        at = None if workload is None else self._order.place(workload)
        above = 0
        for begin, shown, folded in self._runs:
            here = above + at - begin if at is not None and folded is None else None
            if crowd is not None and folded is crowd:
                here = above
            if here is not None and above <= here < above + shown:
                return self._size - 1 - here if self._reverse else here
            above += shown
        return None


def _crowd_row(state: WorkloadState, count: int) -> Row:
    glyph, role = ROLES[state]
    name = f"{CROWD}{state.value}"
    cells = [Cell("", role) for _ in COLUMNS]
    cells[0] = Cell(f"{glyph} {count:,} workloads", role)
    cells[2] = Cell(state.value, role)
    cells[4] = Cell("Enter lists them", "muted")
    return Row(name, tuple(cells), role)


def workload_row(workload: Workload, now: datetime) -> Row:
    """One workload."""
    glyph, role = ROLES[workload.state]
    over = role == "muted"
    where = ",".join(workload.nodes) or (str(workload.reason) if not over else "")
    mark = "!" if workload.critical else " "
    return Row(
        str(workload.id),
        (
            Cell(f"{glyph}{mark}{_name(workload)}", role),
            Cell(f"{workload.ready}/{workload.desired}", role),
            Cell(workload.state.value, role),
            Cell(str(workload.priority) or "—", "muted" if over else "text"),
            Cell(where, "muted" if over else "text"),
            Cell("—" if workload.restarts is None else str(workload.restarts), "muted"),
            Cell(runs(workload), "muted"),
            Cell(since(workload.changed, now), "muted"),
        ),
        role,
    )


def runs(workload: Workload) -> str:
    """The image without its registry, or the command where there are no images."""
    return str(workload.image).rpartition("/")[2] if workload.image else str(workload.command)


def _name(workload: Workload) -> str:
    if str(workload.id) == str(workload.name):
        return str(workload.name)
    # The id alone says it when it begins with the name, as in chat-api-2.
    return (
        str(workload.id) if workload.id.startswith(str(workload.name)) else f"{workload.id} {workload.name}"
    )
