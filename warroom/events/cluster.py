"""Events of the cluster: nodes, workloads, instances."""

from typing import ClassVar

from warroom.events.base import Event
from warroom.model.nouns import Instance, InstanceId, Node, NodeName, Workload, WorkloadId


class NodesChanged(Event, frozen=True):
    """What one poll or watch batch found different, as the cluster shows it."""

    type: ClassVar[str] = "nodes.changed"
    nodes: tuple[Node, ...] = ()
    gone: tuple[NodeName, ...] = ()
    witnessed: bool = True
    """False when the nodes were missing from a fresh list: nobody saw them go."""


class WorkloadsChanged(Event, frozen=True):
    """Workloads that are new or different, and those that are gone."""

    type: ClassVar[str] = "workloads.changed"
    workloads: tuple[Workload, ...] = ()
    gone: tuple[WorkloadId, ...] = ()
    witnessed: bool = True


class InstancesChanged(Event, frozen=True):
    """Instances that are new or different, and those that are gone."""

    type: ClassVar[str] = "instances.changed"
    instances: tuple[Instance, ...] = ()
    gone: tuple[InstanceId, ...] = ()
    witnessed: bool = True


ClusterEvent = NodesChanged | WorkloadsChanged | InstancesChanged
