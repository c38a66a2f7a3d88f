"""Writes one prepared commit into the tables, inside a transaction that the caller began."""

import aiosqlite

from warroom.recorder.batch import Prepared
from warroom.recorder.rows import INSERT

KEEP_MS = 60 * 60 * 1000
"""Room time a black box reaches back while no incident is declared."""


async def write(db: aiosqlite.Connection, prepared: Prepared, *, black_box: bool) -> None:
    """Insert everything of a commit; of a black box, whole segments that became too old go."""
    await db.executemany(INSERT, prepared.rows)
    await db.executemany("INSERT INTO batches VALUES (?,?,?,?)", prepared.batches)
    if prepared.logs:
        await db.executemany("INSERT INTO log_index VALUES (?,?,?,?,?,?)", prepared.logs)
    if prepared.segments:
        await db.executemany("INSERT INTO segments VALUES (?,?)", prepared.segments)
    if prepared.keyframe:
        await db.execute("INSERT OR REPLACE INTO keyframes VALUES (?,?,?,?,?)", prepared.keyframe)
    if prepared.meta:
        await db.executemany("INSERT OR REPLACE INTO meta VALUES (?,?)", list(prepared.meta.items()))
    if prepared.segments and black_box:
        await _drop(db, prepared.segments[-1][1])


async def _drop(db: aiosqlite.Connection, now_ms: int) -> None:
    """Forget whole segments that ended longer than the black box reaches back."""
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
