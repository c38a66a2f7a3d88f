"""Keys that look: cursor, detail, search, help; and leaving."""

from datetime import datetime

import msgspec
from textual import work

from warroom.errors import WarroomError
from warroom.model.commands import LogsFound, SearchLogs
from warroom.ui.arranging import Arranging
from warroom.ui.commands import name_of
from warroom.ui.driver import GuardedDriver
from warroom.ui.filtering import Filtering
from warroom.ui.keys import keys_for, speaks_of
from warroom.ui.panes.logs import LogsPane
from warroom.ui.panes.nodes import NodesPane
from warroom.ui.panes.timeline import TimelinePane
from warroom.ui.reading import ReadingLogs
from warroom.ui.screens.dialogs import Form, Menu, Reading
from warroom.ui.screens.plot import Plot
from warroom.views.lines import line
from warroom.views.logs import LEAST_LEVELS
from warroom.views.rows import Line
from warroom.views.sorting import sorting_words
from warroom.views.stamps import KINDS
from warroom.views.timeline import searched_for

SEARCH_LIMIT = 500
BOARD_KEYS = ("finding:", "run:")
"""Rows of a pane that are entries of the response board."""


class Looking(ReadingLogs, Filtering, Arranging):
    """The keys of every screen that change nothing."""

    def as_left(self) -> None:
        """Arrange the screen as this person left the one before."""
        layout, level, stamps = map(self.memory.chosen, ("layout", "level", "stamps"))
        if layout in self.presets:
            self.layout_name = layout
            self.as_arranged()
        if level in LEAST_LEVELS:
            self.logs.sift(msgspec.structs.replace(self.logs.window.sieve, level=level))
        if stamps in KINDS:
            self.stamp(self._stamps(stamps))
        if self.memory.chosen("wrap"):
            self.logs.view.wrap()
        self.metrics.typed[:] = self.memory.typed("plot")

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.logs.moved()
        self.pane.body.move(by)
        self.follow_cursor()
        self.draw()

    def action_across(self, by: int) -> None:
        """Move to the side: to the next node, or along lines that are longer than the pane."""
        if self.pane is self.metrics:
            self.move_column(by)
        else:
            self.pane.body.across(by)
        self.draw()

    def action_sort(self, by: int) -> None:
        """Sort by the column beside, or with 0 the other way round."""
        if self.pane.sort(by):
            self.tell(f"sorted {sorting_words(self.pane.sorting)}")
        else:
            self.tell(f"nothing here can be sorted; go to {self.ways(2, 4)}", "warning")

    def action_regroup(self) -> None:
        """Nodes: by the next kind of failure domain."""
        if (nodes := self._nodes_pane()) is not None:
            self.tell(nodes.regroup(self.moment()))
            self.app.call_after_refresh(self.draw)

    def action_recolour(self) -> None:
        """Nodes: the next of what is known of each."""
        if (nodes := self._nodes_pane()) is not None:
            self.tell(nodes.recolour())

    def action_tiles(self, by: int) -> None:
        """Nodes: larger or smaller tiles."""
        if (nodes := self._nodes_pane()) is not None:
            self.tell(nodes.resize_tiles(by))

    def _nodes_pane(self) -> NodesPane | None:
        """The Nodes pane, if it is the one the keys go to."""
        if isinstance(self.pane, NodesPane):
            return self.pane
        self.tell(f"that is about nodes; go to {self.ways(3)}", "warning")
        return None

    def action_jump(self, to: int) -> None:
        """To the first or the last row; in the log, of the whole record."""
        self.logs.moved()
        if self.pane is self.logs and not self.logs.searched:
            if to == 0 and not self.logs.window.oldest:
                self.logs.view.hold(0)
                self._page(self.logs.begin())
                self.draw()
                return
            self.logs.window.back_to_the_tail()
        self.pane.body.jump(to)
        self.follow_cursor()
        self.draw()

    def action_wrap(self) -> None:
        """Let long lines go on below."""
        if isinstance(self.pane, LogsPane | TimelinePane):
            self.pane.view.wrap()
            if self.pane is self.logs:
                self.memory.choose("wrap", "yes" if self.logs.view.wrapped else "")
        self.draw()

    def action_redraw(self) -> None:
        """Paint everything anew, also what something else wrote over."""
        self.forget_shown()
        self.app.refresh(layout=True, repaint=True)
        self.draw()

    def forget_shown(self) -> None:
        """Know nothing any more of what the terminal shows."""

    def action_to_the_shell(self) -> None:
        """Give the terminal back to the shell until it says ``fg``."""
        driver = self.app._driver  # noqa: SLF001 - Textual has no public way to its driver
        if isinstance(driver, GuardedDriver) and not driver.to_the_shell():
            self.tell(f"no shell waits below this screen; {self.key('close')} leaves it", "warning")

    def action_back(self) -> None:
        """Undo one layer: a search, the time cursor, a selection, a held log, the filter, the zoom. Never leaves."""
        searching = bool(self.logs.searched)
        if not searching and self.look_at_now():
            pass
        elif not (self.logs if searching else self.pane).back() and not self.clear_filter():
            self.as_arranged()
        self.draw()
        self.app.call_after_refresh(self.draw)

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
        """The keys, from the one table; those of the pane that has the focus first."""
        keys, pane = keys_for(self.replay is not None, self.keys), self.focused_name.capitalize()
        here = [key for key in keys if speaks_of(key, pane)]
        everywhere = [key for key in keys if key not in here]
        lines: list[Line] = [line((refused, "warning")) for refused in self.settings_refused]
        for title, some in ((f"in {pane}", here), ("everywhere", everywhere)):
            if some:
                lines += [
                    line((title, "bar")),
                    *(line((f"{k.shown or f':{name_of(k)}':<10} ", "accent"), k.help) for k in some),
                    line(),
                ]
        lines += self.about_terminal()
        await self.app.push_screen_wait(Reading(self.look, "keys", lines))

    def about_terminal(self) -> list[Line]:
        """What is known of the way to this terminal."""
        return []

    @work
    async def action_choose(self) -> None:
        """Everything known of what the cursor is on."""
        if self.pane.cursor.startswith(BOARD_KEYS):
            await self._enter_board(self.pane.cursor)
            return
        if self.pane is self.timeline:
            await self._evidence()
            return
        if self.pane is self.metrics and self.pane.cursor:
            await self._plot(self.pane.cursor)
            return
        frame = self.moment()
        if self.pane.enter(frame):
            self.draw()
            # What it shows has its size only after it was laid out.
            self.app.call_after_refresh(self.draw)
            return
        lines = self.pane.detail(frame)
        if lines:
            title = self.pane.called(frame) or self.focused_name
            await self.app.push_screen_wait(Reading(self.look, title, lines))

    async def _enter_board(self, key: str) -> None:
        """Go on with an entry of the response board; the screen that has a board says how."""

    async def _plot(self, metric: str) -> None:
        """An indicator's plot, or that of any query that is typed there."""
        indicator = next(i for i in self.feed.state.metrics.indicators if i.metric == metric)
        plot = Plot(self.look, self.feed, self.moment, indicator, self.metrics.typed)
        plot.keep = lambda query: self.memory.keep("plot", query)
        await self.app.push_screen_wait(plot)

    async def _evidence(self) -> None:
        """All of a moment, and the way to what it rests on."""
        moment = self.timeline.moment(self.feed.state)
        if moment is None:
            return
        lines = self.timeline.detail(self.moment())
        searched = searched_for(moment)
        choices = [("search", line(f"the lines it found: {searched}"), True)] if searched else []
        choices += [("logs", line(f"the log at {moment.time:%H:%M:%S}Z"), True)]
        choices += [("metrics", line(f"the metrics around {moment.time:%H:%M:%S}Z"), True)]
        title = f"{moment.kind} at {moment.time:%H:%M:%S}Z"
        chosen = await self.app.push_screen_wait(Menu(self.look, title, choices, lines=lines))
        if chosen == "search":
            query = SearchLogs(searched, None, moment.observed_time, SEARCH_LIMIT, evidence=False)
            await self._found_by(query)
        elif chosen is not None:
            self.look_at(moment.time)
            self.focused_name = chosen
        self.draw()

    @work
    async def action_search(self) -> None:
        """Search the recorded lines; the Logs pane shows the answer until Esc."""
        asked = [
            line(
                'By a filter, as in the pane: word  /re/  !x  level=error  node~re  a|b  "a phrase"  a OR b.'
            ),
            line(("Recorded as evidence with what it found. Times: the whole recording.", "muted")),
        ]
        text = await self.app.push_screen_wait(Form(self.look, "search the log", asked))
        if not text:
            return
        await self._search(text, None)

    async def _search(self, text: str, start: datetime | None) -> None:
        """Show what the record has, since a time or from its beginning."""
        found = await self._found_by(SearchLogs(text, start, self.feed.now, SEARCH_LIMIT))
        if found is None:
            return
        since = f" since {start:%H:%M:%S}Z" if start is not None else ""
        noted = f"noted on the timeline, {self.key('pin')} pins it"
        self.tell(f"{found.matched} of {found.searched} recorded lines match{since}; {noted}")

    async def _found_by(self, query: SearchLogs) -> LogsFound | None:
        """Show the answer of a search in the Logs pane; None when there is none, which the flash line says."""
        try:
            found: LogsFound = await self.feed.ask(query)
        except WarroomError as wrong:
            self.tell(str(wrong), "warning")
            return None
        self.logs.found(query.query, found.lines)
        self.focused_name = "logs"
        return found
