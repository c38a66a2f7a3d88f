"""Titles and empty panes: which source, how old, and five ways of being empty."""

from datetime import timedelta

import pytest

from tests.views.any_state import Tape, announced, room
from warroom.events.alerts import AlertsChanged
from warroom.events.cluster import NodesChanged
from warroom.events.metrics import SeriesSampled
from warroom.events.sources import SourceLost, SourcePolled, SourceStale, SourceSynced
from warroom.model.nouns import Node, NodeName, NodeState
from warroom.model.text import Safe
from warroom.state.slices import State
from warroom.views.ages import age, figure
from warroom.views.alerts import alerts_title
from warroom.views.metrics import metrics_title
from warroom.views.nodes import nodes_title
from warroom.views.sources import absence

NODES = NodesChanged((Node(NodeName("gpu-1"), NodeState.READY),))


def empty(state: State, role: str = "alerts") -> tuple[str, str]:
    (cell,) = absence(state, role, none="no alert fires").spans
    return cell.text, cell.role


def test_none_loading_not_allowed_unreachable_and_no_source_are_five_different_things() -> None:
    loading = Tape()
    loading.add(announced(), source="am")
    denied = Tape()
    denied.add(announced(), source="am")
    denied.add(SourceLost(Safe("HTTP 403 Forbidden")), source="am")
    dead = Tape()
    dead.add(announced(), source="am")
    dead.add(SourceLost(Safe("no answer from port 8403")), source="am")
    said = [empty(t.state) for t in (loading, denied, dead, room(AlertsChanged()))] + [empty(State())]
    assert said == [
        ("loading from am…", "unknown"),
        ("am not allowed: HTTP 403 Forbidden", "lost"),
        ("am unreachable: no answer from port 8403", "lost"),
        ("no alert fires", "muted"),
        ("no source for alerts is configured", "unknown"),
    ]


def test_a_lost_source_does_not_say_that_nothing_fires() -> None:
    """A peer said "No pods in namespace" when the API server was dead."""
    tape = room(AlertsChanged())
    tape.add(SourceLost(Safe("connection refused")), source="sample")
    words, role = empty(tape.state)
    assert words == "sample unreachable: connection refused; before that no alert fires"
    assert role == "lost"
    tape.add(SourceSynced(), source="sample")
    tape.add(SourceStale(Safe("")), source="sample")
    assert empty(tape.state) == ("no alert fires, when sample was last seen", "stale")


def test_too_many_is_said_in_the_title() -> None:
    tape = room(SeriesSampled((), left_out=12))
    assert metrics_title(tape.state, tape.ms).count == "too many: 12 series left out"


def test_a_title_names_the_source_the_count_and_an_age_that_stands_still_while_on_time() -> None:
    tape = room(NODES)
    title = nodes_title(tape.state, tape.ms)
    assert (title.text, title.source, title.age, title.count) == ("Nodes", "sample", "<15s", "1/1 ready")
    assert nodes_title(tape.state, tape.ms + 15_000) == title


def test_a_late_source_counts_seconds_before_anybody_called_it_stale() -> None:
    tape = room(NODES)
    title = nodes_title(tape.state, tape.ms + 34_000)
    assert (title.age, title.role) == ("34s old", "stale")


def test_a_lost_source_keeps_the_last_facts_with_their_age_and_the_reason() -> None:
    tape = room(NODES)
    tape.add(SourceLost(Safe("connection refused")), source="sample", after_ms=1000)
    title = nodes_title(tape.state, tape.ms + 179_000)
    assert (title.age, title.note, title.role) == ("LOST 3m old", "connection refused", "lost")
    assert title.count == "1/1 ready"


def test_of_two_sources_the_blind_one_is_named() -> None:
    """With one of two clusters' sources dead the title looked fresh."""
    tape = room(NODES)
    tape.add(announced(roles=("cluster",)), source="slurm")
    tape.add(SourceSynced(), source="slurm")
    tape.add(SourceLost(Safe("down")), source="slurm")
    tape.add(SourcePolled(), source="sample")
    title = nodes_title(tape.state, tape.ms)
    assert title.source == "sample+slurm"
    assert title.age == "slurm LOST 2s old"
    assert title.role == "lost"


def test_alerts_not_yet_listed_are_not_counted_as_none() -> None:
    tape = Tape()
    tape.add(announced(), source="am")
    assert alerts_title(tape.state, tape.ms).count == ""
    tape.add(AlertsChanged(), source="am")
    assert alerts_title(tape.state, tape.ms).count == "none"


@pytest.mark.parametrize(
    ("seconds", "calm", "late"),
    [
        (0, "0m", "0s"),
        (59, "0m", "59s"),
        (119, "1m", "119s"),
        (2460, "41m", "41m"),
        (11_100, "3h05m", "3h05m"),
        (50_400, "14h", "14h"),
        (200_000, "2d", "2d"),
        (-5, "0m", "0s"),
    ],
)
def test_ages_change_by_the_minute_unless_something_is_late(seconds: int, calm: str, late: str) -> None:
    assert age(timedelta(seconds=seconds)) == calm
    assert age(timedelta(seconds=seconds), seconds=True) == late
    assert len(calm) <= 5


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "ratio", "—"),
        (0.0, "ratio", "0.0%"),
        (0.041, "ratio", "4.1%"),
        (0.0001, "ratio", "<0.1%"),
        (0.0002, "s", "<1ms"),
        (0.182, "s", "182ms"),
        (2.31, "s", "2.3s"),
        (float("inf"), "s", "+Inf"),
        (41_234.0, "per_second", "41.2k/s"),
        (0.25, "per_second", "0.25/s"),
        (71.6, "celsius", "72°C"),
        (0.2, "percent", "<1%"),
        (3e300, "percent", "3e+300%"),
    ],
)
def test_a_figure_says_its_unit_and_never_0_for_what_is_not(
    value: float | None, unit: str, shown: str
) -> None:
    assert figure(value, unit) == shown
