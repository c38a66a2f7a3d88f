"""Brings a recording's file to this program's format: numbered steps, forward only, in one transaction."""

import fcntl
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from warroom.errors import WarroomError
from warroom.recorder.files import create_private
from warroom.recorder.schema import APPLICATION_ID, MIGRATIONS

Migrations = Sequence[Sequence[str]]
BUSY_MS = 5000
MAGIC, APPLICATION_AT, HEAD_BYTES = b"SQLite format 3\0", 68, 72
"""The head of an SQLite file (see "Database File Format" of SQLite) up to its application id."""


def take_lock(path: Path) -> int:
    """Become the one writer of a recording, for as long as the descriptor is open; raises ``WarroomError``."""
    try:
        handle = os.open(
            path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
        )
    except OSError as wrong:
        raise WarroomError(f"cannot lock the recording {path}: {wrong.strerror}") from wrong
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as taken:
        os.close(handle)
        raise WarroomError(f"another process is writing the recording {path}") from taken
    return handle


def check_format(db: sqlite3.Connection, path: Path, *, version: int, new: bool = False) -> int:
    """The format of a file that a program of that version may read; raises ``WarroomError``."""
    try:
        found = int(db.execute("PRAGMA user_version").fetchone()[0])
        application = db.execute("PRAGMA application_id").fetchone()[0]
        empty = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    except sqlite3.Error as wrong:
        raise WarroomError(f"{path} is not a recording of warroom, or is damaged ({wrong})") from wrong
    if application != APPLICATION_ID and not (new and found == application == 0 and empty):
        raise WarroomError(f"{path} is not a recording of warroom")
    if found > version:
        raise WarroomError(
            f"the recording {path} was made by a newer warroom (format {found}, this one reads {version}); "
            "upgrade warroom to read it"
        )
    return found


def migrate(path: Path, migrations: Migrations = MIGRATIONS, *, new: bool = False) -> None:
    """Bring a file to the newest format; its lock must be held. An older one is first kept as ``NAME.vN``.

    Only a ``new`` file may be empty. No connection to the file may be open in this process.

    Raises ``WarroomError``; then the file is as it was.
    """
    _check_head(path, new=new)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            version = check_format(db, path, version=len(migrations), new=new)
            if version == len(migrations):
                return
            if version:
                _keep_copy(db, path.with_suffix(f".v{version}"))
            db.execute("BEGIN IMMEDIATE")
            for step in migrations[version:]:
                for statement in step:
                    db.execute(statement)
            db.execute(f"PRAGMA application_id={APPLICATION_ID}")
            db.execute(f"PRAGMA user_version={len(migrations)}")
            db.execute("COMMIT")
    except sqlite3.Error as wrong:
        raise WarroomError(f"cannot prepare the recording {path}: {wrong}") from wrong


def _check_head(path: Path, *, new: bool) -> None:
    """Look at a file before SQLite does, which would write a log that lies beside it into any database."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as wrong:
        raise WarroomError(f"cannot read the recording {path}: {wrong.strerror}") from wrong
    ours = head.startswith(MAGIC) and head[APPLICATION_AT:][:4] == APPLICATION_ID.to_bytes(4, "big")
    if not ours and not (new and not head):
        raise WarroomError(f"{path} is not a recording of warroom")


def _keep_copy(db: sqlite3.Connection, copy: Path) -> None:
    if not copy.exists():
        create_private(copy)
        db.execute("VACUUM INTO ?", (str(copy),))


def bring_up_to_date(path: Path, migrations: Migrations = MIGRATIONS) -> None:
    """Migrate a file that only wants to be read; raises ``WarroomError``, also while a host writes it."""
    lock = take_lock(path)
    try:
        migrate(path, migrations)
    finally:
        os.close(lock)
