"""Which severity is suggested, and that a worse one than was declared is said."""

from tests.response.commanding import Room
from tests.response.rooms import act, cluster, seen, workload
from tests.response.triage.asking import WATCHED, found, looked, measured
from tests.views.any_state import Tape
from warroom.events.actions import ActionVerified
from warroom.events.cluster import InstancesChanged, WorkloadsChanged
from warroom.events.triage import FindingRaised
from warroom.model.nouns import InstanceId, Severity, WorkloadId, WorkloadState
from warroom.model.requests import Stop, Verdict
from warroom.model.response import Confidence, Finding
from warroom.model.text import Safe
from warroom.response.brief import brief
from warroom.response.watching import Memory
from warroom.views.phases import severity_lines

CHAT = WorkloadId("chat-api")
LABELS = {"critical": "true", "service": "chat"}
CHATS = tuple(InstanceId(f"chat-{n}") for n in range(3))


def serving(ready: int, state: WorkloadState = WorkloadState.RUNNING) -> WorkloadsChanged:
    return WorkloadsChanged(
        (
            workload("chat-api", state, desired=3, ready=ready, labels=LABELS),
            workload("find-api", desired=3, ready=3, labels={"critical": "true", "service": "find"}),
            workload("see-api", desired=3, ready=3, labels={"critical": "true", "service": "see"}),
        )
    )


def stopped() -> Tape:
    """Somebody stopped a critical service, and a third of all requests fails since then."""
    tape = measured(cluster(WATCHED, serving(3)), "error_rate", *[0.0] * 6)
    act(tape, Stop((CHAT,), force=True))
    seen(tape, serving(0, WorkloadState.STOPPED), InstancesChanged(gone=CHATS))
    tape.add(ActionVerified("A1", Verdict.SEEN))
    return measured(tape, "error_rate", *[0.35] * 8)


def test_a_critical_service_without_an_instance_is_a_sev2_though_other_services_answer() -> None:
    """A service at 0 of 8 was called SEV3, because of all requests only a third were its own."""
    tape = measured(cluster(WATCHED, serving(3)), "error_rate", *[0.0] * 6)
    tape.add(serving(0, WorkloadState.FAILED), source="sample")
    finding = found(measured(tape, "error_rate", *[0.35] * 14))["user-impact"]
    assert finding.severity is Severity.SEV2
    assert finding.title == "Users feel it: critical chat-api down, no instance left"


def test_a_service_that_was_stopped_from_the_room_is_missed_until_something_answers_for_it() -> None:
    tape = stopped()
    assert found(tape)["user-impact"].severity is Severity.SEV2
    again = workload("chat-back", desired=3, ready=2, labels=LABELS)
    tape.add(WorkloadsChanged((again,)), source="sample")
    assert found(tape)["user-impact"].severity is Severity.SEV3


def test_a_service_whose_requests_do_not_fail_is_missed_by_nobody() -> None:
    tape = measured(stopped(), "error_rate", *[0.0] * 8)
    assert "user-impact" not in found(tape)


def test_a_worse_severity_than_was_declared_is_said_by_the_finding_on_the_board_and_in_the_brief() -> None:
    room = Room(indicators=WATCHED.indicators)
    room.declare(Severity.SEV3)
    memory = Memory()
    measured(room.tape, "error_rate", *[0.97] * 6)
    looked(room.tape, memory)
    looked(room.tape, memory)
    finding = room.state.findings.standing["user-impact"].finding
    assert finding.title.endswith("; SEV1, declared as SEV3")
    assert any("incident severity sev1" in p.text for p in finding.proposals)
    board = "\n".join("".join(cell.text for cell in row.spans) for row in severity_lines(room.state))
    assert "worse than declared, SEV1 by what is found: Users feel it" in board
    assert any(line.startswith("severity: worse than declared, SEV1") for line in brief(room.state, room.now))


def test_a_guess_or_a_milder_finding_says_nothing_of_the_severity() -> None:
    room = Room()
    room.declare(Severity.SEV2)
    for key, severity, sure in (("a", Severity.SEV1, Confidence.LOW), ("b", Severity.SEV3, Confidence.HIGH)):
        room.add(FindingRaised(Finding(key, "where", Safe(key), sure, (), Safe("no"), severity)))
    assert len(severity_lines(room.state)) == 1
