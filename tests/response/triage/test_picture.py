"""What several rules share: worked out once, bounded, and total over any state."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.response.rooms import cluster, names, node, workload
from tests.response.triage.asking import found, moment_of, said
from tests.views.any_state import Tape, room, tapes
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.model.nouns import NodeState, WorkloadState
from warroom.model.response import Finding
from warroom.response.triage.common import Factor, node_factor, workload_factor
from warroom.response.triage.picture import Kept, Picture
from warroom.response.triage.table import RULES
from warroom.response.triage.watch import findings

DOWN = NodeState.NOT_READY


@settings(deadline=None, max_examples=150)
@given(tapes(), st.integers(0, 300))
def test_rules_come_to_complete_findings_or_none_in_any_state(tape: Tape, after_s: int) -> None:
    for finding in found(tape, after_s=after_s).values():
        assert complete(finding), finding


def complete(finding: Finding) -> bool:
    return bool(
        finding.title and finding.facts and finding.refuted_by and finding.key.startswith(finding.rule)
    )


def test_nothing_is_worked_out_again_while_the_cluster_stays_as_it_is() -> None:
    tape, kept = cluster(NodesChanged((node("a1", DOWN),))), Kept()
    first = Picture(moment_of(tape), kept).listed
    tape.add(said("nothing of interest"), source="sample")
    assert Picture(moment_of(tape), kept).listed is first
    tape.add(NodesChanged((node("a2", DOWN),)), source="sample")
    assert [n.name for n in Picture(moment_of(tape), kept).listed.down] == ["a1", "a2"]


def test_a_closed_and_empty_node_that_goes_down_was_taken_out_of_service_and_is_no_trouble() -> None:
    tape = cluster(NodesChanged((node("b1", cordoned=True), node("b1", DOWN, cordoned=True))))
    picture = Picture(moment_of(tape, after_s=60))
    assert picture.down == ()
    assert [n.name for n in picture.out_of_service] == ["b1"]
    assert found(tape, after_s=60) == {}


def test_the_narrowest_group_is_named_and_the_whole_cluster_is_none() -> None:
    every = [node(f"n{i}", rack=f"rack{i % 2}", zone="z1", labels={"switch": f"sw{i % 3}"}) for i in range(6)]
    picture = Picture(moment_of(room(NodesChanged(tuple(every)))))
    assert node_factor([every[0], every[3]], picture) == Factor("switch", "sw0", 2, 2)
    assert node_factor([every[0], every[2]], picture) == Factor("rack", "rack0", 2, 3)
    assert node_factor(every, picture) is None


def test_workloads_that_fail_with_one_image_have_it_in_common() -> None:
    failing = [workload(f"w{i}", WorkloadState.FAILED, image="hub/app:9") for i in range(3)]
    tape = cluster(WorkloadsChanged((*failing, workload("well", image="hub/app:8", ready=1))))
    assert workload_factor(failing, Picture(moment_of(tape))) == "image hub/app:9"


def test_workloads_that_fail_on_the_nodes_of_one_rack_have_it_in_common() -> None:
    failing = [workload(f"w{n}", WorkloadState.FAILED, nodes=names(n)) for n in ("a1", "a2")]
    tape = cluster(WorkloadsChanged((*failing, workload("well", ready=1, nodes=names("b1")))))
    assert workload_factor(failing, Picture(moment_of(tape))) == "rack1"


def test_a_service_that_comes_up_after_a_deploy_is_not_in_trouble_and_one_that_stays_degraded_is() -> None:
    serving = {"service": "chat"}
    well = workload("svc", desired=4, ready=4, image="a:1", labels=serving)
    rolling = workload("svc", WorkloadState.DEGRADED, desired=4, ready=3, image="a:2", labels=serving)
    tape = cluster(WorkloadsChanged((well,)), WorkloadsChanged((rolling,)))
    assert Picture(moment_of(tape, after_s=100)).broken == ()
    assert [t.workload.name for t in Picture(moment_of(tape, after_s=130)).broken] == ["svc"]


def test_a_batch_job_that_failed_by_itself_is_no_finding() -> None:
    tape = cluster(WorkloadsChanged((workload("job-17", WorkloadState.FAILED, desired=1),)))
    assert found(tape, after_s=300) == {}


def test_every_rule_is_in_the_table_once_with_one_sentence() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert all(rule.doc.endswith(".") and len(rule.doc) < 130 for rule in RULES)


def test_rules_are_the_same_functions_of_the_same_state() -> None:
    tape = cluster(NodesChanged((node("a1", DOWN),)))
    moment = moment_of(tape, after_s=30)
    assert findings(moment, Picture(moment)) == findings(moment, Picture(moment))
