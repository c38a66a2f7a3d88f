"""Deliveries inside the host: each attempt recorded first, tried again by the room's clock, given up honestly."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

from tests.host.rigs import MAYA, RoomRig, open_room
from warroom.events.updates import UpdateLeft, UpdateNotSent, UpdateSent
from warroom.host.updates import MOST_ATTEMPTS, Sent
from warroom.model.commands import DeclareIncident, ResolveIncident
from warroom.model.nouns import Severity
from warroom.model.response import DeliveryState, TargetKind, UpdateKind
from warroom.model.response_commands import SendUpdate
from warroom.model.text import Safe
from warroom.response.book import Book
from warroom.response.updates.targets import UpdateTarget
from warroom.state.slices import State
from warroom.state.updates import Delivery, Update

DECLARE = DeclareIncident(Safe("all down"), Severity.SEV1)
TELL = SendUpdate(UpdateKind.FIRST, Safe("we look into it"))
TAKEN, NO = Sent(True, Safe("answered 200")), Sent(False, Safe("answered 503"))
DOUBT = Sent(False, Safe("no answer"), unknown=True)
BOOK = Book(targets={"hook": UpdateTarget("hook", TargetKind.JSON, url="http://127.0.0.1/")})


class Scripted:
    """A sender that answers as told, attempt by attempt; an exception is raised."""

    def __init__(self, *answers: Sent | Exception, once: bool = False) -> None:
        self.answers = list(answers)
        self.once = once
        self.keys: list[str] = []

    def counts_once(self, target: str) -> bool:
        return self.once

    async def send(self, target: str, update: Update, key: str) -> Sent:
        self.keys.append(key)
        answer = self.answers.pop(0) if self.answers else TAKEN
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        pass


@asynccontextmanager
async def room_with(sender: Scripted, state: State | None = None) -> AsyncIterator[RoomRig]:
    async with open_room(state=state) as rig:
        rig.room.go_by(BOOK, lambda: sender)
        yield rig


async def told(rig: RoomRig, seconds: int = 2) -> None:
    await rig.room.wish(DECLARE, MAYA)
    await rig.room.wish(TELL, MAYA)
    await rig.advance(seconds)


def delivery(rig: RoomRig, update: str = "U1") -> Delivery:
    return rig.state.updates.updates[update].deliveries["hook"]


async def test_every_attempt_is_recorded_before_it_leaves() -> None:
    sender = Scripted(NO, TAKEN)
    async with room_with(sender) as rig:
        await told(rig, 10)
        kinds = [e.type for e in rig.recorder.kept if e.type.startswith("update.")]
        assert kinds == [
            *("update.written", "update.left", "update.not_sent", "update.left", "update.sent"),
        ]
        assert [e.attempt for e in rig.events(UpdateSent)] == [2]
        assert sender.keys == ["first-U1", "first-U1"]


async def test_retries_wait_longer_each_time_and_end() -> None:
    async with room_with(Scripted(*[NO] * 20)) as rig:
        await told(rig, 300)
        lefts = [e for e in rig.recorder.kept if e.type == UpdateLeft.type]
        waits = [(b.room_ms - a.room_ms) / 1000 for a, b in pairwise(lefts)]
        assert len(lefts) == MOST_ATTEMPTS
        assert waits == sorted(waits)
        assert (waits[0] >= 2, waits[-1] >= 60) == (True, True)
        assert delivery(rig).state is DeliveryState.FAILED


async def test_who_asks_for_patience_is_given_it() -> None:
    async with room_with(Scripted(Sent(False, Safe("slow down"), wait_s=90.0))) as rig:
        await told(rig, 80)
        assert len(rig.events(UpdateLeft)) == 1
        await rig.advance(15)
        assert delivery(rig).state is DeliveryState.SENT


async def test_a_doubt_is_never_sent_again_by_itself() -> None:
    async with room_with(Scripted(DOUBT)) as rig:
        await told(rig, 300)
        assert len(rig.events(UpdateLeft)) == 1
        assert delivery(rig).state is DeliveryState.UNKNOWN


async def test_a_doubt_is_tried_again_where_twice_counts_once() -> None:
    sender = Scripted(DOUBT, once=True)
    async with room_with(sender) as rig:
        await told(rig, 10)
        assert delivery(rig).state is DeliveryState.SENT
        assert len(set(sender.keys)) == 1


async def test_a_bug_in_a_target_is_a_doubt_and_does_not_end_the_room() -> None:
    async with room_with(Scripted(ValueError("bug"))) as rig:
        await told(rig)
        assert delivery(rig).state is DeliveryState.UNKNOWN
        assert "bug" in delivery(rig).detail
        await rig.room.wish(TELL, MAYA)
        await rig.advance(2)
        assert delivery(rig, "U2").state is DeliveryState.SENT


async def test_a_retry_outlives_its_host() -> None:
    async with room_with(Scripted(NO)) as rig:
        await told(rig)
        assert delivery(rig).state is DeliveryState.WAITING
        sender = Scripted()
        async with room_with(sender, state=rig.state) as again:
            await again.advance(10)
            assert delivery(again).state is DeliveryState.SENT
            assert (delivery(again).attempts, sender.keys) == (2, ["first-U1"])


async def test_a_room_that_closes_says_what_nobody_will_send_any_more() -> None:
    async with room_with(Scripted(NO)) as rig:
        await told(rig)
    last = rig.events(UpdateNotSent)[-1]
    assert (last.given_up, last.unknown) == (True, False)
    assert last.reason == "the room was closed before it was taken"


async def test_what_waits_does_not_count_for_the_next_incident() -> None:
    """The second incident's U1 was marked as sent by the first one's late answer."""
    async with room_with(Scripted(NO, NO)) as rig:
        await told(rig)
        await rig.room.wish(ResolveIncident(), MAYA)
        await rig.room.wish(DECLARE, MAYA)
        await rig.advance(30)
        assert [e.reason for e in rig.events(UpdateNotSent)][-1] == (
            "another incident began before it was taken"
        )
        assert rig.state.updates.updates == {}
        await rig.room.wish(TELL, MAYA)
        await rig.advance(5)
        assert rig.state.updates.updates["U1"].seq > 0
