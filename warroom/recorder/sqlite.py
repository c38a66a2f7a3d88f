"""The recorder: one writer, whole queues in one durable commit, never in the host's way."""

import asyncio
import contextlib
import logging
import os
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import aiosqlite

from warroom.clock import wall_now
from warroom.errors import WarroomError
from warroom.events.codec import Family, family_of
from warroom.events.envelope import Envelope
from warroom.events.room import BaselineRecorded
from warroom.model.commands import LogsFound, LogsRead, ReadLogs, SearchLogs
from warroom.recorder.batch import Prepared, Preparer
from warroom.recorder.connection import connect
from warroom.recorder.migrate import take_lock
from warroom.recorder.reader import Recording
from warroom.recorder.reserve import Reserve
from warroom.recorder.restore import inode_of, put_back
from warroom.recorder.rows import START, micros
from warroom.recorder.seal import Signer
from warroom.recorder.tables import write
from warroom.state.slices import State

log = logging.getLogger(__name__)

WINDOW_S = 0.05
"""How long telemetry may wait for more of it before it is committed."""
RETRY_S = 1.0
MOST_HELD = 20_000
MOST_HELD_BYTES = 64 * 1024 * 1024
"""Held in memory while the file cannot be written; telemetry beyond either is lost and counted."""
PEOPLE = frozenset({Family.ROOM, Family.ACTIONS, Family.INCIDENT})

Trouble = Callable[[str, int, int], None]
"""Told with a reason when the record cannot be kept, and with an empty one, merged and lost when it can again."""


def _nobody(reason: str, merged: int, lost: int) -> None:
    """Until the room listens."""


def _is_word(envelope: Envelope) -> bool:
    """Whether people (or the host for them) did this; a baseline only repeats."""
    return family_of(envelope.type) in PEOPLE and envelope.type != BaselineRecorded.type


class SqliteRecorder:
    """Keeps one recording (see ``warroom.host.ports.Recorder``). ``run`` must be kept running by its owner."""

    def __init__(self, path: Path, db: aiosqlite.Connection, lock: int, *, signer: Signer) -> None:
        self.path = str(path)
        self.recorded_seq = 0
        self.trouble = ""
        self.on_trouble: Trouble = _nobody
        self._db = db
        self._connected = True
        self._lock = lock
        self._file = inode_of(path)
        self._signer = signer
        self._preparer = Preparer(head=START, batches=0, state=State())
        self._queue: list[Envelope] = []
        self._accepted_seq = 0
        self._held = 0
        self._lost = 0
        self._reserve = Reserve(path.with_suffix(".reserve"))
        self._told_full = False
        self._was_in_trouble = False
        self._wake = asyncio.Event()
        self._urgent = asyncio.Event()
        self._closing = asyncio.Event()
        self._finished = asyncio.Event()
        self._committed = asyncio.Condition()
        self._turn = asyncio.Lock()
        self._sealing = asyncio.Lock()
        self._declared = False
        self._running = False

    def accept(self, envelopes: Sequence[Envelope], *, urgent: bool) -> None:
        """Take events in seq order; never waits."""
        self._queue.extend(envelopes)
        self._accepted_seq = envelopes[-1].seq if envelopes else self._accepted_seq
        if self.trouble:
            self._reserve_words(envelopes)
        self._wake.set()
        if urgent:
            self._urgent.set()

    def _reserve_words(self, envelopes: Sequence[Envelope]) -> None:
        for envelope in filter(_is_word, envelopes):
            self._held += self._reserve.keep(envelope)

    async def durable(self, seq: int) -> None:
        """Wait until that seq is committed; raises ``WarroomError`` while the record cannot be kept."""
        async with self._committed:
            while self.recorded_seq < seq:
                if self.trouble:
                    raise WarroomError(f"the record cannot be kept: {self.trouble}")
                await self._committed.wait()

    async def run(self) -> None:
        """Commit what is queued, for as long as the recorder is open."""
        self._running = True
        try:
            if self._was_in_trouble:
                self.on_trouble("", self._held, 0)
                self._held = 0
            async with asyncio.TaskGroup() as crew:
                while self._queue or not self._closing.is_set():
                    await self._wake.wait()
                    if not self._urgent.is_set() and not self._closing.is_set():
                        await _within(WINDOW_S, self._urgent)
                    self._wake.clear()
                    self._urgent.clear()
                    if self._queue:
                        prepared = await self._keep()
                        if prepared.seal:
                            crew.create_task(self._seal(prepared), name="seal")
        finally:
            self._running = False
            self._finished.set()

    async def _keep(self) -> Prepared:
        """Commit the whole queue; while that fails, hold it and try again, until the recorder is closed."""
        batch, self._queue = self._queue, []
        prepared = await asyncio.to_thread(self._preparer.prepare, batch)
        while (why := await self._commit_or_why(prepared)) is not None:
            await self._degraded(why, batch)
            if self._closing.is_set():
                self._give_up(batch)
                return prepared._replace(seal="")
            await _within(RETRY_S, self._closing)
        async with self._committed:
            self.recorded_seq = batch[-1].seq
            self._committed.notify_all()
        if self.trouble and self.recorded_seq >= self._reserve.last_seq:
            self._recovered()
        return prepared

    async def _commit_or_why(self, prepared: Prepared) -> str | None:
        try:
            await self._commit(prepared)
        except (sqlite3.Error, OSError, ValueError, WarroomError) as wrong:
            return str(wrong)
        return None

    async def _degraded(self, why: str, batch: Sequence[Envelope]) -> None:
        if not self.trouble:
            log.error("cannot write %s: %s", self.path, why)
            self.trouble = why
            self._reserve_words((*batch, *self._queue))
            async with self._committed:
                self._committed.notify_all()
            self.on_trouble(why, 0, 0)
        if self._reserve.full and not self._told_full:
            self._told_full = True
            self.on_trouble(f"{why}; the reserve file takes no more: people's words are in memory only", 0, 0)
        size = sum(len(envelope.data) for envelope in self._queue)
        if len(self._queue) > MOST_HELD or size > MOST_HELD_BYTES:
            kept = list(filter(_is_word, self._queue))
            self._lost += sum(e.type != BaselineRecorded.type for e in self._queue) - len(kept)
            self._queue = kept

    def _recovered(self) -> None:
        self.trouble = ""
        merged, lost = self._held, self._lost
        self._held = self._lost = 0
        self._told_full = False
        self._reserve.empty()
        self.on_trouble("", merged, lost)

    def _give_up(self, batch: Sequence[Envelope]) -> None:
        held = [*batch, *self._queue]
        words = sum(map(_is_word, held))
        log.error(
            "closing %s in trouble: %s observations are lost; %s of %s events of people are in %s",
            *(self.path, len(held) - words, self._held, words, self._reserve.path),
        )
        self._queue.clear()

    async def _commit(self, prepared: Prepared) -> None:
        async with self._turn:
            await self._in_place()
            await self._db.execute("BEGIN IMMEDIATE")
            try:
                declared = self._declared or "incident" in prepared.meta
                await write(self._db, prepared, black_box=not declared)
                await self._db.execute("COMMIT")
                self._declared = declared
            except BaseException:
                if self._db.in_transaction:  # SQLite ends some by itself, for instance on a full disk
                    with contextlib.suppress(sqlite3.Error):
                        await self._db.execute("ROLLBACK")
                raise

    async def _in_place(self) -> None:
        """Raise ``OSError`` when the file is not where it was; at the second look put a removed one back."""
        path = Path(self.path)
        if inode_of(path) != self._file:
            if not self.trouble:
                raise OSError(f"the file {path} is gone")
            self._file = await put_back(self._db, path)
            self._connected = False
            os.close(self._lock)
            self._lock = take_lock(path)
            self._reserve.restore()
        if not self._connected:
            self._db = await connect(path)
            self._connected = True

    async def _seal(self, prepared: Prepared) -> None:
        """Sign a head, beside the commits that follow it."""
        link = prepared.batches[-1]
        async with self._sealing:
            signature = await asyncio.to_thread(self._signer.sign, link.head)
        row = (link.last_seq, prepared.seal, micros(wall_now()), link.head, signature)
        async with self._turn:
            try:
                await self._db.execute("INSERT OR REPLACE INTO seals VALUES (?,?,?,?,?)", row)
            except (sqlite3.Error, ValueError) as wrong:
                log.warning("cannot keep a seal in %s: %s", self.path, wrong)

    async def search_logs(self, query: SearchLogs, *, now: datetime) -> LogsFound:
        """Search recorded lines, all that was accepted before included unless the record cannot be kept."""
        with contextlib.suppress(WarroomError):
            await self.durable(self._accepted_seq)

        def search() -> LogsFound:
            with Recording(Path(self.path)) as recording:
                return recording.search_logs(query)

        return await asyncio.to_thread(search)

    async def read_logs(self, query: ReadLogs) -> LogsRead:
        """A page of recorded lines."""

        def read() -> LogsRead:
            with Recording(Path(self.path)) as recording:
                return recording.read_logs(query)

        return await asyncio.to_thread(read)

    def begin(self) -> None:
        """Allocate the reserve; called once, before the first event."""
        self._reserve.allocate()

    async def go_on(self, *, head: bytes, batches: int, state: State, declared: bool) -> State:
        """Continue after what the file already holds, and merge what its reserve kept; answers the state then.

        Raises ``WarroomError``; then the reserve still holds what it held.
        """
        self.recorded_seq = state.seq
        kept = [envelope for envelope in self._reserve.kept() if envelope.seq > state.seq]
        self._preparer = Preparer(head=head, batches=batches, state=state)
        self._declared = declared
        if kept:
            prepared = await asyncio.to_thread(self._preparer.prepare, kept)
            if (why := await self._commit_or_why(prepared)) is not None:
                raise WarroomError(f"cannot go on in the recording {self.path}: {why}")
            self.recorded_seq, self._held = kept[-1].seq, len(kept)
            if prepared.seal:
                await self._seal(prepared)
        self.begin()
        self._reserve.empty()
        with Recording(Path(self.path)) as recording:
            state = recording.state_at(self.recorded_seq)
        self._accepted_seq = self.recorded_seq
        self._was_in_trouble = bool(kept or state.room.degraded)
        return state

    async def close(self) -> None:
        """Commit what is queued and close the file."""
        self._closing.set()
        self._wake.set()
        self._urgent.set()
        if self._running:
            await self._finished.wait()
        elif self._queue:
            prepared = await self._keep()
            if prepared.seal:
                await self._seal(prepared)
        await self._db.close()
        if self.trouble:
            self._reserve.close()
        else:
            self._reserve.remove()
        os.close(self._lock)


async def _within(seconds: float, event: asyncio.Event) -> None:
    """Wait for an event, but not longer than that."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
