"""Keys that look: panes, zoom, cursor, detail, search, help; and leaving."""

from textual import work

from warroom.errors import WarroomError
from warroom.model.commands import LogsFound, SearchLogs
from warroom.ui.keys import keys_for
from warroom.ui.layout import PANES
from warroom.ui.panes.seven import LogsPane
from warroom.ui.parts import Part
from warroom.ui.screens.dialogs import Form, Reading
from warroom.views.alerts import grouped
from warroom.views.lines import line
from warroom.views.logs import lines_of
from warroom.views.nodes import node_lines
from warroom.views.rows import Line
from warroom.views.workloads import workload_lines

SEARCH_LIMIT = 500


class Looking(Part):
    """The keys of every screen that change nothing."""

    def action_pane(self, number: int) -> None:
        """Go to a pane; the digit of the pane one is in zooms it."""
        name = PANES[number - 1]
        self.zoomed = not self.zoomed if name == self.focused_name else self.zoomed
        self.focused_name = name
        self.draw()

    def action_next_pane(self) -> None:
        """The next pane."""
        self._step_pane(1)

    def action_previous_pane(self) -> None:
        """The pane before."""
        self._step_pane(-1)

    def _step_pane(self, by: int) -> None:
        self.focused_name = PANES[(PANES.index(self.focused_name) + by) % len(PANES)]
        self.draw()

    def action_zoom(self) -> None:
        """The pane alone, or all of them."""
        self.zoomed = not self.zoomed
        self.draw()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.pane.move(by)
        self.draw()

    def action_jump(self, to: int) -> None:
        """To the first or the last row."""
        self.pane.jump(to)
        self.draw()

    def action_redraw(self) -> None:
        """Paint everything anew, also what something else wrote over."""
        self.app.refresh(layout=True, repaint=True)
        self.draw()

    def action_back(self) -> None:
        """Undo one layer: search, selection, zoom. Never leaves."""
        logs = self.panes["logs"]
        if isinstance(logs, LogsPane) and logs.searched:
            logs.searched, logs.found = "", []
            logs.jump(-1)
        elif self.pane.selected:
            self.pane.selected = set()
        else:
            self.zoomed = False
        self.draw()

    @work
    async def action_close(self) -> None:
        """Leave; while an incident is open only by the word for it."""
        incident = self.feed.state.incident.incident
        if self.replay is None and incident is not None and incident.open:
            lines = [
                line((f"{incident.severity} {incident.title} is open.", "warning")),
                line("Leaving closes this screen only; the room goes on recording and acting."),
            ]
            form = Form(self.look, "leave the war room?", lines, hint="Esc stays; type leave and Enter to go")
            answer = await self.app.push_screen_wait(form)
            if (answer or "").strip() != "leave":
                return
        self.app.exit()

    @work
    async def action_help(self) -> None:
        """The keys, from the one table."""
        keys = keys_for(self.replay is not None)
        lines = [line((f"{key.shown:<10} ", "accent"), key.help) for key in keys]
        await self.app.push_screen_wait(Reading(self.look, "keys", lines))

    @work
    async def action_choose(self) -> None:
        """Everything known of what the cursor is on."""
        lines = self._detail(self.pane.cursor)
        if lines:
            await self.app.push_screen_wait(Reading(self.look, self.pane.cursor, lines))

    def _detail(self, key: str) -> list[Line]:
        state, now = self.feed.state, self.feed.now
        match self.focused_name:
            case "nodes" if not key.startswith("block:"):
                return node_lines(state, key, now)
            case "workloads":
                return workload_lines(state, key, now)
            case "alerts":
                members = next((m for name, m in grouped(state) if name == key), [])
                return [
                    line(
                        (f"{a.severity} ", "muted"),
                        f"{a.summary}  ",
                        (" ".join(f"{k}={v}" for k, v in sorted(a.labels.items())), "muted"),
                    )
                    for a in members
                ]
            case _:
                return []

    @work
    async def action_search(self) -> None:
        """Search the recorded lines; the Logs pane shows the answer until Esc."""
        asked = [
            line("Which words? A space means and, OR means or, !word not, /regex/ a pattern."),
            line(("Recorded as evidence with what it found. Times: the whole recording.", "muted")),
        ]
        text = await self.app.push_screen_wait(Form(self.look, "search the log", asked))
        if not text:
            return
        try:
            found: LogsFound = await self.feed.ask(SearchLogs(text, limit=SEARCH_LIMIT, end=self.feed.now))
        except WarroomError as wrong:
            self.tell(str(wrong), "warning")
            return
        logs = self.panes["logs"]
        assert isinstance(logs, LogsPane)
        logs.searched, logs.found = text, [shown for entry in found.lines for shown in lines_of(entry)]
        logs.following = True
        self.focused_name = "logs"
        self.tell(f"{found.matched} of {found.searched} recorded lines match; noted on the timeline")
