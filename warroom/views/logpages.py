"""Pages of recorded log lines: from a place of the record backwards, forwards, or to both sides."""

from collections.abc import Callable, Iterable

from warroom.model.commands import LogsRead, ReadLogs
from warroom.model.nouns import RecordedLine
from warroom.views.logquery import at_least, line_test

MOST_LOOKED_AT = 20_000
"""Lines one page looks at, so that one question cannot hold up a host or a replay; the next page goes on."""
MOST_LIMIT = 5_000

Spot = tuple[int, int]
"""An event and a place in it."""
BEGIN: Spot = (0, -1)
END: Spot = (2**62, 0)

Chunks = Callable[[int], Iterable[list[RecordedLine]]]
"""The lines of the log events from a seq on (or back), an event at a time, each oldest line first."""


def wanted_by(query: ReadLogs) -> Callable[[RecordedLine], bool]:
    """Whether a line is asked for; raises ``WarroomError`` for a query that cannot be read."""
    matches, levels = line_test(query.query), at_least(query.level)
    everything = not query.query.strip()

    def wanted(entry: RecordedLine) -> bool:
        line = entry.line
        return (
            query.node in ("", line.node)
            and query.workload in ("", line.workload)
            and line.level in levels
            and (everything or matches(line))
        )

    return wanted


def read_page(query: ReadLogs, *, back: Chunks, on: Chunks, pivot: Spot = END) -> LogsRead:
    """The page that was asked for; ``pivot`` is the place of the time to look around."""
    wanted = wanted_by(query)
    limit = min(max(1, query.limit), MOST_LIMIT)
    if query.after is not None:
        return _forward(query.after, wanted, limit, on)
    if query.around is None or pivot == END:
        return _backward(query.before or END, wanted, limit, back)
    older = _backward(pivot, wanted, limit // 2, back)
    newer = _forward((pivot[0], pivot[1] - 1), wanted, limit // 2, on)
    return LogsRead(older.lines + newer.lines, older.begin, newer.end, older.older, newer.newer)


def _backward(start: Spot, wanted: Callable[[RecordedLine], bool], limit: int, back: Chunks) -> LogsRead:
    found: list[RecordedLine] = []
    begin, looked = start, 0
    newest: Spot | None = None
    for chunk in back(start[0]):
        for entry in reversed(chunk):
            spot = entry.seq, entry.place
            if spot >= start:
                continue
            if len(found) >= limit or looked >= MOST_LOOKED_AT:
                end = newest or start
                return LogsRead(tuple(reversed(found)), begin, end, older=True, newer=start != END)
            if start == END and newest is None:
                newest = spot
            begin, looked = spot, looked + 1
            if wanted(entry):
                found.append(entry)
    if start == END and newest is None:
        return LogsRead((), BEGIN, BEGIN)
    return LogsRead(tuple(reversed(found)), begin, newest or start, newer=start != END)


def _forward(start: Spot, wanted: Callable[[RecordedLine], bool], limit: int, on: Chunks) -> LogsRead:
    found: list[RecordedLine] = []
    end, looked = start, 0
    for chunk in on(start[0]):
        for entry in chunk:
            spot = entry.seq, entry.place
            if spot <= start:
                continue
            if len(found) >= limit or looked >= MOST_LOOKED_AT:
                return LogsRead(tuple(found), start, end, older=start > BEGIN, newer=True)
            end, looked = spot, looked + 1
            if wanted(entry):
                found.append(entry)
    return LogsRead(tuple(found), start, end, older=start > BEGIN)
