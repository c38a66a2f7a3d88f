"""Keys of the Logs pane: its times, its levels, errors, marks, and the record behind the tail."""

import re
from datetime import datetime

import msgspec
from textual import work

from warroom.errors import WarroomError
from warroom.model.commands import LogsRead, ReadLogs
from warroom.model.nouns import WorkloadId
from warroom.state.slices import State
from warroom.ui.pointing import Pointing
from warroom.views.logwindow import Sieve, order
from warroom.views.stamps import Stamps, next_kind

WRONG = ("critical", "warning", "unknown")
"""Moments of a node that say something is wrong with it."""


class ReadingLogs(Pointing):
    """The keys that read the log. What is not on hand is asked for after each frame."""

    def read_on(self) -> None:
        """Ask the record for what the Logs pane shows and does not have."""
        if self.pointed is not None and self.pointed > self.feed.now:
            self.look_at_now()  # the playhead went back behind it
        query = self.logs.wanted()
        if query is not None:
            self._page(query)

    def _page(self, query: ReadLogs) -> None:
        self.logs.asked = query
        self._read(query)

    @work(group="logs", exclusive=True)
    async def _read(self, query: ReadLogs) -> None:
        """One page; the answer of a question that is not asked any more is dropped."""
        try:
            read: LogsRead = await self.feed.ask(query)
        except WarroomError as wrong:
            if self.logs.asked is query:
                self.logs.failed(str(wrong))
        else:
            if self.logs.asked is query:
                self.logs.took(query, read)
        self.draw()

    def action_level(self) -> None:
        """Fewer lines: everything, info, warnings, errors, and everything again."""
        level = self.logs.level()
        self.memory.choose("level", level)
        self.tell(f"log lines from {level} on" if level else "log lines of every level")

    def action_stamps(self) -> None:
        """Times in UTC, in local time, from the start of the incident, and in UTC again."""
        stamps = self._stamps(next_kind(self.logs.stamps.kind))
        self.stamp(stamps)
        self.memory.choose("stamps", stamps.kind)
        words = {"utc": "times in UTC", "local": "times in local time, marked L"}
        self.tell(words.get(stamps.kind, f"times {stamps.words}"))

    def stamp(self, stamps: Stamps) -> None:
        """Write times like that wherever moments stand in lines."""
        self.logs.stamps = self.timeline.stamps = stamps

    def _stamps(self, kind: str) -> Stamps:
        incident = self.feed.state.incident.incident
        origin = incident.declared if incident is not None else self.feed.state.room.opened
        zone = self.feed.now.astimezone().tzinfo
        return Stamps(kind, zone, origin or self.feed.now)

    def action_clock(self) -> None:
        """The timeline by the other clock."""
        self.tell(f"the timeline {self.timeline.turn_clock()}")

    def action_error(self, step: int) -> None:
        """The next error of the log, or the one before; beyond what is on hand the record is searched."""
        if self.pane is self.timeline and self.timeline.critical(step):
            self.follow_cursor()
            self.draw()
            return
        if self.pane is not self.logs:
            self._critical(step)
            return
        query = self.logs.error(step)
        if query is not None:
            self._find_error(query, step)
        else:
            self.follow_cursor()
        self.draw()

    def _critical(self, step: int) -> None:
        """In a replay the playhead to the critical moment beyond what was shown; live there is none yet."""
        where = "before" if step < 0 else "after"
        if self.replay is not None:
            self.look_at_now()
            if not self.replay.to_critical(step):
                self.tell(f"no critical moment {where} that in the recording")
        elif self.pane is self.timeline:
            self.tell(f"no critical moment {where} that")
        else:
            self.tell(f"errors and critical moments are in {self.ways(6, 7)}", "warning")
        self.draw()

    @work(group="logs", exclusive=True)
    async def _find_error(self, query: ReadLogs, step: int) -> None:
        """Ask page by page until there is an error, or the record ends."""
        self.logs.asked = query
        try:
            while True:
                read: LogsRead = await self.feed.ask(query)
                more = read.older if step < 0 else read.newer
                if read.lines or not more:
                    break
                side = {"before": read.begin} if step < 0 else {"after": read.end}
                query = msgspec.structs.replace(query, **side)
        except WarroomError as wrong:
            self.logs.failed(str(wrong))
            self.draw()
            return
        self.logs.asked = None
        if read.lines:
            self.logs.aim_at(order(read.lines[0]))
            if read.lines[0].at is not None:
                self.look_at(read.lines[0].at, but="logs")
        else:
            upto = " up to the playhead" if step > 0 and self.replay is not None else ""
            self.tell(f"no error {'before' if step < 0 else 'after'} that{upto}")
        self.draw()

    def action_mark_line(self) -> None:
        """Mark the line under the cursor."""
        self.logs.mark()
        self.draw()

    def action_next_mark(self) -> None:
        """To the next marked line."""
        if not self.logs.marked:
            self.tell(f"no line is marked yet: {self.key('mark_line')} marks the one under the cursor")
        self.logs.next_mark()
        self.follow_cursor()
        self.draw()

    def action_lines(self) -> None:
        """From an alert, a node or a workload straight to its lines, at the minute it began."""
        found = lines_about(self.feed.state, self.focused_name, self.pane.subject)
        if found is None:
            self.action_across(1)
            return
        sieve, time = found
        self.logs.sift(sieve)
        self.logs.view.follow()
        if time is not None:
            self.look_at(time)
        self.focused_name = "logs"
        since = f" at {time:%H:%M:%S}Z" if time is not None else ""
        self.tell(
            f"{f'the lines of {sieve.words}' if sieve.words else 'all lines'}{since}; Esc: follow, Esc again: all"
        )

    def action_across(self, by: int) -> None:
        """Move to the side."""


def lines_about(state: State, pane: str, cursor: str) -> tuple[Sieve, datetime | None] | None:
    """Whose lines those of a row are, and from when on; None for a row that has none of its own."""
    if pane == "nodes" and cursor:
        said = (m for m in reversed(state.timeline.moments) if m.kind == "node" and m.role in WRONG)
        told = next((m for m in said if re.search(rf"(?<![\w-]){re.escape(cursor)}(?![\w-])", m.text)), None)
        return Sieve(node=cursor), told.time if told is not None else None
    if pane == "workloads":
        workload = state.cluster.workloads.get(WorkloadId(cursor))
        return (Sieve(workload=cursor), workload.changed) if workload is not None else None
    if pane == "alerts":
        return _of_alerts(state, cursor)
    return None


def _of_alerts(state: State, cursor: str) -> tuple[Sieve, datetime | None] | None:
    """Of one alert, or of a group by its name: what all of them are about, when the first began."""
    members = [a for f, a in state.alerts.alerts.items() if cursor in (f, str(a.name))]
    if not members:
        return None
    values = [frozenset(v.partition(":")[0] for v in a.labels.values()) for a in members]
    shared = frozenset.intersection(*values)
    node = next((str(n) for n in sorted(shared) if n in state.cluster.nodes), "")
    workload = "" if node else next((str(w) for w in sorted(shared) if w in state.cluster.workloads), "")
    return Sieve(node=node, workload=workload), min((a.started for a in members if a.started), default=None)
