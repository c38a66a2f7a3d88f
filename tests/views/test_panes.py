"""The rows and lines of the panes."""

from datetime import timedelta

from tests.views.any_state import MAYA, START, room
from warroom.events.alerts import AlertAcknowledged, AlertsChanged, SilencesChanged
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.incident import NoteAdded, QueryAnswered
from warroom.events.logs import LogsAppended
from warroom.events.metrics import Indicator, IndicatorsWatched, SeriesSampled
from warroom.events.sources import SourceLost
from warroom.events.triage import FindingRaised
from warroom.model.nouns import (
    Alert,
    AlertState,
    Fingerprint,
    Instance,
    InstanceId,
    LogLevel,
    LogLine,
    Matcher,
    Node,
    NodeName,
    NodeState,
    Sample,
    Silence,
    Workload,
    WorkloadId,
    WorkloadState,
)
from warroom.model.response import Confidence, Fact, Finding
from warroom.model.text import Safe, neutral
from warroom.state.logtail import LogTail
from warroom.views.alerts import alert_rows
from warroom.views.health import cluster_sentence, health_lines
from warroom.views.logs import lines_per_second, log_lines
from warroom.views.metrics import metric_lines
from warroom.views.node_detail import node_lines
from warroom.views.nodes import node_blocks, node_legend, node_rows
from warroom.views.rows import Line, Row
from warroom.views.sparkline import sparkline
from warroom.views.timeline import timeline_lines
from warroom.views.workloads import workload_lines, workload_rows

READY, DOWN = NodeState.READY, NodeState.NOT_READY


def node(name: str, state: NodeState = READY, rack: str = "rack1", **more: object) -> Node:
    return Node(NodeName(name), state, rack=rack, **more)  # type: ignore[arg-type]


def alert(number: str, name: str, severity: str = "critical", **more: object) -> Alert:
    return Alert(Fingerprint(number), Safe(name), severity, **more)  # type: ignore[arg-type]


def workload(name: str, state: WorkloadState = WorkloadState.RUNNING, **more: object) -> Workload:
    return Workload(WorkloadId(name), Safe(name), state, **more)  # type: ignore[arg-type]


def text(line: Line) -> str:
    return "".join(cell.text for cell in line.spans)


def texts(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


# --- health ------------------------------------------------------------------------------------------------


def test_health_begins_with_the_cluster_in_a_sentence_and_what_is_critical() -> None:
    broken = workload("chat", WorkloadState.FAILED, ready=0, desired=4, labels={"critical": "true"})
    batch = workload("batch", WorkloadState.DEGRADED, ready=1, desired=2)
    tape = room(
        NodesChanged((node("gpu-1", DOWN), node("gpu-2", DOWN))),
        WorkloadsChanged((batch, broken)),
    )
    said = [text(line) for line in health_lines(tape.state, tape.ms)]
    assert said[:4] == [
        "✖ 0 of 2 nodes ready, unhealthy",
        "✖ 2 nodes not ready in rack1",
        "✖ chat critical: failed, 0/4 ready",
        "▲ batch: degraded, 1/2 ready",
    ]
    assert said[-1] == "attached: nobody"


def test_a_cluster_whose_service_is_beyond_its_limits_is_not_called_healthy() -> None:
    """All nodes were ready, 39 of 100 requests failed, and the sentence was green."""
    watched = IndicatorsWatched((Indicator("error_rate", Safe("errors"), "ratio", 0.05),))
    nodes = NodesChanged((Node(NodeName("gpu-1"), NodeState.READY),))
    tape = room(watched, nodes, SeriesSampled((Sample("error_rate", {}, START, 0.39),)))
    first, second, *_ = health_lines(tape.state)
    assert (text(first), first.spans[0].role) == ("▲ 1 of 1 nodes ready, degraded", "warning")
    assert text(second) == "✖ errors 39.0%, limit 5.0%"
    assert second.spans[0].role == "critical"
    calm = room(watched, nodes, SeriesSampled((Sample("error_rate", {}, START, 0.01),)))
    assert text(health_lines(calm.state)[0]) == "✔ 1 of 1 nodes ready, healthy"


def test_a_cluster_without_a_node_is_not_called_healthy() -> None:
    assert cluster_sentence(room(NodesChanged(())).state) == "0 of 0 nodes ready, unknown"


def test_health_of_a_lost_source_is_what_was_last_seen() -> None:
    tape = room(NodesChanged((node("gpu-1"),)))
    tape.add(SourceLost(Safe("connection refused")), source="sample")
    first, *others = health_lines(tape.state, tape.ms + 120_000)
    assert text(first) == "✔ 1 of 1 nodes ready, healthy when last seen"
    assert first.spans[0].role == "lost"
    assert any(text(line).startswith("✖ sample LOST 2m old: connection refused") for line in others)


# --- alerts ------------------------------------------------------------------------------------------------


def test_alerts_are_grouped_the_worst_and_oldest_first_with_the_labels_they_share() -> None:
    old, young = START - timedelta(minutes=41), START - timedelta(minutes=3)
    tape = room(
        AlertsChanged(
            (
                alert("1", "HighLatency", "warning", started=old),
                alert("2", "NodeNotReady", labels={"rack": "rack1", "node": "a"}, started=young),
                alert("3", "NodeNotReady", labels={"rack": "rack1", "node": "b"}, started=old),
            )
        )
    )
    first, second = alert_rows(tape.state, START)
    assert texts(first) == ["✖ C", "41m", "NodeNotReady  node×2  rack=rack1", "2", "firing"]
    assert (first.key, second.key) == ("NodeNotReady", "HighLatency")


def test_a_group_says_what_is_done_about_it() -> None:
    ends = START + timedelta(hours=1)
    tape = room(
        AlertsChanged(
            (
                alert("1", "Silenced", silenced_by=("s1",)),
                alert("2", "Inhibited", inhibited_by=("f9",)),
                alert("3", "Taken"),
                alert("4", "Taken"),
                alert("5", "Pending", state=AlertState.PENDING),
                alert("6", "Half"),
                alert("7", "Half", state=AlertState.PENDING),
            )
        ),
        SilencesChanged((Silence("s1", (Matcher("alertname", "Silenced"),), START, ends),)),
    )
    tape.add(AlertAcknowledged((Fingerprint("3"),)), actor=MAYA)
    said = {row.key: row.cells[4].text for row in alert_rows(tape.state, START)}
    assert said == {
        "Silenced": "silenced to 15:00Z",
        "Inhibited": "inhibited",
        "Taken": "acked maya 1/2",
        "Pending": "pending",
        "Half": "firing 1/2",
    }


def test_a_silenced_critical_alert_does_not_stand_above_a_warning_that_fires() -> None:
    tape = room(
        AlertsChanged((alert("1", "Quiet", silenced_by=("s1",)), alert("2", "Loud", severity="warning")))
    )
    assert [row.key for row in alert_rows(tape.state, START)] == ["Loud", "Quiet"]


# --- nodes -------------------------------------------------------------------------------------------------


def test_nodes_stand_in_blocks_of_what_fails_together() -> None:
    tape = room(
        NodesChanged(
            (
                node("b1", rack="rack2"),
                node("a2", DOWN),
                node("a1", cordoned=True),
                Node(NodeName("z"), READY, zone="eu1"),
            )
        )
    )
    blocks = node_blocks(tape.state)
    assert [(b.name, [t.key for t in b.cells]) for b in blocks] == [
        ("eu1", ["z"]),
        ("rack1", ["a1", "a2"]),
        ("rack2", ["b1"]),
    ]
    assert [t.role for t in blocks[1].cells] == ["warning", "critical"]
    assert text(node_legend(tape.state)) == "✖ 1 not ready  ✔ 2 ready  ⊘ 1 cordoned"


def test_the_table_of_nodes_has_the_worst_first_and_no_invented_zero() -> None:
    tape = room(
        NodesChanged(
            (node("ok", gpus=4), node("bad", DOWN, gpus=4, gpus_used=3, reason=Safe("no heartbeat")))
        ),
        InstancesChanged((Instance(InstanceId("i"), WorkloadId("w"), NodeName("bad")),)),
    )
    bad, fine = node_rows(tape.state)
    assert texts(bad) == ["✖ bad", "not ready", "", "3/4", "—", "—", "1", "no heartbeat"]
    assert texts(fine)[3] == "?/4"


def test_one_node_in_words_shows_its_own_moments_and_not_those_of_gpu_10() -> None:
    tape = room(NodesChanged((node("gpu-1"), node("gpu-10"))))
    tape.add(NodesChanged((node("gpu-10", DOWN),)), source="sample")
    tape.add(NoteAdded(Safe("gpu-1: fan replaced")), actor=MAYA)
    shown = [text(line) for line in node_lines(tape.state, "gpu-1", tape.now)]
    assert shown[0] == "gpu-1  ready, open to new work"
    assert any("fan replaced" in line for line in shown)
    assert not any("gpu-10" in line for line in shown)


# --- workloads ---------------------------------------------------------------------------------------------


def test_workloads_have_the_broken_first_and_among_them_the_critical() -> None:
    critical = {"critical": "true"}
    tape = room(
        WorkloadsChanged(
            (
                workload("ended", WorkloadState.STOPPED),
                workload("fine", labels=critical),
                workload("batch", WorkloadState.FAILED),
                workload("chat", WorkloadState.FAILED, labels=critical),
            )
        )
    )
    assert [row.key for row in workload_rows(tape.state, START)] == ["chat", "batch", "fine", "ended"]


def test_a_command_is_shown_whole_where_there_are_no_images() -> None:
    """A job `python /data/train.py --out /data/run7` was shown as `run7`."""
    job = workload("41", command=Safe("python /data/train.py --out /data/run7"))
    image = workload("chat", image=Safe("registry.local/chat:4.2.1"))
    rows = {row.key: texts(row) for row in workload_rows(room(WorkloadsChanged((job, image))).state, START)}
    assert rows["41"][6] == "python /data/train.py --out /data/run7"
    assert rows["chat"][6] == "chat:4.2.1"
    assert rows["41"][5] == "—"


def test_one_workload_in_words_has_its_instances_and_why_it_waits() -> None:
    tape = room(
        WorkloadsChanged((workload("chat", WorkloadState.PENDING, reason=Safe("no room on rack=rack2")),)),
        InstancesChanged((Instance(InstanceId("chat-0"), WorkloadId("chat"), None, WorkloadState.PENDING),)),
    )
    shown = [text(line) for line in workload_lines(tape.state, "chat", START)]
    assert "reason no room on rack=rack2" in shown
    assert shown[-1].startswith("  chat-0  pending  on no node")


# --- metrics -----------------------------------------------------------------------------------------------


def watched(*values: float | None) -> list[str]:
    indicator = Indicator("error_rate", Safe("errors"), "ratio", 0.05)
    samples = tuple(
        Sample("error_rate", {}, START + timedelta(seconds=n), value) for n, value in enumerate(values)
    )
    state = room(IndicatorsWatched((indicator,)), SeriesSampled(samples)).state
    return [text(line) for line in metric_lines(state, START + timedelta(seconds=len(values)), 80)]


def test_an_indicator_shows_its_course_its_value_its_extremes_and_its_limit() -> None:
    (line,) = watched(0.0, 0.01, 0.2)
    assert line.split() == ["errors", "▁▁█", "20.0%", "✖", "0.0%…20.0%", "limit", "5.0%"]


def test_no_data_a_gap_and_zero_are_three_different_things() -> None:
    assert watched() == ["errors   no data"]
    assert "—" in watched(0.01, None)[0].split()[2]
    assert "0.0%" in watched(0.01, 0.0)[0].split()[2]


def test_an_old_sample_shows_its_age() -> None:
    indicator = Indicator("error_rate", Safe("errors"), "ratio")
    state = room(
        IndicatorsWatched((indicator,)), SeriesSampled((Sample("error_rate", {}, START, 0.1),))
    ).state
    (line,) = metric_lines(state, START + timedelta(minutes=7), 80)
    assert text(line).endswith(" 7m old")


def test_a_sparkline_keeps_the_peak_of_each_share_and_survives_infinity() -> None:
    assert sparkline([0, 0, 0, 9, 0, 0], 2) == "▁█"
    assert sparkline([1.0, None, 2.0], 3) == "▁ █"
    assert sparkline([1.0, float("inf"), 2.0, float("nan")], 4) == "▁██ "
    assert sparkline([-1.7e308, 1.7e308], 2) == "▁█"


# --- logs --------------------------------------------------------------------------------------------------


def tail_of(*lines: LogLine) -> LogTail:
    tape = room()
    tail = LogTail()
    tape.add(LogsAppended(lines), source="journal")
    tail.apply(tape.envelopes[-1])
    return tail


def test_a_log_line_has_time_level_origin_and_its_further_lines_a_gutter() -> None:
    tail = tail_of(
        LogLine(START, LogLevel.ERROR, neutral("boom\nat x", "log"), "gpu-1"),
        LogLine(None, LogLevel.NONE, Safe("no time")),
    )
    assert [text(line) for line in log_lines(tail.lines)] == [
        "14:00:00 ERROR gpu-1        boom",
        "         ┆ at x",
        "               journal      no time",
    ]


def test_lines_per_second_are_only_said_when_the_tail_reaches_back_a_minute() -> None:
    def spread(seconds: int) -> LogTail:
        times = (START - timedelta(seconds=n) for n in reversed(range(seconds)))
        return tail_of(*(LogLine(time, LogLevel.INFO, Safe("x")) for time in times))

    assert lines_per_second(spread(30).lines, START) is None
    assert lines_per_second(spread(200).lines, START) == 1.0


# --- timeline ----------------------------------------------------------------------------------------------


def test_the_timeline_says_when_who_and_what_the_newest_last() -> None:
    tape = room()
    tape.add(NoteAdded(Safe("switch of rack 1 is dead")), actor=MAYA)
    assert text(timeline_lines(tape.state)[-1]) == "14:00:03Z ✎ maya switch of rack 1 is dead"


def test_a_log_record_of_many_lines_found_as_evidence_stays_one_line() -> None:
    tape = room()
    tape.add(QueryAnswered(Safe("logs-search boom"), 1, (neutral("boom\nat x", "log"),)), actor=MAYA)
    assert "\n" not in text(timeline_lines(tape.state)[-1])


def test_findings_stand_first_with_what_they_rest_on_and_what_would_refute_them() -> None:
    tape = room(NodesChanged((Node(NodeName("a1"), NodeState.READY),)))
    for confidence, title in ((Confidence.LOW, "perhaps this"), (Confidence.HIGH, "a1 is broken")):
        fact = Fact(neutral(f"seen of {title}"))
        found = Finding(title, "rule", neutral(title), confidence, (fact,), neutral("a heartbeat"))
        tape.add(FindingRaised(found))
    said = [text(line) for line in health_lines(tape.state)]
    assert [n for n, words in enumerate(said) if "confidence" in words] == [0, 2]
    assert "a1 is broken  high confidence" in said[0]
    assert "seen of a1 is broken  refuted by: a heartbeat" in said[1]
    assert said[4].startswith("✔ 1 of 1 nodes ready")
