"""The room's socket: admits clients, streams the room to them and takes their commands and queries."""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Awaitable

import msgspec

from warroom.errors import WarroomError
from warroom.host.entering import entering
from warroom.host.hub import Reader
from warroom.host.identity import groups_of, not_admitted, peer_of, person_of
from warroom.host.protocol import (
    PROTOCOL,
    Answer,
    Ask,
    Hello,
    Refusal,
    Welcome,
    Wish,
    encode_frame,
    read_frame,
)
from warroom.host.room import Room
from warroom.host.rooms import RoomFolder
from warroom.model.commands import Query, ShowPlan
from warroom.model.nouns import Person
from warroom.model.text import neutral

log = logging.getLogger(__name__)

HELLO_S = 5.0
"""How long a connection may stay silent before it says hello."""
READ_ONLY = "this screen was attached with --read-only; attach without it to act"
SOCKET_CHECK_S = 5.0
"""How often the host looks whether its socket is still there."""


class Server:
    """Serves one room on its socket."""

    def __init__(self, folder: RoomFolder, *, group: str = "", version: str = "") -> None:
        self._folder = folder
        self._group = group
        self._version = version
        self.listening = asyncio.Event()

    async def serve(self, room: Room) -> None:
        """Listen until cancelled; the socket is made again when it vanishes."""
        async with asyncio.TaskGroup() as crew:
            while True:
                server = await self._listen(room, crew)
                self.listening.set()
                try:
                    inode = self._inode()
                    while self._inode() == inode:  # noqa: ASYNC110 - a file system sends no events here
                        await asyncio.sleep(SOCKET_CHECK_S)
                finally:
                    server.close()
                log.warning("the socket vanished; making it again")

    def _inode(self) -> int | None:
        try:
            return self._folder.socket.stat().st_ino
        except OSError:
            return None

    async def _listen(self, room: Room, crew: asyncio.TaskGroup) -> asyncio.Server:
        path = self._folder.socket
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        before = os.umask(0o117 if self._group else 0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(before)
        path.chmod(0o660 if self._group else 0o600)

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _Connection(room, reader, writer, self._version, crew).run(self._group)

        return await asyncio.start_unix_server(connected, sock=listener)


class _Connection:
    """One client's connection."""

    def __init__(
        self,
        room: Room,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        version: str,
        crew: asyncio.TaskGroup,
    ) -> None:
        self._room = room
        self._reader = reader
        self._writer = writer
        self._version = version
        self._crew = crew
        self._person: Person
        self._queue: Reader
        self._client = ""

    async def run(self, group: str) -> None:
        """Serve this client until it goes away."""
        try:
            hello = await self._greet(group)
            if hello is not None:
                await self._converse(hello)
        except (WarroomError, ConnectionError, TimeoutError) as broken:
            log.info("client cut off: %s", broken)
        except asyncio.CancelledError:
            pass
        finally:
            self._writer.close()

    async def _greet(self, group: str) -> Hello | None:
        peer = peer_of(self._writer.get_extra_info("socket"))
        async with asyncio.timeout(HELLO_S):
            hello = await read_frame(self._reader)
        if not isinstance(hello, Hello):
            return None
        reason = not_admitted(peer, owner=os.getuid(), group=group)
        if not reason and hello.protocol != PROTOCOL:
            reason = (
                f"this room runs warroom {self._version} (protocol {PROTOCOL}), you run "
                f"{neutral(hello.version) or 'another version'} (protocol {hello.protocol}); use the same version, "
                "or end the room with `warroom stop`"
            )
        if reason:
            self._writer.write(encode_frame(Refusal(reason)))
            await self._writer.drain()
            return None
        hello = entering(hello)
        self._person = person_of(peer, hello.program)
        self._room.know(self._person, await asyncio.to_thread(groups_of, peer))
        return hello

    async def _converse(self, hello: Hello) -> None:
        room, person = self._room, self._person
        self._client = room.attach(person, program=hello.program, width=hello.width, height=hello.height)
        opened = room.opened
        self._writer.write(
            encode_frame(Welcome(PROTOCOL, self._version, opened.room, opened.epoch, self._client, person))
        )
        self._queue = room.hub.join()
        sender = self._crew.create_task(self._send(), name=f"send {self._client}")
        try:
            while (frame := await read_frame(self._reader)) is not None:
                if isinstance(frame, Wish) and hello.read_only:
                    self._reply(Answer(frame.id, error=READ_ONLY))
                elif isinstance(frame, Wish):
                    await self._answer(frame.id, room.wish(entering(frame.command), person))
                elif isinstance(frame, Ask):
                    self._crew.create_task(
                        self._answer(frame.id, room.ask(_asked(frame.query), person)), name="ask"
                    )
        finally:
            room.hub.leave(self._queue)
            sender.cancel()
            room.detach(self._client, person)

    async def _send(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                self._writer.write(await self._queue.next_bytes())
                await self._writer.drain()

    async def _answer(self, number: int, value: Awaitable[msgspec.Raw]) -> None:
        try:
            answer = Answer(number, await value)
        except WarroomError as refused:
            answer = Answer(number, error=str(refused))
        except Exception as bug:  # bulkhead: one command's bug must not end the room
            log.exception("bug in a command or query")
            answer = Answer(number, error=f"a bug in the host: {bug!r}; its log has more")
        # What a command did stands in the stream before its answer, so that a client sees it in that order.
        self._room.hub.flush()
        self._reply(answer)

    def _reply(self, answer: Answer) -> None:
        self._queue.reply(encode_frame(answer))


def _asked(query: Query) -> Query:
    # A plan must be made of the same request that will be wished for; other queries are patterns and names.
    return entering(query) if isinstance(query, ShowPlan) else query
