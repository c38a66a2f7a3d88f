"""The second person inside the host: requests that expire by the room's clock, are void, overridden, outlive a host."""

import pytest

from tests.host.rigs import MAYA, SAM, RoomRig, nodes, open_room
from warroom.errors import Refused
from warroom.events.actions import (
    ActionApproved,
    ActionExpired,
    ActionOverridden,
    ActionRefused,
    ActionStarted,
    ApprovalRequested,
)
from warroom.model.commands import Act
from warroom.model.nouns import NodeName, Person
from warroom.model.requests import Cordon, Risk
from warroom.model.response_commands import ApproveAction, CancelAction, OverrideAction, RefuseAction
from warroom.model.text import Safe
from warroom.response.book import Book
from warroom.response.policy import Policy

POLICY = Policy(second_person=tuple(Risk), approval_s=60.0)
MAYA_ELSEWHERE = Person(Safe("maya"), MAYA.uid, "cli")
NOBODY_KNOWN = Person(Safe("sam"), None, "cli")
WISH = Act(Cordon((NodeName("n1"),)), opens_lock=True)


async def asked(rig: RoomRig, policy: Policy = POLICY) -> str:
    """A request of maya's that waits; the digest of its plan."""
    rig.room.responding.book = Book(policy=policy)
    await rig.synced("n1", "n2", "n3")
    await rig.room.wish(WISH, MAYA)
    await rig.settle()
    (request,) = rig.events(ApprovalRequested)
    return str(request.digest)


def stage(rig: RoomRig) -> str:
    return rig.state.actions.actions["A1"].stage


async def test_nothing_is_sent_before_the_other_agrees() -> None:
    async with open_room() as rig:
        digest = await asked(rig)
        await rig.advance(5)
        assert (stage(rig), rig.events(ActionStarted)) == ("waiting", [])
        for same in (MAYA, MAYA_ELSEWHERE, NOBODY_KNOWN):
            with pytest.raises(Refused, match="one login is one person"):
                await rig.room.wish(ApproveAction("A1", digest), same)
        await rig.room.wish(ApproveAction("A1", digest), SAM)
        await rig.settle()
        (approved,) = rig.events(ActionApproved)
        assert approved.how == "second person sam for maya"
        assert len(rig.events(ActionStarted)) == 1


async def test_a_request_expires_by_the_room_s_clock_and_not_a_second_early() -> None:
    async with open_room() as rig:
        digest = await asked(rig)
        (request,) = rig.events(ApprovalRequested)
        left_s = (request.expires_ms - rig.clock.room_ms()) // 1000
        await rig.advance(left_s - 1)
        assert rig.events(ActionExpired) == []
        await rig.advance(2)
        assert [e.action for e in rig.events(ActionExpired)] == ["A1"]
        with pytest.raises(Refused, match="does not wait for anybody \\(expired\\)"):
            await rig.room.wish(ApproveAction("A1", digest), SAM)
        with pytest.raises(Refused, match="expired"):
            await rig.room.wish(OverrideAction("A1", Safe("now")), SAM)
        assert rig.events(ActionStarted) == []


async def test_a_request_whose_target_changed_is_void_and_the_record_says_why() -> None:
    async with open_room() as rig:
        digest = await asked(rig)
        await rig.show(nodes("n1", cordoned=True))
        with pytest.raises(Refused, match="A1 is void"):
            await rig.room.wish(ApproveAction("A1", digest), SAM)
        await rig.settle()
        (refused,) = rig.events(ActionRefused)
        assert refused.reason.startswith("void: ")
        assert stage(rig) == "refused"


async def test_who_agrees_to_another_plan_than_the_one_that_waits_is_refused_and_it_goes_on_waiting() -> None:
    async with open_room() as rig:
        await asked(rig)
        with pytest.raises(Refused, match="the plan you were shown is not the one that waits"):
            await rig.room.wish(ApproveAction("A1", "another"), SAM)
        assert stage(rig) == "waiting"


async def test_an_override_needs_a_reason_and_is_recorded_before_the_call() -> None:
    async with open_room() as rig:
        await asked(rig)
        with pytest.raises(Refused, match="needs a reason"):
            await rig.room.wish(OverrideAction("A1", Safe("")), MAYA)
        await rig.room.wish(OverrideAction("A1", Safe("nobody is awake")), MAYA)
        await rig.settle()
        types = [e.type for e in rig.recorder.kept]
        order = [types.index(t) for t in ("action.overridden", "action.approved", "action.started")]
        assert order == sorted(order)
        (overridden,) = rig.events(ActionOverridden)
        assert overridden.reason == "nobody is awake"
        assert rig.state.actions.actions["A1"].overridden == "nobody is awake"


async def test_only_whom_the_policy_names_may_override() -> None:
    async with open_room() as rig:
        await asked(rig, Policy(second_person=tuple(Risk), override=("sam",)))
        with pytest.raises(Refused, match="maya may not override"):
            await rig.room.wish(OverrideAction("A1", Safe("now")), MAYA)
        await rig.room.wish(OverrideAction("A1", Safe("now")), SAM)
        await rig.settle()
        assert len(rig.events(ActionStarted)) == 1


async def test_a_request_is_withdrawn_or_refused_once() -> None:
    async with open_room() as rig:
        digest = await asked(rig)
        await rig.room.wish(RefuseAction("A1"), SAM)
        await rig.settle()
        assert [e.reason for e in rig.events(ActionRefused)] == ["sam does not agree"]
        for late in (RefuseAction("A1"), ApproveAction("A1", digest), CancelAction("A1")):
            with pytest.raises(Refused):
                await rig.room.wish(late, SAM)


async def test_a_request_outlives_its_host_and_still_expires() -> None:
    async with open_room() as rig:
        digest = await asked(rig)
        left = rig.state
        async with open_room(state=left) as again:
            again.room.responding.book = Book(policy=POLICY)
            await again.settle()
            assert stage(again) == "waiting"
            with pytest.raises(Refused, match="one login is one person"):
                await again.room.wish(ApproveAction("A1", digest), MAYA)
            await again.advance(70)
            assert [e.action for e in again.events(ActionExpired)] == ["A1"]
