"""The instances of a cluster by node and by workload, brought up to date by what changed."""

from collections.abc import Mapping

from warroom.model.nouns import Instance, InstanceId
from warroom.views.changed import replaced


class Members:
    """Kept by who looks into a node or a workload; nobody else pays for it."""

    def __init__(self) -> None:
        self._known: Mapping[InstanceId, Instance] = {}
        self._by_node: dict[str, dict[InstanceId, Instance]] = {}
        self._by_workload: dict[str, dict[InstanceId, Instance]] = {}

    def update(self, instances: Mapping[InstanceId, Instance]) -> "Members":
        """Take over what changed."""
        changes = list(replaced(self._known, instances))
        for identity, before, after in changes:
            if before is not None:
                self._by_node.get(str(before.node), {}).pop(identity, None)
                self._by_workload.get(str(before.workload), {}).pop(identity, None)
            if after is not None:
                self._by_node.setdefault(str(after.node), {})[identity] = after
                self._by_workload.setdefault(str(after.workload), {})[identity] = after
        if changes:
            self._known = dict(instances)
        return self

    def on_node(self, name: str) -> Mapping[InstanceId, Instance]:
        """What runs on a node."""
        return self._by_node.get(name, {})

    def of_workload(self, identity: str) -> Mapping[InstanceId, Instance]:
        """The instances of a workload."""
        return self._by_workload.get(identity, {})
