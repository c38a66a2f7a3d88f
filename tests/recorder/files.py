"""Recordings on disk as the tests of the recorder need them."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from warroom.recorder.opening import new_recorder
from warroom.recorder.sqlite import SqliteRecorder
from warroom.recorder.verify import Report, verify
from warroom.testing.recorder_suite import Rig


def keys_of(folder: Path) -> Path:
    return folder / "keys"


@asynccontextmanager
async def recording(path: Path) -> AsyncIterator[Rig]:
    """A recorder at work on a new file."""
    rig = Rig(await new_recorder(path, meta={"room": "r"}, keys=keys_of(path.parent.parent)))
    async with running(rig):
        yield rig


@asynccontextmanager
async def running(rig: Rig) -> AsyncIterator[Rig]:
    """Keep a recorder running, and close it at the end."""
    async with asyncio.TaskGroup() as crew:
        crew.create_task(rig.recorder.run())
        try:
            yield rig
        finally:
            await rig.recorder.close()


def of_sqlite(rig: Rig) -> SqliteRecorder:
    assert isinstance(rig.recorder, SqliteRecorder)
    return rig.recorder


def tamper(path: Path, statement: str, *values: object) -> int:
    """Change a recording behind warroom's back; answers how many rows."""
    with closing(sqlite3.connect(path)) as db:
        changed = db.execute(statement, values).rowcount
        db.commit()
    return changed


def ask(path: Path, question: str, *values: object) -> list[tuple[object, ...]]:
    """Read a recording with nothing but SQLite."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(question, values).fetchall()


def checked(path: Path) -> Report:
    return verify(path, keys=keys_of(path.parent.parent))
