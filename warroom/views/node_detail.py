"""Everything known of one node: its conditions, what runs there, what is said of it, and its history in the room."""

import re
from collections.abc import Iterable
from datetime import datetime

from warroom.model.nouns import Alert, LogLine, Node, NodeName, WorkloadId, WorkloadState
from warroom.state.slices import Moment, State
from warroom.views.ages import since
from warroom.views.alert_census import member_place
from warroom.views.alerts import MARKS, MEANINGS, alert_state
from warroom.views.lines import line
from warroom.views.logs import lines_of
from warroom.views.members import Members
from warroom.views.node_measures import measured_lines, role_of
from warroom.views.rows import Line

LATEST = 30
"""Moments of the timeline shown with one node."""
LAST_LINES = 8
"""Log lines shown with one node; ``l`` in the pane goes to all of them."""
INSTANCE_ROLES = {
    WorkloadState.FAILED: "critical",
    WorkloadState.UNKNOWN: "unknown",
    WorkloadState.PENDING: "warning",
    WorkloadState.DEGRADED: "warning",
    WorkloadState.RUNNING: "text",
}


def gpus_of(node: Node) -> str:
    """``3/4``; what is not reported is a dash or a question mark, never 0."""
    if node.gpus is None:
        return "—"
    return f"{'?' if node.gpus_used is None else node.gpus_used}/{node.gpus}"


def node_lines(
    state: State,
    name: str,
    now: datetime,
    *,
    members: Members | None = None,
    log: Iterable[LogLine] = (),
) -> list[Line]:
    """Everything known of one node; ``log``: what its last lines are looked for in."""
    node = state.cluster.nodes.get(NodeName(name))
    if node is None:
        return [line((f"{name} is not in the cluster's list", "unknown"))]
    return [
        *_conditions(node),
        *measured_lines(state, node),
        *_runs(state, name, members or Members().update(state.cluster.instances)),
        *_alerts(state, name, now),
        *_log(name, log),
        *_history(state, NodeName(name), now),
    ]


def _conditions(node: Node) -> list[Line]:
    scheduling = "cordoned" if node.cordoned else "open to new work"
    head = f"{node.name}  {node.state.value.replace('_', ' ')}, {scheduling}"
    where = [("   " if n else "") + f"{by} " for n, by in enumerate(("rack", "zone", "pool"))]
    places = zip(where, (node.rack, node.zone, node.pool), strict=True)
    lines = [
        line((head, role_of(node))),
        line(("cluster says ", "muted"), node.native or "—"),
        line(*(part for word, place in places for part in ((word, "muted"), place or "—"))),
    ]
    if node.reason:
        lines.append(line(("reason ", "muted"), node.reason))
    lines.append(line(("GPUs ", "muted"), f"{gpus_of(node)} {node.gpu_model}".rstrip()))
    if node.cpus is not None:
        used = "?" if node.cpus_used is None else node.cpus_used
        lines.append(line(("CPUs ", "muted"), f"{used}/{node.cpus}"))
    if node.labels:
        lines.append(line(("labels ", "muted"), " ".join(f"{k}={v}" for k, v in sorted(node.labels.items()))))
    return lines


def _runs(state: State, name: str, members: Members) -> list[Line]:
    here = members.on_node(name)
    lines = [line((f"{len(here)} instance{'s' * (len(here) != 1)}", "muted"))]
    for identity in sorted(here):
        one = here[identity]
        owner = state.cluster.workloads.get(WorkloadId(one.workload))
        mark = " critical" if owner is not None and owner.critical else ""
        words = f"  {one.id}  {one.state.value}{mark}  {one.reason}".rstrip()
        lines.append(line((words, INSTANCE_ROLES.get(one.state, "muted"))))
    return lines


def is_about(alert: Alert, name: str) -> bool:
    """Whether an alert names a node in one of its labels, with or without a port."""
    return any(value.partition(":")[0] == name for value in alert.labels.values())


def _alerts(state: State, name: str, now: datetime) -> list[Line]:
    about = sorted((a for a in state.alerts.alerts.values() if is_about(a, name)), key=member_place)
    lines = [line((f"{len(about)} alert{'s' * (len(about) != 1)}", "muted"))] if about else []
    for alert in about:
        meaning = MEANINGS.get(alert.severity, "unknown")
        words, role = alert_state(state, alert)
        lines.append(
            line(
                (f"  {MARKS.get(alert.severity, '? ?')} {alert.name}", meaning),
                (f"  {words}", role),
                (f"  for {since(alert.started, now)}", "muted"),
            )
        )
    return lines


def _log(name: str, log: Iterable[LogLine]) -> list[Line]:
    mine = [one for one in log if one.node == name][-LAST_LINES:]
    said = [part for one in mine for part in lines_of(one)]
    return [line((f"last {len(mine)} log lines", "muted")), *said] if mine else []


def _history(state: State, name: NodeName, now: datetime) -> list[Line]:
    moments = moments_of(state, name)
    if not moments:
        return []
    older = f", {len(moments) - LATEST} earlier ones in the timeline" if len(moments) > LATEST else ""
    return [
        line((f"in this room{older}", "muted")),
        *(
            line((f"  {m.time:%H:%M:%S}Z  {since(m.time, now)} ago  ", "muted"), (m.text, m.role))
            for m in moments[-LATEST:]
        ),
    ]


def moments_of(state: State, name: NodeName) -> list[Moment]:
    """What the timeline says of a node; gpu-1 is not gpu-10."""
    whole = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    return [m for m in state.timeline.moments if whole.search(m.text)]
