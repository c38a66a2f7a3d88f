"""Reads a recording: its header, its events, the state at any of them, its log lines."""

import contextlib
import sqlite3
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import msgspec

from warroom.errors import WarroomError
from warroom.events.envelope import Envelope
from warroom.events.incident import IncidentDeclared
from warroom.model.commands import LogsFound, LogsRead, ReadLogs, SearchLogs
from warroom.model.nouns import LogLine, RecordedLine
from warroom.recorder.batch import Keyframe, state_of
from warroom.recorder.files import check_private
from warroom.recorder.migrate import Migrations, bring_up_to_date, check_format
from warroom.recorder.rows import COLUMNS, START, EventRow, envelope_of, micros
from warroom.recorder.schema import MIGRATIONS
from warroom.state.fold import apply_all
from warroom.state.logtail import recorded_lines
from warroom.state.slices import State
from warroom.views.logpages import BEGIN, END, read_page
from warroom.views.logquery import at_least, line_test

PAGE = 2000
"""Rows read at once, so that no cursor stays open and holds back the writer."""

MOST_FOUND = 10_000
"""Lines an answer holds at most, so that one question cannot fill a host or a socket."""


class Listing(msgspec.Struct, frozen=True, omit_defaults=True):
    """A recording as lists show it."""

    id: str
    path: str
    cluster: str = ""
    room: str = ""
    incident: str = ""
    title: str = ""
    severity: str = ""
    declared: str = ""
    resolved: str = ""
    created: str = ""
    events: int = 0
    trouble: str = ""
    """Why it cannot be read; empty when it can."""


class Recording:
    """One recording, read only. Raises ``WarroomError`` when the file is none, broken, or newer than this program."""

    def __init__(self, path: Path, migrations: Migrations = MIGRATIONS) -> None:
        check_private(path)
        self.path = path
        self.id = path.stem
        self._db = _opened(path)
        try:
            if check_format(self._db, path, version=len(migrations)) < len(migrations):
                self._db.close()
                bring_up_to_date(path, migrations)
                self._db = _opened(path)
            self.meta: dict[str, str] = dict(self._db.execute("SELECT key, value FROM meta"))
            row = self._db.execute(
                "SELECT coalesce(min(seq),0), coalesce(max(seq),0), coalesce(min(room_ms),0), "
                "coalesce(max(room_ms),0), count(*) FROM events"
            ).fetchone()
        except sqlite3.Error as wrong:
            self._db.close()
            raise WarroomError(f"the recording {path} is damaged ({wrong})") from wrong
        except WarroomError:
            self._db.close()
            raise
        self.first_seq, self.last_seq, self.first_ms, self.last_ms, self.events = row

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def listing(self) -> Listing:
        """The recording as lists show it."""
        known = {name: self.meta.get(name, "") for name in _LISTED}
        return Listing(self.id, str(self.path), events=self.events, **known)

    def _rows(self, where: str, *values: int) -> list[EventRow]:
        try:
            found = self._db.execute(f"SELECT {COLUMNS} FROM events WHERE {where}", values).fetchall()
        except sqlite3.Error as wrong:
            raise WarroomError(f"the recording {self.path} is damaged ({wrong})") from wrong
        return [EventRow(*row) for row in found]

    def rows(self, after_seq: int = 0, up_to_seq: int | None = None) -> Iterator[EventRow]:
        """The rows after one seq, up to and with another, in order."""
        last = self.last_seq if up_to_seq is None else up_to_seq
        at = after_seq
        while page := self._rows("seq > ? AND seq <= ? ORDER BY seq LIMIT ?", at, last, PAGE):
            yield from page
            at = page[-1].seq

    def envelopes(self, after_seq: int = 0, up_to_seq: int | None = None) -> Iterator[Envelope]:
        """The events after one seq, up to and with another, in order."""
        return map(envelope_of, self.rows(after_seq, up_to_seq))

    def keyframes(self) -> Iterator[Keyframe]:
        """Every cached state."""
        for row in self._db.execute("SELECT seq, room_ms, format, digest, state FROM keyframes ORDER BY seq"):
            yield Keyframe(*row)

    def state_at(self, seq: int) -> State:
        """The fold of everything up to and with an event: from the nearest cached state, else from the beginning.

        A baseline in between is not begun with: an older program's knows nothing of what this fold adds.
        """
        frames = self._db.execute(
            "SELECT seq, room_ms, format, digest, state FROM keyframes WHERE seq <= ? ORDER BY seq DESC",
            (seq,),
        )
        for row in frames:
            state = state_of(Keyframe(*row))
            if state is not None:
                return apply_all(state, self.envelopes(state.seq, seq))
        return apply_all(State(), self.envelopes(0, seq))

    def seq_at(self, room_ms: int) -> int:
        """The last event that had happened at a room time."""
        found = self._db.execute("SELECT max(seq) FROM events WHERE room_ms <= ?", (room_ms,)).fetchone()[0]
        return self.first_seq if found is None else int(found)

    def room_ms_of(self, seq: int) -> int:
        """The room time of an event, or of the last one before it."""
        found = self._db.execute(
            "SELECT room_ms FROM events WHERE seq <= ? ORDER BY seq DESC LIMIT 1", (seq,)
        )
        row = found.fetchone()
        return self.first_ms if row is None else int(row[0])

    def head(self) -> tuple[bytes, int]:
        """The chain's head and the number of its link, as they were when the file was opened."""
        newest = "SELECT head, n FROM batches WHERE last_seq <= ? ORDER BY n DESC LIMIT 1"
        row = self._db.execute(newest, (self.last_seq,)).fetchone()
        return (bytes(row[0]), row[1]) if row else (START, 0)

    def batches(self) -> list[tuple[int, int, int, bytes]]:
        """Every link of the chain: number, first and last seq, head."""
        return self._db.execute("SELECT n, first_seq, last_seq, head FROM batches ORDER BY n").fetchall()

    def segments(self) -> list[tuple[int, int]]:
        """Every segment: its baseline's seq and room time."""
        return self._db.execute("SELECT baseline_seq, room_ms FROM segments ORDER BY baseline_seq").fetchall()

    def declared_seq(self) -> int | None:
        """The first event that declared an incident here."""
        found = self._db.execute("SELECT min(seq) FROM events WHERE type = ?", (IncidentDeclared.type,))
        return found.fetchone()[0]  # type: ignore[no-any-return]

    def seals(self) -> list[tuple[int, str, int, bytes, str]]:
        """Every signed head: seq, what for, when, head, signature."""
        return self._db.execute("SELECT seq, what, time, head, signature FROM seals ORDER BY seq").fetchall()

    def log_tail(self, seq: int, most: int) -> list[RecordedLine]:
        """The newest lines at an event, oldest first."""
        lines: deque[RecordedLine] = deque()
        blocks = self._db.execute("SELECT seq, lines FROM log_index WHERE seq <= ? ORDER BY seq DESC", (seq,))
        for block, _ in blocks:
            for envelope in map(envelope_of, self._rows("seq = ?", block)):
                lines.extendleft(reversed(recorded_lines(envelope)))
            if len(lines) >= most:
                break
        return list(lines)[-most:]

    def search_logs(self, query: SearchLogs, *, up_to_seq: int | None = None) -> LogsFound:
        """The newest matching lines; raises ``WarroomError`` for a query that cannot be read."""
        matches = line_test(query.query)
        levels = at_least(query.level)
        start = micros(query.start) if query.start else None
        end = micros(query.end) if query.end else None
        blocks = self._db.execute(
            "SELECT seq FROM log_index WHERE (?1 IS NULL OR last_time IS NULL OR last_time >= ?1) "
            "AND (?2 IS NULL OR first_time IS NULL OR first_time <= ?2) "
            "AND (?3 IS NULL OR seq <= ?3) ORDER BY seq",
            (start, end, up_to_seq),
        ).fetchall()
        found: deque[LogLine] = deque(maxlen=min(max(1, query.limit), MOST_FOUND))
        matched = searched = 0
        for (block,) in blocks:
            for line in _lines_of(self._rows("seq = ?", block)):
                if not _within(line, query):
                    continue
                searched += 1
                if query.concerns(line.node, line.workload) and line.level in levels and matches(line):
                    matched += 1
                    found.append(line)
        return LogsFound(tuple(found), matched, searched)

    def read_logs(self, query: ReadLogs, *, up_to_seq: int | None = None) -> LogsRead:
        """A page of lines; raises ``WarroomError`` for a query that cannot be read."""
        last = self.last_seq if up_to_seq is None else up_to_seq
        pivot = END
        if query.around is not None:
            asked = "SELECT max(seq) FROM log_index WHERE first_time <= ? AND seq <= ?"
            found = self._db.execute(asked, (micros(query.around), last)).fetchone()[0]
            pivot = self._spot_at(int(found), query.around) if found is not None else BEGIN
        return read_page(
            query,
            back=lambda seq: self._chunks("seq <= ? ORDER BY seq DESC", min(seq, last)),
            on=lambda seq: self._chunks("seq >= ? AND seq <= ? ORDER BY seq", seq, last),
            pivot=pivot,
        )

    def _chunks(self, where: str, *values: int) -> Iterator[list[RecordedLine]]:
        """Log events one after the other; only their places are read ahead."""
        for (seq,) in self._db.execute(
            f"SELECT seq FROM log_index WHERE {where} LIMIT 20001", values
        ).fetchall():
            yield from (recorded_lines(envelope_of(row)) for row in self._rows("seq = ?", seq))

    def _spot_at(self, seq: int, time: datetime) -> tuple[int, int]:
        lines = [entry for chunk in self._chunks("seq = ?", seq) for entry in chunk]
        return next(((e.seq, e.place) for e in lines if e.at is not None and e.at >= time), (seq, len(lines)))


def _opened(path: Path) -> sqlite3.Connection:
    """A read-only connection, also where the folder cannot be written and no host left a log behind."""
    wanted = f"file:{quote(str(path))}?mode=ro"
    try:
        return _asked(wanted)
    except sqlite3.Error as wrong:
        if not path.with_name(path.name + "-wal").exists():
            with contextlib.suppress(sqlite3.Error):
                return _asked(f"{wanted}&immutable=1")
        raise WarroomError(f"{path} is not a recording of warroom, or is damaged ({wrong})") from wrong


def _asked(uri: str) -> sqlite3.Connection:
    db = sqlite3.connect(uri, uri=True, isolation_level=None)
    try:
        db.execute("PRAGMA query_only=ON")
        db.execute("PRAGMA trusted_schema=OFF")
        db.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error:
        db.close()
        raise
    return db


_LISTED = ("cluster", "room", "incident", "title", "severity", "declared", "resolved", "created")


def _within(line: LogLine, query: SearchLogs) -> bool:
    if line.time is None:
        return True
    return (query.start is None or line.time >= query.start) and (query.end is None or line.time <= query.end)


def _lines_of(rows: list[EventRow]) -> Iterator[LogLine]:
    for row in rows:
        for tail in recorded_lines(envelope_of(row)):
            yield tail.line


def catalogue(folder: Path) -> list[Listing]:
    """Every recording in a folder, newest first; a broken one is listed with what is wrong with it."""
    listings: list[Listing] = []
    for path in sorted(folder.glob("*.db"), reverse=True):
        try:
            with Recording(path) as recording:
                listings.append(recording.listing())
        except WarroomError as wrong:
            listings.append(Listing(path.stem, str(path), trouble=str(wrong)))
    return listings


def find_recording(folder: Path, name: str) -> Path:
    """The file of a recording by its id (or an unmistakable beginning), or by path; raises ``WarroomError``."""
    if "/" in name or name.endswith(".db"):
        return Path(name)
    exact = folder / f"{name}.db"
    if exact.exists():
        return exact
    found = sorted(folder.glob(f"{name}*.db")) if name.strip("*?[]") == name else []
    if len(found) == 1:
        return found[0]
    if found:
        raise WarroomError(f"{name} could be {', '.join(path.stem for path in found)}; type more of it")
    raise WarroomError(f"there is no incident {name}; see `warroom incidents`")
