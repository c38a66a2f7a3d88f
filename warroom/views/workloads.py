"""The Workloads pane: what is broken and critical first."""

from collections.abc import Sequence
from datetime import datetime

from warroom.model.nouns import Workload, WorkloadId, WorkloadState
from warroom.state.slices import State
from warroom.views.ages import since
from warroom.views.census import Census, ChosenWorkloads, Workloads, census_of
from warroom.views.lines import line
from warroom.views.rows import Cell, Column, Line, Row, Title
from warroom.views.sources import titled

COLUMNS = (
    Column("WORKLOAD", 18, priority=10, most=40),
    Column("READY", 6, align="right", priority=9),
    Column("STATE", 9, priority=9),
    Column("PRIO", 8, priority=6),
    Column("NODES", None, priority=9, most=28),
    Column("RST", 4, align="right", priority=5),
    Column("RUNS", 20, priority=7, most=60),
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


def workloads_title(state: State, room_ms: int, census: Census | None = None) -> Title:
    """Name, how many run and how many are broken, source."""
    workloads = (census or census_of(state)).workloads
    running, broken = workloads.states[WorkloadState.RUNNING], workloads.broken
    none = "none" if state.cluster.listed else ""
    count = f"{running} running" + (f" {broken} broken" if broken else "") if workloads.total else none
    return titled(state, "cluster", room_ms, name="Workloads", count=count)


class WorkloadRows(Sequence[Row]):
    """One row a workload, what is broken first; each row is made when it is looked at."""

    def __init__(self, workloads: Workloads | ChosenWorkloads, now: datetime) -> None:
        self._workloads = workloads
        self._now = now

    def __len__(self) -> int:
        return self._workloads.total

    def __getitem__(self, place: int) -> Row:  # type: ignore[override]
        if not 0 <= place < len(self):
            raise IndexError(place)
        return _row(self._workloads.at(place), self._now)

    def place(self, key: str) -> int | None:
        """Where the row with that key stands."""
        return self._workloads.place(WorkloadId(key))


def workload_rows(state: State, now: datetime) -> WorkloadRows:
    """The rows of the whole table."""
    return WorkloadRows(census_of(state).workloads, now)


def _row(workload: Workload, now: datetime) -> Row:
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
            Cell(_runs(workload), "muted"),
            Cell(since(workload.changed, now), "muted"),
        ),
        role,
    )


def _runs(workload: Workload) -> str:
    """The image without its registry, or the command where there are no images."""
    return str(workload.image).rpartition("/")[2] if workload.image else str(workload.command)


def _name(workload: Workload) -> str:
    if str(workload.id) == str(workload.name):
        return str(workload.name)
    # The id alone says it when it begins with the name, as in chat-api-2.
    return (
        str(workload.id) if workload.id.startswith(str(workload.name)) else f"{workload.id} {workload.name}"
    )


def workload_lines(state: State, identity: str, now: datetime) -> list[Line]:
    """Everything known of one workload."""
    workload = state.cluster.workloads.get(WorkloadId(identity))
    if workload is None:
        return [line((f"{identity} is not in the cluster's list", "unknown"))]
    glyph, role = ROLES[workload.state]
    lines = [
        line((f"{glyph} {workload.name} ({workload.id})  {workload.state.value}", role)),
        line(
            ("ready ", "muted"),
            f"{workload.ready} of {workload.desired}",
            ("   priority ", "muted"),
            workload.priority or "—",
        ),
        line(("runs ", "muted"), workload.image or workload.command or "—"),
        line(("labels ", "muted"), " ".join(f"{k}={v}" for k, v in sorted(workload.labels.items())) or "—"),
        line(
            ("selector ", "muted"),
            " ".join(f"{k}={v}" for k, v in sorted(workload.selector.items())) or "anywhere",
        ),
        line(
            ("changed ", "muted"),
            since(workload.changed, now),
            ("   submitted ", "muted"),
            since(workload.submitted, now),
        ),
    ]
    if workload.reason:
        lines.append(line(("reason ", "muted"), (str(workload.reason), role)))
    here = sorted(
        (i for i in state.cluster.instances.values() if i.workload == workload.id), key=lambda i: i.id
    )
    lines += [line(f"  {i.id}  {i.state.value}  on {i.node or 'no node'}  {i.reason}") for i in here]
    return lines
