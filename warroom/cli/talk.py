"""How a verb talks to an open room: find it, connect, do one thing, leave."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from warroom import __version__
from warroom.cli.places import here
from warroom.errors import WarroomError
from warroom.host.client import Client, connected
from warroom.host.rooms import find_room


def in_room(arguments: argparse.Namespace, use: Callable[[Client], Awaitable[int]]) -> int:
    """Connect to the room the arguments mean and use it; raises ``WarroomError``."""

    async def talk() -> int:
        folder = find_room(here().rooms, arguments.room)
        async with connected(folder.socket, program="cli", version=__version__) as client:
            return await use(client)

    try:
        return asyncio.run(talk())
    except ConnectionError as broken:
        raise WarroomError(f"the room ended the connection: {broken}") from broken
