"""The Timeline pane: what happened, as people read it."""

from collections.abc import Hashable, Sequence

from warroom.state.slices import Moment, State, TimelineSlice
from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.log_view import LogView, PickedRows
from warroom.views.lines import line
from warroom.views.matching import Matching
from warroom.views.rows import Line, LogRow, Title
from warroom.views.subjects import moment_subject
from warroom.views.timeline import moment_line, timeline_title


class MomentRows(Sequence[LogRow]):
    """The moments as rows, each made when it is looked at."""

    def __init__(self, timeline: TimelineSlice) -> None:
        self._timeline = timeline

    def __len__(self) -> int:
        return len(self._timeline.moments)

    def __getitem__(self, place: int) -> LogRow:  # type: ignore[override]
        at = place if place >= 0 else len(self) + place
        moment = self._timeline.moments[at]
        return LogRow((self._timeline.older + at, 0), (moment_line(moment),))


class TimelinePane(Pane):
    """Follows the newest moment until it is moved in."""

    number = 7

    def __init__(self, theme: Theme) -> None:
        self.view = LogView(theme)
        self.matching: Matching[int, Moment] = Matching(moment_subject)
        super().__init__(theme, self.view)

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        return frame.state.timeline.revision, self.view.following, self.view.newer

    def fill(self, frame: Frame) -> None:
        timeline = frame.state.timeline
        rows: Sequence[LogRow] = MomentRows(timeline)
        total = len(rows)
        if self.passing:
            self.matching.update(dict(enumerate(timeline.moments, timeline.older)), self.passing)
            rows = PickedRows(rows, [place - timeline.older for place in sorted(self.matching.keys)])
        self.matched = len(rows), total
        self.view.show(rows, empty=self.nothing if total else line(("nothing happened yet", "muted")))

    def title(self, frame: Frame) -> Title:
        title = timeline_title(frame.state)
        if self.view.following:
            return title
        return Title(title.text, title.source, title.age, f"held, G follows  {title.count}", role=title.role)

    def moment(self, state: State) -> Moment | None:
        """The moment under the cursor, or the newest."""
        row, timeline = self.view.row, state.timeline
        place = row.key[0] - timeline.older if row is not None else -1
        return timeline.moments[place] if 0 <= place < len(timeline.moments) else None

    def detail(self, frame: Frame) -> list[Line]:
        row = self.view.row
        return list(row.lines) if row else []

    def back(self) -> bool:
        had = not self.view.following
        self.view.follow()
        return had
