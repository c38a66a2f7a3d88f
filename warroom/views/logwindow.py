"""The part of the recorded log that is looked at: the tail, or pages of the record; ordered by time, filtered."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from warroom.model.commands import LogsRead, ReadLogs
from warroom.model.nouns import LogLevel, RecordedLine
from warroom.views.logpages import BEGIN, Spot, wanted_by

MOST = 20_000
"""Lines held; beyond that the end one is not reading is let go of, and read from the record again."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
ERRORS = (LogLevel.ERROR, LogLevel.FATAL)

Key = tuple[datetime, int, int]


class Sieve(msgspec.Struct, frozen=True):
    """Which lines are shown."""

    level: str = ""
    """At least this bad."""
    query: str = ""
    node: str = ""
    workload: str = ""

    def asks(
        self,
        *,
        before: Spot | None = None,
        after: Spot | None = None,
        around: datetime | None = None,
        level: str = "",
        limit: int = 500,
    ) -> ReadLogs:
        """The question that brings more of these lines."""
        return ReadLogs(
            before, after, around, self.query, self.node, self.workload, level or self.level, limit
        )

    @property
    def words(self) -> str:
        """What a title says of it."""
        said = [f"≥{self.level}"] if self.level else []
        said += [word for word in (self.node, self.workload, self.query) if word]
        return " ".join(said)


EVERYTHING = Sieve()


def order(entry: RecordedLine) -> Key:
    """Lines of several sources stand by their time, equal ones as they were recorded."""
    return entry.at or NEVER, entry.seq, entry.place


class LogWindow:
    """A stretch of the record without a hole in it, as far as it was looked at."""

    def __init__(self, sieve: Sieve = EVERYTHING) -> None:
        self.sieve = sieve
        self.lines: list[RecordedLine] = []
        self.begin: Spot | None = None
        """Everything from here to ``end`` was looked at; None before anything was."""
        self.end: Spot = BEGIN
        self.oldest = False
        """Whether the record begins with ``begin``."""
        self.joined = True
        """Whether it reaches to what comes in."""
        self.revision = 0
        self._wanted = wanted_by(sieve.asks())

    def take(self, tail: Sequence[RecordedLine], *, seq: int, follow: bool) -> None:
        """Take what is new of the tail at an event; begin anew where the playhead went back or lines were missed."""
        if self.end[0] > seq:
            self._restart()
        if not self.joined:
            return
        fresh: list[RecordedLine] = []
        for entry in reversed(tail):
            if (entry.seq, entry.place) <= self.end:
                break
            fresh.append(entry)
        else:
            if fresh and self.begin is not None:
                if not follow:
                    self.joined = False
                    return
                self._restart()
        if not fresh:
            return
        fresh.reverse()
        self.begin = self.begin or (fresh[0].seq, fresh[0].place)
        self.end = fresh[-1].seq, fresh[-1].place
        self._add(fresh)
        if len(self.lines) > MOST:
            if follow:
                self._drop_oldest(len(self.lines) - len(tail))
            else:
                self.joined = False

    def _restart(self) -> None:
        self.lines, self.begin, self.end = [], None, BEGIN
        self.oldest, self.joined = False, True
        self.revision += 1

    def back_to_the_tail(self) -> None:
        """Follow what comes in again; what was read of an earlier time is let go of."""
        if not self.joined:
            self._restart()

    def page(self, query: ReadLogs, read: LogsRead) -> None:
        """Take a page that was asked for."""
        if query.around is not None or query.after == BEGIN or self.begin is None:
            self.lines = []
            self.begin, self.end = read.begin, read.end
            self.oldest, self.joined = not read.older, not read.newer
        elif query.after is not None:
            self.end = max(self.end, read.end)
            self.joined = not read.newer
        else:
            self.begin = min(self.begin, read.begin)
            self.oldest = not read.older
        self._add(read.lines)
        if len(self.lines) > MOST:
            if query.after is not None:
                self._drop_oldest(len(self.lines) - MOST)
            else:
                self._drop_newest(len(self.lines) - MOST)

    def _add(self, fresh: Iterable[RecordedLine]) -> None:
        added = [entry for entry in fresh if self._wanted(entry)]
        self.revision += 1
        if not added:
            return
        before = order(self.lines[-1]) if self.lines else (NEVER, 0, 0)
        mixed = False
        for entry in added:
            at = order(entry)
            mixed = mixed or at <= before
            before = at
        self.lines += added
        if mixed:
            self.lines.sort(key=order)
            self.lines = [
                entry
                for number, entry in enumerate(self.lines)
                if not number or order(entry) != order(self.lines[number - 1])
            ]

    def _drop_oldest(self, count: int) -> None:
        del self.lines[:count]
        self.begin = min((entry.seq, entry.place) for entry in self.lines)
        self.oldest = False

    def _drop_newest(self, count: int) -> None:
        del self.lines[-count:]
        self.end = max((entry.seq, entry.place) for entry in self.lines)
        self.joined = False

    def place_at(self, time: datetime) -> int:
        """The first line not before a time; the last one when all are."""
        low, high = 0, len(self.lines)
        while low < high:
            middle = (low + high) // 2
            if (self.lines[middle].at or NEVER) < time:
                low = middle + 1
            else:
                high = middle
        return min(low, max(0, len(self.lines) - 1))

    def covers(self, time: datetime) -> bool:
        """Whether the lines of a time are here, as far as there are any."""
        if not self.lines:
            return self.joined and self.oldest
        first, last = self.lines[0].at or NEVER, self.lines[-1].at or NEVER
        return (self.oldest or first <= time) and (self.joined or time <= last)

    def error(self, place: int, step: Literal[1, -1]) -> int | None:
        """The next error from a place on, or the one before it."""
        stop = len(self.lines) if step > 0 else -1
        return next((n for n in range(place + step, stop, step) if self.lines[n].line.level in ERRORS), None)
