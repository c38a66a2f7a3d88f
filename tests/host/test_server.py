"""The room's socket: who may enter, what a hostile client can do (little), and that it comes back when removed."""

import asyncio
import contextlib
import os
import shutil
import socket
import stat
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.host.rigs import RoomRig, open_room, until
from warroom.errors import Refused, WarroomError
from warroom.events.logs import LogsAppended
from warroom.host.client import Client, connected
from warroom.host.identity import Peer, not_admitted, peer_of, person_of
from warroom.host.protocol import (
    MOST_ASKED_BYTES,
    PROTOCOL,
    Answer,
    Ask,
    Frame,
    Hello,
    Refusal,
    Snapshot,
    Welcome,
    Wish,
    encode_frame,
    read_frame,
)
from warroom.host.room import Room
from warroom.host.rooms import RoomFolder
from warroom.host.server import MOST_ASKS, Server
from warroom.model.commands import (
    Act,
    AddNote,
    Command,
    DeclareIncident,
    LockRoom,
    SearchLogs,
    StopRoom,
    UnlockRoom,
)
from warroom.model.nouns import LogLevel, LogLine, NodeName, Severity
from warroom.model.requests import Cordon
from warroom.model.response import Role
from warroom.model.response_commands import ApproveAction, TakeRole
from warroom.model.text import Safe
from warroom.state import keyframe

HELLO = Hello(PROTOCOL, "cli", "1")


class Served(RoomRig):
    """A room with a socket."""

    folder: RoomFolder
    server: Server

    @property
    def path(self) -> Path:
        return self.folder.socket


@asynccontextmanager
async def served(home: str, *, group: str = "") -> AsyncIterator[Served]:
    folder = RoomFolder(Path(home) / "rooms", "r")
    folder.prepare(group)
    server = Server(folder, group=group, version="1.0", check_s=0.02)

    async def serve(room: Room) -> None:
        await server.serve(room)

    async with open_room(serve=serve) as rig:
        await server.listening.wait()
        rig.__class__ = Served
        rig.folder, rig.server = folder, server  # type: ignore[attr-defined]
        yield rig  # type: ignore[misc]


class Wire:
    """A client of bytes, which may say anything."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, frame: Frame) -> None:
        self.writer.write(encode_frame(frame))

    async def frame(self) -> Frame | None:
        return await asyncio.wait_for(read_frame(self.reader), 10)

    async def next(self, kind: type[Any]) -> Any:
        while True:
            frame = await self.frame()
            assert frame is not None, f"cut off before {kind.__name__}"
            if isinstance(frame, kind):
                return frame

    async def cut_off(self) -> None:
        """Read until the host ends the connection."""
        while await self.frame() is not None:
            pass


@asynccontextmanager
async def wire(path: Path, hello: Frame | None = HELLO) -> AsyncIterator[Wire]:
    reader, writer = await asyncio.open_unix_connection(str(path))
    try:
        opened = Wire(reader, writer)
        if hello is not None:
            opened.send(hello)
        yield opened
    finally:
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


# --- coming in ------------------------------------------------------------------------------------------


async def test_a_client_is_welcomed_as_the_kernel_knows_it_and_sees_the_room(warroom_home: str) -> None:
    async with served(warroom_home) as rig, wire(rig.path) as client:
        welcome = await client.next(Welcome)
        assert (welcome.you.uid, welcome.you.via, welcome.room) == (os.getuid(), "cli", "r")
        snapshot = await client.next(Snapshot)
        assert keyframe.decode(snapshot.state) == keyframe.decode(keyframe.encode(rig.state))


async def test_a_client_of_another_version_is_told_so_in_one_sentence(warroom_home: str) -> None:
    async with served(warroom_home) as rig:
        client = Client(rig.path, program="cli", version="0.9", protocol=PROTOCOL + 1)
        with pytest.raises(Refused) as refused:
            await client.run(reconnect=False)
    assert str(refused.value) == (
        f"this room runs warroom 1.0 (protocol {PROTOCOL}), you run 0.9 (protocol {PROTOCOL + 1}); use the same "
        "version, or end the room with `warroom stop`"
    )


async def test_a_hello_of_a_later_version_with_fields_unknown_here_is_understood(warroom_home: str) -> None:
    later = msgspec.msgpack.encode({"type": "hello", "protocol": 99, "version": "9", "theme": {"new": [1]}})
    async with served(warroom_home) as rig, wire(rig.path, None) as client:
        client.writer.write(len(later).to_bytes(4, "big") + later)
        refusal = await client.next(Refusal)
        assert "you run 9 (protocol 99)" in refusal.reason


@pytest.mark.parametrize("group", ["", "root"])
async def test_the_socket_and_its_folder_are_private_or_the_groups(warroom_home: str, group: str) -> None:
    if group and os.geteuid() != 0:
        pytest.skip("needs root: gives a folder to a group")
    before = os.umask(0)
    try:
        async with served(warroom_home, group=group) as rig:
            modes = stat.S_IMODE(rig.path.stat().st_mode), stat.S_IMODE(rig.path.parent.stat().st_mode)
    finally:
        os.umask(before)
    assert modes == ((0o660, 0o2750) if group else (0o600, 0o700))


def test_only_the_owner_root_and_the_group_are_admitted() -> None:
    owner, stranger = 4242, Peer(1, 65534, 65534)
    assert not_admitted(Peer(1, owner, 100), owner=owner, group="") == ""
    assert not_admitted(Peer(1, 0, 0), owner=owner, group="") == ""
    assert "belongs to uid 4242 alone" in not_admitted(stranger, owner=owner, group="")
    assert "is not in group root" in not_admitted(stranger, owner=owner, group="root")
    assert "is not in group" in not_admitted(stranger, owner=owner, group="no-such-group")
    assert not_admitted(Peer(1, 4343, 0), owner=owner, group="root") == ""


def test_who_is_at_the_other_end_is_the_kernels_word() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        assert peer_of(ours) == Peer(os.getpid(), os.getuid(), os.getgid())
    long = person_of(Peer(1, 4242, 1), "x" * 5000)
    assert (long.name, long.uid, len(long.via)) == ("uid 4242", 4242, 20)


async def test_a_client_that_only_looks_is_refused_whatever_it_wishes(warroom_home: str) -> None:
    wishes: list[Command] = [
        Act(Cordon((NodeName("gpu-0"),))),
        AddNote(Safe("hello")),
        DeclareIncident(Safe("mine"), Severity.SEV1),
        UnlockRoom(),
        LockRoom(),
        StopRoom(even_if_open=True),
        TakeRole(Role.COMMANDER),
        ApproveAction("A1", ""),
    ]
    async with served(warroom_home) as rig, wire(rig.path, Hello(PROTOCOL, "cli", read_only=True)) as client:
        before = len(rig.state.timeline.moments)
        for number, wish in enumerate(wishes, start=1):
            client.send(Wish(number, wish))
            assert "--read-only" in (await client.next(Answer)).error, wish
        assert len(rig.state.timeline.moments) == before


async def test_a_client_that_only_looks_cannot_wish(warroom_home: str) -> None:
    async with served(warroom_home) as rig, wire(rig.path, Hello(PROTOCOL, "cli", read_only=True)) as client:
        client.send(Wish(1, UnlockRoom()))
        answer = await client.next(Answer)
        assert "--read-only" in answer.error
        assert rig.state.room.unlocked_by is None
        client.send(Ask(2, SearchLogs("x", evidence=False)))
        assert (await client.next(Answer)).error == ""


# --- a socket that vanishes -----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["removed", "replaced"])
async def test_a_socket_that_vanishes_is_made_again_and_nobody_is_cut_off(
    warroom_home: str, how: str
) -> None:
    async with served(warroom_home) as rig, connected(rig.path, program="cli", version="1") as inside:
        before = rig.path.stat().st_ino
        rig.path.unlink()
        if how == "replaced":
            rig.path.write_text("not a socket")
        await until(lambda: rig.path.is_socket() and rig.path.stat().st_ino != before, "the socket is back")
        async with connected(rig.path, program="cli", version="1") as late:
            await late.wish(AddNote(Safe("through the new door")))
        await inside.wish(AddNote(Safe("through the old one")))
        assert rig.texts()[-2:] == ["through the new door", "through the old one"]


async def test_a_room_whose_folder_was_removed_opens_its_door_again_and_keeps_its_lock(
    warroom_home: str,
) -> None:
    async with served(warroom_home) as rig:
        rig.folder.take()
        told: list[bool] = []
        rig.room.announce = lambda: told.append(True)
        shutil.rmtree(rig.path.parent)
        await until(lambda: told, "the socket is back")
        async with connected(rig.path, program="cli", version="1") as client:
            await client.wish(AddNote(Safe("in again")))
        assert RoomFolder(rig.path.parent.parent, "r").running()
        with pytest.raises(WarroomError, match="already open"):
            RoomFolder(rig.path.parent.parent, "r").take()


async def test_while_the_door_cannot_be_made_the_room_goes_on_for_those_inside(
    warroom_home: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(warroom_home) as rig, connected(rig.path, program="cli", version="1") as inside:
        rig.path.unlink()
        rig.path.mkdir()
        await until(lambda: "cannot make the socket again" in caplog.text, "the host says so")
        await inside.wish(AddNote(Safe("we go on")))
        rig.path.rmdir()
        await until(lambda: rig.path.is_socket(), "the socket is back")


async def test_a_socket_left_by_a_dead_host_is_no_obstacle(warroom_home: str) -> None:
    folder = RoomFolder(Path(warroom_home) / "rooms", "r")
    folder.prepare("")
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(folder.socket))
    async with served(warroom_home) as rig, connected(rig.path, program="cli", version="1") as client:
        assert client.room == "r"


# --- hostile clients ------------------------------------------------------------------------------------


def framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


GARBAGE = {
    "no frame": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a length of four gigabytes": b"\xff\xff\xff\xff",
    "a length over the limit": struct.pack(">I", MOST_ASKED_BYTES + 1),
    "no MessagePack": framed(b"\xc1\xc1\xc1"),
    "an unknown frame": framed(msgspec.msgpack.encode({"type": "moon", "id": 1})),
    "too deep": framed(b"\x82\xa4type\xa4wish\xa1z" + b"\x91" * 100_000 + b"\xc0"),
    "an empty frame": framed(b""),
    "a frame of the host": encode_frame(Welcome(1, "", "", 1, "", person_of(Peer(1, 0, 0), "cli"))),
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
async def test_garbage_instead_of_a_hello_is_cut_off_and_the_room_goes_on(
    warroom_home: str, garbage: bytes
) -> None:
    async with served(warroom_home) as rig:
        async with wire(rig.path, None) as client:
            client.writer.write(garbage)
            await client.cut_off()
        async with connected(rig.path, program="cli", version="1") as other:
            await other.wish(AddNote(Safe("all is well")))


@pytest.mark.parametrize("garbage", list(GARBAGE.values())[:-1], ids=list(GARBAGE)[:-1])
async def test_a_screen_that_sends_garbage_is_cut_off_and_the_record_says_why(
    warroom_home: str, garbage: bytes
) -> None:
    async with served(warroom_home) as rig:
        async with wire(rig.path, Hello(PROTOCOL, "tui", width=80, height=24)) as client:
            await client.next(Snapshot)
            client.writer.write(garbage)
            await client.cut_off()
        await until(lambda: not rig.state.room.clients, "the screen is gone")
        assert rig.texts()[-1].startswith("detached: cannot read frame")


async def test_a_client_that_says_nothing_holds_nothing_up(warroom_home: str) -> None:
    async with served(warroom_home) as rig, wire(rig.path, None), wire(rig.path, None) as half:
        half.writer.write(b"\x00\x00")
        async with connected(rig.path, program="cli", version="1") as other:
            await other.wish(AddNote(Safe("all is well")))


async def test_a_client_that_asks_without_end_and_never_reads_fills_nothing(warroom_home: str) -> None:
    async with served(warroom_home) as rig:
        lines = tuple(LogLine(None, LogLevel.INFO, Safe(f"{n} " + "x" * 1000)) for n in range(2000))
        await rig.show(LogsAppended(lines))
        asked = asyncio.Event()
        readers = rig.room.hub._readers

        async with wire(rig.path) as flood:
            await flood.next(Snapshot)

            async def ask_without_end() -> None:
                number = 0
                while True:
                    number += 1
                    flood.send(Ask(number, SearchLogs("x", limit=2000, evidence=False)))
                    if number == 200:
                        asked.set()
                    await flood.writer.drain()

            asking = asyncio.ensure_future(ask_without_end())
            await asyncio.wait_for(asked.wait(), 10)
            async with connected(rig.path, program="cli", version="1") as other:
                for number in range(20):
                    await other.wish(AddNote(Safe(f"note {number}")))
                    (reader,) = [r for r in readers if r._reply_bytes > 0] or [next(iter(readers))]
                    assert reader._reply_bytes < (MOST_ASKS + 2) * 2_200_000
            busy = [t for t in asyncio.all_tasks() if t.get_name() == "ask"]
            assert len(busy) <= MOST_ASKS
            asking.cancel()
        await until(lambda: len(readers) == 0, "both are gone")
        await until(
            lambda: not [t for t in asyncio.all_tasks() if t.get_name() == "ask"], "nothing is left over"
        )


async def test_every_answer_comes_to_who_reads_slowly(warroom_home: str) -> None:
    async with served(warroom_home) as rig:
        await rig.show(
            LogsAppended(tuple(LogLine(None, LogLevel.INFO, Safe("x" * 1000)) for _ in range(500)))
        )
        async with wire(rig.path) as slow:
            await slow.next(Snapshot)
            for number in range(30):
                slow.send(Ask(number, SearchLogs("x", evidence=False)))
            got = [(await slow.next(Answer)).id for _ in range(30)]
            assert sorted(got) == list(range(30))


async def test_a_bug_in_a_query_is_one_answer_and_not_the_end(warroom_home: str) -> None:
    async with served(warroom_home) as rig, wire(rig.path) as client:

        async def buggy(*_: object, **__: object) -> object:
            raise ZeroDivisionError

        rig.recorder.search_logs = buggy  # type: ignore[assignment]
        client.send(Ask(1, SearchLogs("x")))
        assert "a bug in the host: ZeroDivisionError" in (await client.next(Answer)).error
        client.send(Wish(2, AddNote(Safe("still here"))))
        assert (await client.next(Answer)).error == ""


async def test_what_a_command_did_stands_in_the_stream_before_its_answer(warroom_home: str) -> None:
    async with served(warroom_home) as rig, connected(rig.path, program="cli", version="1") as client:
        for number in range(50):
            acted = await client.wish(AddNote(Safe(f"note {number}")))
            assert acted is not None
            assert client.state.seq >= acted.seq


# --- the other end --------------------------------------------------------------------------------------


async def test_a_client_without_a_host_is_told_so(warroom_home: str) -> None:
    with pytest.raises(WarroomError, match="the host of this room is gone"):
        async with connected(Path(warroom_home) / "no-socket", program="cli", version="1"):
            pass


async def test_who_waits_for_an_answer_when_the_host_ends_is_told(warroom_home: str) -> None:
    started = asyncio.Event()

    async def hang(*_: object, **__: object) -> object:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with served(warroom_home) as rig:
        rig.recorder.search_logs = hang  # type: ignore[assignment]
        async with connected(rig.path, program="cli", version="1") as client:
            asking = asyncio.ensure_future(client.ask(SearchLogs("x")))
            await started.wait()
            assert client._writer is not None
            client._writer.transport.abort()
            with pytest.raises(WarroomError):
                await asyncio.wait_for(asking, 10)


async def test_a_screen_that_leaves_is_noted_and_a_verb_is_not(warroom_home: str) -> None:
    async with served(warroom_home) as rig:
        async with connected(rig.path, program="cli", version="1"):
            assert rig.state.room.clients == {}
        async with connected(rig.path, program="tui", version="1"):
            assert [client.program for client in rig.state.room.clients.values()] == ["tui"]
        await until(lambda: not rig.state.room.clients, "the screen is gone")
