"""What a finding rests on says of when it is, and is what the panes show at that time."""

import re
from datetime import timedelta

import msgspec
import pytest

from tests.response.rooms import cluster, workload
from tests.response.triage.asking import WATCHED, found, looked, measured, moment_of
from tests.response.triage.runs import Run
from tests.simulator.worlds import shipped
from warroom.events.alerts import AlertsChanged
from warroom.events.cluster import WorkloadsChanged
from warroom.events.triage import FindingsMeasured
from warroom.model.nouns import Alert, Fingerprint, NodeName, WorkloadId, WorkloadState
from warroom.model.requests import Drain, Stop, Submit, Uncordon
from warroom.model.response import Fact
from warroom.model.text import Safe
from warroom.response.triage.watch import watch_triage
from warroom.response.watching import Memory
from warroom.views.ages import figure
from warroom.views.findings import finding_lines

NAMES = ("node-failure", "crash-loop", "resource-exhaustion", "false-alarm", "rack-switch")
OLDEST = timedelta(seconds=15)
"""Ten seconds between two looks at all figures, five between two samples."""


def errors(run: Run) -> Fact:
    every = run.standing["user-impact"].facts
    return next(f for f in every if f.text.startswith("errors "))


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_has_the_time_of_its_own_observation(name: str) -> None:
    run = Run(shipped(name)).seconds(140)
    facts = [f for one in run.standing.values() for f in one.facts]
    assert facts
    assert [f.text for f in facts if f.time is None or f.time > run.clock.now()] == []
    assert all(f.seq <= run.state.seq for f in facts)


def test_the_errors_of_a_finding_are_those_of_the_pane_at_the_time_they_name() -> None:
    run = Run(shipped("crash-loop")).seconds(75)
    for _ in range(20):
        run.seconds(3)
        said = errors(run)
        points = {p.time: p.value for p in run.state.metrics.series["error_rate"].points}
        assert said.time is not None
        assert f"errors {figure(points[said.time], 'ratio')}, beyond its limit of 5.0%" in said.text
        assert run.clock.now() - said.time <= OLDEST


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_taken_again_at_most_six_times_a_minute_for_all_findings_together(name: str) -> None:
    run = Run(shipped(name)).seconds(200)
    assert run.measured
    assert all(later - earlier >= 10 for earlier, later in zip(run.measured, run.measured[1:], strict=False))


def test_what_does_not_change_is_taken_again_every_half_minute_and_no_pause_is_lost_by_a_restart() -> None:
    tape = measured(cluster(WATCHED), "error_rate", 0.2, 0.2)
    memory = Memory()
    for _ in range(3):
        looked(tape, memory)

    def taken(seconds: int, memory: Memory) -> int:
        number = 0
        for _ in range(seconds):
            tape.ms += 1000
            if tape.ms // 1000 % 5 == 0:
                measured(tape, "error_rate", 0.2, every_s=0.001)
            for followed in list(watch_triage(moment_of(tape, memory=memory))):
                number += isinstance(followed.event, FindingsMeasured)
                tape.add(followed.event, after_ms=0)
        return number

    assert taken(120, memory) == 4
    assert taken(29, Memory()) == 1


def test_a_figure_that_is_taken_again_changes_neither_the_finding_nor_what_raised_it() -> None:
    run = Run(shipped("crash-loop")).seconds(75)
    before = run.state.findings.standing["user-impact"]
    run.seconds(25)
    after = run.state.findings.standing["user-impact"]
    assert (after.seq, after.changed_seq, after.raised) == (before.seq, before.changed_seq, before.raised)
    assert after.finding.title == before.finding.title
    assert after.finding.facts != before.finding.facts


def test_a_workload_in_trouble_says_since_when_and_how_it_stands_now() -> None:
    tape = cluster(WATCHED)
    for ready in (1, 2):
        hit = workload(
            "chat-api", WorkloadState.DEGRADED, desired=4, ready=ready, labels={"service": "c"}, reason="x"
        )
        tape.add(WorkloadsChanged((hit,)), source="sample")
    began = tape.state.changes.changes[-1]
    tape.ms += 150_000
    tape.add(WorkloadsChanged((hit,)), source="sample")
    said = found(tape)["user-impact"].facts[0]
    assert said.text == f"chat-api degraded, in trouble since {began.time:%H:%M:%S}Z, 2 of 4 ready: x"
    assert (said.time, said.seq) == (tape.now, began.seq)


def test_a_false_alarm_rests_on_the_rule_that_was_edited_before_it() -> None:
    run = Run(shipped("false-alarm")).seconds(90)
    alarm = next(f for f in run.standing.values() if f.rule == "false-alarm")
    told = {f.text: f for f in alarm.facts}
    edited = next(f for text, f in told.items() if "alert rules reloaded: HighErrorRate" in text)
    fires = next(f for text, f in told.items() if "HighErrorRate fires:" in text)
    assert edited.time is not None
    assert fires.time is not None
    assert (fires.time - edited.time).total_seconds() == 10, "it pends for ten seconds after the edit"


def test_a_node_with_a_failing_gpu_is_what_infrastructure_is_about() -> None:
    run = Run(shipped("node-failure")).seconds(90)
    assert run.standing["where"].targets.nodes == ("gpu-02",)
    change = run.standing["recent-change"].facts[0]
    assert change.time is not None
    assert change.time.strftime("%S") == "00", "the error of a program at second 40 is no symptom of it"


def test_the_detail_of_a_finding_shows_time_and_record_of_each_fact() -> None:
    run = Run(shipped("crash-loop")).seconds(80)
    standing = run.state.findings.standing["crash-loop:chat-api"]
    text = "\n".join("".join(c.text for c in one.spans) for one in finding_lines(standing, run.clock.now()))
    deploy = standing.finding.facts[0]
    assert f"14:01:00Z  {deploy.text}  #{deploy.seq}" in text


def test_an_alert_that_fired_for_nothing_is_false_again_once_the_outage_somebody_made_meanwhile_is_over() -> (
    None
):
    run = Run(shipped("false-alarm")).seconds(100)
    key = next(key for key in run.standing if key.startswith("false-alarm"))
    run.do(Stop((WorkloadId("find-api"),), force=True))
    run.seconds(12)
    run.do(Submit("find-back", like=WorkloadId("find-api")))
    run.until(lambda r: key not in r.standing, most=60)
    run.until(lambda r: key in r.standing, most=150)
    told = "; ".join(f.text for f in run.standing[key].facts)
    assert re.search(r"errors at most \d\.\d% until 14:01:4\dZ and again now, its limit is 5\.0%", told), told


def test_an_alert_that_lags_behind_a_real_outage_is_not_called_false() -> None:
    tape = measured(cluster(WATCHED), "error_rate", *[0.001] * 20, *[0.4] * 4)
    alert = Alert(
        Fingerprint("f1"), Safe("HighErrors"), "critical", Safe("too many errors"), started=tape.now
    )
    tape.add(AlertsChanged((alert,)), source="sample", after_ms=0)
    measured(tape, "error_rate", *[0.4] * 12, *[0.001] * 60)
    assert not [key for key in found(tape) if key.startswith("false-alarm")]


def test_instances_that_start_elsewhere_while_a_node_is_drained_are_no_trouble_elsewhere() -> None:
    run = Run(shipped("node-failure")).seconds(80)
    run.do(Drain((NodeName("gpu-01"),), 60))
    run.seconds(80)
    assert not [s for s in run.said if "elsewhere" in s.finding.title]


def test_a_shortage_that_gave_way_to_a_bad_node_is_not_over_because_what_holds_the_room_runs() -> None:
    run = Run(shipped("resource-exhaustion")).seconds(78)
    run.do(Uncordon((NodeName("gpu-12"),)))
    run.until(lambda r: "resource-exhaustion" not in r.standing, most=90)
    ended = next(s for s in run.said if s.what == "withdrawn" and s.key == "resource-exhaustion")
    assert ended.reason == "nothing waits for room; what fails now stands on gpu-12"


def test_an_error_that_is_not_written_again_is_over_for_that_reason() -> None:
    run = Run(shipped("crash-loop")).seconds(400)
    ended = next(s for s in run.said if s.what == "withdrawn" and s.key == "gpu-misuse:31")
    assert ended.reason == "not in the log again for 5 min"


def test_a_service_that_asked_for_room_and_got_none_is_not_what_changed_before_its_trouble() -> None:
    """Its users were badly served before it asked: taking the request back would help nobody."""
    run = Run(shipped("resource-exhaustion")).seconds(78)
    run.do(Uncordon((NodeName("gpu-12"),)))
    run.seconds(60)
    run.do(Drain((NodeName("gpu-12"),), 0))
    run.until(lambda r: "resource-exhaustion" in r.standing, most=120)
    run.seconds(30)
    change = run.standing["recent-change"]
    assert change.targets.workloads == ("sweep",)
    assert change.runbook == "resource-exhaustion"


def test_batch_work_of_which_an_instance_crashed_still_holds_the_room_and_explains_no_failing_request() -> (
    None
):
    """What was seen last of it may stand for long: its recovery was not told."""
    run = Run(shipped("resource-exhaustion")).seconds(58)
    sweep = run.state.cluster.workloads[WorkloadId("sweep")]
    for _ in range(20):
        run.seconds(1)
        crashed = msgspec.structs.replace(sweep, state=WorkloadState.FAILED, ready=13)
        run.add(WorkloadsChanged((crashed,)), source="sample")
    assert "resource-exhaustion" in run.standing
