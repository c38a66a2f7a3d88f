"""The instances of one workload: what is broken first."""

from collections.abc import Iterable, Sequence

from warroom.model.nouns import Instance, LogLine, WorkloadId
from warroom.state.slices import State
from warroom.views.census import RANKS
from warroom.views.lines import line
from warroom.views.logs import lines_of
from warroom.views.members import Members
from warroom.views.ready import ready_words
from warroom.views.rows import Cell, Column, Line, Row, Title
from warroom.views.sources import titled
from warroom.views.workload_rows import ROLES, runs

COLUMNS = (
    Column("INSTANCE", 20, priority=10, most=50),
    Column("STATE", 9, priority=9),
    Column("READY", 5, priority=7),
    Column("NODE", 12, priority=9, most=30),
    Column("RST", 4, align="right", priority=6),
    Column("REASON", None, priority=8),
)
LAST_LINES = 20
"""Log lines shown with one instance; ``l`` in the pane goes to all of its workload's."""


class InstanceRows(Sequence[Row]):
    """One row an instance, made when it is looked at."""

    def __init__(self, members: Members, identity: str) -> None:
        here = members.of_workload(identity).values()
        self._instances = sorted(here, key=lambda i: (RANKS[i.state], i.ready, i.id))
        self._places = {str(one.id): place for place, one in enumerate(self._instances)}

    def __len__(self) -> int:
        return len(self._instances)

    def __getitem__(self, place: int) -> Row:  # type: ignore[override]
        return _row(self._instances[place])

    def place(self, key: str) -> int | None:
        """Where the row with that key stands."""
        return self._places.get(key)


def _row(one: Instance) -> Row:
    glyph, role = ROLES[one.state]
    cells = (
        Cell(f"{glyph} {one.id}", role),
        Cell(one.state.value, role),
        Cell("yes" if one.ready else "no", "text" if one.ready else "warning"),
        Cell(str(one.node or "no node"), "text" if one.node else "warning"),
        Cell("—" if one.restarts is None else str(one.restarts), "muted"),
        Cell(str(one.reason), "muted"),
    )
    return Row(str(one.id), cells, role)


def instances_title(state: State, room_ms: int, identity: str) -> Title:
    """Of one workload: how much of it is ready, what it runs, its priority."""
    workload = state.cluster.workloads.get(WorkloadId(identity))
    if workload is None:
        return titled(state, "cluster", room_ms, name=f"Workloads › {identity}", count="not listed any more")
    name = str(workload.name) if workload.id == str(workload.name) else f"{workload.id} {workload.name}"
    said = [ready_words(workload.ready, workload.desired, "/"), str(workload.priority), runs(workload)]
    count = "  ".join(part for part in said if part)
    return titled(state, "cluster", room_ms, name=f"Workloads › {name}", count=count)


def instance_lines(instance: str, members: Members, identity: str, log: Iterable[LogLine]) -> list[Line]:
    """Everything known of one instance, with the last lines of its workload on its node."""
    one = next((i for i in members.of_workload(identity).values() if i.id == instance), None)
    if one is None:
        return [line((f"{instance} is not in the cluster's list", "unknown"))]
    glyph, role = ROLES[one.state]
    restarts = "not reported" if one.restarts is None else str(one.restarts)
    lines = [
        line((f"{glyph} {one.id}  {one.state.value}, {'ready' if one.ready else 'not ready'}", role)),
        line(("on ", "muted"), one.node or "no node", ("   restarts ", "muted"), restarts),
        *([line(("reason ", "muted"), (str(one.reason), role))] if one.reason else []),
    ]
    mine = [said for said in log if said.workload == identity and said.node in ("", str(one.node or ""))]
    if mine:
        lines.append(line((f"last {min(len(mine), LAST_LINES)} log lines of {identity} there", "muted")))
        lines += [part for said in mine[-LAST_LINES:] for part in lines_of(said)]
    return lines
