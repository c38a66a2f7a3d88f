"""Sends written updates: recorded before they leave, tried again, after a doubt only where twice counts once."""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

import msgspec

from warroom.errors import WarroomError
from warroom.events.updates import UpdateLeft, UpdateNotSent, UpdateSent
from warroom.host.sequencer import Sequencer
from warroom.model.nouns import ROOM
from warroom.model.response import DeliveryState
from warroom.model.text import Safe, neutral
from warroom.state.updates import Delivery, Update

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
WAITS_S = (2.0, 5.0, 15.0, 30.0, 60.0)
"""Room time between attempts."""


class Sent(msgspec.Struct, frozen=True):
    """What came of one attempt."""

    taken: bool
    detail: Safe
    unknown: bool = False
    """It left and no answer came."""
    hopeless: bool = False
    """The target said a plain no that another attempt would not change."""
    wait_s: float = 0.0
    """How long the target asked to be left alone."""


class UpdateSender(Protocol):
    """Delivers one update to one target; never raises for a network or an answer."""

    def counts_once(self, target: str) -> bool:
        """Whether the target takes the same update, sent twice, as one."""

    async def send(self, target: str, update: Update, key: str) -> Sent:
        """One attempt; ``key`` is the same at each, and different for every other update."""

    async def close(self) -> None:
        """Let go of connections."""


class Updates:
    """The deliveries of one room. Belongs to the host's event loop."""

    def __init__(
        self, sequencer: Sequencer, crew: asyncio.TaskGroup, sender: Callable[[], UpdateSender]
    ) -> None:
        self._sequencer = sequencer
        self._crew = crew
        self._make = sender
        self._sender: UpdateSender | None = None
        self._busy: set[tuple[str, str]] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def reconcile(self) -> None:
        """After a crash: what had left without an answer may have arrived.

        It is sent again only where the target takes it as one.
        """
        for update, target, delivery in self._deliveries():
            if delivery.under_way:
                lost = Sent(False, Safe("the host stopped while it was being sent"), unknown=True)
                event = self._outcome(update.update, target, delivery.attempts, lost)
                self._sequencer.accept(event, actor=ROOM)

    def give_up(self, why: str) -> None:
        """Nobody will send any more: the record says what was not taken, and of what nobody knows."""
        for task in self._tasks:
            task.cancel()
        for update, target, delivery in self._deliveries():
            if delivery.state is DeliveryState.WAITING:
                way = delivery.under_way
                words = "while it was being sent" if way else "before it was taken"
                event = UpdateNotSent(
                    update.update, target, delivery.attempts, neutral(f"{why} {words}"), way, given_up=True
                )
                self._sequencer.accept(event, actor=ROOM)

    def look(self) -> None:
        """Begin every attempt that is due."""
        now = self._sequencer.clock.room_ms()
        for update, target, delivery in self._deliveries():
            key = (update.update, target)
            due = (
                delivery.state is DeliveryState.WAITING
                and not delivery.under_way
                and now >= delivery.retry_ms
            )
            if due and key not in self._busy:
                self._busy.add(key)
                task = self._crew.create_task(self._attempt(update, target, delivery), name=f"send {key}")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def _deliveries(self) -> list[tuple[Update, str, Delivery]]:
        updates = self._sequencer.state.updates.updates.values()
        return [(u, target, delivery) for u in updates for target, delivery in u.deliveries.items()]

    async def _attempt(self, update: Update, target: str, delivery: Delivery) -> None:
        attempt = delivery.attempts + 1
        left = self._sequencer.accept(UpdateLeft(update.update, target, attempt), actor=ROOM)
        try:
            try:
                await self._sequencer.recorder.durable(left.seq)
            except WarroomError as unkept:
                sent = Sent(False, neutral(f"not sent, because it cannot be recorded: {unkept}"))
            else:
                sent = await self._sent(target, update)
            self._sequencer.accept(self._outcome(update.update, target, attempt, sent), actor=ROOM)
        finally:
            self._busy.discard((update.update, target))

    async def _sent(self, target: str, update: Update) -> Sent:
        incident = self._sequencer.state.incident.incident
        key = f"{incident.incident if incident else self._sequencer.state.room.room}-{update.update}"
        try:
            return await self._through().send(target, update, key)
        except Exception as bug:  # bulkhead: one target's bug must not end the room
            log.exception("bug while sending an update")
            return Sent(False, neutral(f"bug while sending, it may have arrived: {bug!r}"), unknown=True)

    def _through(self) -> UpdateSender:
        if self._sender is None:
            self._sender = self._make()
        return self._sender

    def _counts_once(self, target: str) -> bool:
        try:
            return self._through().counts_once(target)
        except WarroomError:
            return False

    def _outcome(self, update: str, target: str, attempt: int, sent: Sent) -> UpdateSent | UpdateNotSent:
        if sent.taken:
            return UpdateSent(update, target, attempt, sent.detail)
        doubt = sent.unknown and not self._counts_once(target)
        over = doubt or sent.hopeless or attempt >= MOST_ATTEMPTS
        retry = None
        if not over:
            wait = WAITS_S[min(attempt, len(WAITS_S)) - 1]
            retry = self._sequencer.clock.room_ms() + int(max(wait, sent.wait_s) * 1000)
        return UpdateNotSent(update, target, attempt, sent.detail, sent.unknown, over, retry)

    async def close(self) -> None:
        """Stop sending."""
        for task in self._tasks:
            task.cancel()
        if self._sender is not None:
            await self._sender.close()
