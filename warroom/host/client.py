"""The other end of a room's socket: keeps its own fold of the stream, asks queries, sends commands."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from warroom.clock import monotonic_s
from warroom.errors import Refused, Unreadable, WarroomError
from warroom.events.codec import decode_event
from warroom.events.envelope import Envelope
from warroom.events.room import RoomClosed
from warroom.host.actions import Acted
from warroom.host.protocol import (
    PROTOCOL,
    Answer,
    Ask,
    Beat,
    Events,
    Frame,
    Hello,
    Refusal,
    Snapshot,
    Welcome,
    Wish,
    encode_frame,
    read_frame,
)
from warroom.model.commands import (
    Command,
    Drafted,
    DraftUpdate,
    LogsFound,
    LogsRead,
    MetricRange,
    MetricsFound,
    Query,
    ReadLogs,
    SearchLogs,
    ShowPlan,
    ShowRunbook,
    WorkloadLogs,
)
from warroom.model.nouns import ROOM, Person
from warroom.model.requests import Plan
from warroom.response.runbooks.definition import Runbook
from warroom.state import keyframe
from warroom.state.fold import apply
from warroom.state.logtail import LogTail
from warroom.state.roomtime import room_now
from warroom.state.slices import State
from warroom.views.absence import Absence, refusal_of

ANSWER_S = 90.0
"""How long an answer may take."""
LONGEST_TURN_S, TURN_S = 0.004, 0.001
"""How long events are folded without a pause, and the pause, in which what a key did is painted."""
KNOCK_S = 0.2
"""How long a host that takes no connection may hold up a screen that is about to load."""
AGAIN_S = 1.0
"""How long a client that lost its host waits before it looks again."""

ANSWERS: dict[type, type] = {
    ShowPlan: Plan,
    SearchLogs: LogsFound,
    ReadLogs: LogsRead,
    WorkloadLogs: LogsFound,
    MetricRange: MetricsFound,
    DraftUpdate: Drafted,
    ShowRunbook: Runbook,
}


def _never() -> bool:
    """Nobody waits."""
    return False


class Client:
    """A live feed of one room (see ``warroom.host.feed.LiveFeed``). ``run`` must be kept running by its owner."""

    def __init__(
        self,
        path: Path,
        *,
        program: str,
        version: str,
        size: tuple[int, int] = (0, 0),
        protocol: int = PROTOCOL,
        read_only: bool = False,
    ) -> None:
        self._path = path
        self._hello = Hello(protocol, program, version, size[0], size[1], read_only)
        self._knocked: socket.socket | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._number = 0
        self._listeners: list[Callable[[], None]] = []
        self._moved = asyncio.Event()
        self.gives_way: Callable[[], bool] = _never
        """Whether somebody waits for this loop; events are folded when nobody does."""
        self.epoch = 0
        self.state = State()
        self.log_tail = LogTail()
        self.room_ms = 0
        self.recorded_seq = 0
        self.trouble = "connecting"
        self.absence: Absence | None = None
        self._closed = ""
        self.you: Person = ROOM
        self.room = ""

    @property
    def read_only(self) -> bool:
        """Whether the host refuses whatever this client wishes."""
        return self._hello.read_only

    @property
    def now(self) -> datetime:
        """The room's time as last told."""
        return room_now(self.state, self.room_ms)

    def subscribe(self, on_change: Callable[[], None]) -> None:
        """Call this after the state or the time moved on."""
        self._listeners.append(on_change)

    def knock(self) -> None:
        """Say hello before there is a loop, so that the host gets ready meanwhile; what fails ``run`` says."""
        knocking = socket.socket(socket.AF_UNIX)
        knocking.settimeout(KNOCK_S)
        try:
            knocking.connect(str(self._path))
            knocking.sendall(encode_frame(self._hello))
        except OSError:
            knocking.close()
        else:
            knocking.setblocking(False)
            self._knocked = knocking

    async def run(self, *, reconnect: bool) -> None:
        """Follow the room; with ``reconnect`` for ever, else until the host ends the connection.

        Raises ``WarroomError`` when the first connection is refused or impossible.
        """
        first = True
        while True:
            try:
                await self._follow()
            except WarroomError as refused:
                if first or not reconnect:
                    raise
                self._lost(str(refused))
            else:
                self._lost("the host of this room is gone")
            first = False
            if not reconnect:
                return
            await asyncio.sleep(AGAIN_S)

    async def _follow(self) -> None:
        knocked, self._knocked = self._knocked, None
        reader, writer = await self._connect(knocked)
        self._writer = writer
        try:
            if knocked is None:
                writer.write(encode_frame(self._hello))
            while (frame := await read_frame(reader)) is not None:
                if isinstance(frame, Events):
                    await self._take_events(frame)
                else:
                    self._take(frame)
        finally:
            self._writer = None
            writer.close()

    async def _connect(
        self, knocked: socket.socket | None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            if knocked is not None:
                return await asyncio.open_unix_connection(sock=knocked)
            return await asyncio.open_unix_connection(str(self._path))
        except PermissionError as denied:
            raise WarroomError(
                f"you may not enter this room ({self._path}); it belongs to another user, whose [room] group "
                "setting can open it"
            ) from denied
        except OSError as gone:
            raise WarroomError(f"the host of this room is gone ({self._path}: {gone.strerror})") from gone

    async def _take_events(self, frame: Events) -> None:
        """Fold what happened; whoever waits for the loop has a turn in between."""
        began_s = monotonic_s()
        for envelope in frame.envelopes:
            if envelope.seq > self.state.seq:
                self.state = apply(self.state, envelope)
                self.log_tail.apply(envelope)
                if envelope.type == RoomClosed.type:
                    self._closed = _how_closed(envelope)
            if monotonic_s() - began_s > LONGEST_TURN_S or self.gives_way():
                self._told(self.state.room_ms, self.recorded_seq)
                await asyncio.sleep(TURN_S)
                while self.gives_way():  # noqa: ASYNC110 - what was waited for may never come
                    await asyncio.sleep(TURN_S)
                began_s = monotonic_s()
        self._told(self.state.room_ms, self.recorded_seq)

    def _take(self, frame: Frame) -> None:
        match frame:
            case Refusal():
                raise Refused(frame.reason)
            case Welcome():
                self.you, self.room, self.epoch = frame.you, frame.room, frame.epoch
            case Snapshot():
                self.state = keyframe.decode(frame.state)
                self._closed = ""
                self.log_tail = LogTail(lines=frame.log_tail)
                self.epoch = frame.epoch
                self._told(frame.room_ms, frame.recorded_seq)
            case Beat():
                self._told(frame.room_ms, frame.recorded_seq)
            case Answer():
                waiting = self._waiting.pop(frame.id, None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(frame)
            case _:
                pass

    def _told(self, room_ms: int, recorded_seq: int) -> None:
        self.room_ms = max(room_ms, self.state.room_ms)
        self.recorded_seq = recorded_seq
        self.trouble, self.absence = "", None
        self._changed()

    def _lost(self, why: str) -> None:
        if self.state.seq:
            before = self.absence
            since, tries = (before.since, before.tries + 1) if before is not None else (self.now, 0)
            self.absence = Absence(since, self._closed, why if tries else "", tries)
        self.trouble = why
        waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            if not future.done():
                future.set_exception(WarroomError(f"{why}, before it answered; what came of it is not known"))
        self._changed()

    def _changed(self) -> None:
        self._moved.set()
        for listener in self._listeners:
            listener()

    async def moved(self) -> None:
        """Wait until the state or the time moved on."""
        self._moved.clear()
        await self._moved.wait()

    async def synced(self) -> None:
        """Wait for the first snapshot."""
        while self.trouble:
            await self.moved()

    async def ask(self, query: Query) -> Any:
        """Answer a query; raises ``WarroomError``."""
        self._number += 1
        answer = await self._exchange(Ask(self._number, query), self._number)
        return msgspec.msgpack.decode(answer.value, type=ANSWERS[type(query)])

    async def wish(self, command: Command) -> Acted | None:
        """Send a command; raises ``Refused`` with the reason."""
        self._number += 1
        answer = await self._exchange(Wish(self._number, command), self._number)
        return msgspec.msgpack.decode(answer.value, type=Acted | None)

    async def _exchange(self, frame: Ask | Wish, number: int) -> Answer:
        if self._writer is None:
            gone = refusal_of(self.absence) if self.absence is not None else ""
            raise WarroomError(gone or self.trouble or "not connected to the room")
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        self._writer.write(encode_frame(frame))
        try:
            async with asyncio.timeout(ANSWER_S):
                answer = await waiting
        except TimeoutError as late:
            raise WarroomError(f"the host did not answer within {ANSWER_S:.0f} s") from late
        finally:
            self._waiting.pop(number, None)
        if answer.error:
            raise Refused(answer.error)
        return answer

    async def close(self) -> None:
        """Stop looking."""
        if self._writer is not None:
            self._writer.close()


def _how_closed(envelope: Envelope) -> str:
    """How the host says it closed the room."""
    try:
        closed = decode_event(envelope)
    except Unreadable:
        closed = None
    return (str(closed.reason) if isinstance(closed, RoomClosed) else "") or "by its host"


@asynccontextmanager
async def connected(path: Path, *, program: str, version: str) -> AsyncIterator[Client]:
    """A client that has its first snapshot, for as long as the block lasts; raises ``WarroomError``."""
    client = Client(path, program=program, version=version)
    following = asyncio.ensure_future(client.run(reconnect=False))
    ready = asyncio.ensure_future(client.synced())
    try:
        await asyncio.wait({following, ready}, return_when=asyncio.FIRST_COMPLETED)
        if following.done():
            following.result()
            raise WarroomError("the host ended the connection before it showed the room")
        yield client
    finally:
        for task in (ready, following):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, WarroomError):
                await task
