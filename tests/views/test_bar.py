"""The severity bar and the vitals."""

from datetime import timedelta

from rich.cells import cell_len

from tests.views.any_state import MAYA, START, room
from warroom.events.alerts import AlertsChanged
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.events.incident import IncidentDeclared, IncidentResolved
from warroom.events.metrics import Indicator, IndicatorsWatched, SeriesSampled
from warroom.events.room import RecorderDegraded, RoomClosed, RoomOpened, RoomUnlocked
from warroom.events.sources import SourceLost
from warroom.events.team import RoleTaken
from warroom.model.nouns import (
    Alert,
    AlertState,
    Fingerprint,
    Node,
    NodeName,
    NodeState,
    Sample,
    Severity,
    Workload,
    WorkloadId,
    WorkloadState,
)
from warroom.model.response import Clock, Role, Urgency
from warroom.model.text import Safe
from warroom.state.slices import Point, State
from warroom.views.bar import severity_bar, vitals
from warroom.views.metrics import trend
from warroom.views.rows import Line

OPENED = RoomOpened("r", "prod-eu1", "sample", 1, "0.1")
DECLARED = IncidentDeclared("i1", Safe("checkout fails"), Severity.SEV1)
NODES = NodesChanged(
    (
        Node(NodeName("gpu-1"), NodeState.READY),
        Node(NodeName("gpu-2"), NodeState.NOT_READY, cordoned=True),
    )
)


def text(line: Line) -> str:
    return "".join(cell.text for cell in line.spans)


def role_at(line: Line, words: str) -> str:
    return next(cell.role for cell in line.spans if words in cell.text)


def test_the_bar_names_severity_clock_title_recorder_lock_cluster_and_time() -> None:
    tape = room()
    tape.add(OPENED)
    tape.add(DECLARED, actor=MAYA)
    bar = severity_bar(tape.state, tape.now + timedelta(minutes=42, seconds=13), 100)
    assert text(bar).split() == [
        *("SEV1", "00:42:13", "checkout", "fails", "DETECT", "no", "IC", "REC", "●", "LOCKED"),
        *("prod-eu1", "14:42:17Z"),
    ]
    assert role_at(bar, "prod-eu1") == "sev1"
    assert role_at(bar, "no IC") == "warning"


def test_a_full_bar_keeps_what_is_red_and_lets_go_of_what_is_as_usual() -> None:
    tape = room()
    tape.add(OPENED)
    tape.add(DECLARED, actor=MAYA)
    tape.add(RoleTaken(Role.COMMANDER, Safe("maya")), actor=MAYA)
    tape.add(RoomUnlocked(int(timedelta(hours=1).total_seconds() * 1000)), actor=MAYA)
    late = Clock("update", "update", tape.now - timedelta(minutes=3), Urgency.RED, Safe("due"))
    kept = Clock("verify:A1", "A1", tape.now, Urgency.GREEN, Safe("due"))
    wide = text(severity_bar(tape.state, tape.now, 140, (late, kept))).split()
    assert " ".join(wide[2:]) == (
        "checkout fails DETECT IC maya update +3m REC ● UNLOCKED maya 59m prod-eu1 14:00:06Z"
    )
    narrow = text(severity_bar(tape.state, tape.now, 80, (late, kept))).split()
    assert " ".join(narrow[2:]) == ("checkout… DETECT IC maya update +3m UNLOCKED 59m prod-eu1")
    assert "UNLOCKED 59m" in text(severity_bar(tape.state, tape.now, 50, (late, kept)))


def test_a_screen_that_may_only_look_says_so_instead_of_the_lock() -> None:
    tape = room()
    tape.add(OPENED)
    tape.add(RoomUnlocked(1_000), actor=MAYA)
    bar = severity_bar(tape.state, tape.now, 80, read_only=True)
    assert "READ-ONLY" in text(bar)
    assert "UNLOCKED" not in text(bar)


def test_an_empty_chair_of_the_commander_is_red_once_its_time_is_up() -> None:
    tape = room()
    tape.add(DECLARED, actor=MAYA)
    empty = Clock("role:ic", "no ic", tape.now, Urgency.RED, Safe("nobody is ic"))
    bar = severity_bar(tape.state, tape.now, 80, (empty,))
    assert role_at(bar, "no IC") == "critical"
    assert text(bar).count("no IC") == 1
    assert "no ic" not in text(bar)


def test_the_bar_is_exactly_as_wide_as_the_screen_and_the_title_gives_way() -> None:
    tape = room()
    tape.add(OPENED)
    tape.add(IncidentDeclared("i1", Safe("全ての推論要求が失敗している" * 5), Severity.SEV2), actor=MAYA)
    for width in (60, 80, 120, 200):
        bar = severity_bar(tape.state, tape.now, width)
        assert cell_len(text(bar)) == width
        assert "prod-eu1" in text(bar)
        assert "…" in text(bar) or width == 200


def test_a_narrow_bar_drops_the_time_before_what_is_dangerous_to_miss() -> None:
    tape = room()
    tape.add(OPENED)
    tape.add(RoomUnlocked(), actor=MAYA)
    tape.add(RecorderDegraded(Safe("disk full")))
    bar = text(severity_bar(tape.state, tape.now, 58))
    assert bar.split() == ["no", "incident", "NOT", "RECORDING", "UNLOCKED", "maya", "prod-eu1"]
    tiny = text(severity_bar(tape.state, tape.now, 40))
    assert tiny.split()[2:] == ["NOT", "RECORDING", "UNLOCKED"]


def test_without_an_incident_the_bar_ticks_by_the_minute() -> None:
    tape = room()
    assert severity_bar(tape.state, START, 80) == severity_bar(tape.state, START + timedelta(seconds=59), 80)
    assert severity_bar(tape.state, START, 80) != severity_bar(tape.state, START + timedelta(seconds=60), 80)


def test_a_resolved_incident_says_so_and_its_clock_stands_still() -> None:
    tape = room()
    tape.add(DECLARED, actor=MAYA)
    tape.add(IncidentResolved(), actor=MAYA)
    assert "SEV1 RESOLVED" in text(severity_bar(tape.state, tape.now, 80))
    assert severity_bar(tape.state, START, 80) == severity_bar(tape.state, START + timedelta(seconds=50), 80)


def test_what_is_not_known_is_a_dash_and_never_a_zero() -> None:
    shown = text(vitals(State(), 200))
    assert shown.replace("│", "").split() == [
        *("NODES", "—", "ALERTS", "—", "WORK", "—", "ERR", "—", "p99", "—", "RPS", "—", "GPU", "—"),
    ]


def test_the_vitals_count_what_is_wrong() -> None:
    tape = room(
        NODES,
        WorkloadsChanged(
            (
                Workload(WorkloadId("a"), Safe("a"), WorkloadState.RUNNING),
                Workload(WorkloadId("b"), Safe("b"), WorkloadState.FAILED),
                Workload(WorkloadId("c"), Safe("c"), WorkloadState.COMPLETED),
            )
        ),
        AlertsChanged(
            (
                Alert(Fingerprint("1"), Safe("X"), "critical"),
                Alert(Fingerprint("2"), Safe("Y"), "warning"),
                Alert(Fingerprint("3"), Safe("Y"), "critical", silenced_by=("s1",)),
                Alert(Fingerprint("4"), Safe("Z"), "critical", AlertState.PENDING),
                Alert(Fingerprint("5"), Safe("sev1-mitigated"), "info"),
            )
        ),
    )
    shown = text(vitals(tape.state, 200))
    assert "NODES 1/2 ▼1 ⊘1" in shown
    assert "ALERTS 1C 1W 1I" in shown
    assert "WORK 1/2 ✖1" in shown


def test_a_figure_has_its_unit_its_trend_and_its_threshold() -> None:
    values = [0.01] * 30 + [0.2] * 3
    samples = tuple(
        Sample("error_rate", {}, START + timedelta(seconds=5 * n), value) for n, value in enumerate(values)
    )
    watched = IndicatorsWatched((Indicator("error_rate", Safe("errors"), "ratio", 0.05),))
    line = vitals(room(watched, SeriesSampled(samples)).state, 200)
    assert "ERR 20.0%! ↑" in text(line), "beyond its limit, and not by colour alone"
    assert role_at(line, "ERR") == "critical"


def points(*values: float, every: int = 5) -> tuple[Point, ...]:
    return tuple(Point(START + timedelta(seconds=every * n), value) for n, value in enumerate(values))


def test_after_a_turn_the_arrow_goes_the_way_the_figure_goes_now() -> None:
    outage_over = [10.0] * 30
    assert trend(points(*[0.4] * 200, *outage_over, 0.903)) == "↓", "p99 falls, however low it was before"
    errors = [0.39] * 30 + [0.001] * 12
    assert trend(points(*errors, 0.045)) == "↑", "errors rise again, however high they were before"
    assert trend(points(*[0.39] * 12, 0.001, 0.045)) == "", "no arrow against the last step"


def test_there_is_no_arrow_while_a_figure_is_flat_or_only_noisy_or_hardly_known() -> None:
    assert trend(points(*[10.0] * 30, *[0.9] * 14)) == "", "it fell over a minute ago"
    assert trend(points(*[90.0, 130.0] * 10, 115.0)) == ""
    assert trend(points(1.0, 2.0)) == ""
    assert trend(points(1.0, 1.0, 1.0, 1.0, 5.0, every=60)) == "", "what is older than a minute says nothing"
    assert trend(points(1.0, 1.0, 1.0, float("nan"))) == ""


def test_figures_of_a_lost_source_do_not_look_fresh() -> None:
    tape = room(NODES)
    tape.add(SourceLost(Safe("connection refused")), source="sample")
    line = vitals(tape.state, 200)
    assert role_at(line, "NODES") == "lost"
    assert "✖NODES 1/2" in text(line)


def test_on_a_narrow_screen_the_last_vitals_are_left_out_whole() -> None:
    shown = text(vitals(room(NODES).state, 40))
    assert len(shown) <= 40
    assert "N 1/2" in shown
    assert "GPU" not in shown


def test_a_room_that_was_closed_is_not_recording_any_more() -> None:
    tape = room()
    for event in (OPENED, RoomUnlocked(), RoomClosed(Safe("stopped by maya"))):
        tape.add(event, actor=MAYA)
    words = text(severity_bar(tape.state, tape.now, 80))
    assert "CLOSED" in words
    assert "REC" not in words
    assert "LOCKED" not in words


def test_beside_a_whole_title_the_other_roles_stand_in_the_bar() -> None:
    tape = room()
    for event in (
        OPENED,
        DECLARED,
        RoleTaken(Role.OPERATIONS, Safe("ana")),
        RoleTaken(Role.SCRIBE, Safe("li")),
    ):
        tape.add(event, actor=MAYA)
    assert "SCRIBE li OPS ana no IC" in " ".join(text(severity_bar(tape.state, tape.now, 120)).split())
    narrow = text(severity_bar(tape.state, tape.now, 80))
    assert "no IC" in narrow
    assert "SCRIBE" not in narrow


def test_in_little_room_errors_and_latency_are_left_out_last() -> None:
    tape = room(
        NODES,
        IndicatorsWatched(
            (
                Indicator("error_rate", Safe("errors"), "ratio", 0.05),
                Indicator("request_latency_p99", Safe("p99"), "s", 1.0),
            )
        ),
        SeriesSampled(
            (Sample("error_rate", {}, START, 0.42), Sample("request_latency_p99", {}, START, 9.9)),
        ),
    )
    small = text(vitals(tape.state, 60))
    assert "ERR 42.0%!" in small
    assert "p99 9.9s!" in small
    assert "RPS" not in small
    assert "ERR 42.0%!" in text(vitals(tape.state, 40))
