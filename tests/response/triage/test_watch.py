"""The watcher is patient: nothing flaps, nothing is said twice, what is withdrawn has its reason."""

from tests.response.rooms import cluster, instance, node, workload
from tests.response.triage.asking import WATCHED, looked, measured, moment_of
from tests.views.any_state import Tape
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.triage import FindingUpdated, FindingWithdrawn
from warroom.model.nouns import NodeState, Severity, WorkloadId, WorkloadState
from warroom.response.triage.watch import watch_triage
from warroom.response.watching import Memory

AWAY, WELL = (
    NodesChanged((node("b1", NodeState.NOT_READY, rack="rack2"),)),
    NodesChanged((node("b1", rack="rack2"),)),
)


def shown(tape: Tape, event: NodesChanged | WorkloadsChanged) -> None:
    tape.add(event, source="sample", after_ms=0)


def withdrawn(tape: Tape, memory: Memory, *, most: int = 45) -> FindingWithdrawn:
    for _ in range(most):
        tape.ms += 1000
        for followed in list(watch_triage(moment_of(tape, memory=memory))):
            tape.add(followed.event, after_ms=0)
            if isinstance(followed.event, FindingWithdrawn) and followed.event.key != "where":
                return followed.event
    raise AssertionError("nothing was withdrawn")


def settled(tape: Tape, memory: Memory) -> list[str]:
    """Everything said in half a minute in which nothing new is seen."""
    return [word for _ in range(30) for word in looked(tape, memory)]


def test_a_node_that_hiccups_is_never_spoken_of() -> None:
    tape, memory = cluster(), Memory()
    for _ in range(10):
        shown(tape, AWAY)
        assert [w for _ in range(6) for w in looked(tape, memory)] == []
        shown(tape, WELL)
        assert [w for _ in range(3) for w in looked(tape, memory)] == []


def test_a_node_that_comes_and_goes_is_spoken_of_once() -> None:
    tape, memory = cluster(), Memory()
    shown(tape, AWAY)
    said = settled(tape, memory)
    for _ in range(6):
        shown(tape, WELL)
        said += [w for _ in range(4) for w in looked(tape, memory)]
        shown(tape, AWAY)
        said += [w for _ in range(20) for w in looked(tape, memory)]
    assert said.count("finding.raised node-failure") == 1
    assert "finding.withdrawn node-failure" not in said
    assert "node-failure" in tape.state.findings.standing


def test_rules_are_asked_once_a_second_however_much_is_observed() -> None:
    tape, memory = cluster(AWAY), Memory()
    tape.ms += 20_000
    assert looked(tape, memory) == []
    assert looked(tape, memory, after_ms=400) == []
    assert "finding.raised node-failure" in looked(tape, memory, after_ms=600)


def test_what_was_raised_before_a_restart_is_not_raised_again() -> None:
    tape = cluster(AWAY)
    assert "finding.raised node-failure" in settled(tape, Memory())
    assert settled(tape, Memory()) == []


def test_figures_that_change_all_the_time_update_nothing_and_what_is_worse_is_said_soon() -> None:
    tape, memory = measured(cluster(WATCHED), "error_rate", 0.2, 0.2), Memory()
    assert settled(tape, memory) == ["finding.raised user-impact"]
    for value in (0.21, 0.25, 0.31, 0.28):
        measured(tape, "error_rate", value)
        assert looked(tape, memory) == []
    measured(tape, "error_rate", 0.7)
    said = [w for _ in range(5) for w in looked(tape, memory)]
    assert said == ["finding.updated user-impact"]
    assert tape.state.findings.standing["user-impact"].finding.severity is Severity.SEV2


def test_a_node_that_is_ready_again_ends_its_finding_with_that_reason() -> None:
    tape, memory = cluster(AWAY), Memory()
    settled(tape, memory)
    shown(tape, WELL)
    ended = withdrawn(tape, memory)
    assert (ended.key, ended.reason, ended.refuted) == ("node-failure", "b1 is ready again", False)


def test_a_crash_loop_ends_when_the_workload_is_stopped() -> None:
    chat = WorkloadId("chat-api")
    tape, memory = cluster(WATCHED), Memory()
    crashed = workload(
        "chat-api", WorkloadState.FAILED, desired=3, restarts=4, image="b:2", labels={"service": "c"}
    )
    shown(tape, WorkloadsChanged((crashed,)))
    tape.add(
        InstancesChanged((instance("chat-0", chat, "a1", WorkloadState.FAILED),)), source="sample", after_ms=0
    )
    assert f"finding.raised crash-loop:{chat}" in settled(tape, memory)
    shown(tape, WorkloadsChanged((workload("chat-api", WorkloadState.STOPPED, desired=3),)))
    ends = {}
    for _ in range(40):
        tape.ms += 1000
        for followed in list(watch_triage(moment_of(tape, memory=memory))):
            assert not isinstance(followed.event, FindingUpdated)
            if isinstance(followed.event, FindingWithdrawn):
                ends[followed.event.key] = str(followed.event.reason)
            tape.add(followed.event, after_ms=0)
    assert ends[f"crash-loop:{chat}"] == "chat-api stopped"
    assert tape.state.findings.standing == {}
    said = [str(m.text) for m in tape.state.timeline.moments]
    assert [words for words in said if "over: " in words]
    assert not [words for words in said if words.count("over: ") > 1]


def test_without_anything_known_nothing_is_said() -> None:
    assert settled(Tape(), Memory()) == []
