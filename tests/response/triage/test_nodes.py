"""Single nodes: down by the cluster's word, or gone though the cluster still calls them ready."""

from tests.response.rooms import alert, cluster, instance, node, workload
from tests.response.triage.asking import found, rules_of, said
from tests.views.any_state import Tape
from warroom.events.alerts import AlertsChanged
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.model.nouns import NodeState, WorkloadState
from warroom.model.response import Confidence

FAILED = WorkloadState.FAILED


def beating(*names: str) -> Tape:
    tape = cluster()
    for name in names:
        tape.add(said("heartbeat ok seq=1", node=name), source="sample")
    return tape


def test_a_node_that_is_down_and_silent_is_found_with_its_last_heartbeat() -> None:
    tape = beating("a1", "b1")
    tape.ms += 30_000
    tape.add(NodesChanged((node("b1", NodeState.NOT_READY, rack="rack2"),)), source="sample")
    finding = found(tape, after_s=12)["node-failure"]
    assert finding.confidence is Confidence.HIGH
    assert any("wrote its last heartbeat" in f.text and f.time is not None for f in finding.facts)


def test_a_node_that_is_shown_as_ready_but_is_silent_and_alarmed_about_is_found() -> None:
    tape = beating("a1", "b1")
    tape.add(AlertsChanged((alert("f", "NodeNotReady", labels={"node": "b1"}),)), source="sample")
    tape.ms += 15_000
    assert rules_of(tape) == set()
    tape.ms += 10_000
    finding = found(tape)["node-failure"]
    assert finding.targets.nodes == ("b1",)
    assert finding.confidence is Confidence.MEDIUM


def test_a_node_on_which_different_workloads_crash_is_suspected_and_none_of_them_is_blamed() -> None:
    crashing = [
        workload(f"w{i}", FAILED, desired=2, ready=1, restarts=5, labels={"service": "s"}) for i in (1, 2)
    ]
    broken = [instance(f"w{i}-{n}", f"w{i}", "b1", FAILED) for i in (1, 2) for n in (1, 2)]
    tape = cluster(WorkloadsChanged(tuple(crashing)), InstancesChanged(tuple(broken)))
    assert found(tape)["node-failure"].targets.nodes == ("b1",)
    assert "crash-loop" not in rules_of(tape)


def test_workloads_that_crash_on_several_nodes_are_blamed_and_no_node_is() -> None:
    crashing = workload("w1", FAILED, desired=2, restarts=5, labels={"service": "s"})
    broken = [instance(f"w1-{n}", "w1", n, FAILED) for n in ("a1", "b1")]
    tape = cluster(WorkloadsChanged((crashing,)), InstancesChanged(tuple(broken)))
    assert "crash-loop" in rules_of(tape)
    assert "node-failure" not in rules_of(tape)
