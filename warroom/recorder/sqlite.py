"""The recorder: one writer, whole queues in one durable commit, never in the host's way."""

import asyncio
import fcntl
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
from warroom.model.commands import LogsFound, SearchLogs
from warroom.recorder.batch import Prepared, Preparer
from warroom.recorder.files import check_private, create_private, refuse_network
from warroom.recorder.reader import Recording
from warroom.recorder.reserve import Reserve
from warroom.recorder.rows import INSERT, START, micros
from warroom.recorder.schema import APPLICATION_ID, MIGRATIONS, VERSION
from warroom.recorder.seal import Signer
from warroom.state.slices import State

log = logging.getLogger(__name__)

WINDOW_S = 0.05
"""How long telemetry may wait for more of it before it is committed."""
RETRY_S = 1.0
BUSY_MS = 5000
MOST_HELD = 20_000
"""Events held in memory while the file cannot be written; older telemetry beyond that is lost and counted."""
KEEP_MS = 60 * 60 * 1000
"""Room time a black box reaches back while no incident is declared."""
PEOPLE = frozenset({Family.ROOM, Family.ACTIONS, Family.INCIDENT})

Trouble = Callable[[str, int, int], None]
"""Told with a reason when the record cannot be kept, and with an empty one, merged and lost when it can again."""


def _nobody(reason: str, merged: int, lost: int) -> None:
    """Until the room listens."""


class SqliteRecorder:
    """Keeps one recording (see ``warroom.host.ports.Recorder``). ``run`` must be kept running by its owner."""

    def __init__(self, path: Path, db: aiosqlite.Connection, lock: int, *, signer: Signer) -> None:
        self.path = str(path)
        self.recorded_seq = 0
        self.trouble = ""
        self.on_trouble: Trouble = _nobody
        self._db = db
        self._lock = lock
        self._signer = signer
        self._preparer = Preparer(head=START, batches=0, state=State())
        self._queue: list[Envelope] = []
        self._held = 0
        self._lost = 0
        self._reserve = Reserve(path.with_suffix(".reserve"))
        self._wake = asyncio.Event()
        self._urgent = asyncio.Event()
        self._committed = asyncio.Condition()
        self._closing = False
        self._finished = asyncio.Event()
        self._declared = False
        self._running = False

    def accept(self, envelopes: Sequence[Envelope], *, urgent: bool) -> None:
        """Take events in seq order; never waits."""
        self._queue.extend(envelopes)
        self._wake.set()
        if urgent:
            self._urgent.set()
            if self.trouble:
                for envelope in envelopes:
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
            while not (self._closing and not self._queue):
                await self._wake.wait()
                if not self._urgent.is_set() and not self._closing:
                    await self._window()
                self._wake.clear()
                self._urgent.clear()
                if self._queue:
                    await self._keep()
        finally:
            self._running = False
            self._finished.set()

    async def _window(self) -> None:
        try:
            async with asyncio.timeout(WINDOW_S):
                await self._urgent.wait()
        except TimeoutError:
            return

    async def _keep(self) -> None:
        """Commit the whole queue; while that fails, hold it and try again."""
        batch, self._queue = self._queue, []
        prepared = await asyncio.to_thread(self._preparer.prepare, batch)
        while True:
            try:
                await self._commit(prepared)
                break
            except (sqlite3.Error, OSError, ValueError) as wrong:
                await self._degraded(str(wrong), batch)
                if self._closing:
                    self._queue.clear()
                    return
                await asyncio.sleep(RETRY_S)
        if self.trouble:
            self._recovered()
        async with self._committed:
            self.recorded_seq = batch[-1].seq
            self._committed.notify_all()
        if prepared.seal:
            await self._seal(prepared)

    async def _degraded(self, why: str, batch: Sequence[Envelope]) -> None:
        if not self.trouble:
            log.error("cannot write %s: %s", self.path, why)
            self.trouble = why
            for envelope in (*batch, *self._queue):
                if family_of(envelope.type) in PEOPLE:
                    self._held += self._reserve.keep(envelope)
            async with self._committed:
                self._committed.notify_all()
            self.on_trouble(why, 0, 0)
        if len(self._queue) > MOST_HELD:
            kept = [e for e in self._queue if family_of(e.type) in PEOPLE]
            self._lost += len(self._queue) - len(kept)
            self._queue = kept

    def _recovered(self) -> None:
        self.trouble = ""
        merged, lost = self._held, self._lost
        self._held = self._lost = 0
        self._reserve.empty()
        self.on_trouble("", merged, lost)

    async def _commit(self, prepared: Prepared) -> None:
        if not os.path.exists(self.path):  # noqa: ASYNC240, PTH110 - one look at a local disk
            raise OSError(f"the file {self.path} is gone")
        db = self._db
        await db.execute("BEGIN IMMEDIATE")
        try:
            await db.executemany(INSERT, prepared.rows)
            await db.executemany("INSERT INTO batches VALUES (?,?,?,?)", prepared.batches)
            if prepared.logs:
                await db.executemany("INSERT INTO log_index VALUES (?,?,?,?,?,?)", prepared.logs)
            if prepared.segments:
                await db.executemany("INSERT INTO segments VALUES (?,?)", prepared.segments)
            if prepared.keyframe:
                await db.execute("INSERT OR REPLACE INTO keyframes VALUES (?,?,?,?,?)", prepared.keyframe)
            if prepared.meta:
                self._declared = self._declared or "incident" in prepared.meta
                await db.executemany("INSERT OR REPLACE INTO meta VALUES (?,?)", list(prepared.meta.items()))
            if prepared.segments and not self._declared:
                await self._drop(prepared.segments[-1][1])
        except BaseException:
            await db.execute("ROLLBACK")
            raise
        await db.execute("COMMIT")

    async def _drop(self, now_ms: int) -> None:
        """Forget whole segments that ended longer than the black box reaches back."""
        db = self._db
        found = await db.execute_fetchall(
            "SELECT max(baseline_seq) FROM segments WHERE room_ms <= ?", (now_ms - KEEP_MS,)
        )
        first = next(iter(found))[0]
        if first is None:
            return
        ended = await db.execute_fetchall(
            "SELECT last_seq, head FROM batches WHERE last_seq < ? ORDER BY n DESC LIMIT 1", (first,)
        )
        for last_seq, head in ended:
            dropped = [("dropped_up_to", str(last_seq)), ("dropped_head", bytes(head).hex())]
            await db.executemany("INSERT OR REPLACE INTO meta VALUES (?,?)", dropped)
            await db.execute("DELETE FROM batches WHERE last_seq <= ?", (last_seq,))
            for table, column in (
                ("events", "seq"),
                ("segments", "baseline_seq"),
                ("log_index", "seq"),
                ("keyframes", "seq"),
            ):
                await db.execute(f"DELETE FROM {table} WHERE {column} <= ?", (last_seq,))

    async def _seal(self, prepared: Prepared) -> None:
        link = prepared.batches[-1]
        signature = await asyncio.to_thread(self._signer.sign, link.head)
        row = (link.last_seq, prepared.seal, micros(wall_now()), link.head, signature)
        try:
            await self._db.execute("INSERT OR REPLACE INTO seals VALUES (?,?,?,?,?)", row)
        except sqlite3.Error as wrong:
            log.warning("cannot keep a seal in %s: %s", self.path, wrong)

    async def search_logs(self, query: SearchLogs, *, now: datetime) -> LogsFound:
        """Search recorded lines, all that was accepted before included."""
        if self._queue and not self.trouble:
            await self.durable(self._queue[-1].seq)

        def search() -> LogsFound:
            with Recording(Path(self.path)) as recording:
                return recording.search_logs(query)

        return await asyncio.to_thread(search)

    def begin(self, meta_declared: bool = False) -> None:
        """Allocate the reserve; called once, before the first event."""
        self._declared = meta_declared
        self._reserve.allocate()

    async def go_on(self, *, head: bytes, batches: int, state: State, declared: bool) -> State:
        """Continue after what the file already holds, and merge what its reserve kept; answers the state then."""
        self.recorded_seq = state.seq
        kept = [envelope for envelope in self._reserve.kept() if envelope.seq > state.seq]
        self._preparer = Preparer(head=head, batches=batches, state=state)
        self.begin(declared)
        if kept:
            await self._commit(self._preparer.prepare(kept))
            self.recorded_seq = kept[-1].seq
            self._reserve.empty()
        with Recording(Path(self.path)) as recording:
            return recording.state_at(self.recorded_seq)

    async def close(self) -> None:
        """Commit what is queued and close the file."""
        self._closing = True
        self._wake.set()
        self._urgent.set()
        if self._running:
            await self._finished.wait()
        elif self._queue:
            await self._keep()
        await self._db.close()
        if not self.trouble:
            self._reserve.remove()
        os.close(self._lock)


def _take_lock(path: Path) -> int:
    handle = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as taken:
        os.close(handle)
        raise WarroomError(f"another process is writing the recording {path}") from taken
    return handle


async def _connect(path: Path) -> aiosqlite.Connection:
    db = await aiosqlite.connect(path, isolation_level=None)
    try:
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "cell_size_check=ON",
            "mmap_size=0",
        ):
            await db.execute(f"PRAGMA {pragma}")
        mode = await db.execute_fetchall("PRAGMA journal_mode=WAL")
        if next(iter(mode))[0] != "wal":
            raise WarroomError(f"the recording {path} cannot use a write-ahead log on this file system")
        await db.execute("PRAGMA synchronous=FULL")
        await _migrate(db, path)
    except BaseException:
        await db.close()
        raise
    return db


async def _migrate(db: aiosqlite.Connection, path: Path) -> None:
    version = next(iter(await db.execute_fetchall("PRAGMA user_version")))[0]
    application = next(iter(await db.execute_fetchall("PRAGMA application_id")))[0]
    if version > VERSION:
        raise WarroomError(f"the recording {path} was made by a newer warroom; upgrade to go on in it")
    if version and application != APPLICATION_ID:
        raise WarroomError(f"{path} is not a recording of warroom")
    for number in range(version, VERSION):
        await db.execute("BEGIN IMMEDIATE")
        for statement in MIGRATIONS[number]:
            await db.execute(statement)
        await db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        await db.execute(f"PRAGMA user_version={number + 1}")
        await db.execute("COMMIT")


async def new_recorder(path: Path, *, meta: dict[str, str], keys: Path) -> SqliteRecorder:
    """A recorder on a new file; raises ``WarroomError``."""
    create_private(path)
    lock = _take_lock(path)
    try:
        db = await _connect(path)
    except BaseException:
        os.close(lock)
        raise
    await db.executemany("INSERT OR REPLACE INTO meta VALUES (?,?)", list(meta.items()))
    recorder = SqliteRecorder(path, db, lock, signer=Signer(keys))
    recorder.begin()
    return recorder


async def resume_recorder(path: Path, *, keys: Path) -> tuple[SqliteRecorder, State]:
    """Go on in a recording that a host left behind: the recorder and the state it ended in.

    What the reserve file kept is merged first. Raises ``WarroomError``.
    """
    check_private(path)
    refuse_network(path.parent)
    lock = _take_lock(path)
    try:
        db = await _connect(path)
        with Recording(path) as recording:
            last = recording.last_seq
            state = recording.state_at(last)
            head, batches = recording.head()
            declared = bool(recording.meta.get("incident"))
    except BaseException:
        os.close(lock)
        raise
    recorder = SqliteRecorder(path, db, lock, signer=Signer(keys))
    return recorder, await recorder.go_on(head=head, batches=batches, state=state, declared=declared)
