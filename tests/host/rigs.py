"""A room in this process: a clock that a test advances, a scripted cluster, a recorder in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from warroom.clock import TickClock
from warroom.events.base import Event
from warroom.events.cluster import NodesChanged
from warroom.events.codec import decode_event
from warroom.events.room import RoomOpened
from warroom.events.sources import SourceSynced
from warroom.host.ports import Recorder
from warroom.host.room import Room
from warroom.model.nouns import Node, NodeName, NodeState, Person
from warroom.model.text import Safe
from warroom.state.slices import State
from warroom.testing.memory_recorder import MemoryRecorder
from warroom.testing.recorder_suite import until
from warroom.testing.scripted_source import ScriptedSource

MAYA = Person(Safe("maya"), 1000, "tui")
SAM = Person(Safe("sam"), 1001, "cli")
TURNS = 30
"""Turns of the event loop after which whatever a tick woke has run."""

__all__ = ["MAYA", "SAM", "RoomRig", "nodes", "open_room", "until"]


def nodes(*names: str, state: NodeState = NodeState.READY, cordoned: bool = False) -> NodesChanged:
    return NodesChanged(tuple(Node(NodeName(name), state, cordoned=cordoned) for name in names))


class Further:
    """Makes the recordings of a room that goes on after its first incident."""

    def __init__(self) -> None:
        self.made: list[MemoryRecorder] = []

    async def next(self) -> tuple[str, Recorder]:
        await asyncio.sleep(0)
        self.made.append(MemoryRecorder())
        return f"second-{len(self.made)}", self.made[-1]


class RoomRig:
    """A room and everything a test moves it with."""

    def __init__(self, *, state: State | None = None) -> None:
        self.clock = TickClock(start=datetime(2026, 3, 2, 14, 0, tzinfo=UTC))
        if state is not None:
            self.clock.tick = state.room_ms // 1000 + 1
        self.source = ScriptedSource()
        self.recorder = MemoryRecorder()
        self.further = Further()
        epoch = state.room.epoch + 1 if state else 1
        self.room = Room(
            RoomOpened("r", "c", "configured", epoch, "1", after_crash=state is not None),
            clock=self.clock,
            sources=[self.source],
            recording=("first", self.recorder),
            recordings=self.further,
            state=state,
        )

    @property
    def state(self) -> State:
        return self.room.sequencer.state

    async def settle(self) -> None:
        """Let everything run that can."""
        for _ in range(TURNS):
            await asyncio.sleep(0)

    async def advance(self, seconds: int) -> None:
        """Let room time pass, second by second."""
        for _ in range(seconds):
            self.clock.advance()
            await self.settle()

    async def show(self, *events: Event) -> None:
        """Let the cluster show something, a second later."""
        self.clock.advance()
        self.source.show(*events)
        await self.settle()

    async def synced(self, *names: str) -> None:
        """Let the cluster show these nodes, ready."""
        await self.show(nodes(*names), SourceSynced())

    def events(self, kind: type[Event]) -> list[Any]:
        """What was recorded of one type, in order, by every recorder of this room."""
        kept = [*self.recorder.kept, *(e for further in self.further.made for e in further.kept)]
        return [decode_event(envelope) for envelope in kept if envelope.type == kind.type]

    def texts(self) -> list[str]:
        """The timeline."""
        return [str(moment.text) for moment in self.state.timeline.moments]


@asynccontextmanager
async def open_room(
    *, state: State | None = None, serve: Callable[[Room], Coroutine[Any, Any, None]] | None = None
) -> AsyncIterator[RoomRig]:
    """A room that is open, and is stopped at the end."""
    rig = RoomRig(state=state)
    async with asyncio.TaskGroup() as crew:
        running = crew.create_task(rig.room.run(serve))
        await rig.room.ready.wait()
        await rig.settle()
        try:
            yield rig
        finally:
            rig.room.stop("the test is over")
            await running
