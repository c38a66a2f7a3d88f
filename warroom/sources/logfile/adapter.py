"""A log file behind the ports: its tail at once, what is added as it is written, all before it through an index."""

import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from warroom.clock import Clock
from warroom.errors import SourceError
from warroom.events.base import Event
from warroom.events.logs import LogsAppended
from warroom.events.sources import SourceAnnounced
from warroom.host.ports import Observation
from warroom.model.commands import LogsRead, ReadLogs
from warroom.model.nouns import LogLine, RecordedLine
from warroom.model.text import Safe, neutral, neutral_lines
from warroom.sources.blocking import in_thread
from warroom.sources.levels import level_of, time_of
from warroom.sources.logfile.file import FollowedFile, Look, Refusal
from warroom.sources.logfile.index import BlockIndex
from warroom.sources.polling import Poller
from warroom.sources.settings import LogfileSettings
from warroom.views.logpages import END, read_page

BYTES_A_LOOK = 1 << 20
"""Read in one look; more is left out and counted."""
TAIL_FIRST_S = 0.05
"""The index waits that long, so that the tail is on screen before both want the same core."""
FILED = 0
"""The event of lines that stand in the file and were never recorded."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class LogFile:
    """Source of one log file, and reader of what it held before the room looked."""

    def __init__(self, settings: LogfileSettings, *, clock: Clock, name: str = "logfile") -> None:
        self.name = name
        self._settings = settings
        self._path = str(Path(settings.path).expanduser())
        self._file = FollowedFile(self._path)
        self._lock = threading.Lock()
        """Held while the file is read: a look may close it and open another one."""
        self._index = BlockIndex()
        self._indexing: threading.Thread | None = None
        self._ended = threading.Event()
        self._poller = Poller(name, self._look, clock=clock, interval_s=settings.interval_s)

    def announce(self) -> SourceAnnounced:
        """Which file it is; it is only read."""
        address = neutral(self._path)
        return SourceAnnounced("logfile", ("logs",), address, self._settings.interval_s)

    def observe(self) -> AsyncIterator[Observation]:
        """What is written, for ever."""
        return self._poller.observe()

    async def close(self) -> None:
        """Stop indexing and let go of the file."""
        self._ended.set()
        if self._lock.acquire(timeout=0.2):
            self._file.close()
            self._lock.release()

    async def _look(self, watching: bool) -> list[Event]:
        def call() -> Look:
            with self._lock:
                return self._file.look(BYTES_A_LOOK)

        try:
            look = await in_thread(call, owner=self.name, deadline_s=self._settings.deadline_s)
        except (OSError, Refusal) as wrong:
            why = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
            raise SourceError(self.name, f"{neutral(self._path)} cannot be read: {why}") from wrong
        if look.turned:
            self._poller.detail = f"the file was {look.turned} and is read from its begin"
            self._index = BlockIndex()
        if self._indexing is None:
            self._indexing = threading.Thread(target=self._make_index, name=f"{self.name} index", daemon=True)
            self._indexing.start()
        lines = tuple(self._line(text) for text in neutral_lines(look.data))
        most = max(1, int(self._settings.lines_s * self._settings.interval_s)) if watching else len(lines)
        dropped = look.dropped + max(0, len(lines) - most)
        return [LogsAppended(lines[-most:], dropped)] if lines or dropped else []

    def _make_index(self) -> None:
        """In a thread of its own, of what stood in the file before the first look."""
        index, file = self._index, self._file
        self._ended.wait(TAIL_FIRST_S)
        while not self._ended.is_set():
            with self._lock:
                if file.number < 0 or index is not self._index or not index.step(file.number, file.begun):
                    return

    @property
    def indexed(self) -> tuple[int, int]:
        """Bytes looked through, of how many; for who measures it."""
        return self._index.size, self._file.begun

    @property
    def lines_before(self) -> int:
        """Lines counted in front of those that were told."""
        return self._index.lines

    def _line(self, text: Safe) -> LogLine:
        return LogLine(time_of(text), level_of(text), text, self._settings.node, self._settings.workload)

    async def older_lines(self, query: ReadLogs) -> LogsRead:
        """Lines of the file that were never recorded; raises ``SourceError``, ``WarroomError``."""
        place = self._index.place_of(query.around) if query.around is not None else 0

        def call() -> LogsRead:
            with self._lock:
                asked = query
                if query.around is not None:
                    asked = msgspec.structs.replace(
                        query, around=None, after=(FILED, self._first(query, place))
                    )
                return self._page(asked)

        try:
            return await in_thread(call, owner=self.name, deadline_s=self._settings.deadline_s)
        except OSError as wrong:
            raise SourceError(self.name, f"{neutral(self._path)} cannot be read: {wrong.strerror}") from wrong

    def _first(self, query: ReadLogs, place: int) -> int:
        """The place just before the lines to show around a time: half a page before it."""
        assert query.around is not None
        recent: list[int] = []
        for chunk in self._entries(self._file.after(place - 1 if place else -1)):
            for entry in chunk:
                if entry.at is not None and entry.at >= query.around:
                    return self._back(entry.place, query.limit // 2)
                recent.append(entry.place)
        return self._back(recent[-1] if recent else place, query.limit // 2)

    def _back(self, place: int, count: int) -> int:
        for chunk in self._file.before(place):
            if count <= len(chunk):
                return chunk[len(chunk) - count][0] - 1
            count -= len(chunk)
        return -1

    def _page(self, query: ReadLogs) -> LogsRead:
        start = query.before[1] if query.before is not None and query.before != END else self._file.begun
        after = query.after[1] if query.after is not None else -1
        read = read_page(
            query,
            back=lambda _: self._entries(self._file.before(start)),
            on=lambda _: self._entries(self._file.after(after)),
        )
        if query.after is None:
            return msgspec.structs.replace(read, newer=True)
        if read.newer:
            return msgspec.structs.replace(read, older=query.after[1] > 0)
        # What follows is recorded.
        end = (FILED, self._file.begun)
        return msgspec.structs.replace(read, end=end, newer=True, older=query.after[1] > 0)

    def _entries(self, chunks: Iterable[list[tuple[int, bytes]]]) -> Iterator[list[RecordedLine]]:
        at = LONG_AGO
        for chunk in chunks:
            made: list[RecordedLine] = []
            for place, raw in chunk:
                text = neutral_lines(raw + b"\n")
                line = self._line(text[0] if text else Safe(""))
                at = line.time or at
                made.append(RecordedLine(FILED, place, self.name, line, at))
            yield made

    @property
    def has_older(self) -> bool:
        """Whether the file holds lines in front of those that were told."""
        return self._file.begun > 0
