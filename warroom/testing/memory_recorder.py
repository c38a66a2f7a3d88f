"""A recorder that keeps a room in memory, and can be told to fail or to be slow."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from warroom.errors import WarroomError
from warroom.events.envelope import Envelope
from warroom.model.commands import LogsFound, LogsRead, ReadLogs, SearchLogs
from warroom.testing.memory_recording import MemoryRecording


class MemoryRecorder:
    """A ``warroom.host.ports.Recorder`` without a disk."""

    def __init__(self) -> None:
        self.path = "memory"
        self.recorded_seq = 0
        self.on_trouble: Callable[[str, int, int], None] = lambda reason, merged, lost: None  # noqa: ARG005
        self.kept: list[Envelope] = []
        """What is committed."""
        self.urgent: list[int] = []
        """The seqs that were handed over as urgent."""
        self.closed = False
        self._queue: list[Envelope] = []
        self._trouble = ""
        self._told = False
        self._held = 0
        self._moved = asyncio.Condition()
        self._wake = asyncio.Event()

    def accept(self, envelopes: Sequence[Envelope], *, urgent: bool) -> None:
        """Take events in seq order; never waits."""
        self._queue.extend(envelopes)
        self.urgent += [envelope.seq for envelope in envelopes if urgent]
        self._wake.set()

    async def durable(self, seq: int) -> None:
        """Wait until that seq is committed; raises ``WarroomError`` while it is broken."""
        async with self._moved:
            while self.recorded_seq < seq:
                if self._told:
                    raise WarroomError(f"the record cannot be kept: {self._trouble}")
                await self._moved.wait()

    def fail(self, reason: str) -> None:
        """From now on nothing can be committed."""
        self._trouble = reason

    def mend(self) -> None:
        """From now on it can again."""
        self._trouble = ""
        self._wake.set()

    async def run(self) -> None:
        """Commit what is queued."""
        while not self.closed or self._queue:
            await self._wake.wait()
            self._wake.clear()
            async with self._moved:
                self._step()
                self._moved.notify_all()
            if self._trouble and self.closed:
                return

    def _step(self) -> None:
        if self._trouble:
            self._held = len(self._queue)
            if not self._told and self._queue:
                self._told = True
                self.on_trouble(self._trouble, 0, 0)
            return
        batch, self._queue = self._queue, []
        self.kept += batch
        self.recorded_seq = self.kept[-1].seq if self.kept else 0
        if self._told:
            self._told = False
            self.on_trouble("", self._held, 0)

    async def search_logs(self, query: SearchLogs, *, now: datetime) -> LogsFound:
        """Search all that was accepted."""
        return MemoryRecording([*self.kept, *self._queue]).search_logs(query)

    async def read_logs(self, query: ReadLogs) -> LogsRead:
        """A page of all that was accepted."""
        return MemoryRecording([*self.kept, *self._queue]).read_logs(query)

    async def close(self) -> None:
        """Commit what is queued, unless it is broken."""
        self.closed = True
        self._wake.set()
        async with self._moved:
            self._step()
            self._moved.notify_all()
