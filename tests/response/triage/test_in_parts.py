"""A look at a large cluster is done in parts, and comes to what it would have come to at once."""

from collections.abc import Sequence

from tests.response.rooms import names, node, workload
from tests.response.triage.asking import found, measured, moment_of, watched
from tests.views.any_state import Tape
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.events.triage import FindingRaised
from warroom.model.nouns import NodeName, NodeState, WorkloadState
from warroom.response.triage.watch import NODES_A_LOOK, watch_triage
from warroom.response.watching import Followed, Memory

NUMBER = 2 * NODES_A_LOOK
RACK = tuple(f"n{n}" for n in range(40))
LOST = NodesChanged(tuple(node(n, NodeState.NOT_READY, rack="r0") for n in RACK))


def large() -> Tape:
    """A cluster of racks of forty nodes, one of them lost, that stands so for a minute."""
    every = tuple(node(f"n{n}", rack=f"r{n // 40}") for n in range(NUMBER))
    chat = workload("chat", desired=4, ready=4, priority="high", nodes=names("n1", "n2"))
    tape = watched(NodesChanged(every), WorkloadsChanged((chat,)))
    tape.add(LOST, source="sample")
    hit = workload("chat", WorkloadState.DEGRADED, desired=4, ready=1, priority="high", nodes=names("n1"))
    tape.add(WorkloadsChanged((hit,)), source="sample")
    return measured(tape, "error_rate", *[0.3] * 12)


def parts(tape: Tape, memory: Memory) -> list[list[Followed]]:
    """Every part of one look, with what it said."""
    told = [list(watch_triage(moment_of(tape, memory=memory)))]
    while memory.busy:
        told.append(list(watch_triage(moment_of(tape, memory=memory))))
    return told


def raised(said: Sequence[Sequence[Followed]]) -> dict[str, object]:
    events = [f.event for part in said for f in part]
    return {e.finding.key: e.finding for e in events if isinstance(e, FindingRaised)}


def test_a_large_cluster_is_looked_at_in_parts_that_come_to_the_same_as_one_look() -> None:
    tape, memory = large(), Memory()
    first = parts(tape, memory)
    assert len(first) > 4
    assert raised(first) == {}, "a finding must hold for two looks"
    tape.ms += 3000
    whole = found(tape)
    assert {"network", "user-impact"} <= whole.keys()
    assert raised(parts(tape, memory)) == whole


def test_nodes_that_vanish_between_two_parts_are_in_the_next_look() -> None:
    tape, memory = large(), Memory()
    parts(tape, memory)
    tape.ms += 3000
    whole = found(tape)
    said = [list(watch_triage(moment_of(tape, memory=memory)))]
    tape.add(NodesChanged((), gone=tuple(NodeName(f"n{n}") for n in range(NUMBER // 2))), source="sample")
    assert raised([*said, *parts(tape, memory)]) == whole


def test_a_small_cluster_is_looked_at_at_once() -> None:
    memory = Memory()
    assert len(parts(watched(LOST), memory)) == 1
