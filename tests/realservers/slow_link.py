"""A slow link on loopback: relays a TCP port with a delay and a rate in each direction.

``python -m tests.realservers.slow_link LISTEN TO ROUND_TRIP_MS KBIT_S``
"""

import asyncio
import socket
import sys
from collections.abc import Awaitable
from contextlib import suppress

PACKET = 1_460
HEADERS = 40
"""Bytes of headers that each packet costs beside what is in it."""
QUEUED = 16_000
"""Bytes that stand in front of the link in one direction; then the sender has to wait."""


class Direction:
    """One direction of the link: one clock for the bandwidth, then the same delay for every byte."""

    def __init__(self, *, delay_s: float, bytes_a_s: float) -> None:
        self._delay_s = delay_s
        self._bytes_a_s = bytes_a_s
        self._free_s = 0.0

    def arrival(self, size: int) -> float:
        """Book that many bytes; when the last of them arrives."""
        now = asyncio.get_running_loop().time()
        packets = -(-size // PACKET)
        self._free_s = max(self._free_s, now) + (size + HEADERS * packets) / self._bytes_a_s
        return self._free_s + self._delay_s

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry everything from one end to the other."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(QUEUED // PACKET)
        async with asyncio.TaskGroup() as both:
            both.create_task(self._deliver(under_way, writer))
            while data := await reader.read(PACKET):
                await under_way.put((self.arrival(len(data)), data))
            await under_way.put((self.arrival(0), b""))

    async def _deliver(
        self, under_way: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter
    ) -> None:
        loop = asyncio.get_running_loop()
        while True:
            at, data = await under_way.get()
            await asyncio.sleep(max(0.0, at - loop.time()))
            if not data:
                writer.write_eof()
                return
            writer.write(data)
            await writer.drain()


async def relay(listen: int, to: int, *, round_trip_s: float, bytes_a_s: float) -> None:
    """Relay for ever."""
    up, down = (Direction(delay_s=round_trip_s / 2, bytes_a_s=bytes_a_s) for _ in range(2))

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", to)
        for one in (writer, back):
            one.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await _until_broken(asyncio.gather(up.carry(reader, back), down.carry(there, writer)))
        for one in (writer, back):
            one.close()

    server = await asyncio.start_server(connected, "127.0.0.1", listen)
    await server.serve_forever()


async def _until_broken(carried: Awaitable[object]) -> None:
    with suppress(OSError, ExceptionGroup):
        await carried


if __name__ == "__main__":
    port, target, millis, kbit = map(float, sys.argv[1:])
    asyncio.run(relay(int(port), int(target), round_trip_s=millis / 1000, bytes_a_s=kbit * 1000 / 8))
