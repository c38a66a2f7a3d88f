"""Verbs that look: cluster, nodes, workloads, alerts, metrics, logs, timeline."""

import argparse
import contextlib
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from warroom.cli.output import say, show_json, show_table, tell
from warroom.cli.talk import in_room
from warroom.cli.verb import DONE, JSON, ROOM, Verb, arg
from warroom.errors import Refused, WarroomError
from warroom.host.client import Client
from warroom.model.nouns import Alert, Node, NodeState, Workload, WorkloadId, WorkloadState
from warroom.model.response_commands import NoteLook
from warroom.model.text import neutral
from warroom.state.slices import State
from warroom.views.health import beyond_limits, cluster_sentence
from warroom.views.ready import ready_words
from warroom.views.rows import Cell, Column, Row

Item = TypeVar("Item")


def _trouble(state: State) -> list[str]:
    """What is not seen as it is now: never print old facts as if they were fresh."""
    return [
        f"source {facts.name} is {facts.status}" + (f": {facts.reason}" if facts.reason else "")
        for facts in state.sources.sources.values()
        if facts.status != "synced"
    ]


def state_verb(show: Callable[[argparse.Namespace, Client], int]) -> Callable[[argparse.Namespace], int]:
    """A verb that needs only the state."""

    def run(arguments: argparse.Namespace) -> int:
        async def use(client: Client) -> int:
            for sentence in _trouble(client.state):
                tell(sentence)
            return show(arguments, client)

        return in_room(arguments, use)

    return run


def noted_look(
    what: str, show: Callable[[argparse.Namespace, Client], int]
) -> Callable[[argparse.Namespace], int]:
    """A verb that needs only the state; during an incident the record says that somebody looked."""

    def run(arguments: argparse.Namespace) -> int:
        async def use(client: Client) -> int:
            for sentence in _trouble(client.state):
                tell(sentence)
            incident = client.state.incident.incident
            if incident is not None and incident.open:
                with contextlib.suppress(Refused):
                    await client.wish(NoteLook(what))
            return show(arguments, client)

        return in_room(arguments, use)

    return run


def _table(titles: Iterable[str], rows: Iterable[tuple[str, ...]], *, empty: str) -> None:
    columns = tuple(Column(title, None) for title in titles)
    made = [Row(str(n), tuple(Cell(text) for text in row)) for n, row in enumerate(rows)]
    show_table(columns, made, empty=empty)


def _cluster_status(arguments: argparse.Namespace, client: Client) -> int:
    state = client.state
    nodes = state.cluster.nodes.values()
    counts = {s.value: sum(1 for n in nodes if n.state is s) for s in NodeState}
    if arguments.json:
        show_json(
            {
                "cluster": state.room.cluster,
                "time": client.now,
                "nodes": {"total": len(nodes), "cordoned": sum(n.cordoned for n in nodes), **counts},
                "workloads": {"total": len(state.cluster.workloads), **_by_state(state)},
                "alerts": len(state.alerts.alerts),
                "incident": state.incident.incident,
                "sources": list(state.sources.sources.values()),
            }
        )
    else:
        say(f"{state.room.cluster}: {cluster_sentence(state)}")
        for words in beyond_limits(state):
            say(f"beyond its limit: {words}")
        say(_counts(state))
        _table(
            ("SOURCE", "KIND", "STATUS", "LAST SEEN"),
            [(f.name, f.kind, f.status, _ago(client, f.seen_ms)) for f in state.sources.sources.values()],
            empty="no sources",
        )
    return DONE


def _by_state(state: State) -> dict[str, int]:
    workloads = state.cluster.workloads.values()
    return {s.value: sum(1 for w in workloads if w.state is s) for s in WorkloadState}


def _counts(state: State) -> str:
    workloads = ", ".join(f"{count} {word}" for word, count in _by_state(state).items() if count)
    firing = Counter(alert.severity or "unrated" for alert in state.alerts.alerts.values())
    alerts = ", ".join(f"{count} {word}" for word, count in sorted(firing.items()))
    incident = state.incident.incident
    opened = (
        f"{incident.severity} {incident.title}" if incident is not None and incident.open else "none open"
    )
    return f"workloads: {workloads or 'none'}; alerts: {alerts or 'none'}; incident: {opened}"


def _ago(client: Client, room_ms: int | None) -> str:
    return "never" if room_ms is None else f"{max(0, client.room_ms - room_ms) / 1000:.0f} s ago"


def _node_list(arguments: argparse.Namespace, client: Client) -> int:
    def wanted(node: Node) -> bool:
        by_state = arguments.status in ("", node.state.value) or (
            arguments.status == "cordoned" and node.cordoned
        )
        return by_state and arguments.rack in ("", node.rack)

    nodes = sorted(filter(wanted, client.state.cluster.nodes.values()), key=lambda n: n.name)
    if arguments.json:
        show_json(nodes)
        return DONE
    rows = [
        (
            str(n.name),
            n.state.value + (" cordoned" if n.cordoned else ""),
            n.rack,
            "—" if n.gpus is None else f"{'?' if n.gpus_used is None else n.gpus_used}/{n.gpus}",
            str(n.native),
            str(n.reason),
        )
        for n in nodes
    ]
    _table(("NODE", "STATE", "RACK", "GPUS", "CLUSTER SAYS", "REASON"), rows, empty="no node matches")
    return DONE


def _has_labels(workload: Workload, labels: list[str]) -> bool:
    pairs = (text.partition("=") for text in labels)
    return all(workload.labels.get(name) == value for name, _, value in pairs)


def _workload_list(arguments: argparse.Namespace, client: Client) -> int:
    workloads = [
        w
        for w in client.state.cluster.workloads.values()
        if arguments.state in ("", w.state.value) and _has_labels(w, arguments.label)
    ]
    workloads.sort(key=lambda w: (w.name, w.id))
    if arguments.json:
        show_json(workloads)
        return DONE
    rows = [
        (
            str(w.id),
            str(w.name),
            w.state.value,
            f"{w.ready}/{w.desired}",
            str(w.priority),
            str(w.image or w.command),
            ",".join(w.nodes),
            str(w.reason),
        )
        for w in workloads
    ]
    titles = ("ID", "NAME", "STATE", "READY", "PRIORITY", "RUNS", "NODES", "REASON")
    _table(titles, rows, empty="no workload matches")
    return DONE


def _workload_get(arguments: argparse.Namespace, client: Client) -> int:
    workload = client.state.cluster.workloads.get(WorkloadId(neutral(arguments.workload)))
    if workload is None:
        raise WarroomError(f"there is no workload {arguments.workload}; see `warroom workload-list`")
    instances = [i for i in client.state.cluster.instances.values() if i.workload == workload.id]
    if arguments.json:
        show_json({"workload": workload, "instances": instances})
        return DONE
    say(
        f"{workload.name} ({workload.id}): {workload.state.value}, {ready_words(workload.ready, workload.desired, '/')}"
    )
    for name, value in (
        ("runs", workload.image or workload.command),
        ("priority", workload.priority),
        ("selector", ", ".join(f"{k}={v}" for k, v in sorted(workload.selector.items()))),
        ("labels", ", ".join(f"{k}={v}" for k, v in sorted(workload.labels.items()))),
        ("reason", workload.reason),
    ):
        if value:
            say(f"  {name}: {value}")
    rows = [(str(i.id), i.state.value, str(i.node or "not placed"), str(i.reason)) for i in instances]
    _table(("INSTANCE", "STATE", "NODE", "REASON"), rows, empty="no instances")
    return DONE


def stamp(time: datetime) -> str:
    """A time in UTC to the second."""
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def _alert_state(state: State, alert: Alert) -> str:
    taken = state.alerts.acknowledged.get(alert.fingerprint)
    if alert.silenced_by:
        return "silenced"
    return f"acknowledged by {taken.person.name}" if taken else alert.state.value


def _alert_list(arguments: argparse.Namespace, client: Client) -> int:
    state = client.state
    alerts = [
        a
        for a in state.alerts.alerts.values()
        if arguments.severity in ("", a.severity) and not (arguments.active and a.silenced_by)
    ]
    alerts.sort(key=lambda a: (a.severity != "critical", a.name, a.fingerprint))
    if arguments.json:
        show_json(alerts)
        return DONE
    rows = [
        (
            str(a.fingerprint),
            str(a.name),
            a.severity,
            _alert_state(state, a),
            stamp(a.started) if a.started else "—",
            str(a.summary),
        )
        for a in alerts
    ]
    titles = ("FINGERPRINT", "ALERT", "SEVERITY", "STATE", "SINCE", "SUMMARY")
    _table(titles, rows, empty="no alert fires" if state.alerts.listed else "alerts were not listed yet")
    return DONE


LOOK = (ROOM, JSON)
NODE_STATUS = (*(state.value for state in NodeState), "cordoned")

VERBS = (
    Verb(
        "cluster-status",
        "look",
        "the cluster in a sentence, and its sources",
        noted_look("cluster-status", _cluster_status),
        LOOK,
    ),
    Verb(
        "node-list",
        "look",
        "nodes",
        state_verb(_node_list),
        (
            arg(
                "--status",
                default="",
                choices=NODE_STATUS,
                metavar="STATUS",
                help=f"only one of {', '.join(NODE_STATUS)}",
            ),
            arg("--rack", default="", help="only this rack"),
            *LOOK,
        ),
    ),
    Verb(
        "workload-list",
        "look",
        "workloads",
        state_verb(_workload_list),
        (
            arg(
                "--state",
                default="",
                choices=tuple(state.value for state in WorkloadState),
                metavar="STATE",
                help=f"only one of {', '.join(state.value for state in WorkloadState)}",
            ),
            arg(
                "--label",
                action="append",
                default=[],
                metavar="K=V",
                help="only with this label, e.g. critical=true",
            ),
            *LOOK,
        ),
    ),
    Verb(
        "workload-get",
        "look",
        "one workload and its instances",
        state_verb(_workload_get),
        (arg("workload", metavar="ID", help="workload id"), *LOOK),
    ),
    Verb(
        "alert-list",
        "look",
        "alerts",
        noted_look("alert-list", _alert_list),
        (
            arg("--active", action="store_true", help="not the silenced ones"),
            arg("--severity", default="", help="only this severity"),
            *LOOK,
        ),
    ),
)
