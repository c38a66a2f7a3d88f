"""The writer's connection to a recording, with the settings that make a commit durable."""

import sqlite3
from pathlib import Path

import aiosqlite

from warroom.errors import WarroomError
from warroom.recorder.migrate import BUSY_MS


async def connect(path: Path) -> aiosqlite.Connection:
    """The writer's connection to a file whose lock is held; raises ``WarroomError``."""
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
    except sqlite3.Error as wrong:
        await db.close()
        raise WarroomError(f"cannot open the recording {path}: {wrong}") from wrong
    except BaseException:
        await db.close()
        raise
    return db
