"""Slurm behind the ports: polls nodes and jobs, follows job logs, carries out commands."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from warroom.clock import Clock
from warroom.events.base import Event
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.sources import SourceAnnounced
from warroom.host.ports import Observation, Outcome, Report
from warroom.model.commands import LogsFound, WorkloadLogs
from warroom.model.nouns import Instance, InstanceId, Node, NodeName, Workload, WorkloadId
from warroom.model.requests import Request
from warroom.model.text import neutral
from warroom.sources.polling import Poller
from warroom.sources.reflector import difference, relist
from warroom.sources.settings import SlurmSettings
from warroom.sources.slurm.actions import SlurmActions
from warroom.sources.slurm.capabilities import capabilities
from warroom.sources.slurm.following import Following
from warroom.sources.slurm.parse_fields import listed, text
from warroom.sources.slurm.parse_jobs import OVER, Job, parse_jobs, with_nodes
from warroom.sources.slurm.parse_nodes import node_names, parse_nodes
from warroom.sources.slurm.rest import SlurmRest, moment_of
from warroom.sources.slurm.scontrol import Scontrol
from warroom.state.slices import State

WHOLE_LOOKS = 15
"""Every so many looks all is read, whatever the server says of changes."""


class Seen(msgspec.Struct):
    """What the last look showed, and by which time of the controller's clock."""

    nodes: dict[NodeName, Node] = {}
    names: dict[str, NodeName] = {}
    """What Slurm's names of the nodes are shown as."""
    hosts: dict[NodeName, str] = {}
    jobs: dict[WorkloadId, Job] = {}
    workloads: dict[WorkloadId, Workload] = {}
    instances: dict[InstanceId, Instance] = {}
    since: int | None = None
    taken: bool = False
    """Whether there was a look at all."""


class SlurmCluster:
    """Source, actuator and log reader of one Slurm cluster."""

    def __init__(self, settings: SlurmSettings, *, clock: Clock, name: str = "slurm") -> None:
        self.name = name
        self._settings = settings
        self._clock = clock
        self._rest = SlurmRest(name, settings, clock=clock)
        self._scontrol = Scontrol(name, settings.conf)
        self._actions = SlurmActions(self._rest, self._scontrol)
        self._logs = Following(name, lines_a_look=settings.log_lines_s)
        self._seen = Seen()
        self._looks = 0
        self._greeting = ""
        self._poller = Poller(
            name,
            self._look,
            clock=clock,
            interval_s=settings.interval_s,
            beat=self._logs.read,
            denied=self._rest.credential.forget,
        )

    def announce(self) -> SourceAnnounced:
        """What is reached where, and what can be done through it."""
        return SourceAnnounced(
            kind="slurm",
            roles=("cluster", "logs"),
            address=neutral(self._rest.place),
            interval_s=self._settings.interval_s,
            capabilities=capabilities(self._actions.node_calls),
        )

    def recall(self, state: State) -> None:
        """What a host before this one saw: what went meanwhile is told as gone."""
        cluster = state.cluster
        self._seen = Seen(
            dict(cluster.nodes), workloads=dict(cluster.workloads), instances=dict(cluster.instances)
        )

    def observe(self) -> AsyncIterator[Observation]:
        """Nodes, jobs and their logs, for ever."""
        return self._poller.observe()

    async def close(self) -> None:
        """Close the connections."""
        await self._rest.close()

    async def carry_out(self, request: Request, *, operation: str, report: Report) -> Outcome:
        """Make the calls; never raises for a refusal or a broken link."""
        return await self._actions.carry_out(request, operation=operation, report=report)

    async def workload_logs(self, query: WorkloadLogs) -> LogsFound:
        """The newest lines of a job's output files; raises ``SourceError``."""
        return await self._logs.last_lines(query)

    async def _look(self, watching: bool) -> list[Event]:
        """One complete look: all of it is read before any of it is told."""
        announced = [] if watching else await self._greet()
        before = self._seen
        whole = not watching or self._looks % WHOLE_LOOKS == 0
        self._looks += 1
        since = None if whole else before.since
        now_s = await self._rest.server_time()
        nodes = await self._rest.listing("nodes", since)
        jobs = await self._rest.listing("jobs", since)
        oldest = moment_of(now_s, self._clock.now()) - timedelta(seconds=self._settings.finished_s)

        def seen_now() -> tuple[Seen, list[Event]]:
            seen = _seen_after(before, nodes, jobs, oldest=oldest, since=now_s)
            return seen, _differences(before, seen, watching=watching)

        # Thousands of jobs take longer than the event loop may be held up.
        self._seen, events = await asyncio.to_thread(seen_now)
        self._actions.know(self._seen.jobs, self._seen.names)
        self._logs.know(self._seen.jobs, self._seen.hosts)
        unread = len(self._logs.unread)
        blind = f"the output of {unread} job{'s' * (unread > 1)} cannot be read here" if unread else ""
        self._poller.detail = ", ".join(filter(None, (self._greeting, self._rest.token_warning, blind)))
        return [*announced, *events]

    async def _greet(self) -> list[Event]:
        """Learn whom we talk to; what it can do is announced again when that is more than was thought."""
        version = await self._rest.version()
        tried = "" if version.tried else " (not tried against a real server)"
        self._greeting = f"REST {version.name}{tried}, {await self._rest.ping()}"
        before, self._actions.rest_changes_nodes = self._actions.node_calls, version.changes_nodes
        return [] if before == self._actions.node_calls else [self.announce()]


def _seen_after(before: Seen, nodes: Any, jobs: Any, *, oldest: datetime, since: int | None) -> Seen:
    """What is known after two listings, of which None stands for one that did not change."""
    names = before.names if nodes is None else node_names(nodes)
    still = _still(before.jobs, oldest) if jobs is None else parse_jobs(jobs, oldest=oldest, names=names)
    if nodes is None and jobs is None and len(still) == len(before.jobs):
        return msgspec.structs.replace(before, since=since)
    seen = Seen(
        before.nodes if nodes is None else parse_nodes(nodes),
        names,
        before.hosts if nodes is None else _hosts(nodes, names),
        still,
        since=since,
        taken=True,
    )
    for job in seen.jobs.values():
        workload, instances = with_nodes(job, seen.nodes)
        seen.workloads[workload.id] = workload
        seen.instances.update((instance.id, instance) for instance in instances)
    return seen


def _hosts(answer: object, names: dict[str, NodeName]) -> dict[NodeName, str]:
    """The machine behind each node."""
    return {names[text(raw, "name")]: text(raw, "hostname") for raw in listed(answer, "nodes")}


def _still(jobs: dict[WorkloadId, Job], oldest: datetime) -> dict[WorkloadId, Job]:
    """The jobs of an unchanged list that did not end too long ago meanwhile."""
    return {identity: job for identity, job in jobs.items() if job.ended is None or job.ended >= oldest}


def _differences(before: Seen, seen: Seen, *, watching: bool) -> list[Event]:
    """What is different, as events; nobody saw those go that went while we could not look."""
    events: list[Event] = []
    nodes = difference(relist(before.nodes, seen.nodes, watching=watching))
    if not before.taken or not nodes.empty:
        events.append(NodesChanged(nodes=nodes.changed, gone=nodes.gone, witnessed=nodes.witnessed))
    jobs = difference(relist(before.workloads, seen.workloads))
    # A finished job that leaves the list is no news; a running one that does went unseen.
    over = tuple(i for i in jobs.gone if before.workloads[i].state in OVER)
    vanished = tuple(i for i in jobs.gone if i not in over)
    if jobs.changed or over:
        events.append(WorkloadsChanged(workloads=jobs.changed, gone=over))
    if vanished:
        events.append(WorkloadsChanged(gone=vanished, witnessed=False))
    instances = difference(relist(before.instances, seen.instances, watching=watching))
    if not instances.empty:
        events.append(
            InstancesChanged(instances=instances.changed, gone=instances.gone, witnessed=instances.witnessed)
        )
    return events
