"""What the logs say of GPUs, memory and disks, and what follows for the node or the program."""

import pytest

from tests.response.rooms import cluster, node
from tests.response.triage.asking import found, rules_of, said
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.model.nouns import InstanceId, WorkloadId
from warroom.model.requests import Cordon, Drain
from warroom.model.response import Confidence

HARDWARE = ("48", "63", "64", "79", "94", "95")
SURE = {"48", "64", "79", "95"}


def xid(number: str) -> str:
    return f"NVRM: Xid (PCI:0000:3b:00): {number}, pid=1234, something happened"


@pytest.mark.parametrize("number", HARDWARE)
def test_a_hardware_error_of_a_gpu_takes_its_node_out(number: str) -> None:
    finding = found(cluster(said(xid(number), node="a1")))[f"gpu-fault:{number}"]
    assert finding.targets.nodes == ("a1",)
    assert [type(p.request) for p in finding.proposals] == [Cordon, Drain]
    assert (finding.confidence is Confidence.HIGH) is (number in SURE)
    assert xid(number) in finding.facts[0].text
    assert finding.facts[0].time is not None


@pytest.mark.parametrize("number", ["31", "32"])
def test_an_error_that_a_program_caused_leaves_the_node_alone(number: str) -> None:
    tape = cluster(said(xid(number), node="a1", workload="chat-api"))
    assert rules_of(tape) == {"gpu-misuse"}
    finding = found(tape)[f"gpu-misuse:{number}"]
    assert finding.targets.nodes == ()
    assert finding.targets.workloads == ("chat-api",)
    assert all(p.request is None for p in finding.proposals)


def test_a_number_that_means_nothing_known_is_no_finding() -> None:
    assert rules_of(cluster(said(xid("200"), node="a1"))) == set()


def test_a_hardware_error_is_over_when_its_node_is_closed_and_empty() -> None:
    emptied = NodesChanged((node("a1", cordoned=True),))
    moved = WorkloadsChanged((), gone=(WorkloadId("batch"),))
    gone = InstancesChanged((), gone=(InstanceId("batch-0"),))
    assert "gpu-fault" not in rules_of(cluster(said(xid("79"), node="a1"), emptied, moved, gone))


def test_a_gpu_that_is_gone_without_a_word_in_the_log_is_noticed() -> None:
    tape = cluster(NodesChanged((node("b1", rack="rack2", gpus=3),)))
    finding = found(tape)["node-failure"]
    assert finding.targets.nodes == ("b1",)
    assert "b1 had 4 GPUs, has 3 GPUs" in [f.text for f in finding.facts]


def test_memory_that_ran_out_is_found_by_the_kernels_words() -> None:
    line = "Out of memory: Killed process 4711 (python) total-vm:90000kB"
    finding = found(cluster(said(line, node="a2", workload="chat-api")))["out-of-memory"]
    assert (finding.targets.nodes, finding.targets.workloads) == (("a2",), ("chat-api",))
    assert finding.runbook == "scale-up"


def test_a_full_disk_closes_its_node_while_it_is_cleared() -> None:
    finding = found(cluster(said("write /data/ckpt: no space left on device", node="a2")))["disk-full"]
    assert finding.proposals[0].request == Cordon(("a2",), finding.proposals[0].request.reason)  # type: ignore[union-attr]


def test_old_signs_are_no_finding() -> None:
    tape = cluster(said("Out of memory: Killed process 1", node="a2"), said(xid("31"), node="a1"))
    assert rules_of(tape, after_s=600) == set()
