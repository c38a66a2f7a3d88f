"""Whether alarms can be believed: blind, without data, silent, or wrong."""

from datetime import timedelta
from typing import Any

from tests.response.rooms import alert, cluster, node
from tests.response.triage.asking import WATCHED, found, measured, rules_of
from tests.views.any_state import Tape
from warroom.events.alerts import AlertsChanged
from warroom.events.cluster import NodesChanged
from warroom.events.sources import SourceLost, SourceStale, SourceSynced
from warroom.model.nouns import NodeState
from warroom.model.response import Confidence
from warroom.model.text import Safe

GOOD = [0.001, 0.002, 0.001] * 8


def fires(tape: Tape, name: str, summary: str, **more: Any) -> Tape:
    started = tape.now + timedelta(seconds=1)
    tape.add(
        AlertsChanged((alert("f1", name, summary=Safe(summary), started=started, **more),)), source="sample"
    )
    return tape


def test_a_lost_source_of_alerts_makes_the_alarms_blind() -> None:
    tape = cluster(AlertsChanged(()), SourceSynced())
    tape.add(SourceLost(Safe("connection refused")), source="sample")
    finding = found(tape)["blind-alarms"]
    assert "nothing fires means nothing" in finding.title
    assert "connection refused" in finding.facts[0].text
    assert finding.facts[0].time == tape.now


def test_a_source_that_was_not_read_yet_is_not_called_blind() -> None:
    assert rules_of(Tape()) == set()


def test_a_stale_source_that_is_read_again_is_blind_no_longer() -> None:
    tape = cluster(SourceStale(Safe("nothing heard for 30 s")))
    tape.add(SourceStale(Safe("nothing heard for 30 s")), source="sample")
    assert "blind-alarms" in rules_of(tape)
    tape.add(SourceSynced(), source="sample")
    assert "blind-alarms" not in rules_of(tape)


def test_a_figure_that_ends_while_its_source_answers_has_no_data_and_its_alert_stands_on_nothing() -> None:
    tape = fires(measured(cluster(WATCHED), "error_rate", *GOOD), "HighErrorRate", "many requests fail")
    finding = found(tape, after_s=90)["blind-alarms"]
    assert finding.title.startswith("Blind: errors has no data")
    assert any("HighErrorRate stands on a figure without data" in f.text for f in finding.facts)


def test_a_ratio_of_no_requests_at_all_is_no_blindness() -> None:
    tape = measured(cluster(WATCHED), "error_rate", 0.0, *[None] * 20)
    assert rules_of(tape) == set()
    measured(tape, "request_rate", 40.0)
    assert rules_of(tape) == {"blind-alarms"}


def test_requests_that_fail_for_a_minute_without_any_alert_make_the_alarms_silent() -> None:
    tape = measured(cluster(WATCHED, AlertsChanged(())), "error_rate", *GOOD, *[0.4] * 14)
    assert "silent-alarms" in rules_of(tape)
    fires(tape, "HighErrorRate", "requests fail")
    assert "silent-alarms" not in rules_of(tape)


def test_an_alert_that_the_figure_contradicts_all_the_time_is_called_a_false_alarm() -> None:
    tape = fires(measured(cluster(WATCHED), "error_rate", *GOOD), "ErrorBudgetBurn", "too many errors")
    assert "false-alarm" not in rules_of(measured(tape, "error_rate", *GOOD[:4]))
    finding = found(measured(tape, "error_rate", *GOOD[:6]))["false-alarm:f1"]
    assert finding.confidence is Confidence.HIGH
    assert finding.targets.alerts == ("f1",)
    assert any("did not move" in f.text for f in finding.facts)


def test_an_alert_is_not_called_false_while_its_figure_moved_with_it() -> None:
    tape = fires(
        measured(cluster(WATCHED), "request_latency_p99", *[0.2] * 20), "SlowAnswers", "latency is high"
    )
    assert rules_of(measured(tape, "request_latency_p99", *[0.8] * 12)) == set()


def test_an_alert_is_not_called_false_by_a_figure_nobody_can_see() -> None:
    tape = fires(measured(cluster(WATCHED), "error_rate", *GOOD), "HighErrors", "too many errors")
    measured(tape, "error_rate", *GOOD[:8]).add(SourceStale(Safe("late")), source="sample")
    assert rules_of(tape) == {"blind-alarms"}


def test_an_alert_about_something_that_is_not_measured_is_left_alone() -> None:
    tape = fires(measured(cluster(WATCHED), "error_rate", *GOOD), "CertificateExpires", "in 3 days")
    assert rules_of(measured(tape, "error_rate", *GOOD[:10])) == set()


def test_an_alert_that_a_node_is_down_is_false_when_the_node_is_ready_all_the_time() -> None:
    tape = fires(cluster(WATCHED), "NodeNotReady", "node a1 is not ready", labels={"node": "a1"})
    assert "false-alarm" not in rules_of(tape, after_s=20)
    finding = found(tape, after_s=40)["false-alarm:f1"]
    assert any("a1 is ready, by the cluster's word" in f.text for f in finding.facts)


def test_an_alert_that_a_node_is_down_is_right_when_it_is() -> None:
    tape = cluster(WATCHED, NodesChanged((node("a1", NodeState.NOT_READY),)))
    fires(tape, "NodeNotReady", "node a1 is not ready", labels={"node": "a1"})
    assert "false-alarm" not in rules_of(tape, after_s=40)


def test_an_alert_that_people_made_to_inform_is_nobodys_false_alarm() -> None:
    tape = cluster(WATCHED)
    fires(tape, "sev1-mitigated", "errors are gone, services restored", severity="info")
    assert rules_of(measured(tape, "error_rate", *GOOD)) == set()
