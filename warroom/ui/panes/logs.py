"""The Logs pane: the tail of the log, or the answer of a search."""

from collections.abc import Hashable, Iterable, Sequence

from warroom.model.nouns import LogLine
from warroom.state.logtail import TailLine
from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.log_view import LogView
from warroom.views.lines import line
from warroom.views.logs import lines_of, logs_title
from warroom.views.matching import Matching
from warroom.views.rows import Line, LogRow, Title
from warroom.views.sources import absence
from warroom.views.subjects import log_subject


class TailRows(Sequence[LogRow]):
    """A tail of the log as rows, each made when it is looked at."""

    def __init__(self, lines: Sequence[TailLine]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, place: int) -> LogRow:  # type: ignore[override]
        entry = self._lines[place]
        return LogRow((entry.seq, entry.place), tuple(lines_of(entry.line, source=entry.source)))


class LogsPane(Pane):
    """Follows the newest line until it is moved in."""

    number = 6

    def __init__(self, theme: Theme) -> None:
        self.view = LogView(theme)
        self.searched = ""
        self._found: tuple[LogRow, ...] = ()
        self.matching: Matching[tuple[int, int], TailLine] = Matching(
            lambda entry: log_subject(entry.line, entry.source)
        )
        super().__init__(theme, self.view)

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        tail, logs = frame.log_tail, frame.state.logs
        return tail, tail.revision, logs.revision, frame.sources, self.searched, self._found, self._place

    @property
    def _place(self) -> str:
        if self.view.following:
            return "follow"
        return f"held, {self.view.newer:,} newer, G follows" if self.view.newer else "held, G follows"

    def fill(self, frame: Frame) -> None:
        if self.searched:
            self.view.show(self._found, empty=line(("no recorded line matches", "muted")))
        else:
            self._fill_tail(frame)

    def _fill_tail(self, frame: Frame) -> None:
        lines = frame.log_tail.lines
        rows: Sequence[LogRow] = TailRows(lines)
        if self.wanted:
            self.matching.update({(one.seq, one.place): one for one in lines}, self.wanted)
            passed = self.matching.keys
            rows = TailRows([one for one in lines if (one.seq, one.place) in passed])
        self.matched = len(rows), len(lines)
        none = absence(frame.state, "logs", none="no line yet")
        self.view.show(rows, empty=self.nothing if lines else none)

    def title(self, frame: Frame) -> Title:
        note = self._place
        if self.searched:
            note = f"search {self.searched}: {len(self._found)} found, Esc ends"
        return logs_title(frame.state, frame.room_ms, note=note)

    def detail(self, frame: Frame) -> list[Line]:
        row = self.view.row
        return list(row.lines) if row else []

    def found(self, text: str, lines: Iterable[LogLine]) -> None:
        """Show the answer of a search until it is ended."""
        self.searched = text
        self._found = tuple(LogRow((n, 0), tuple(lines_of(entry))) for n, entry in enumerate(lines))
        self.view.follow()

    def back(self) -> bool:
        had = bool(self.searched) or not self.view.following
        self.searched, self._found = "", ()
        self.view.follow()
        return had
