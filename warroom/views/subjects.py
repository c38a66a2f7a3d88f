"""How a filter sees what the panes list: the text of a row, its columns and labels, and what is wrong with it."""

from collections.abc import Iterable

from warroom.model.nouns import Alert, LogLine, Node, Workload
from warroom.state.slices import Acknowledgement, Moment
from warroom.views.alerts import MEANINGS
from warroom.views.filtering import Subject
from warroom.views.logs import ROLES as LOG_ROLES
from warroom.views.node_measures import role_of
from warroom.views.rows import Line, rank
from warroom.views.workload_rows import ROLES as WORKLOAD_ROLES


def node_subject(node: Node) -> Subject:
    """A node: its state, where it stands, its GPUs, its labels."""
    state = node.state.value.replace("_", " ")
    fields = {
        **_small(node.labels),
        "node": str(node.name),
        "name": str(node.name),
        "state": state,
        "native": str(node.native),
        "cordon": "yes" if node.cordoned else "no",
        "rack": node.rack,
        "zone": node.zone,
        "pool": node.pool,
        "gpu": node.gpu_model,
        "gpus": "" if node.gpus is None else str(node.gpus),
        "reason": str(node.reason),
    }
    cordoned = "cordoned" if node.cordoned else ""
    said = (node.name, state, cordoned, node.native, node.rack, node.zone, node.pool, node.gpu_model)
    return Subject(" ".join((*said, node.reason, *_pairs(node.labels))), fields, role_of(node))


def workload_subject(workload: Workload) -> Subject:
    """A service or a job: its state, what it runs, where, its labels."""
    fields = {
        **_small(workload.labels),
        "workload": str(workload.name),
        "name": str(workload.name),
        "id": str(workload.id),
        "state": workload.state.value,
        "prio": str(workload.priority),
        "priority": str(workload.priority),
        "image": str(workload.image),
        "runs": str(workload.image or workload.command),
        "owner": str(workload.owner),
        "node": ",".join(workload.nodes),
        "nodes": ",".join(workload.nodes),
        "reason": str(workload.reason),
        "rst": "" if workload.restarts is None else str(workload.restarts),
    }
    said = (workload.id, workload.name, workload.state.value, workload.priority, workload.image)
    more = (workload.command, workload.owner, workload.reason, *workload.nodes, *_pairs(workload.labels))
    return Subject(" ".join((*said, *more)), fields, WORKLOAD_ROLES[workload.state][1])


def alert_subject(alert: Alert, taken: Acknowledgement | None) -> Subject:
    """One alert: what it says, how bad, whose it is, its labels."""
    quiet = "silenced" if alert.silenced_by else "inhibited" if alert.inhibited_by else ""
    state = quiet or ("acked" if taken else alert.state.value)
    fields = {
        **_small(alert.labels),
        "alert": str(alert.name),
        "name": str(alert.name),
        "severity": alert.severity,
        "sev": alert.severity,
        "state": state,
        "acked": str(taken.person.name) if taken else "",
    }
    text = " ".join((alert.name, alert.severity, state, alert.summary, *_pairs(alert.labels)))
    return Subject(text, fields, "muted" if quiet else MEANINGS.get(alert.severity, "unknown"))


def log_subject(entry: LogLine, source: str = "") -> Subject:
    """One line of a log: its level, where it is from, its words."""
    fields = {
        "level": entry.level.value,
        "node": entry.node,
        "workload": entry.workload,
        "source": source,
    }
    text = f"{entry.level.value} {entry.node} {entry.workload} {source} {entry.text}"
    return Subject(text, fields, LOG_ROLES[entry.level])


def moment_subject(moment: Moment) -> Subject:
    """One moment of the timeline: its kind, who, what."""
    fields = {"kind": moment.kind, "actor": str(moment.actor), "who": str(moment.actor)}
    return Subject(f"{moment.kind} {moment.actor} {moment.text}", fields, moment.role)


def lines_subject(lines: Iterable[Line], **fields: str) -> Subject:
    """Free lines: their words, and the worst that is said in them."""
    cells = [cell for one in lines for cell in (*one.spans, *one.right)]
    # A blank keeps the place of a mark; it says nothing.
    role = min((cell.role for cell in cells if cell.text.strip()), key=rank, default="text")
    return Subject(" ".join(cell.text for cell in cells), fields, role)


def _small(labels: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in labels.items()}


def _pairs(labels: dict[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in labels.items()]
