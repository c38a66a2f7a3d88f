"""What a runbook's file says, which requests its steps stand for, and how a run goes on by what is seen."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.response.rooms import CRITICAL, act, cluster, names, node, seen, workload
from tests.views.any_state import MAYA, Tape
from warroom.errors import Refused, WarroomError
from warroom.events.actions import ActionVerified
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.events.metrics import Indicator, IndicatorsWatched, SeriesSampled
from warroom.events.procedure import RunbookEnded, RunbookStepEnded
from warroom.events.triage import FindingRaised
from warroom.model.commands import LogsFound, SearchLogs
from warroom.model.nouns import Sample, WorkloadId, WorkloadState
from warroom.model.requests import Cordon, CreateAlert, Drain, Request, Scale, Stop, Submit, Verdict
from warroom.model.response import (
    Confidence,
    Fact,
    Finding,
    Pick,
    RunbookStep,
    StepKind,
    StepResult,
    Targets,
)
from warroom.model.response_commands import EndRunbook, EndStep, StartRunbook
from warroom.model.text import Safe
from warroom.response.book import Book
from warroom.response.runbooks.definition import Runbook, parse_runbook
from warroom.response.runbooks.looking import look_answer, look_query
from warroom.response.runbooks.requests import requests_of
from warroom.response.runbooks.running import watch_runs
from warroom.response.watching import Moment
from warroom.response.wishes.runbooks import grant_runbook

SHIPPED = Path(__file__).resolve().parents[2] / "warroom" / "runbooks"
CHAT = WorkloadId("chat-api")
NODES = Targets(nodes=names("a1"), workloads=(CHAT,), selector={"rack": "rack2"}, image=Safe("chat:1"))


def shipped(name: str) -> Runbook:
    text = (SHIPPED / f"{name}.toml").read_text("utf-8")
    return parse_runbook(name, tomllib.loads(text), file=f"{name}.toml")


def step(action: str, **more: Any) -> RunbookStep:
    return RunbookStep(StepKind.ACT, Safe(action), action=action, **more)


def book(*steps: RunbookStep) -> Book:
    return Book(runbooks={"r": Runbook("r", Safe("Runbook"), steps)})


def moment(tape: Tape, going_by: Book) -> Moment:
    return Moment(tape.state, tape.now, tape.ms, going_by)


def started(*steps: RunbookStep, targets: Targets = NODES) -> tuple[Tape, Book]:
    tape = cluster(
        IndicatorsWatched((Indicator("error_rate", Safe("errors"), "ratio", 0.05),)),
        SeriesSampled((Sample("error_rate", {}, cluster().now, 0.9),)),
    )
    going_by = book(*steps)
    grant(tape, going_by, StartRunbook("r", targets=targets))
    return tape, going_by


def grant(tape: Tape, going_by: Book, command: StartRunbook | EndStep | EndRunbook) -> None:
    for followed in grant_runbook(moment(tape, going_by), command, MAYA):
        tape.add(followed.event, actor=MAYA)


def follow(tape: Tape, going_by: Book) -> None:
    for _ in range(5):
        events = [followed.event for followed in watch_runs(moment(tape, going_by))]
        if not events:
            return
        for event in events:
            tape.add(event)
    raise AssertionError("a run never came to rest")


# --- files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_runbook_can_be_read(path: Path) -> None:
    made = parse_runbook(path.stem, tomllib.loads(path.read_text()), file=path.name)
    assert made.steps
    assert made.steps[-1].kind is StepKind.WAIT, "it ends by looking whether it helped"


def test_the_four_scenarios_the_four_resolutions_and_the_false_alarm_are_there() -> None:
    found = {
        path.stem: parse_runbook(path.stem, tomllib.loads(path.read_text()), file=path.name).scenario
        for path in SHIPPED.glob("*.toml")
    }
    assert {name for name, scenario in found.items() if scenario} == {
        "node-failure",
        "crash-loop",
        "resource-exhaustion",
        "network",
    }
    assert {name for name, scenario in found.items() if not scenario} == {
        "hardware",
        "code",
        "configuration",
        "scale-up",
        "false-alarm",
    }


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ({"title": "x"}, "mine.toml: step: a runbook needs at least one [[step]]"),
        ({"step": [{"kind": "ask", "title": "t"}]}, "mine.toml.title is missing"),
        (
            {"title": "x", "step": [{"kind": "aks", "title": "t"}]},
            "step[0].kind: unknown word 'aks'; did you mean ask?",
        ),
        ({"title": "x", "step": [{"kind": "ask", "title": ""}]}, "step[0].title is missing"),
        (
            {"title": "x", "step": [{"kind": "look", "title": "t"}]},
            "step[0]: a look needs either logs or metric",
        ),
        (
            {"title": "x", "step": [{"kind": "act", "title": "t", "action": "drian"}]},
            "step[0].action: unknown word 'drian'; did you mean drain?",
        ),
        (
            {"title": "x", "step": [{"kind": "act", "title": "t", "action": "scale"}]},
            "step[0].replicas: write a number",
        ),
        (
            {"title": "x", "step": [{"kind": "wait", "title": "t", "minuets": 3}]},
            "step[0]: unknown key minuets; did you mean minutes?",
        ),
        (
            {"title": "x", "step": [{"kind": "wait", "title": "t", "minutes": -1}]},
            "step[0].minutes must be a number",
        ),
        ({"title": "x", "steps": []}, "mine.toml: unknown key steps; did you mean step?"),
    ],
)
def test_a_mistake_names_file_table_and_key(raw: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WarroomError) as wrong:
        parse_runbook("mine", raw, file="mine.toml")
    assert sentence in str(wrong.value)


# --- requests ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("acting", "requests"),
    [
        (step("cordon"), (Cordon(names("a1"), Safe("why")),)),
        (step("drain", grace_s=30), (Drain(names("a1"), 30, Safe("why")),)),
        (step("stop", force=True), (Stop((CHAT,), True, Safe("why")),)),
        (step("stop", pick=Pick(False, CRITICAL)), (Stop((CHAT,), False, Safe("why")),)),
        (step("scale", replicas="+2"), (Scale(CHAT, 5, Safe("why")),)),
        (step("scale", replicas="-9"), (Scale(CHAT, 0, Safe("why")),)),
        (step("scale", replicas="4"), (Scale(CHAT, 4, Safe("why")),)),
        (
            step("submit"),
            (Submit("chat-api", like=CHAT, selector={"rack": "rack2"}, reason=Safe("why")),),
        ),
        (
            step("submit", name="{name}-rollback", image=True),
            (
                Submit(
                    "chat-api-rollback",
                    like=CHAT,
                    image="chat:1",
                    selector={"rack": "rack2"},
                    reason=Safe("why"),
                ),
            ),
        ),
        (
            step("create_alert", name="sev1-mitigated", message=Safe("restored")),
            (CreateAlert("sev1-mitigated", "info", Safe("restored")),),
        ),
    ],
)
def test_a_step_stands_for_requests(acting: RunbookStep, requests: tuple[Request, ...]) -> None:
    assert requests_of(cluster().state, acting, NODES, why="why") == requests


@pytest.mark.parametrize(
    ("acting", "targets", "why"),
    [
        (step("cordon"), Targets(), "without a node"),
        (step("stop", pick=Pick(False, priority="low")), NODES, "nothing is left to stop"),
        (step("submit", image=True), Targets(workloads=(CHAT,)), "no image before"),
        (step("scale", replicas="+1"), Targets(workloads=(WorkloadId("gone"),)), "no workload fits"),
    ],
)
def test_a_step_without_anything_to_work_on_says_why(acting: RunbookStep, targets: Targets, why: str) -> None:
    with pytest.raises(Refused, match=why):
        requests_of(cluster().state, acting, targets, why="why")


def test_what_was_stopped_is_not_stopped_again_but_can_be_copied() -> None:
    tape = cluster(WorkloadsChanged((workload("chat-api", WorkloadState.STOPPED, desired=3),)))
    with pytest.raises(Refused):
        requests_of(tape.state, step("stop"), NODES, why="why")
    assert requests_of(tape.state, step("submit"), NODES, why="why")


# --- a run ---------------------------------------------------------------------------------------------------


def test_a_run_started_from_a_finding_has_its_targets() -> None:
    tape = cluster()
    fact = Fact(Safe("node a1 is silent"))
    found = Finding(
        "node:a1", "node", Safe("a1 is broken"), Confidence.HIGH, (fact,), Safe("-"), targets=NODES
    )
    tape.add(FindingRaised(found))
    grant(tape, book(step("cordon")), StartRunbook("r", finding="node:a1"))
    assert tape.state.procedure.runs["R1"].targets == NODES


def test_a_run_of_an_unknown_runbook_or_a_finding_that_is_over_is_refused() -> None:
    tape = cluster()
    with pytest.raises(Refused, match="there are: r"):
        grant(tape, book(step("cordon")), StartRunbook("q"))
    with pytest.raises(Refused, match="does not stand"):
        grant(tape, book(step("cordon")), StartRunbook("r", finding="node:a1"))


def test_an_acting_step_ends_by_the_verdict_of_its_action() -> None:
    tape, going_by = started(step("cordon"), RunbookStep(StepKind.ASK, Safe("what now?")))
    follow(tape, going_by)
    assert tape.state.procedure.runs["R1"].at == 0, "nothing was done yet"
    act(tape, Cordon(names("a1")), run="R1.1")
    follow(tape, going_by)
    assert tape.state.procedure.runs["R1"].at == 0, "no verdict yet"
    seen(tape, NodesChanged((node("a1", cordoned=True),)))
    tape.add(ActionVerified("A1", Verdict.SEEN, Safe("closed")))
    follow(tape, going_by)
    run = tape.state.procedure.runs["R1"]
    assert (run.at, run.steps[0].result, run.steps[0].action) == (1, StepResult.DONE, "A1")


def test_an_effect_that_was_not_seen_fails_the_step_and_the_run() -> None:
    tape, going_by = started(step("cordon"))
    act(tape, Cordon(names("a1")), run="R1.1")
    tape.add(ActionVerified("A1", Verdict.NOT_SEEN, Safe("still open")))
    follow(tape, going_by)
    run = tape.state.procedure.runs["R1"]
    assert (run.steps[0].result, run.result) == (StepResult.FAILED, StepResult.FAILED)
    assert "still open" in run.steps[0].detail


def test_waiting_ends_with_effect_seen_on_fresh_figures_only() -> None:
    tape, going_by = started(RunbookStep(StepKind.WAIT, Safe("errors are back"), minutes=3))
    follow(tape, going_by)
    assert tape.state.procedure.runs["R1"].result is None, "the last figure is bad, and older than the run"
    tape.ms += 5_000
    tape.add(SeriesSampled((Sample("error_rate", {}, tape.now, 0.01),)), source="sample")
    follow(tape, going_by)
    run = tape.state.procedure.runs["R1"]
    assert run.result is StepResult.DONE
    assert "effect seen" in run.steps[0].detail


def test_waiting_in_vain_ends_in_failed() -> None:
    tape, going_by = started(RunbookStep(StepKind.WAIT, Safe("errors are back"), minutes=3))
    tape.ms += 181_000
    follow(tape, going_by)
    run = tape.state.procedure.runs["R1"]
    assert run.result is StepResult.FAILED
    assert "not seen in time" in run.steps[0].detail


def test_a_person_answers_looks_and_skips_but_cannot_say_done_for_the_cluster() -> None:
    ask, look = (
        RunbookStep(StepKind.ASK, Safe("who owns it?")),
        RunbookStep(StepKind.LOOK, Safe("log"), logs="xid"),
    )
    tape, going_by = started(ask, look, step("cordon"))
    with pytest.raises(Refused, match="who owns it"):
        grant(tape, going_by, EndStep("R1", StepResult.DONE))
    grant(tape, going_by, EndStep("R1", StepResult.DONE, Safe("the data team")))
    grant(tape, going_by, EndStep("R1", StepResult.DONE, Safe("12 found")))
    with pytest.raises(Refused, match="ends by what the cluster shows"):
        grant(tape, going_by, EndStep("R1", StepResult.DONE, Safe("trust me")))
    with pytest.raises(Refused, match="say why"):
        grant(tape, going_by, EndStep("R1", StepResult.SKIPPED))
    grant(tape, going_by, EndStep("R1", StepResult.SKIPPED, Safe("closed by hand already")))
    follow(tape, going_by)
    assert tape.state.procedure.runs["R1"].result is StepResult.DONE


def test_a_run_that_was_given_up_is_over() -> None:
    tape, going_by = started(step("cordon"))
    grant(tape, going_by, EndRunbook("R1", Safe("it is something else")))
    follow(tape, going_by)
    assert tape.state.procedure.runs["R1"].result is StepResult.SKIPPED
    with pytest.raises(Refused, match="R1 is over"):
        grant(tape, going_by, EndStep("R1", StepResult.SKIPPED, Safe("x")))


def test_the_watcher_says_nothing_twice() -> None:
    tape, going_by = started(step("cordon"))
    tape.add(RunbookStepEnded("R1", 0, StepResult.SKIPPED, Safe("by hand")))
    assert [f.event for f in watch_runs(moment(tape, going_by))] == [RunbookEnded("R1", StepResult.DONE)]
    follow(tape, going_by)
    assert list(watch_runs(moment(tape, going_by))) == []


def test_what_the_nodes_say_is_asked_of_the_nodes_of_the_run_alone() -> None:
    """The first step of the node failure showed the errors and heartbeats of all nodes."""
    now = cluster().now
    first = shipped("node-failure").steps[0]
    asked = look_query(first, Targets(nodes=names("a1"), workloads=(CHAT,)), now)
    assert isinstance(asked, SearchLogs)
    assert asked.only == ("a1",)
    lines, words = look_answer(cluster().state, first, Targets(nodes=names("a1")), LogsFound((), 3, 90), 40)
    assert words == "3 of 90 lines match, only a1"
    assert "only a1" in "".join(cell.text for cell in lines[0].spans)
    looked = look_query(shipped("crash-loop").steps[0], Targets(workloads=(CHAT,)), now)
    assert isinstance(looked, SearchLogs)
    assert looked.only == ("chat-api",)
    alive = look_query(shipped("network").steps[0], Targets(nodes=names("a1")), now)
    assert isinstance(alive, SearchLogs)
    assert alive.only == (), "which nodes are alive is a question about the others"


def test_a_metric_cannot_be_limited_to_the_targets() -> None:
    raw = {"title": "r", "step": [{"kind": "look", "title": "?", "metric": "m", "targets": True}]}
    with pytest.raises(WarroomError, match=r"step\[0\].targets: only logs"):
        parse_runbook("r", raw, file="r.toml")
