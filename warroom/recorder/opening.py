"""Opens recordings for writing: new ones, ones a host left behind, and what their reserve files still hold."""

import asyncio
import os
import sqlite3
from pathlib import Path

from warroom.errors import WarroomError
from warroom.recorder.connection import connect
from warroom.recorder.files import check_private, create_private, refuse_network
from warroom.recorder.migrate import migrate, take_lock
from warroom.recorder.reader import Recording
from warroom.recorder.reserve import Reserve
from warroom.recorder.seal import Signer
from warroom.recorder.sqlite import SqliteRecorder
from warroom.state.slices import State


async def new_recorder(path: Path, *, meta: dict[str, str], keys: Path) -> SqliteRecorder:
    """A recorder on a new file; raises ``WarroomError``."""
    create_private(path)
    lock = take_lock(path)
    try:
        await asyncio.to_thread(migrate, path, new=True)
        db = await connect(path)
        try:
            await db.executemany("INSERT OR REPLACE INTO meta VALUES (?,?)", list(meta.items()))
        except sqlite3.Error as wrong:
            await db.close()
            raise WarroomError(f"cannot write the recording {path}: {wrong}") from wrong
    except BaseException:
        os.close(lock)
        raise
    recorder = SqliteRecorder(path, db, lock, signer=Signer(keys))
    recorder.begin()
    return recorder


async def resume_recorder(path: Path, *, keys: Path) -> tuple[SqliteRecorder, State]:
    """Go on in a recording that a host left behind: the recorder and the state it ended in.

    What the reserve file kept is merged first. Raises ``WarroomError``.
    """
    check_private(path)
    refuse_network(path.parent)
    lock = take_lock(path)
    try:
        await asyncio.to_thread(migrate, path)
        with Recording(path) as recording:
            state = recording.state_at(recording.last_seq)
            head, batches = recording.head()
            declared = bool(recording.meta.get("incident"))
        db = await connect(path)
    except BaseException:
        os.close(lock)
        raise
    recorder = SqliteRecorder(path, db, lock, signer=Signer(keys))
    try:
        return recorder, await recorder.go_on(head=head, batches=batches, state=state, declared=declared)
    except BaseException:
        await db.close()
        os.close(lock)
        raise


async def merge_reserves(folder: Path, *, keys: Path) -> list[str]:
    """Merge what reserve files of ended rooms still hold; answers with a sentence for each that cannot be."""
    failed: list[str] = []
    for reserve in sorted(folder.glob("*.reserve")):  # noqa: ASYNC240 - before the room opens
        path = reserve.with_suffix(".db")
        if not Reserve(reserve).kept() or _is_written(path):
            continue
        try:
            recorder, _ = await resume_recorder(path, keys=keys)
        except WarroomError as wrong:
            failed.append(f"{reserve} cannot be merged: {wrong}")
        else:
            await recorder.close()
    return failed


def _is_written(path: Path) -> bool:
    try:
        os.close(take_lock(path))
    except WarroomError:
        return True
    return False
