"""One room: its sources, its recording, its readers, from opening to closing."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

import msgspec

from warroom.clock import Clock
from warroom.errors import WarroomError
from warroom.events.room import (
    ClientAttached,
    ClientDetached,
    RecorderDegraded,
    RecorderRecovered,
    RoomClosed,
    RoomOpened,
)
from warroom.host.actions import Actions
from warroom.host.approving import Approving
from warroom.host.dispatch import Dispatch
from warroom.host.hub import Hub
from warroom.host.ports import Outcome, Recorder, Source, Ticking
from warroom.host.pump import drive, note_stale, pump
from warroom.host.responding import Responding
from warroom.host.sequencer import Sequencer
from warroom.host.updates import Updates, UpdateSender
from warroom.host.work import Work
from warroom.model.commands import Command, Query
from warroom.model.nouns import ROOM, Person
from warroom.model.requests import CreateAlert
from warroom.model.text import Safe, neutral
from warroom.response.book import Book, opened_book
from warroom.state.slices import State

BEAT_S = 0.25
"""How often readers are told the time, in real seconds, when it moved on."""
WATCH_S = 1.0
GO_ON_S = 0.02
"""A look at a large cluster is done in parts, with that between them for everything else."""
"""How often unfinished actions and silent sources are looked at, in room seconds."""
SCREENS = ("tui", "pair")
"""What a screen calls itself."""


class Recordings(Protocol):
    """Where a room's recordings come from."""

    async def next(self) -> tuple[str, Recorder]:
        """A new recording and its id."""


class Room:
    """A room in one event loop. ``run`` lives as long as the room does."""

    def __init__(
        self,
        opened: RoomOpened,
        *,
        clock: Clock,
        sources: Sequence[Source],
        recording: tuple[str, Recorder],
        recordings: Recordings,
        state: State | None = None,
    ) -> None:
        self.opened = opened
        self.recording = recording[0]
        self.work = Work()
        self.sequencer = Sequencer(clock, recording[1], state=state)
        self.hub = Hub(self.sequencer, epoch=opened.epoch)
        self.ready = asyncio.Event()
        self.announce: Callable[[], None] = lambda: None
        """Called to say who runs the room and where it is recorded, when that changed or was lost."""
        self._sources = list(sources)
        self._recordings = recordings
        self._stopping = asyncio.Event()
        self._reason = ""
        self._clients = 0
        self._make_sender: Callable[[], UpdateSender] = _no_sender
        self._crew: asyncio.TaskGroup
        self.dispatch: Dispatch
        self.actions: Actions
        self.approving: Approving
        self.updates: Updates
        self.responding = Responding(self.sequencer, Book())

    async def run(self, serve: Callable[["Room"], Coroutine[Any, Any, None]] | None = None) -> None:
        """Open the room, keep it going until it is stopped, close it; ``serve`` runs beside it."""
        async with asyncio.TaskGroup() as crew:
            self._open(crew)
            tasks = [crew.create_task(self._beats(), name="beats")]
            if serve is not None:
                tasks.append(crew.create_task(serve(self), name="serve"))
            tasks += [crew.create_task(coroutine, name=name) for name, coroutine in self._loops()]
            self.ready.set()
            await self._stopping.wait()
            self.actions.give_up()
            self.updates.give_up("the room was closed")
            self.sequencer.accept(RoomClosed(reason=neutral(self._reason)), actor=ROOM)
            self.hub.beat()
            await asyncio.sleep(0.05)
            for task in tasks:
                task.cancel()
            await self.updates.close()
            for source in self._sources:
                await source.close()
            await self.sequencer.recorder.close()

    def _keep(self, recorder: Recorder) -> None:
        """Begin to record into a recorder."""
        recorder.on_trouble = self._recorder_trouble
        self._crew.create_task(recorder.run(), name="recorder")
        self.sequencer.begin(recorder)

    def _recorder_trouble(self, reason: str, merged: int, lost: int) -> None:
        if reason:
            self.sequencer.accept(RecorderDegraded(neutral(reason)), actor=ROOM)
            return
        self.sequencer.accept(RecorderRecovered(merged, lost), actor=ROOM)
        if lost:
            self.sequencer.begin_segment()

    def _open(self, crew: asyncio.TaskGroup) -> None:
        self._crew = crew
        self.actions = Actions(self.sequencer, self._sources, self.work, crew)
        self.approving = Approving(self.sequencer, self.actions, self.responding)
        self.actions.policy = self.approving
        self.dispatch = Dispatch(
            self.sequencer,
            self._sources,
            self.responding,
            self.approving,
            recording_for_incident=self._recording_for_incident,
            stop=self.stop,
        )
        self._keep(self.sequencer.recorder)
        self.sequencer.accept(self.opened, actor=ROOM)
        for source in self._sources:
            self.sequencer.accept(source.announce(), source=source.name)
        self.sequencer.accept(opened_book(self.responding.book), actor=ROOM)
        self.updates = Updates(self.sequencer, crew, self._new_sender)
        self.actions.reconcile()
        self.updates.reconcile()

    def _loops(self) -> list[tuple[str, Coroutine[Any, Any, None]]]:
        loops: list[tuple[str, Coroutine[Any, Any, None]]] = []
        for source in self._sources:
            if isinstance(source, Ticking):
                driver = drive(
                    source, self.sequencer, self.work, speed=self.opened.speed, after=self._look_again
                )
                loops.append((f"drive {source.name}", driver))
            else:
                loops.append((f"pump {source.name}", pump(source, self.sequencer, self.actions.look_again)))
        if not any(isinstance(source, Ticking) for source in self._sources):
            loops.append(("watch", self._watch()))
        return loops

    async def _watch(self) -> None:
        while True:
            await self.sequencer.clock.sleep(GO_ON_S if self.responding.busy else WATCH_S)
            note_stale(self.sequencer)
            self._look_again()

    def _look_again(self) -> bool:
        """Let what follows from the state follow; whether a look that is too long for one turn goes on."""
        self.approving.expire()
        self.actions.look_again()
        self.responding.look()
        self.updates.look()
        return self.responding.busy

    async def _beats(self) -> None:
        told: tuple[int, int, int] | None = None
        while True:
            state, recorder = self.sequencer.state, self.sequencer.recorder
            second = self.sequencer.clock.room_ms() // 1000
            now = (state.seq, second, recorder.recorded_seq)
            if now != told:
                self.hub.beat()
                told = now
            await asyncio.sleep(BEAT_S)

    async def _recording_for_incident(self) -> str:
        """The recording an incident declared now belongs to: this one, unless it had its incident."""
        if self.sequencer.state.incident.incident is not None:
            self.updates.give_up("another incident began")
            old = self.sequencer.recorder
            self.recording, recorder = await self._recordings.next()
            old.on_trouble = _not_ours
            self._keep(recorder)
            self.announce()
            if self.sequencer.state.room.degraded:
                self.sequencer.accept(RecorderRecovered(), actor=ROOM)
            await old.close()
        return self.recording

    def know(self, person: Person, groups: frozenset[str]) -> None:
        """Remember in which groups somebody is, for the policy."""
        if person.uid is not None:
            self.approving.groups[person.uid] = groups

    def go_by(self, book: Book, sender: Callable[[], UpdateSender]) -> None:
        """Respond by this book, and send updates by what the function makes when the first one is written."""
        self.responding.book = book
        self._make_sender = sender

    def _new_sender(self) -> UpdateSender:
        return self._make_sender()

    async def create_alert(self, request: CreateAlert, operation: str) -> Outcome:
        """Create an alert through whichever source can; never raises."""
        actuator = self.actions.actuator(request)
        if actuator is None:
            return Outcome("failed", Safe("no source of this room can create alerts"))
        return await actuator.carry_out(request, operation=operation, report=_unheard)

    def stop(self, reason: str) -> None:
        """Ask the room to close."""
        self._reason = reason
        self._stopping.set()

    def attach(self, person: Person, *, program: str, width: int, height: int) -> str:
        """Admit a client; its name in the record, or an empty one for verbs, which come and go."""
        self._clients += 1
        client = f"C{self._clients}" if program in SCREENS else ""
        if client:
            event = ClientAttached(client=client, program=program, width=width, height=height)
            self.sequencer.accept(event, actor=person)
        return client

    def detach(self, client: str, person: Person, reason: str = "") -> None:
        """Note that a client is gone."""
        if client and not self._stopping.is_set():
            known = self.sequencer.state.room.clients.get(client)
            event = ClientDetached(
                client=client, reason=neutral(reason), program=known.program if known else ""
            )
            self.sequencer.accept(event, actor=person)

    async def wish(self, command: Command, person: Person) -> msgspec.Raw:
        """Carry out a command; raises ``Refused``."""
        with self.work.busy():
            return _encoded(await self.dispatch.wish(command, person))

    async def ask(self, query: Query, person: Person) -> msgspec.Raw:
        """Answer a query; raises ``WarroomError``."""
        with self.work.busy():
            return _encoded(await self.dispatch.ask(query, person))


def _not_ours(reason: str, merged: int, lost: int) -> None:
    """The trouble of a recording that this room went on from; its reserve is merged when the next room opens."""


def _unheard(_: Safe, done: int, total: int) -> None:
    """Progress nobody waits for."""


def _no_sender() -> UpdateSender:
    raise WarroomError("this room was made without a way to send updates")


def _encoded(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.msgpack.encode(value))
