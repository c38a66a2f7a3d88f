"""Stays in a room as somebody who looks on through a screen that is not their own."""

import asyncio

from warroom.errors import Refused, WarroomError
from warroom.host.client import AGAIN_S
from warroom.host.protocol import PROTOCOL, Hello, Refusal, Welcome, encode_frame, read_frame
from warroom.host.rooms import RoomFolder

PAIR = "pair"
"""The program by which the record knows who shares a terminal."""
TAKEN_BYTES = 65_536


async def be_present(folder: RoomFolder, *, version: str, size: tuple[int, int]) -> None:
    """Be listed among those who look, until cancelled; comes back when the host does.

    The stream is taken and thrown away: whoever shares a terminal sees the room by the screen in it.
    Raises ``Refused`` when the room does not let this person in.
    """
    while True:
        try:
            await _visit(folder, Hello(PROTOCOL, PAIR, version, *size, read_only=True))
        except (OSError, WarroomError) as wrong:
            if isinstance(wrong, Refused):
                raise
        await asyncio.sleep(AGAIN_S)


async def _visit(folder: RoomFolder, hello: Hello) -> None:
    reader, writer = await asyncio.open_unix_connection(str(folder.socket))
    try:
        writer.write(encode_frame(hello))
        match await read_frame(reader):
            case Refusal(reason):
                raise Refused(reason)
            case Welcome():
                while await reader.read(TAKEN_BYTES):
                    pass
    finally:
        writer.close()
