"""The Health pane: the cluster in a sentence, what is wrong, and whether we can see at all."""

from collections.abc import Hashable

from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.lines import Lines
from warroom.views.health import health_lines, health_title
from warroom.views.rows import Line, Title


class HealthPane(Pane):
    """Free lines."""

    number = 1

    def __init__(self, theme: Theme) -> None:
        self.lines = Lines(theme)
        super().__init__(theme, self.lines)

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        state = frame.state
        said = state.findings.revision, state.actions.revision, state.room.revision
        return (state.cluster.revision, *said, frame.sources)

    def fill(self, frame: Frame) -> None:
        self.lines.show(self.detail(frame))

    def title(self, frame: Frame) -> Title:
        return health_title(frame.state, frame.room_ms)

    def more(self) -> str:
        return f"{self.lines.below} more lines" if self.lines.below else ""

    def detail(self, frame: Frame) -> list[Line]:
        return health_lines(frame.state, frame.room_ms, frame.census)
