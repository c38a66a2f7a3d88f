"""How a verb talks to an open room: find it, connect, do one thing, leave."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from warroom import __version__
from warroom.cli.places import here
from warroom.errors import WarroomError
from warroom.host.client import Client, connected
from warroom.host.rooms import RoomFolder, find_room


def in_room(arguments: argparse.Namespace, use: Callable[[Client], Awaitable[int]]) -> int:
    """Connect to the room the arguments mean and use it; raises ``WarroomError``."""
    return asyncio.run(talk_to(find_room(here().rooms, arguments.room, option="--room"), use))


async def talk_to(folder: RoomFolder, use: Callable[[Client], Awaitable[int]]) -> int:
    """Connect to a room and use it; raises ``WarroomError``."""
    try:
        async with connected(folder.socket, program="cli", version=__version__) as client:
            return await use(client)
    except BrokenPipeError:
        # Of our own output: what is written to the room breaks without a word.
        raise
    except ConnectionError as broken:
        raise WarroomError(f"the room ended the connection: {broken}") from broken
