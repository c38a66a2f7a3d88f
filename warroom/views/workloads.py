"""The Workloads pane: what is broken and critical first; one workload in words."""

from datetime import datetime

from warroom.model.nouns import WorkloadId, WorkloadState
from warroom.state.slices import State
from warroom.views.ages import since
from warroom.views.census import Census, census_of
from warroom.views.lines import line
from warroom.views.ready import ready_words
from warroom.views.rows import Line, Title
from warroom.views.sources import titled
from warroom.views.workload_rows import COLUMNS, ROLES, WorkloadRows

__all__ = ["COLUMNS", "WorkloadRows", "workload_lines", "workload_rows", "workloads_title"]


def workloads_title(state: State, room_ms: int, census: Census | None = None) -> Title:
    """Name, how many run and how many are broken, source."""
    workloads = (census or census_of(state)).workloads
    running, broken = workloads.states[WorkloadState.RUNNING], workloads.broken
    none = "none" if state.cluster.listed else ""
    count = f"{running:,} running" + (f" {broken:,} broken" if broken else "") if workloads.total else none
    return titled(state, "cluster", room_ms, name="Workloads", count=count)


def workload_rows(state: State, now: datetime) -> WorkloadRows:
    """The rows of the whole table."""
    return WorkloadRows(census_of(state).workloads, now)


def workload_lines(state: State, identity: str, now: datetime) -> list[Line]:
    """Everything known of one workload."""
    workload = state.cluster.workloads.get(WorkloadId(identity))
    if workload is None:
        return [line((f"{identity} is not in the cluster's list", "unknown"))]
    glyph, role = ROLES[workload.state]
    lines = [
        line((f"{glyph} {workload.name} ({workload.id})  {workload.state.value}", role)),
        line(
            ready_words(workload.ready, workload.desired),
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
