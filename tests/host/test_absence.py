"""A client whose host went: it knows since when, whether the room was closed and by whom, and that it looks again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.host.rigs import until
from tests.host.test_server import served
from warroom.errors import WarroomError
from warroom.host.client import Client, connected
from warroom.model.commands import AddNote, StopRoom
from warroom.model.text import Safe


@asynccontextmanager
async def looking(path: Path) -> AsyncIterator[Client]:
    """A client that looks again and again, as a screen does."""
    client = Client(path, program="tui", version="1")
    running = asyncio.ensure_future(client.run(reconnect=True))
    try:
        await client.synced()
        yield client
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def test_a_room_that_somebody_stopped_is_closed_and_no_crash(warroom_home: str) -> None:
    async with served(warroom_home) as rig, looking(rig.path) as client:
        async with connected(rig.path, program="cli", version="1") as other:
            await other.wish(StopRoom())
        await until(lambda: client.absence is not None, "the client misses its host")
        assert client.absence is not None
        assert client.absence.closed == f"stopped by {client.you.name}"
        assert client.absence.since == client.now
        with pytest.raises(WarroomError, match=r"refused: the room was closed at .*nothing was sent"):
            await client.wish(AddNote(Safe("too late")))


async def test_a_host_that_went_without_a_word_is_lost_and_looked_for(warroom_home: str) -> None:
    async with served(warroom_home) as rig, looking(rig.path) as client:
        for one in asyncio.all_tasks():
            if one.get_name() == "serve":
                one.cancel()
        await until(
            lambda: client.absence is not None and client.absence.tries > 0, "the client misses its host"
        )
        assert client.absence is not None
        assert client.absence.closed == ""
        with pytest.raises(WarroomError, match="refused: the host is lost since"):
            await client.wish(AddNote(Safe("nobody hears")))


async def test_a_host_that_comes_back_is_no_longer_missed(warroom_home: str) -> None:
    async with served(warroom_home) as rig, looking(rig.path) as client:
        rig.room.stop("ended by a signal")
        await until(lambda: client.absence is not None, "the client misses its host")
        async with served(warroom_home):
            await until(lambda: client.absence is None, "the host is found again")
            assert client.trouble == ""
