"""Puts a recording back when somebody removed or moved its file while it was being written."""

import os
import sqlite3
from pathlib import Path

import aiosqlite

from warroom.errors import WarroomError
from warroom.recorder.files import create_private


def inode_of(path: Path) -> int:
    """Which file lies at a path; 0 for none."""
    try:
        return path.lstat().st_ino
    except OSError:
        return 0


async def put_back(db: aiosqlite.Connection, path: Path) -> int:
    """Write all that an open connection still sees to its path again, close it, and answer the new inode.

    Raises ``WarroomError``. A file that took the place stays.
    """
    if os.path.lexists(path):  # noqa: ASYNC240 - one look at a local disk
        raise WarroomError(f"another file took the place of the recording {path}; move it away")
    copy = path.with_suffix(".restored")
    copy.unlink(missing_ok=True)
    create_private(copy)
    try:
        await db.execute("VACUUM INTO ?", (str(copy),))
    except sqlite3.Error as wrong:
        copy.unlink(missing_ok=True)
        raise WarroomError(f"the file {path} is gone and cannot be written again: {wrong}") from wrong
    # Closed before the copy takes the name: SQLite removes the log of what it closes by that name.
    await db.close()
    try:
        for left in ("-wal", "-shm"):
            path.with_name(path.name + left).unlink(missing_ok=True)
        os.link(copy, path)
    except OSError as wrong:
        raise WarroomError(f"the file {path} is gone; all it held is in {copy}: {wrong.strerror}") from wrong
    copy.unlink()
    return inode_of(path)
