"""Whatever a room folded, every pane can be drawn, in known roles and in characters a line can hold."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from tests.views.any_state import Tape, names, tapes
from warroom.state.logtail import LogTail
from warroom.views import actions, alerts, bar, health, logs, metrics, node_detail, nodes, timeline, workloads
from warroom.views.plain import table_text
from warroom.views.rows import ROLES, Block, Cell, Column, Line, Row, Title
from warroom.views.sources import absence

Drawn = Line | Row | Title | Block


def tail_of(tape: Tape) -> LogTail:
    tail = LogTail()
    for envelope in tape.envelopes:
        tail.apply(envelope)
    return tail


def tables(tape: Tape) -> Iterator[tuple[tuple[Column, ...], list[Row]]]:
    state, now = tape.state, tape.now
    yield alerts.COLUMNS, alerts.alert_rows(state, now)
    yield nodes.COLUMNS, nodes.node_rows(state)
    yield workloads.COLUMNS, workloads.workload_rows(state, now)
    yield actions.COLUMNS, actions.action_rows(state, now)


def titles(tape: Tape) -> Iterator[Title]:
    for made in (
        health.health_title,
        alerts.alerts_title,
        nodes.nodes_title,
        workloads.workloads_title,
        metrics.metrics_title,
        logs.logs_title,
    ):
        yield made(tape.state, tape.ms)
    yield timeline.timeline_title(tape.state)


def lines(tape: Tape, width: int) -> Iterator[Line]:
    state, now = tape.state, tape.now
    yield bar.severity_bar(state, now, width)
    yield bar.vitals(state, width)
    yield nodes.node_legend(state)
    yield from health.health_lines(state, tape.ms)
    yield from metrics.metric_lines(state, now, width)
    yield from timeline.timeline_lines(state)
    yield from logs.log_lines(tail_of(tape).lines)
    for role in ("cluster", "metrics", "alerts", "logs"):
        yield absence(state, role, none="none")
    for name in state.cluster.nodes:
        yield from node_detail.node_lines(state, name, now)
    for identity in state.cluster.workloads:
        yield from workloads.workload_lines(state, identity, now)
    for action in state.actions.actions:
        yield from actions.action_lines(state, action)


def cells(tape: Tape, width: int) -> Iterator[Cell]:
    for columns, rows in tables(tape):
        for row in rows:
            assert len(row.cells) == len(columns)
            assert row.role in ROLES
            yield from row.cells
    for line in lines(tape, width):
        yield from (*line.spans, *line.right)


@given(tapes(), st.integers(0, 220))
def test_any_room_can_be_drawn_at_any_width(tape: Tape, width: int) -> None:
    for cell in cells(tape, width):
        assert cell.role in ROLES
        assert cell.text.isprintable(), cell.text
    for title in titles(tape):
        assert title.role in ROLES
    for block in nodes.node_blocks(tape.state):
        assert all(tile.role in ROLES for tile in block.cells)


@given(tapes())
def test_the_keys_of_a_table_are_distinct(tape: Tape) -> None:
    for _, rows in tables(tape):
        assert len({row.key for row in rows}) == len(rows)


@given(tapes(), st.integers(1, 220))
def test_any_table_fits_the_width_of_a_pipe(tape: Tape, width: int) -> None:
    for columns, rows in tables(tape):
        text = table_text(columns, rows, width)
        assert len(text.split("\n")) == 1 + len(rows)


@given(tapes(), names)
def test_asking_for_what_is_not_there_gives_a_sentence(tape: Tape, name: str) -> None:
    assert (
        node_detail.node_lines(tape.state, f"no-{name}", tape.now)[0]
        .spans[0]
        .text.endswith("not in the cluster's list")
    )
    assert workloads.workload_lines(tape.state, f"no-{name}", tape.now)[0].spans[0].role == "unknown"
    assert actions.action_lines(tape.state, "A99")[0].spans[0].text == "there is no action A99"


@given(tapes(most=10), st.integers(0, 59_999))
def test_a_calm_screen_says_the_same_a_few_moments_later(tape: Tape, later_ms: int) -> None:
    """Nothing on the title of an attended source counts seconds."""
    state = tape.state
    for facts in state.sources.sources.values():
        if facts.status != "synced" or facts.seen_ms is None or facts.interval_s * 3000 < later_ms + 1:
            return
    if any(facts.seen_ms != tape.ms for facts in state.sources.sources.values()):
        return
    assert nodes.nodes_title(state, tape.ms) == nodes.nodes_title(state, tape.ms + later_ms)
