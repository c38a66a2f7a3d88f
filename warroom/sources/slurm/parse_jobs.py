"""Turns what slurmrestd lists of jobs into workloads and instances."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from warroom.errors import Unreadable
from warroom.model.nouns import (
    Instance,
    InstanceId,
    Labels,
    Node,
    NodeName,
    NodeState,
    Workload,
    WorkloadId,
    WorkloadState,
)
from warroom.model.text import Safe, neutral
from warroom.sources.names import RACK, expand_hostlist, operation_in, unsigned
from warroom.sources.slurm.parse_fields import gpus, listed, moment, number, text, words

STATES = {
    "PENDING": WorkloadState.PENDING,
    "CONFIGURING": WorkloadState.PENDING,
    "REQUEUED": WorkloadState.PENDING,
    "REQUEUE_HOLD": WorkloadState.PENDING,
    "REQUEUE_FED": WorkloadState.PENDING,
    "RESV_DEL_HOLD": WorkloadState.PENDING,
    "SPECIAL_EXIT": WorkloadState.PENDING,
    "RUNNING": WorkloadState.RUNNING,
    "COMPLETING": WorkloadState.RUNNING,
    "STAGE_OUT": WorkloadState.RUNNING,
    "SIGNALING": WorkloadState.RUNNING,
    "RESIZING": WorkloadState.RUNNING,
    "SUSPENDED": WorkloadState.DEGRADED,
    "STOPPED": WorkloadState.DEGRADED,
    "COMPLETED": WorkloadState.COMPLETED,
    "CANCELLED": WorkloadState.STOPPED,
    "PREEMPTED": WorkloadState.STOPPED,
    "REVOKED": WorkloadState.STOPPED,
    "FAILED": WorkloadState.FAILED,
    "TIMEOUT": WorkloadState.FAILED,
    "NODE_FAIL": WorkloadState.FAILED,
    "BOOT_FAIL": WorkloadState.FAILED,
    "OUT_OF_MEMORY": WorkloadState.FAILED,
    "DEADLINE": WorkloadState.FAILED,
    "LAUNCH_FAILED": WorkloadState.FAILED,
    "RECONFIG_FAIL": WorkloadState.FAILED,
}
OVER = {WorkloadState.COMPLETED, WorkloadState.STOPPED, WorkloadState.FAILED}
HOLDING = {WorkloadState.RUNNING, WorkloadState.DEGRADED}
"""A job in one of these states holds its nodes."""
OPERATION_LABEL = "warroom"
"""Of a job that was submitted from here: the operation that did it."""
ENDING = "COMPLETING"
WAITING = "PENDING"
ASKED_NODES = re.compile(r"(?:^|,)node=(\d{1,6})(?:,|$)")
UNLIMITED_MIN = 525_600
"""A year of minutes is how 22.05 writes "no limit"."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job as Slurm tells it; what only submitting and following need is kept beside the workload."""

    workload: Workload
    operation: str
    """The warroom operation that submitted it, from its comment."""
    comment: str
    features: str
    cwd: str
    out: str
    err: str
    """Patterns; empty where Slurm chooses."""
    batch_host: str
    node_count: int
    tasks: int | None
    cpus_per_task: int | None
    tres_per_node: str
    time_limit_min: int | None
    raw_name: str
    user: str
    user_id: int | None
    array_job: int | None
    array_task: int | None
    ended: datetime | None

    @property
    def holds_nodes(self) -> bool:
        """It is on its nodes."""
        return self.workload.state in HOLDING and bool(self.workload.nodes)


def parse_jobs(answer: Any, *, oldest: datetime, names: Mapping[str, NodeName]) -> dict[WorkloadId, Job]:
    """The jobs of a listing without those that ended before ``oldest``; raises ``Unreadable``.

    ``names``: what Slurm's node names are shown as.
    """
    jobs = [parse_job(raw, names) for raw in listed(answer, "jobs")]
    return {job.workload.id: job for job in jobs if job.ended is None or job.ended >= oldest}


def parse_job(raw: Mapping[str, Any], names: Mapping[str, NodeName]) -> Job:
    """One job; raises ``Unreadable`` naming the field."""
    identity = number(raw, "job_id")
    if identity is None:
        raise Unreadable("a Slurm job", field="job_id", why="missing")
    states = tuple(word.upper() for word in words(raw, "job_state"))
    state = _state(states)
    over = state in OVER
    array_task = number(raw, "array_task_id")
    comment = text(raw, "comment")
    labels = _labels(raw, comment, array_task)
    ended = moment(raw, "end_time") if over else None
    workload = Workload(
        WorkloadId(str(identity)),
        neutral(text(raw, "name")),
        state,
        desired=_node_count(raw, states),
        restarts=number(raw, "restart_cnt"),
        command=neutral(text(raw, "command")),
        priority=Safe(labels.get("priority") or str(number(raw, "priority") or "")),
        labels=labels,
        selector=selector_of(text(raw, "features")),
        # A job that was requeued is still listed with the nodes it had.
        nodes=() if WAITING in states else _nodes(raw, names),
        gpus=_gpus(raw),
        cpus=number(raw, "cpus"),
        native=neutral("+".join(states) or "UNKNOWN"),
        reason=neutral(_reason(raw, states, over)),
        owner=neutral(text(raw, "user_name")),
        submitted=moment(raw, "submit_time"),
        changed=ended or moment(raw, "start_time" if state in HOLDING else "submit_time"),
    )
    limit = number(raw, "time_limit")
    return Job(
        workload=workload,
        operation=operation_in(comment),
        comment=unsigned(comment),
        features=text(raw, "features"),
        cwd=text(raw, "current_working_directory"),
        out=text(raw, "stdout_expanded") or text(raw, "standard_output"),
        err=text(raw, "stderr_expanded") or text(raw, "standard_error"),
        batch_host=text(raw, "batch_host"),
        node_count=workload.desired,
        tasks=number(raw, "tasks"),
        cpus_per_task=number(raw, "cpus_per_task"),
        tres_per_node=text(raw, "tres_per_node"),
        time_limit_min=limit if limit and limit < UNLIMITED_MIN else None,
        raw_name=text(raw, "name"),
        user=text(raw, "user_name"),
        user_id=number(raw, "user_id"),
        array_job=number(raw, "array_job_id") or None,
        array_task=array_task,
        ended=ended,
    )


def with_nodes(job: Job, nodes: Mapping[NodeName, Node]) -> tuple[Workload, tuple[Instance, ...]]:
    """The workload, and an instance for each node it is on; of a silent node nothing is known."""
    workload = job.workload
    if not job.holds_nodes:
        return workload, ()
    ending = ENDING in workload.native
    live = workload.state is WorkloadState.RUNNING and not ending
    silent = [name for name in workload.nodes if name in nodes and nodes[name].state is not NodeState.READY]
    instances = tuple(
        Instance(
            InstanceId(f"{workload.id}.{place}" if len(workload.nodes) > 1 else str(workload.id)),
            workload.id,
            name,
            WorkloadState.UNKNOWN if name in silent else workload.state,
            ready=live and name not in silent,
            restarts=workload.restarts,
            reason=Safe("ending" if ending else "node does not answer" if name in silent else ""),
        )
        for place, name in enumerate(workload.nodes)
    )
    ready = sum(instance.ready for instance in instances)
    if silent and live:
        reason = neutral(f"no answer from {', '.join(silent[:4])}")
        changed = msgspec.structs.replace(workload, ready=ready, state=WorkloadState.DEGRADED, reason=reason)
        return changed, instances
    return msgspec.structs.replace(workload, ready=ready), instances


def selector_of(features: str) -> Labels:
    """Required features as node labels: ``rack2&ib`` is rack=rack2, ib=true; other expressions stay whole."""
    if not features:
        return {}
    parts = features.replace(",", "&").split("&")
    if not all(part and part.replace("_", "").replace("-", "").replace(".", "").isalnum() for part in parts):
        return {"constraint": str(neutral(features))}
    return dict(("rack", part) if RACK.fullmatch(part) else (part, "true") for part in parts)


def _state(states: tuple[str, ...]) -> WorkloadState:
    """The state of a list of states; a job that is still completing is not over."""
    if ENDING in states:
        return WorkloadState.RUNNING
    return next((STATES[state] for state in states if state in STATES), WorkloadState.UNKNOWN)


def _node_count(raw: Mapping[str, Any], states: tuple[str, ...]) -> int:
    """How many nodes it wants; of a job that is ending Slurm counts only those that are not done yet."""
    count = number(raw, "node_count") or 1
    if ENDING in states and (asked := ASKED_NODES.search(text(raw, "tres_req_str"))):
        return max(count, int(asked[1]))
    return count


def _nodes(raw: Mapping[str, Any], names: Mapping[str, NodeName]) -> tuple[NodeName, ...]:
    try:
        found = expand_hostlist(text(raw, "nodes"))
        return tuple(names[name] if name in names else NodeName(neutral(name)) for name in found)
    except ValueError as wrong:
        raise Unreadable("a Slurm job", field="nodes", why=str(wrong)) from wrong


def _gpus(raw: Mapping[str, Any]) -> int | None:
    detail = words(raw, "gres_detail") if isinstance(raw.get("gres_detail"), list) else ()
    found = gpus(text(raw, "tres_per_node")) or (gpus(detail[0]) if detail else None)
    return found[1] if found else None


def _labels(raw: Mapping[str, Any], comment: str, array_task: int | None) -> Labels:
    """``key=value`` words of the comment, and what Slurm itself knows, which no comment can gainsay."""
    labels: Labels = {}
    for word in unsigned(comment).split():
        key, equals, value = word.partition("=")
        if equals and key and len(labels) < 20:
            labels[str(neutral(key))] = str(neutral(value))
    for key in ("partition", "account", "qos"):
        if value := text(raw, key):
            labels[key] = str(neutral(value))
    if operation := operation_in(comment):
        labels[OPERATION_LABEL] = str(neutral(operation))
    if array_task is not None:
        labels["array"] = f"{number(raw, 'array_job_id') or ''}_{array_task}"
    return labels


def _reason(raw: Mapping[str, Any], states: tuple[str, ...], over: bool) -> str:
    said = text(raw, "state_reason")
    parts = [said] if said not in ("", "None") else []
    if description := text(raw, "state_description"):
        # The description often begins with the reason: "ReqNodeNotAvail, UnavailableNodes:gpu03".
        parts = [description] if description.startswith(said) else [*parts, description]
    if over and "COMPLETED" not in states and (how := _exit(raw)):
        parts.append(how)
    return ", ".join(parts)


def _exit(raw: Mapping[str, Any]) -> str:
    """How it ended: a wait status until 0.0.38, an object after it."""
    given = raw.get("exit_code")
    if not isinstance(given, Mapping):
        status = number(raw, "exit_code") or 0
        return f"signal {status & 127}" if status & 127 else f"exit {status >> 8}" if status else ""
    signal = given.get("signal")
    if isinstance(signal, Mapping) and (killed := number(signal, "id") or number(signal, "signal_id")):
        return f"signal {killed}"
    code = number(given, "return_code")
    return f"exit {code}" if code else ""
