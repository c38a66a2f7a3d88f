"""What came after an action: not seen, worse, back again."""

from tests.response.rooms import act, cluster, names, node, seen, workload
from tests.response.triage.asking import WATCHED, found, looked, measured, rules_of, said
from tests.views.any_state import Tape
from warroom.events.actions import ActionVerified, GoalJudged
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.model.nouns import NodeState, Severity, WorkloadId, WorkloadState
from warroom.model.requests import Cordon, Drain, Scale, Uncordon, Verdict
from warroom.model.response import Confidence
from warroom.model.text import Safe
from warroom.response.watching import Memory
from warroom.views.findings import ordered

CHAT = WorkloadId("chat-api")


def verified(tape: Tape, action: str, verdict: Verdict = Verdict.SEEN) -> Tape:
    seen(tape)
    tape.add(ActionVerified(action, verdict, Safe("looked again")))
    return tape


def test_an_action_whose_effect_is_not_seen_is_a_wrong_turn_with_its_way_back() -> None:
    tape = cluster(WATCHED)
    act(tape, Cordon(names("a1")))
    finding = found(verified(tape, "A1", Verdict.NOT_SEEN))["wrong-turn:A1"]
    assert "its effect was not seen" in finding.title
    assert any("looked again" in f.text for f in finding.facts)
    back = next(p.request for p in finding.proposals if p.request is not None)
    assert isinstance(back, Uncordon)
    assert back.nodes == names("a1")


def test_an_action_whose_goal_did_not_come_true_is_a_wrong_turn() -> None:
    tape = cluster(WATCHED)
    act(tape, Cordon(names("a1")))
    verified(tape, "A1").add(
        GoalJudged("A1", Verdict.NOT_SEEN, Safe("errors 40% before and 41% after"), 0.4, 0.41)
    )
    assert "what it was for did not come true" in found(tape)["wrong-turn:A1"].title


def test_an_action_whose_effect_and_goal_are_seen_is_none() -> None:
    tape = cluster(WATCHED)
    act(tape, Cordon(names("a1")))
    verified(tape, "A1").add(
        GoalJudged("A1", Verdict.SEEN, Safe("errors 40% before and 1% after"), 0.4, 0.01)
    )
    assert rules_of(tape) == set()


def test_errors_that_grow_after_an_action_are_held_against_it() -> None:
    tape = measured(cluster(WATCHED), "error_rate", *[0.1] * 12)
    act(tape, Scale(CHAT, 1))
    finding = found(measured(tape, "error_rate", 0.2, 0.35, 0.5, 0.5, 0.5))["wrong-turn:A1"]
    assert finding.confidence is Confidence.MEDIUM
    assert "got worse" in finding.title
    assert any("10.0% before, 50.0% after" in f.text for f in finding.facts)


def test_errors_that_grew_already_before_an_action_are_not_held_against_it() -> None:
    tape = measured(cluster(WATCHED), "error_rate", 0.0, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
    act(tape, Scale(CHAT, 5))
    assert "wrong-turn" not in rules_of(measured(tape, "error_rate", 0.6, 0.7, 0.8, 0.8, 0.8))


def test_a_wrong_turn_stands_until_it_is_seen_to_be_taken_back() -> None:
    tape = cluster(WATCHED)
    act(tape, Cordon(names("a1")))
    verified(tape, "A1", Verdict.NOT_SEEN)
    act(tape, Uncordon(names("a1")), undoes="A1")
    pending = found(tape)["wrong-turn:A1"]
    assert any("A2 takes it back: no verdict yet" in f.text for f in pending.facts)
    assert pending.proposals == ()
    verified(tape, "A2")
    assert "wrong-turn" not in rules_of(tape)


def test_a_wrong_turn_that_was_taken_back_ends_with_the_verdict_and_not_half_a_minute_later() -> None:
    tape, memory = cluster(WATCHED), Memory()
    act(tape, Cordon(names("a1")))
    verified(tape, "A1", Verdict.NOT_SEEN)
    looked(tape, memory)
    assert looked(tape, memory) == ["finding.raised wrong-turn:A1"]
    act(tape, Uncordon(names("a1")), undoes="A1")
    verified(tape, "A2")
    assert looked(tape, memory) == ["finding.withdrawn wrong-turn:A1"]
    assert tape.state.findings.withdrawn[-1].reason == "A1 was taken back by A2"


def test_a_wrong_turn_done_by_hand_says_how_it_is_taken_back_and_names_no_finding() -> None:
    """It told people to doubt a finding that had proposed nothing of it."""
    tape = cluster(WATCHED)
    act(tape, Drain(names("a1"), 20))
    verified(tape, "A1", Verdict.NOT_SEEN)
    told = [str(p.text) for p in found(tape)["wrong-turn:A1"].proposals]
    assert told == ["take A1 back: u", "see what speaks for another cause before the next try"]
    act(tape, Cordon(names("b1")))
    first = found(tape)["wrong-turn:A1"].proposals[0]
    assert first.text == "take A1 back: on the board, under actions, or `undo A1`"


def test_a_wrong_turn_that_made_it_worse_is_named_before_what_costs_as_much() -> None:
    """It stood last, below what nobody had to do anything about."""
    tape, memory = measured(cluster(WATCHED), "error_rate", *[0.1] * 12), Memory()
    act(tape, Scale(CHAT, 1))
    measured(tape, "error_rate", 0.2, 0.35, 0.5, 0.5, 0.5)
    looked(tape, memory)
    looked(tape, memory)
    first, second = [s.finding for s in ordered(tape.state)[:2]]
    assert (first.rule, second.rule) == ("wrong-turn", "user-impact")
    assert first.severity is second.severity is Severity.SEV2


def test_an_action_that_only_did_not_help_weighs_less_than_what_users_feel() -> None:
    tape = cluster(WATCHED)
    act(tape, Cordon(names("a1")))
    assert found(verified(tape, "A1", Verdict.NOT_SEEN))["wrong-turn:A1"].severity is None, (
        "nobody feels anything"
    )
    measured(tape, "error_rate", 0.6, 0.6)
    assert found(tape)["wrong-turn:A1"].severity is Severity.SEV4


def cut_off() -> Tape:
    """Both nodes of rack 1 are silent; those of rack 2 are reported gone, and write."""
    tape = cluster(WATCHED)
    for name in ("a1", "a2", "b1", "b2"):
        tape.add(said("heartbeat ok seq=1", node=name), source="sample")
    tape.ms += 30_000
    down = NodeState.NOT_READY
    gone = [
        node(n, down, rack=r) for n, r in (("a1", "rack1"), ("a2", "rack1"), ("b1", "rack2"), ("b2", "rack2"))
    ]
    tape.add(NodesChanged(tuple(gone)), source="sample")
    tape.ms += 9_000
    for name in ("b1", "b2"):
        tape.add(said("heartbeat ok seq=9", node=name), source="sample")
    return tape


def test_closing_the_nodes_that_live_while_others_are_dead_is_a_wrong_turn() -> None:
    tape = cut_off()
    assert found(tape)["network"].targets.nodes == names("a1", "a2")
    act(tape, Cordon(names("b1", "b2")))
    closed = [node(n, NodeState.NOT_READY, rack="rack2", cordoned=True) for n in ("b1", "b2")]
    tape.add(NodesChanged(tuple(closed)), source="sample")
    finding = found(tape)["wrong-turn:A1"]
    assert "closed b1, b2, which are alive" in finding.title
    assert finding.confidence is Confidence.HIGH


def test_closing_the_nodes_that_are_dead_is_none() -> None:
    tape = cut_off()
    act(tape, Drain(names("a1", "a2"), 60))
    closed = [node(n, NodeState.NOT_READY, cordoned=True) for n in ("a1", "a2")]
    tape.add(NodesChanged(tuple(closed)), source="sample")
    assert "wrong-turn" not in rules_of(tape)


def helped() -> Tape:
    tape = measured(cluster(WATCHED), "error_rate", *[0.4] * 6)
    act(tape, Scale(CHAT, 3))
    return measured(verified(tape, "A1"), "error_rate", *[0.01] * 8)


def test_errors_that_are_back_after_an_action_helped_are_a_second_wave() -> None:
    tape = helped()
    assert rules_of(tape) == set()
    finding = found(measured(tape, "error_rate", 0.3, 0.4))["second-wave"]
    assert finding.confidence is Confidence.HIGH
    assert any("was within its limit" in f.text and f.time is not None for f in finding.facts)


def test_errors_that_never_went_away_are_no_second_wave() -> None:
    tape = measured(cluster(WATCHED), "error_rate", *[0.4] * 6)
    act(tape, Scale(CHAT, 3))
    assert "second-wave" not in rules_of(measured(verified(tape, "A1"), "error_rate", *[0.4] * 6))


def test_something_else_that_breaks_after_an_action_helped_is_a_second_wave() -> None:
    tape = helped()
    tape.add(NodesChanged((node("b2", NodeState.OFFLINE, rack="rack2"),)), source="sample")
    finding = found(tape, after_s=12)["second-wave"]
    assert "b2 broke since then" in finding.title


def test_what_an_action_works_on_is_no_second_wave() -> None:
    tape = cluster(WATCHED)
    act(tape, Drain(names("a1"), 60))
    verified(tape, "A1")
    tape.ms += 30_000
    tape.add(NodesChanged((node("a1", NodeState.OFFLINE, cordoned=True),)), source="sample")
    degraded = workload("batch", WorkloadState.DEGRADED, desired=1)
    tape.add(WorkloadsChanged((degraded,)), source="sample")
    assert "second-wave" not in rules_of(tape, after_s=5)
