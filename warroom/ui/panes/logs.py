"""The Logs pane: the tail of the log, any part of the record, or the answer of a search."""

from bisect import bisect_left
from collections.abc import Collection, Hashable, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from warroom.model.commands import LogsRead, ReadLogs
from warroom.model.nouns import LogLine, RecordedLine
from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.log_view import LogView
from warroom.views.copying import Copied, copied_lines
from warroom.views.filtering import checker
from warroom.views.lines import line
from warroom.views.logpages import BEGIN
from warroom.views.logs import LEAST_LEVELS, lines_of, lines_per_second, logs_title, told_elsewhere
from warroom.views.logwindow import ERRORS, Key, LogWindow, Sieve, order
from warroom.views.matching import Matching
from warroom.views.rows import Line, LogRow, Title
from warroom.views.sources import absence
from warroom.views.stamps import UTC_STAMPS, Stamps
from warroom.views.subjects import lines_subject, log_subject

AHEAD = 100
"""Entries before the edge of what was read at which more is asked for."""
RATE_EVERY_S = 10
"""How often the rate is counted anew; a title that changes with every frame costs the link too much."""


class WindowRows(Sequence[LogRow]):
    """Recorded lines as rows, each made when it is looked at."""

    def __init__(self, lines: Sequence[RecordedLine], stamps: Stamps, marked: Collection[Key]) -> None:
        self._lines = lines
        self._stamps = stamps
        self._marked = marked

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, place: int) -> LogRow:  # type: ignore[override]
        entry = self._lines[place]
        key = order(entry)
        made = lines_of(entry.line, source=entry.source, stamps=self._stamps, marked=key in self._marked)
        return LogRow(key, tuple(made))


class LogsPane(Pane):
    """Follows the newest line until it is moved in; then it reads on in the record, both ways."""

    number = 6

    def __init__(self, theme: Theme) -> None:
        self.view = LogView(theme)
        self.window = LogWindow()
        self.stamps = UTC_STAMPS
        self.marked: dict[Key, RecordedLine] = {}
        self.pointed: datetime | None = None
        """The time cursor; None for now."""
        self.searched = ""
        self.asked: ReadLogs | None = None
        """What the record was asked for and has not answered yet."""
        self.trouble = ""
        self._found: tuple[LogRow, ...] = ()
        self._aim: datetime | Key | None = None
        """Where the cursor goes once the lines are there."""
        self._read = False
        """Whether the record answered, so that what is here is all there is around it."""
        self._rate: tuple[Hashable, float | None] = (None, None)
        self.matching: Matching[Key, RecordedLine] = Matching(
            lambda entry: log_subject(entry.line, entry.source)
        )
        self._lines: Sequence[RecordedLine] = ()
        """What is shown: the window's lines that pass the filter."""
        super().__init__(theme, self.view)

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        tail = frame.log_tail
        self._count_rate(frame)
        return tail, tail.revision, frame.state.logs.revision, frame.sources, self._rate[1]

    def wish(self) -> Hashable:
        look = self.stamps, len(self.marked), self.searched, self._found, self._note
        return self.window, self.window.revision, look

    def _count_rate(self, frame: Frame) -> None:
        """Up to a time that live and replay agree on."""
        tail, turn = frame.log_tail, frame.now.replace(microsecond=0)
        turn -= timedelta(seconds=turn.second % RATE_EVERY_S)
        if self._rate[0] != (tail.revision, turn):
            full = len(tail.lines) == tail.lines.maxlen
            self._rate = (tail.revision, turn), lines_per_second(tail.lines, turn, full=full)

    @property
    def _note(self) -> str:
        said = [word for word in (self.window.sieve.words, self.stamps.words) if word]
        if self.searched:
            return f"search {self.searched}: {len(self._found)} found, Esc ends"
        if self.trouble:
            said.append(f"cannot be read: {self.trouble}")
        elif self.asked is not None:
            said.append("loading")
        if self.pointed is not None:
            return "  ".join([f"at {self.pointed:%H:%M:%S}Z, Esc now", *said])
        if self.view.following:
            return "  ".join(["follow", *said])
        if self.window.oldest and self.view.first == 0:
            said.append("begin of the record")
        newer = f"{self.view.newer:,} newer, " if self.window.joined and self.view.newer else ""
        return "  ".join([f"held, {newer}{self.key('jump(-1)')} follows", *said])

    def fill(self, frame: Frame) -> None:
        self.window.take(frame.log_tail.lines, seq=frame.state.seq, follow=self.view.following)
        if self.searched:
            self._fill_found()
            return
        self._lines = self.window.lines
        if self.passing:
            self.matching.update({order(entry): entry for entry in self.window.lines}, self.passing)
            passed = self.matching.keys
            self._lines = [entry for entry in self.window.lines if order(entry) in passed]
        self.matched = len(self._lines), len(self.window.lines)
        self.view.show(WindowRows(self._lines, self.stamps, self.marked), empty=self._emptiness(frame))
        if self._aim is not None and self.asked is None and (self._read or self._is_here(self._aim)):
            self._go()

    def _fill_found(self) -> None:
        shown = self._found
        if self.passing:
            passes = checker(self.passing)
            shown = tuple(row for row in shown if passes(lines_subject(row.lines)))
        self.matched = len(shown), len(self._found)
        none = self.nothing if self._found else line(("no recorded line matches", "muted"))
        self.view.show(shown, empty=none)

    def _emptiness(self, frame: Frame) -> Line:
        if self.passing and self.window.lines:
            return self.nothing
        if self.window.sieve.words:
            return line((f"no line yet of {self.window.sieve.words}; Esc shows all", "muted"))
        return absence(frame.state, "logs", none="no line yet")

    def _is_here(self, aim: datetime | Key) -> bool:
        if isinstance(aim, datetime):
            return self.window.covers(aim) and bool(self.window.lines)
        return any(order(entry) == aim for entry in self.window.lines)

    def _go(self) -> None:
        aim, self._aim, self._read = self._aim, None, False
        if isinstance(aim, datetime):
            self._hold(self.window.place_at(aim))
        elif aim is not None:
            held = [order(entry) for entry in self.window.lines]
            self._hold(held.index(aim) if aim in held else self.window.place_at(aim[0]))

    def _hold(self, place: int) -> None:
        """Put the cursor on a line of the window, or on the next one that is shown."""
        if self._lines:
            at = bisect_left(self._lines, order(self.window.lines[place]), key=order)
            self.view.hold(min(at, len(self._lines) - 1))

    @property
    def _under_cursor(self) -> RecordedLine | None:
        return self._lines[min(self.view.at, len(self._lines) - 1)] if self._lines else None

    def title(self, frame: Frame) -> Title:
        return logs_title(frame.state, frame.room_ms, note=self._note, rate=self._rate[1])

    def detail(self, frame: Frame) -> list[Line]:
        row = self.view.row
        return list(row.lines) if row else []

    def copied(self, frame: Frame) -> Copied:
        """The marked lines, else the one under the cursor; in UTC, whatever the times on screen are."""
        if self.searched:
            return copied_lines("line", [self.view.row.lines] if self.view.row else [])
        under = self._under_cursor
        kept = [self.marked[key] for key in sorted(self.marked)] or ([under] if under else [])
        made = [told_elsewhere(entry.line, source=entry.source) for entry in kept]
        return copied_lines("marked line" if self.marked else "line", made)

    @property
    def entry(self) -> RecordedLine | None:
        """The line under the cursor; None while following, or in a search's answer."""
        return None if self.view.following or self.searched else self._under_cursor

    @property
    def time(self) -> datetime | None:
        """The time of the line under the cursor; None while following."""
        entry = self.entry
        return entry.at if entry is not None else None

    def wanted(self) -> ReadLogs | None:
        """What is to be read of the record for what is on screen; None when it is all there."""
        window, sieve = self.window, self.window.sieve
        if self.asked is not None or self.trouble or self.searched:
            return None
        if isinstance(self._aim, datetime) and not window.covers(self._aim):
            return sieve.asks(around=self._aim)
        if isinstance(self._aim, tuple):
            return sieve.asks(around=self._aim[0])
        if self.passing:
            # What is hidden would be read for ever; F searches all of it.
            return None
        if self.view.following:
            # A narrow sieve may let nothing of the tail through; what it lets through stands further back.
            few = sieve.words and len(window.lines) < max(1, self.view.size.height)
            return sieve.asks(before=window.begin) if few and not window.oldest else None
        if self.view.first < AHEAD and not window.oldest:
            return sieve.asks(before=window.begin)
        if not window.joined and self.view.last > len(window.lines) - AHEAD:
            return sieve.asks(after=window.end)
        return None

    def took(self, query: ReadLogs, read: LogsRead) -> None:
        """The record answered."""
        self.asked = None
        self.window.page(query, read)
        self._read = True
        if query.after == BEGIN and self.window.lines:
            self._aim = order(self.window.lines[0])

    def failed(self, why: str) -> None:
        """The record could not be read; it is asked again when one moves."""
        self.asked, self.trouble, self._aim = None, why, None

    def moved(self) -> None:
        """A key was pressed: what failed may be asked for again."""
        self.trouble = ""

    def sift(self, sieve: Sieve) -> None:
        """Show only these lines, from the same time on when one is not following."""
        entry = self.entry
        self.searched, self._found, self.trouble, self.asked = "", (), "", None
        self.window = LogWindow(sieve)
        if entry is not None and entry.at is not None:
            self._aim, self._read = entry.at, False

    def level(self) -> str:
        """Show only lines of the next level on, and say which."""
        sieve = self.window.sieve
        at = LEAST_LEVELS.index(sieve.level) if sieve.level in LEAST_LEVELS else -1
        level = LEAST_LEVELS[(at + 1) % len(LEAST_LEVELS)]
        self.sift(msgspec.structs.replace(sieve, level=level))
        return level

    def aim(self, time: datetime) -> None:
        """Go to the lines of a time, wherever they are in the record."""
        self.searched, self._found, self.trouble, self.asked = "", (), "", None
        self._aim, self._read = time, False
        self.view.pointed = True
        if self._is_here(time):
            self._go()

    def aim_at(self, key: Key) -> None:
        """Go to a line that was found in the record."""
        held = [order(entry) for entry in self.window.lines]
        if key in held:
            self._hold(held.index(key))
        else:
            self._aim, self._read = key, False

    def begin(self) -> ReadLogs:
        """What the record is asked for to show its first line."""
        return self.window.sieve.asks(after=BEGIN)

    def error(self, step: int) -> ReadLogs | None:
        """Go to the next error (or the one before); what to ask the record for when it is not here."""
        window, under = self.window, self._under_cursor
        if self.searched or under is None:
            return None
        at = bisect_left(window.lines, order(under), key=order)
        found = window.error(at, 1 if step > 0 else -1)
        if step < 0 and self.view.following and under.line.level in ERRORS:
            found = at
        while found is not None and self.passing and order(window.lines[found]) not in self.matching.keys:
            found = window.error(found, 1 if step > 0 else -1)
        if found is not None:
            self._hold(found)
        if found is not None or self.passing:
            return None
        if step < 0 and not window.oldest:
            return window.sieve.asks(before=window.begin, level="error", limit=1)
        if step > 0 and not window.joined:
            return window.sieve.asks(after=window.end, level="error", limit=1)
        return None

    def mark(self) -> None:
        """Mark the line under the cursor, or not any more; go to the next."""
        under = self._under_cursor
        if self.searched or under is None:
            return
        if self.marked.pop(order(under), None) is None:
            self.marked[order(under)] = under
        if not self.view.following:
            self.view.move(1)

    def next_mark(self) -> None:
        """Go to the next marked line, after the last one to the first."""
        if not self.marked:
            return
        entry = self.entry
        here = order(entry) if entry is not None else None
        keys = sorted(self.marked)
        self.aim_at(next((k for k in keys if here is not None and k > here), keys[0]))

    def follow(self) -> None:
        """The newest lines again."""
        self.window.back_to_the_tail()
        self._aim = self.asked = None
        self.view.follow()

    def found(self, text: str, lines: Iterable[LogLine]) -> None:
        """Show the answer of a search until it is ended."""
        self.searched = text
        self._found = tuple(LogRow((n, 0), tuple(lines_of(entry))) for n, entry in enumerate(lines))
        self.view.follow()

    def back(self) -> bool:
        if self.searched:
            self.searched, self._found = "", ()
        elif not self.view.following:
            self.follow()
        elif self.window.sieve.words:
            self.sift(Sieve())
        else:
            return super().back()
        self._aim = self.asked = None
        self.view.follow()
        return True
