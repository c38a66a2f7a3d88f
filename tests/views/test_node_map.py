"""The grid of nodes: by which domain, marked by what, and kept up to date by what changed."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.views.any_state import START, nodes, room
from warroom.events.cluster import NodesChanged
from warroom.events.metrics import SeriesSampled
from warroom.model.nouns import Node, NodeName, NodeState, Sample
from warroom.views.census import Census
from warroom.views.node_map import NodeMap, domains_of
from warroom.views.node_measures import COLOURS, Measures, mark_of
from warroom.views.rows import Block


def measured(name: str, degrees: float | None, *, label: str = "node", late_s: int = 0) -> Sample:
    return Sample("gpu_temperature", {label: name}, START - timedelta(seconds=late_s), degrees)


def signs(blocks: object) -> dict[str, tuple[str, str]]:
    assert isinstance(blocks, tuple)
    return {tile.key: (tile.role, tile.sign) for block in blocks for tile in block.cells}


@given(
    st.lists(
        st.tuples(
            st.lists(nodes, max_size=4).map(tuple),
            st.lists(nodes.map(lambda n: n.name), max_size=2).map(tuple),
            st.sampled_from(["", "rack", "zone", "pool"]),
            st.sampled_from(COLOURS),
        ),
        max_size=6,
    )
)
def test_what_is_kept_up_to_date_is_what_is_laid_out_anew(
    steps: list[tuple[tuple[Node, ...], tuple[NodeName, ...], str, str]],
) -> None:
    tape, kept = room(), Census()
    for came, gone, by, colour in steps:
        tape.add(NodesChanged(came, gone), source="sample")
        kept.update(tape.state).nodes.map.look(tape.state, by, colour)
        fresh = Census().update(tape.state).nodes.map
        fresh.look(tape.state, by, colour)
        assert list(kept.nodes.map.blocks) == list(fresh.blocks)


def test_hot_nodes_stand_out_by_digit_and_meaning_and_the_unmeasured_say_so() -> None:
    names = ("cool", "warm", "hot", "blind", "down")
    tape = room(
        NodesChanged(
            tuple(
                Node(NodeName(n), NodeState.NOT_READY if n == "down" else NodeState.READY, rack="r1")
                for n in names
            )
        ),
        SeriesSampled(
            (
                Sample("gpu_temperature", {}, START, 91.0),
                measured("cool", 41.0),
                measured("warm:9400", 78.0, label="instance"),
                measured("hot", 91.0),
                measured("blind", 50.0, late_s=600),
                measured("down", 40.0),
            )
        ),
    )
    grid = Census().update(tape.state).nodes.map
    grid.look(tape.state, "", "gpu_temperature")
    assert signs(grid.blocks) == {
        "cool": ("ok", "4"),
        "warm": ("warning", "7"),
        "hot": ("critical", "9"),
        "blind": ("unknown", ""),
        "down": ("critical", ""),
    }
    grid.look(tape.state, "", "state")
    assert signs(grid.blocks)["hot"] == ("ok", "")


def test_load_is_the_fuller_of_cpus_and_gpus_and_never_an_invented_zero() -> None:
    busy = Node(NodeName("a"), NodeState.READY, gpus=8, gpus_used=8, cpus=64, cpus_used=3)
    silent = Node(NodeName("b"), NodeState.READY, gpus=8)
    assert (mark_of(busy, "load", None).role, mark_of(busy, "load", None).sign) == ("info", "9")
    assert mark_of(silent, "load", None).role == "unknown"


def test_only_the_domains_a_cluster_tells_of_are_gone_through() -> None:
    tape = room(NodesChanged((Node(NodeName("a"), zone="eu1"), Node(NodeName("b"), pool="gpu"))))
    assert domains_of(tape.state.cluster.nodes) == ["zone", "pool"]
    grid = Census().update(tape.state).nodes.map
    grid.look(tape.state, "zone", "state")
    assert [block.name for block in grid.blocks] == ["eu1", "no zone"]


def test_a_map_of_no_nodes_has_no_blocks() -> None:
    grid = NodeMap()
    grid.look(room().state, "rack", "load")
    blocks: list[Block] = list(grid.blocks)
    assert blocks == []
    assert Measures(room().state, "gpu_temperature").of(Node(NodeName("x"))) is None
