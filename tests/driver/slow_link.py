"""A slow link on loopback: a relay that holds bytes back as distance and bandwidth would."""

import asyncio
import contextlib
import threading
from types import TracebackType

PIECE = 1_460
"""Bytes of a full packet; each costs forty more on the line."""
HEADERS = 40
WAITING = 11
"""Full packets that stand in front of the line; then the sender feels it."""


class SlowLink:
    """A TCP relay towards a port of this machine, with one line for both ends to share in each direction."""

    def __init__(self, to_port: int, *, rtt_s: float, bits_per_s: float) -> None:
        self._to_port = to_port
        self._delay_s = rtt_s / 2
        self._bytes_per_s = bits_per_s / 8
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._stopping: asyncio.Event | None = None
        self.port = 0
        self.up = self.down = 0
        """Bytes that were carried towards the port, and back."""

    def __enter__(self) -> "SlowLink":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._stopping is not None
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        pairs: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            pairs.add(task)
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await self._relay(reader, writer)

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()
        for task in pairs:
            task.cancel()
        await asyncio.gather(*pairs, return_exceptions=True)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
        try:
            async with asyncio.TaskGroup() as crew:
                crew.create_task(self._carry(reader, far_writer, upwards=True))
                crew.create_task(self._carry(far_reader, writer, upwards=False))
        except* OSError:
            pass
        finally:
            writer.close()
            far_writer.close()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, upwards: bool
    ) -> None:
        clock = self._loop.time
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(WAITING)

        async def arrive() -> None:
            while True:
                at, data = await under_way.get()
                await asyncio.sleep(max(0.0, at - clock()))
                if not data:
                    writer.write_eof()
                    return
                writer.write(data)
                await writer.drain()

        arriving = asyncio.ensure_future(arrive())
        try:
            free_at = clock()
            while data := await reader.read(PIECE):
                free_at = max(free_at, clock()) + (len(data) + HEADERS) / self._bytes_per_s
                await under_way.put((free_at + self._delay_s, data))
                if upwards:
                    self.up += len(data)
                else:
                    self.down += len(data)
            await under_way.put((clock() + self._delay_s, b""))
            await arriving
        finally:
            arriving.cancel()
