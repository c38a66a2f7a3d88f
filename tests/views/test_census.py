"""The census: kept up to date by what changed, it is what counting anew gives."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.views.any_state import START, nodes, room
from tests.views.any_state import workloads as any_workload
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.state.slices import State
from warroom.views.census import Census, census_of
from warroom.views.workloads import WorkloadRows


def picture(census: Census) -> object:
    kept = census.nodes, census.workloads
    return (
        {role: count for role, count in kept[0].roles.items() if count},
        (kept[0].total, kept[0].down, kept[0].cordoned),
        {rack: count for rack, count in kept[0].down_in.items() if count},
        list(kept[0].blocks),
        {state: count for state, count in kept[1].states.items() if count},
        kept[1].deployed,
        list(WorkloadRows(kept[1], START + timedelta(hours=1))),
    )


@given(
    st.lists(
        st.one_of(
            st.builds(
                NodesChanged,
                st.lists(nodes, max_size=4).map(tuple),
                st.lists(nodes.map(lambda n: n.name), max_size=2).map(tuple),
            ),
            st.builds(
                WorkloadsChanged,
                st.lists(any_workload, max_size=4).map(tuple),
                st.lists(any_workload.map(lambda w: w.id), max_size=2).map(tuple),
            ),
        ),
        max_size=8,
    )
)
def test_what_is_kept_up_to_date_is_what_is_counted_anew(
    events: list[NodesChanged | WorkloadsChanged],
) -> None:
    tape, kept = room(), Census()
    for event in events:
        tape.add(event, source="sample")
        assert picture(kept.update(tape.state)) == picture(census_of(tape.state))


def test_another_state_with_the_same_revision_is_not_taken_for_the_same() -> None:
    """A replay that went back showed the nodes of the future."""
    census = Census()
    census.update(room(WorkloadsChanged(())).state)
    census.update(room(NodesChanged(())).state)
    fresh = State()
    assert picture(census.update(fresh)) == picture(census_of(fresh))


@given(st.lists(any_workload, unique_by=lambda w: w.id, max_size=8))
def test_every_row_is_found_by_its_key(workloads: list) -> None:  # type: ignore[type-arg]
    rows = WorkloadRows(census_of(room(WorkloadsChanged(tuple(workloads))).state).workloads, START)
    assert [rows.place(row.key) for row in rows] == list(range(len(workloads)))
