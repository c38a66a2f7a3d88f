"""The room's socket: admits clients, streams the room to them and takes their commands and queries."""

import asyncio
import logging
import os
import socket
from collections.abc import Coroutine
from typing import Any

import msgspec

from warroom.errors import Unreadable, WarroomError
from warroom.host.entering import entering
from warroom.host.hub import Reader
from warroom.host.identity import groups_of, not_admitted, peer_of, person_of
from warroom.host.protocol import (
    MOST_ASKED_BYTES,
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
MOST_ASKS = 8
"""Queries of one client that are answered at once; further ones wait in its socket."""
READ_ONLY = "this screen was attached with --read-only; attach without it to act"
SOCKET_CHECK_S = 5.0
"""How often the host looks whether its socket is still there."""


class Server:
    """Serves one room on its socket."""

    def __init__(
        self, folder: RoomFolder, *, group: str = "", version: str = "", check_s: float = SOCKET_CHECK_S
    ) -> None:
        self._folder = folder
        self._group = group
        self._version = version
        self._check_s = check_s
        self._writers: set[asyncio.StreamWriter] = set()
        self.listening = asyncio.Event()

    async def serve(self, room: Room) -> None:
        """Listen until cancelled, then let every client go; the socket is made again when it vanishes."""
        try:
            server = await self._listen(room)
            while True:
                self.listening.set()
                try:
                    inode = self._inode()
                    while self._inode() == inode:  # noqa: ASYNC110 - a file system sends no events here
                        await asyncio.sleep(self._check_s)
                finally:
                    server.close()
                log.warning("the socket vanished; making it again")
                server = await self._listen_again(room)
                room.announce()
        finally:
            for writer in self._writers:
                writer.close()

    def _inode(self) -> int | None:
        try:
            return self._folder.socket.stat().st_ino
        except OSError:
            return None

    async def _listen_again(self, room: Room) -> asyncio.Server:
        """Try until it works; the room goes on meanwhile for whoever is inside."""
        while True:
            try:
                self._folder.prepare(self._group)
                self._folder.keep()
                return await self._listen(room)
            except (OSError, WarroomError) as wrong:
                log.warning("cannot make the socket again: %s", wrong)
            await asyncio.sleep(self._check_s)

    async def _listen(self, room: Room) -> asyncio.Server:
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
            self._writers.add(writer)
            try:
                await _Connection(room, reader, writer, self._version).run(self._group)
            finally:
                self._writers.discard(writer)

        return await asyncio.start_unix_server(connected, sock=listener)


class _Connection:
    """One client's connection."""

    def __init__(
        self,
        room: Room,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        version: str,
    ) -> None:
        self._room = room
        self._reader = reader
        self._writer = writer
        self._version = version
        self._asks = asyncio.Semaphore(MOST_ASKS)
        self._tasks: set[asyncio.Task[None]] = set()
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
            # The name service may be slow, and the room must not wait for it.
            reason = await asyncio.to_thread(not_admitted, peer, owner=os.getuid(), group=group)
            if reason:
                await self._refuse(reason)
                return None
            hello = await read_frame(self._reader, MOST_ASKED_BYTES)
            if not isinstance(hello, Hello):
                return None
            if hello.protocol != PROTOCOL:
                await self._refuse(self._mismatch(hello))
                return None
            hello = entering(hello)
            self._person = await asyncio.to_thread(person_of, peer, hello.program)
            log.debug("%s (pid %s) enters by %s", self._person.name, peer.pid, hello.program)
            self._room.know(self._person, await asyncio.to_thread(groups_of, peer))
        return hello

    async def _refuse(self, reason: str) -> None:
        self._writer.write(encode_frame(Refusal(reason)))
        await self._writer.drain()

    def _mismatch(self, hello: Hello) -> str:
        return (
            f"this room runs warroom {self._version} (protocol {PROTOCOL}), you run "
            f"{neutral(hello.version) or 'another version'} (protocol {hello.protocol}); use the same version, "
            "or end the room with `warroom stop`"
        )

    async def _converse(self, hello: Hello) -> None:
        room, person = self._room, self._person
        self._client = room.attach(person, program=hello.program, width=hello.width, height=hello.height)
        opened = room.opened
        self._writer.write(
            encode_frame(Welcome(PROTOCOL, self._version, opened.room, opened.epoch, self._client, person))
        )
        self._queue = room.hub.join()
        reason = ""
        try:
            async with asyncio.TaskGroup() as crew:
                self._tasks.add(crew.create_task(self._send(), name=f"send {self._client}"))
                reason = await self._take(hello, crew)
                for task in self._tasks:
                    task.cancel()
        except* ConnectionError as gone:
            log.info("client %s is gone: %s", self._client, gone.exceptions[0])
        finally:
            room.hub.leave(self._queue)
            room.detach(self._client, person, reason)

    async def _take(self, hello: Hello, crew: asyncio.TaskGroup) -> str:
        """Take what the client wants, no faster than it reads answers; answers why it was cut off, if it was."""
        try:
            while (frame := await read_frame(self._reader, MOST_ASKED_BYTES)) is not None:
                if isinstance(frame, Wish) and hello.read_only:
                    self._reply(Answer(frame.id, error=READ_ONLY))
                elif isinstance(frame, Wish):
                    log.debug("%s wishes %s", self._person.name, type(frame.command).__name__)
                    await self._answer(frame.id, self._room.wish(entering(frame.command), self._person))
                elif isinstance(frame, Ask):
                    await self._asks.acquire()
                    task = crew.create_task(self._answer_ask(frame), name="ask")
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
                await self._queue.room_for_a_reply()
        except Unreadable as garbage:
            log.warning("client of %s cut off: %s", self._person.name, garbage)
            return str(garbage)
        return ""

    async def _send(self) -> None:
        while True:
            self._writer.write(await self._queue.next_bytes())
            await self._writer.drain()

    async def _answer_ask(self, frame: Ask) -> None:
        try:
            await self._answer(frame.id, self._room.ask(_asked(frame.query), self._person))
        finally:
            self._asks.release()

    async def _answer(self, number: int, value: Coroutine[Any, Any, msgspec.Raw]) -> None:
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
