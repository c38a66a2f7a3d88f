"""The map of nodes moves by what is seen of them, not by what is merely reported anew."""

from tests.views.any_state import Tape
from warroom.events.cluster import NodesChanged
from warroom.model.nouns import Node, NodeName, NodeState
from warroom.views.census import Census, census_of


def nodes(number: int, *, used: int, down: int = 0) -> NodesChanged:
    return NodesChanged(
        tuple(
            Node(
                NodeName(f"n{n:05d}"),
                NodeState.NOT_READY if n < down else NodeState.READY,
                rack=f"r{n // 40:03d}",
                gpus=8,
                gpus_used=used,
                cordoned=n % 100 == 0,
            )
            for n in range(number)
        )
    )


def test_nodes_that_are_reported_anew_and_look_as_before_leave_every_block_as_it_is() -> None:
    """Each look at a busy cluster laid out thousands of nodes anew because their GPUs in use had changed."""
    tape, census = Tape(), Census()
    tape.add(nodes(2_000, used=1))
    before = list(census.update(tape.state).nodes.blocks)
    tape.add(nodes(2_000, used=2))
    after = list(census.update(tape.state).nodes.blocks)
    assert all(old is new for old, new in zip(before, after, strict=True))
    tape.add(nodes(2_000, used=2, down=1_000))
    shown = census.update(tape.state).nodes
    counted = census_of(tape.state).nodes
    assert list(shown.blocks) == list(counted.blocks)
    assert (+shown.roles, shown.down, shown.cordoned) == (+counted.roles, 1_000, 20)
    assert shown.roles == {"critical": 1_000, "warning": 10, "ok": 990}
