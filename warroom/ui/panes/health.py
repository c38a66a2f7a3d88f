"""The Health pane: what triage concludes, the cluster in a sentence, what is wrong, and whether we can see at all."""

from collections.abc import Hashable

from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.entries import Entries
from warroom.views.filtering import checker
from warroom.views.health import beyond_limits, health_entries, health_lines, health_title
from warroom.views.rows import Entry, Line, Title
from warroom.views.subjects import lines_subject


class HealthPane(Pane):
    """Findings and runs one can go to, and lines to read."""

    number = 1

    def __init__(self, theme: Theme) -> None:
        self.entries = Entries(theme)
        super().__init__(theme, self.entries)

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        state = frame.state
        said = state.findings.revision, state.procedure.revision, state.actions.revision, state.room.revision
        return (state.cluster.revision, *said, frame.sources, beyond_limits(state))

    def fill(self, frame: Frame) -> None:
        entries = health_entries(frame.state, frame.room_ms, frame.census)
        total = len(entries)
        if self.passing:
            passes = checker(self.passing)
            entries = [one for one in entries if passes(lines_subject(one.lines))]
        self.matched = len(entries), total
        self.entries.show(entries or [Entry("", (self.nothing,))])

    def title(self, frame: Frame) -> Title:
        return health_title(frame.state, frame.room_ms)

    def more(self) -> str:
        return f"{self.entries.below} more lines" if self.entries.below else ""

    def detail(self, frame: Frame) -> list[Line]:
        return health_lines(frame.state, frame.room_ms, frame.census)
