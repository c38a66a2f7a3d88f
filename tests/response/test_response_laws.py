"""Whatever happened in a room: what follows by itself is said once, and everything can be shown."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.events.any_event import enveloped, logs
from tests.response.commanding import BOOK, WATCHED
from warroom.events.envelope import Envelope
from warroom.events.incident import IncidentDeclared
from warroom.model.nouns import Phase, Severity
from warroom.model.text import Safe
from warroom.response.brief import brief
from warroom.response.clocks import clocks
from warroom.response.phases import between, entry, leaving
from warroom.response.watching import Moment
from warroom.state.fold import apply, apply_all
from warroom.state.roomtime import room_now
from warroom.state.slices import State
from warroom.views import checklist, inquiry, phases, roles
from warroom.views import clocks as clock_views
from warroom.views.rows import ROLES, Column, Row

DECLARED = IncidentDeclared("i1", Safe("all fails"), Severity.SEV1)


def with_incident(log: Sequence[Envelope], before: int) -> State:
    """A log with a declaration somewhere in it, if it had none that is open."""
    state = apply_all(State(), log[:before])
    state = apply(state, enveloped(state.seq + 1, DECLARED, room_ms=state.room_ms))
    for envelope in log[before:]:
        later = envelope.room_ms, envelope.time, envelope.observed_time
        moved = Envelope(state.seq + 1, *later, envelope.source, envelope.actor, envelope.type,
                         envelope.version, envelope.data)  # fmt: skip
        state = apply(state, moved)
    return state


rooms = st.integers(0, 30).flatmap(lambda before: logs(most=30).map(lambda log: with_incident(log, before)))


def follow(state: State, room_ms: int) -> tuple[State, int]:
    """One look of the host."""
    count = 0
    for watcher in WATCHED:
        now = room_now(state, room_ms)
        for followed in list(watcher(Moment(state, now, room_ms, BOOK))):
            envelope = enveloped(state.seq + 1, followed.event, room_ms=room_ms)
            if followed.time is not None:
                envelope = Envelope(envelope.seq, envelope.room_ms, followed.time, envelope.observed_time,
                                    "room", None, envelope.type, envelope.version, envelope.data)  # fmt: skip
            state, count = apply(state, envelope), count + 1
    return state, count


@given(rooms, st.integers(0, 10_000_000))
@settings(max_examples=60)
def test_what_followed_once_does_not_follow_again(state: State, later_ms: int) -> None:
    room_ms = state.room_ms + later_ms
    for _ in range(4):
        state, count = follow(state, room_ms)
        if not count:
            break
    state, again = follow(state, room_ms)
    assert again == 0


@given(rooms)
@settings(max_examples=60)
def test_watching_changes_nothing_by_itself(state: State) -> None:
    seq = state.seq
    for watcher in WATCHED:
        first = list(watcher(Moment(state, room_now(state, state.room_ms), state.room_ms, BOOK)))
        second = list(watcher(Moment(state, room_now(state, state.room_ms), state.room_ms, BOOK)))
        assert first == second
    assert state.seq == seq


def tables(state: State) -> list[tuple[tuple[Column, ...], list[Row]]]:
    now = room_now(state, state.room_ms)
    return [
        (clock_views.COLUMNS, clock_views.clock_rows(clocks(state, now), now)),
        (phases.MILESTONES, phases.milestone_rows(state.incident.incident)),
        (roles.COLUMNS, roles.role_rows(state, now)),
        (checklist.COLUMNS, checklist.checklist_rows(state)),
        (inquiry.HYPOTHESES, inquiry.hypothesis_rows(state)),
        (inquiry.DECISIONS, inquiry.decision_rows(state)),
        (inquiry.TASKS, inquiry.task_rows(state)),
    ]


@given(rooms)
@settings(max_examples=60)
def test_any_response_can_be_shown(state: State) -> None:
    now = room_now(state, state.room_ms)
    for columns, rows in tables(state):
        assert len({row.key for row in rows}) == len(rows)
        for row in rows:
            assert len(row.cells) == len(columns)
            assert {row.role, *(cell.role for cell in row.cells)} <= set(ROLES)
            assert all(cell.text.isprintable() for cell in row.cells)
    incident = state.incident.incident
    assert incident is not None
    lines = [phases.phase_line(incident), *phases.severity_lines(state), *checklist.checklist_lines(state)]
    for phase in Phase:
        met = (
            *entry(state, incident, phase),
            *leaving(state, incident, phase),
            *between(state, incident, phase),
        )
        lines += phases.criteria_lines(met)
    for offer in state.team.handoffs.values():
        lines += roles.brief_lines(offer)
    for cell in [cell for line in lines for cell in line.spans] + clock_views.clock_cells(
        clocks(state, now), now
    ):
        assert cell.role in ROLES
        assert cell.text.isprintable()
    assert all(line.isprintable() for line in brief(state, now))
