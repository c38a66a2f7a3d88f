"""Actions: started is on disk before the call leaves, the verdict is what the cluster shows, nothing is sent twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from tests.host.rigs import MAYA, RoomRig, nodes, open_room
from tests.recorder.files import ask
from warroom.errors import Refused
from warroom.events.actions import (
    ActionFailed,
    ActionProgressed,
    ActionProposed,
    ActionReconciled,
    ActionRefused,
    ActionStarted,
    ActionSucceeded,
    ActionUnknown,
    ActionVerified,
)
from warroom.events.cluster import InstancesChanged
from warroom.events.sources import SourceLost, SourcePolled, SourceSynced
from warroom.host.actions import Acted, Actions
from warroom.host.ports import Outcome, Report
from warroom.host.sequencer import Sequencer
from warroom.host.work import Work
from warroom.model.commands import Act, LockRoom, UnlockRoom
from warroom.model.nouns import Instance, InstanceId, NodeName, WorkloadId
from warroom.model.requests import Cordon, Drain, Request, Verdict
from warroom.model.text import Safe
from warroom.recorder.opening import new_recorder
from warroom.response.plans import digest
from warroom.state import keyframe
from warroom.state.fold import apply_all
from warroom.state.slices import Action, State
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.memory_recorder import MemoryRecorder
from warroom.testing.recorder_suite import until
from warroom.testing.scripted_source import ScriptedSource

CORDON = Cordon((NodeName("n1"),), Safe("switch"))
OTHER = Cordon((NodeName("n2"),), Safe("switch"))


@pytest.fixture
async def rig() -> AsyncIterator[RoomRig]:
    """A room on three nodes, unlocked."""
    async with open_room() as opened:
        await opened.synced("n1", "n2", "n3")
        await opened.room.wish(UnlockRoom(), MAYA)
        yield opened


async def act(rig: RoomRig, request: Request = CORDON) -> Action:
    """Wish for it and let it run as far as it can."""
    await rig.room.wish(Act(request, opens_lock=True), MAYA)
    await rig.settle()
    return newest(rig)


def newest(rig: RoomRig) -> Action:
    return list(rig.state.actions.actions.values())[-1]


def stages(action: Action) -> list[str]:
    return [step.stage for step in action.steps]


def never(rig: RoomRig) -> asyncio.Event:
    """Let calls wait until the event is set, then say yes."""
    answered = asyncio.Event()

    async def answer(*_: object) -> Outcome:
        await answered.wait()
        return Outcome("succeeded")

    rig.source.answer = answer
    return answered


# --- from wish to verdict -------------------------------------------------------------------------------


async def test_the_effect_is_seen_when_the_cluster_shows_it_after_the_call(rig: RoomRig) -> None:
    action = await act(rig)
    assert stages(action) == ["proposed", "approved", "started", "succeeded"]
    await rig.show(nodes("n1", cordoned=True))
    assert newest(rig).verdict is Verdict.SEEN
    assert "n1" in newest(rig).detail


async def test_a_yes_of_the_api_is_no_success_while_the_cluster_shows_nothing(rig: RoomRig) -> None:
    action = await act(rig)
    for _ in range(action.plan.within_s // 5 + 2):
        await rig.advance(5)
        rig.source.show(SourcePolled())
        await rig.settle()
    assert newest(rig).verdict is Verdict.NOT_SEEN


async def test_what_was_read_before_the_call_was_answered_does_not_count(rig: RoomRig) -> None:
    await act(rig)
    rig.source.show(nodes("n1", cordoned=True))
    await rig.settle()
    assert newest(rig).verdict is None
    await rig.show(SourcePolled())
    assert newest(rig).verdict is Verdict.SEEN


async def test_while_the_source_is_lost_the_verdict_stays_unknown(rig: RoomRig) -> None:
    action = await act(rig)
    await rig.show(SourceLost(Safe("connection refused")))
    await rig.advance(action.plan.within_s + 2)
    assert newest(rig).verdict is Verdict.UNKNOWN
    assert "connection refused" in newest(rig).detail


async def test_a_no_of_the_api_is_the_end_of_it(rig: RoomRig) -> None:
    async def answer(*_: object) -> Outcome:
        return Outcome("failed", Safe("not allowed"))

    rig.source.answer = answer
    action = await act(rig)
    assert (action.stage, action.over, action.detail) == ("failed", True, "not allowed")


async def test_progress_is_told_while_the_call_is_under_way(rig: RoomRig) -> None:
    async def answer(request: Request, operation: str, report: Report) -> Outcome:
        report(Safe("closing n1"), 1, 2)
        return Outcome("succeeded")

    rig.source.answer = answer
    await act(rig)
    assert rig.events(ActionProgressed)[0] == ActionProgressed("A1", Safe("closing n1"), 1, 2)


# --- what is on disk before the call leaves -------------------------------------------------------------


async def test_started_is_in_the_file_before_the_call_leaves(warroom_home: str) -> None:
    path = Path(warroom_home) / "incidents" / "r.db"
    recorder = await new_recorder(path, meta={}, keys=Path(warroom_home) / "keys")
    seen: list[tuple[object, ...]] = []
    source = ScriptedSource()

    async def look_into_the_recording(*_: object) -> Outcome:
        seen.extend(ask(path, "SELECT type FROM events WHERE type LIKE 'action.%' ORDER BY seq"))
        return Outcome("succeeded")

    source.answer = look_into_the_recording
    sequencer = Sequencer(LeapingClock(), recorder)
    async with asyncio.TaskGroup() as crew:
        crew.create_task(recorder.run())
        actions = Actions(sequencer, [source], Work(), crew)
        sequencer.accept(source.announce(), source=source.name)
        sequencer.accept(nodes("n1"), source=source.name)
        sequencer.accept(SourceSynced(), source=source.name)
        actions.act(Act(CORDON, opens_lock=True), MAYA)
        await until(lambda: seen, "the call leaves")
        actions.give_up()
        await recorder.close()
    assert seen == [("action.proposed",), ("action.approved",), ("action.started",)]


async def test_nothing_is_sent_while_started_is_not_yet_recorded(rig: RoomRig) -> None:
    rig.recorder.fail("no room left")
    acted = asyncio.ensure_future(act(rig))
    await acted
    assert rig.source.calls == []
    assert newest(rig).stage == "failed"
    assert (
        "not done, because it cannot be recorded: the record cannot be kept: no room left"
        in newest(rig).detail
    )


async def test_while_the_record_cannot_be_kept_an_action_is_refused_with_a_sentence(rig: RoomRig) -> None:
    rig.recorder.fail("no room left")
    await rig.show(SourcePolled())
    assert rig.state.room.degraded == "no room left"
    with pytest.raises(Refused, match=r"cannot be recorded \(no room left\)"):
        await act(rig)
    assert rig.source.calls == []
    assert newest(rig).stage == "refused"
    rig.recorder.mend()
    await rig.settle()
    assert stages(await act(rig))[-1] == "succeeded"


# --- answers that do not come ---------------------------------------------------------------------------


async def test_a_lost_answer_is_unknown_and_then_reconciled_by_reading_the_cluster(rig: RoomRig) -> None:
    async def answer(*_: object) -> Outcome:
        return Outcome("unknown", Safe("connection lost after the request was sent"))

    rig.source.answer = answer
    assert (await act(rig)).stage == "unknown"
    await rig.show(nodes("n1", cordoned=True))
    after = stages(newest(rig))[3:]
    assert [stage for stage in after if stage != "progressed"] == ["unknown", "reconciled", "verified"]
    assert "it happened" in rig.events(ActionReconciled)[0].finding
    assert newest(rig).verdict is Verdict.SEEN
    assert len(rig.source.calls) == 1


async def test_a_lost_answer_of_a_call_that_did_nothing_is_found_out_too(rig: RoomRig) -> None:
    async def answer(*_: object) -> Outcome:
        return Outcome("unknown", Safe("connection lost"))

    rig.source.answer = answer
    action = await act(rig)
    await rig.show(nodes("n1"))
    assert "it did not happen, or not yet" in rig.events(ActionReconciled)[0].finding
    for _ in range(action.plan.within_s // 5 + 2):
        await rig.advance(5)
        rig.source.show(SourcePolled())
        await rig.settle()
    assert newest(rig).verdict is Verdict.NOT_SEEN
    assert len(rig.source.calls) == 1


async def test_a_bug_of_an_actuator_ends_in_unknown_and_the_room_goes_on(rig: RoomRig) -> None:
    async def answer(*_: object) -> Outcome:
        raise KeyError("metadata")

    rig.source.answer = answer
    assert (await act(rig)).stage == "unknown"
    assert "bug in the call, which may have reached the cluster" in newest(rig).detail
    await rig.show(nodes("n1", cordoned=True))
    assert newest(rig).verdict is Verdict.SEEN


async def test_a_call_without_an_answer_ends_at_its_deadline() -> None:
    source, recorder = ScriptedSource(), MemoryRecorder()

    async def silence(*_: object) -> Outcome:
        await asyncio.Event().wait()
        raise AssertionError

    source.answer = silence
    sequencer = Sequencer(LeapingClock(), recorder)
    async with asyncio.TaskGroup() as crew:
        crew.create_task(recorder.run())
        actions = Actions(sequencer, [source], Work(), crew, call_s=0.05)
        sequencer.accept(source.announce(), source=source.name)
        sequencer.accept(nodes("n1"), source=source.name)
        sequencer.accept(SourceSynced(), source=source.name)
        actions.act(Act(CORDON, opens_lock=True), MAYA)
        await until(lambda: sequencer.state.actions.actions["A1"].stage == "unknown", "the deadline passes")
        await recorder.close()
    action = sequencer.state.actions.actions["A1"]
    assert "no answer within" in action.detail
    assert len(source.calls) == 1


# --- several at once ------------------------------------------------------------------------------------


async def test_two_actions_at_once_are_two_stories(rig: RoomRig) -> None:
    answered = never(rig)
    await act(rig, CORDON)
    await act(rig, OTHER)
    assert [request for request, _ in rig.source.calls] == [CORDON, OTHER]
    answered.set()
    await rig.settle()
    await rig.show(nodes("n2", cordoned=True))
    verdicts = {a.action: a.verdict for a in rig.state.actions.actions.values()}
    assert verdicts == {"A1": None, "A2": Verdict.SEEN}
    await rig.show(nodes("n1", cordoned=True))
    assert newest(rig).verdict is Verdict.SEEN
    assert rig.state.actions.actions["A1"].verdict is Verdict.SEEN


async def test_no_two_operations_share_a_name_even_across_rooms_of_one_name(rig: RoomRig) -> None:
    await act(rig, CORDON)
    await act(rig, OTHER)
    async with open_room() as later:
        later.clock.advance(3600)
        later.room.sequencer.accept(later.room.opened)
        await later.synced("n1")
        await act(later)
        operations = [operation for _, operation in (*rig.source.calls, *later.source.calls)]
    assert len(set(operations)) == 3


# --- what is refused ------------------------------------------------------------------------------------


async def test_a_locked_room_refuses(rig: RoomRig) -> None:
    await rig.room.wish(LockRoom(), MAYA)
    with pytest.raises(Refused, match="the room is locked"):
        await rig.room.wish(Act(CORDON), MAYA)
    assert rig.source.calls == []
    assert rig.events(ActionProposed) == []


async def test_a_plan_that_is_no_longer_true_is_not_carried_out(rig: RoomRig) -> None:
    drain = Drain((NodeName("n1"),))
    shown = rig.room.actions.plan(drain, MAYA)
    await rig.show(InstancesChanged((Instance(InstanceId("i1"), WorkloadId("w1"), NodeName("n1")),)))
    with pytest.raises(Refused, match="look at the new plan"):
        await rig.room.wish(Act(drain, digest=digest(shown), opens_lock=True), MAYA)
    assert rig.source.calls == []
    again = rig.room.actions.plan(drain, MAYA)
    await rig.room.wish(Act(drain, digest=digest(again), opens_lock=True), MAYA)
    await rig.settle()
    assert len(rig.source.calls) == 1


async def test_an_impossible_wish_is_refused_and_recorded(rig: RoomRig) -> None:
    with pytest.raises(Refused, match="A1 refused"):
        await act(rig, Cordon((NodeName("no-such-node"),)))
    await rig.settle()
    assert len(rig.events(ActionRefused)) == 1
    assert rig.source.calls == []


# --- after a crash, and at the end ----------------------------------------------------------------------


async def left_after(rig: RoomRig, stage: str) -> State:
    """The state a host killed just after that stage left in its recording."""
    kept = rig.recorder.kept
    last = max(e.seq for e in kept if e.type == f"action.{stage}")
    return keyframe.decode(keyframe.encode(apply_all(State(), [e for e in kept if e.seq <= last])))


@pytest.mark.parametrize("stage", ["proposed", "approved"])
async def test_after_a_crash_what_never_left_is_refused_and_not_sent(rig: RoomRig, stage: str) -> None:
    await act(rig)
    async with open_room(state=await left_after(rig, stage)) as again:
        assert newest(again).stage == "refused"
        assert "nothing was sent" in newest(again).detail
        await again.synced("n1", "n2", "n3")
        assert again.source.calls == []


@pytest.mark.parametrize("happened", [True, False])
async def test_after_a_crash_what_may_have_left_is_read_not_sent_again(rig: RoomRig, happened: bool) -> None:
    await act(rig)
    async with open_room(state=await left_after(rig, "started")) as again:
        assert newest(again).stage == "unknown"
        assert again.events(ActionReconciled) == []
        await again.show(nodes("n1", cordoned=happened), SourceSynced())
        (reconciled,) = again.events(ActionReconciled)
        assert ("it happened" in reconciled.finding) is happened
        assert again.source.calls == []


async def test_a_room_that_is_closed_over_a_call_says_that_it_does_not_know(rig: RoomRig) -> None:
    never(rig)
    await act(rig)
    rig.room.stop("forced")
    await until(lambda: rig.source.closed and rig.recorder.closed, "the room closes")
    assert [e.action for e in rig.events(ActionUnknown)] == ["A1"]
    assert rig.events(ActionVerified)[0].verdict is Verdict.UNKNOWN
    assert rig.recorder.kept[-1].type == "room.closed"


async def test_a_room_that_is_closed_before_the_effect_is_seen_says_so(rig: RoomRig) -> None:
    await act(rig)
    rig.room.stop("forced")
    await until(lambda: rig.recorder.closed, "the room closes")
    assert [type(e) for e in rig.events(ActionStarted)] == [ActionStarted]
    assert rig.events(ActionSucceeded)
    assert rig.events(ActionFailed) == []
    assert "closed before its effect was seen" in rig.events(ActionVerified)[0].detail


async def test_the_answer_of_a_wish_names_the_action_and_its_place_in_the_record(rig: RoomRig) -> None:
    answer = msgspec.msgpack.decode(await rig.room.wish(Act(CORDON, opens_lock=True), MAYA), type=Acted)
    await rig.settle()
    proposed = next(e for e in rig.recorder.kept if e.type == ActionProposed.type)
    assert answer == Acted("A1", proposed.seq)
