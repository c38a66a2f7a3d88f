"""What takes an action back, and whether what it was for came true."""

import pytest

from tests.response.rooms import act, cluster, names, node, seen
from tests.views.any_state import START, Tape
from warroom.errors import Refused
from warroom.events.actions import ActionVerified, GoalJudged
from warroom.events.cluster import NodesChanged
from warroom.events.metrics import Indicator, IndicatorsWatched, SeriesSampled
from warroom.events.room import RoomLocked, RoomUnlocked
from warroom.model.nouns import Matcher, Sample, WorkloadId
from warroom.model.requests import (
    Acknowledge,
    Cordon,
    Drain,
    EndSilences,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
    Verdict,
)
from warroom.model.text import Safe
from warroom.response.book import Book
from warroom.response.goals import watch_goals
from warroom.response.lock import watch_lock
from warroom.response.undo import reverse_of, undoable
from warroom.response.watching import Moment
from warroom.views.actions import action_entries

CHAT = WorkloadId("chat-api")


def moment(tape: Tape) -> Moment:
    return Moment(tape.state, tape.now, tape.ms, Book())


# --- undo ----------------------------------------------------------------------------------------------------


def test_a_cordon_is_taken_back_for_the_nodes_that_were_open_before() -> None:
    tape = cluster(NodesChanged((node("a2", cordoned=True),)))
    act(tape, Cordon(names("a1", "a2")))
    assert reverse_of(tape.state, "A1") == (Uncordon(names("a1")),)


@pytest.mark.parametrize(
    ("done", "created", "back"),
    [
        (Uncordon(names("a1")), (), None),
        (Drain(names("a1")), (), (Uncordon(names("a1")),)),
        (Scale(CHAT, 5), (), (Scale(CHAT, 3),)),
        (Stop((CHAT,)), (), (Submit("chat-api", like=CHAT),)),
        (Submit("chat-api", like=CHAT), ("chat-api-2",), (Stop((WorkloadId("chat-api-2"),), force=True),)),
        (SilenceAlerts((Matcher("alertname", "X"),)), ("s1",), (EndSilences(("s1",)),)),
        (Acknowledge(()), (), None),
    ],
)
def test_each_action_knows_what_takes_it_back(done: object, created: tuple[str, ...], back: object) -> None:
    tape = cluster()
    act(tape, done, created=created)  # type: ignore[arg-type]
    if back is None:
        with pytest.raises(Refused):
            reverse_of(tape.state, "A1")
    else:
        assert reverse_of(tape.state, "A1") == back


def test_what_was_not_done_or_was_taken_back_cannot_be_taken_back() -> None:
    tape = cluster()
    with pytest.raises(Refused, match="no action A9"):
        reverse_of(tape.state, "A9")
    act(tape, Cordon(names("a1")))
    assert undoable(tape.state) is not None


def test_the_last_action_that_can_be_taken_back_is_offered() -> None:
    tape = cluster()
    act(tape, Cordon(names("a1")))
    act(tape, Acknowledge(()))
    found = undoable(tape.state)
    assert found is not None
    assert found.action == "A1"


# --- goals ---------------------------------------------------------------------------------------------------


def failing(rate: float = 0.9) -> Tape:
    tape = cluster(IndicatorsWatched((Indicator("error_rate", Safe("errors"), "ratio", 0.05),)))
    sample(tape, rate)
    return tape


def sample(tape: Tape, value: float, after_s: int = 5) -> None:
    tape.ms += after_s * 1000
    tape.add(SeriesSampled((Sample("error_rate", {}, tape.now, value),)), source="sample", after_ms=0)


def cordoned(tape: Tape) -> None:
    act(tape, Cordon(names("a1")))
    seen(tape, NodesChanged((node("a1", cordoned=True),)))
    tape.add(ActionVerified("A1", Verdict.SEEN))


def judged(tape: Tape) -> GoalJudged | None:
    found = [followed.event for followed in watch_goals(moment(tape))]
    assert all(isinstance(event, GoalJudged) for event in found)
    return found[0] if found else None  # type: ignore[return-value]


def test_a_plan_names_the_indicators_that_are_beyond_their_threshold() -> None:
    tape = failing()
    action = act(tape, Cordon(names("a1")))
    assert [(aim.metric, aim.before) for aim in action.plan.aims] == [("error_rate", 0.9)]
    assert act(failing(0.01), Cordon(names("a1"))).plan.aims == ()


def test_the_goal_is_seen_in_a_sample_taken_after_the_call() -> None:
    tape = failing()
    cordoned(tape)
    assert judged(tape) is None, "the sample is older than the call"
    sample(tape, 0.01)
    assert judged(tape) is None, "one good value is no recovery"
    sample(tape, 0.01)
    found = judged(tape)
    assert found is not None
    assert (found.verdict, found.before, found.after) == (Verdict.SEEN, 0.9, 0.01)
    tape.add(found)
    assert judged(tape) is None, "judged once"


def test_a_wrong_mitigation_ends_in_not_seen() -> None:
    tape = failing()
    cordoned(tape)
    sample(tape, 0.95, after_s=60)
    assert judged(tape) is None
    sample(tape, 0.97, after_s=130)
    found = judged(tape)
    assert found is not None
    assert found.verdict is Verdict.NOT_SEEN
    assert "97" in found.detail


def test_the_first_of_a_quick_series_is_no_wrong_turn_and_not_said_to_have_done_it() -> None:
    """Closing the nodes was called a wrong turn while the services were being started elsewhere; then anything
    that was done shortly before what helped was said to have reached the goal."""
    tape = failing()
    cordoned(tape)
    sample(tape, 0.95, after_s=150)
    act(tape, Cordon(names("b1")))
    sample(tape, 0.95, after_s=60)
    assert judged(tape) is None, "the second one's time is not up"
    sample(tape, 0.01, after_s=30)
    sample(tape, 0.01)
    found = judged(tape)
    assert found is not None
    assert (found.action, found.verdict) == ("A1", Verdict.UNKNOWN)
    assert "errors 95.0% when A2 came in between" in found.detail


def test_the_steps_of_one_runbook_reach_the_goal_together() -> None:
    tape = failing()
    for request in (Cordon(names("a1")), Drain(names("a1"), 20)):
        action = act(tape, request, run=f"R1.{len(tape.state.actions.actions) + 1}")
        seen(tape)
        tape.add(ActionVerified(action.action, Verdict.SEEN))
    sample(tape, 0.01)
    sample(tape, 0.01)
    found = [f.event for f in watch_goals(moment(tape)) if isinstance(f.event, GoalJudged)]
    assert [f.verdict for f in found] == [Verdict.SEEN, Verdict.SEEN]
    assert all(f.detail.endswith("by 2 steps of R1 together") for f in found)


def test_an_early_step_of_a_runbook_is_not_judged_before_its_last_one() -> None:
    """Who took four minutes for a runbook was told that its first step, and so the runbook, had been a wrong turn."""
    tape = failing()
    for wait_s, request in ((0, Cordon(names("a1"))), (240, Drain(names("a1"), 20))):
        sample(tape, 0.9, after_s=wait_s)
        action = act(tape, request, run=f"R1.{len(tape.state.actions.actions) + 1}")
        seen(tape)
        tape.add(ActionVerified(action.action, Verdict.SEEN))
    assert judged(tape) is None, "the time of the last step is not up"
    sample(tape, 0.01)
    assert judged(tape) is None
    sample(tape, 0.01)
    found = [f.event for f in watch_goals(moment(tape)) if isinstance(f.event, GoalJudged)]
    assert [f.verdict for f in found] == [Verdict.SEEN, Verdict.SEEN]


def test_the_first_good_sample_at_the_end_of_the_time_waits_for_the_next_one() -> None:
    """The words were "not within 3 min", and the figure after it was within the limit."""
    tape = failing()
    cordoned(tape)
    sample(tape, 0.01, after_s=190)
    assert judged(tape) is None
    sample(tape, 0.5)
    found = judged(tape)
    assert found is not None
    assert found.verdict is Verdict.NOT_SEEN


def test_what_was_taken_back_did_not_reach_its_goal_whatever_came_later() -> None:
    tape = failing()
    cordoned(tape)
    sample(tape, 0.95)
    act(tape, Uncordon(names("a1")), undoes="A1")
    assert judged(tape) is None, "whether it was taken back is not seen yet"
    seen(tape, NodesChanged((node("a1"),)))
    tape.add(ActionVerified("A2", Verdict.SEEN))
    found = judged(tape)
    assert found is not None
    assert (found.action, found.verdict) == ("A1", Verdict.NOT_SEEN)
    assert found.detail.startswith("taken back by A2 before it was: errors 90.0% before and 95.0% after")


def test_what_takes_an_action_back_promises_nothing() -> None:
    """Its goal was "not judged yet" for ever."""
    tape = failing()
    cordoned(tape)
    undo = act(tape, Uncordon(names("a1")), undoes="A1")
    assert undo.plan.aims == ()
    told = "".join(
        cell.text
        for entry in action_entries(tape.state, tape.now)
        for row in entry.lines
        for cell in row.spans
    )
    assert "A2" in told
    assert told.count("goal not judged yet") == 1


def test_a_series_that_comes_to_nothing_was_not_seen() -> None:
    tape = failing()
    cordoned(tape)
    act(tape, Cordon(names("b1")))
    seen(tape, NodesChanged((node("b1", cordoned=True),)))
    tape.add(ActionVerified("A2", Verdict.SEEN))
    sample(tape, 0.95, after_s=200)
    second = judged(tape)
    assert second is not None
    assert (second.action, second.verdict) == ("A2", Verdict.NOT_SEEN)
    tape.add(second)
    first = judged(tape)
    assert first is not None
    assert (first.action, first.verdict) == ("A1", Verdict.NOT_SEEN)


def test_what_is_begun_too_late_or_only_takes_it_back_is_no_series() -> None:
    tape = failing()
    cordoned(tape)
    sample(tape, 0.95, after_s=200)
    act(tape, Cordon(names("b1")))
    found = judged(tape)
    assert found is not None
    assert (found.action, found.verdict) == ("A1", Verdict.NOT_SEEN)


def test_without_a_sample_since_the_call_nobody_knows() -> None:
    tape = failing()
    cordoned(tape)
    tape.ms += 200_000
    found = judged(tape)
    assert found is not None
    assert found.verdict is Verdict.UNKNOWN


# --- the lock ------------------------------------------------------------------------------------------------


def test_a_room_unlocked_for_a_time_locks_again_once() -> None:
    tape = cluster()
    tape.add(RoomUnlocked(tape.ms + 61_000))
    tape.ms += 59_000
    assert list(watch_lock(moment(tape))) == []
    tape.ms += 1_000
    (followed,) = watch_lock(moment(tape))
    assert followed.event == RoomLocked()
    tape.add(followed.event)
    assert list(watch_lock(moment(tape))) == []
    assert tape.now > START
