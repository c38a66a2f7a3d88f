"""Keys of the search for the cause: the searches of an incident's time, what changed, evidence."""

from datetime import datetime, timedelta

from textual import work

from warroom.model.response_commands import PinEvidence
from warroom.model.text import neutral
from warroom.ui.looking import Looking
from warroom.ui.panes.timeline import TimelinePane
from warroom.ui.screens.dialogs import Form, Reading
from warroom.ui.stepping import Stepping
from warroom.views.lines import line
from warroom.views.what_changed import changed_lines, start_of

SEARCHES = {
    "errors": "error OR exception OR fatal",
    "restarts": "restart OR OOM OR Xid",
    "pulse": "heartbeat",
}
PULSE = timedelta(minutes=5)
LEAD = timedelta(minutes=5)
"""How long before its start an incident's time is looked at."""
CALM = timedelta(minutes=15)
"""How far back is looked while there is no incident."""


class Investigating(Looking, Stepping):
    """The keys that look for the cause."""

    @work
    async def action_search_for(self, what: str) -> None:
        """One of the searches an incident asks for, over its time."""
        start = self.feed.now - PULSE if what == "pulse" else self._since()
        await self._search(SEARCHES[what], start)

    def _since(self) -> datetime:
        start, word = start_of(self.feed.state, self.feed.now)
        return start - (CALM if word == "now" else LEAD)

    @work
    async def action_what_changed(self) -> None:
        """What was different just before it began."""
        lines = changed_lines(self.feed.state, self.feed.now)
        await self.app.push_screen_wait(Reading(self.look, "what changed", lines))

    @work
    async def action_pin(self) -> None:
        """Let the moment under the cursor, or the last answer, stand in the post-mortem."""
        if self._unheard():
            return
        timeline = self.panes["timeline"]
        assert isinstance(timeline, TimelinePane)
        moments = self.feed.state.timeline.moments
        if self.pane is timeline:
            moment = timeline.moment(self.feed.state)
        else:
            moment = next((m for m in reversed(moments) if m.kind == "evidence"), None)
        if moment is None:
            self.refuse(
                f"nothing to pin yet: search first, or go to a moment of the Timeline ({self.key('pane(7)')})"
            )
            return
        asked = [line((f"#{moment.seq} ", "muted"), str(moment.text)), line("What does it show?")]
        begin = str(moment.text).split("\n", maxsplit=1)[0]
        text = await self.app.push_screen_wait(Form(self.look, "pin as evidence", asked, value=begin))
        if text and text.strip():
            await self._send(
                PinEvidence(neutral(text.strip()), (moment.seq,)), "pinned; it stands in the post-mortem"
            )
