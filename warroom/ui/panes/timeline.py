"""The Timeline pane: what happened, as people read it."""

from collections.abc import Hashable, Sequence
from datetime import UTC, datetime

from warroom.state.slices import Moment, State
from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.log_view import LogView
from warroom.views.copying import Copied, copied_lines
from warroom.views.lines import line
from warroom.views.matching import Matching
from warroom.views.rows import Line, LogRow, Title
from warroom.views.stamps import UTC_STAMPS, Stamps
from warroom.views.subjects import moment_subject
from warroom.views.timeline import (
    CRITICAL,
    HAPPENED,
    KNOWN,
    Gap,
    evidence_lines,
    gaps_of,
    in_gap,
    moment_line,
    ordered,
    time_of,
    timeline_title,
)

Key = tuple[datetime, int, int]
FIRST = datetime(1970, 1, 1, tzinfo=UTC)


class MomentRows(Sequence[LogRow]):
    """The moments as rows, each made when it is looked at."""

    def __init__(
        self, moments: Sequence[tuple[Key, Moment]], clock: str, stamps: Stamps, gaps: Sequence[Gap]
    ) -> None:
        self._moments = moments
        self._clock = clock
        self._stamps = stamps
        self._gaps = gaps

    def __len__(self) -> int:
        return len(self._moments)

    def __getitem__(self, place: int) -> LogRow:  # type: ignore[override]
        key, moment = self._moments[place]
        shaded = bool(in_gap(self._gaps, moment.observed_time))
        made = moment_line(moment, clock=self._clock, stamps=self._stamps, shaded=shaded)
        return LogRow(key, (made,))


class TimelinePane(Pane):
    """Follows the newest moment until it is moved in."""

    number = 7

    def __init__(self, theme: Theme) -> None:
        self.view = LogView(theme)
        self.clock = KNOWN
        self.stamps = UTC_STAMPS
        self._moments: list[tuple[Key, Moment]] = []
        self._gaps: list[Gap] = []
        self.pointed: datetime | None = None
        """The time cursor; None for now."""
        self._stay: Moment | None = None
        self.matching: Matching[Key, Moment] = Matching(moment_subject)
        super().__init__(theme, self.view)

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        return (frame.state.timeline.revision,)

    def wish(self) -> Hashable:
        return self.clock, self.stamps, self.view.following, self.view.newer, self.pointed

    def fill(self, frame: Frame) -> None:
        timeline = frame.state.timeline
        self._gaps = gaps_of(timeline.moments)
        self._moments = every = self._keyed(frame.state)
        if self.passing:
            self.matching.update(dict(every), self.passing)
            passed = self.matching.keys
            self._moments = [one for one in every if one[0] in passed]
        self.matched = len(self._moments), len(every)
        empty = self.nothing if every else line(("nothing happened yet", "muted"))
        self.view.show(MomentRows(self._moments, self.clock, self.stamps, self._gaps), empty=empty)
        stay, self._stay = self._stay, None
        if stay is not None:
            self.view.hold(next((n for n, (_, m) in enumerate(self._moments) if m is stay), -1))

    def _keyed(self, state: State) -> list[tuple[Key, Moment]]:
        """With keys that grow, and that a moment keeps when older ones are let go of."""
        made: list[tuple[Key, Moment]] = []
        told: dict[int, int] = {}
        for moment in ordered(state.timeline.moments, self.clock):
            part = told[moment.seq] = told.get(moment.seq, -1) + 1
            # By the clock of what became known the record's own order counts, whatever the clocks said.
            time = moment.time if self.clock == HAPPENED else FIRST
            made.append(((time, moment.seq, part), moment))
        return made

    def title(self, frame: Frame) -> Title:
        said = [] if self.view.following else [f"held, {self.key('jump(-1)')} follows"]
        if self.pointed is not None:
            said = [f"at {self.pointed:%H:%M:%S}Z, Esc now"]
        said += [self.stamps.words] if self.stamps.words else []
        return timeline_title(frame.state, clock=self.clock, gaps=self._gaps, note="  ".join(said))

    def moment(self, state: State) -> Moment | None:
        """The moment under the cursor, or the newest."""
        moments = self._moments or self._keyed(state)
        return moments[min(self.view.at, len(moments) - 1)][1] if moments else None

    def detail(self, frame: Frame) -> list[Line]:
        moment = self.moment(frame.state)
        return evidence_lines(frame.state, moment) if moment is not None else []

    def copied(self, frame: Frame) -> Copied:
        moment = self.moment(frame.state) if self._moments else None
        return copied_lines("moment", [[moment_line(moment, clock=self.clock)]] if moment else [])

    @property
    def time(self) -> datetime | None:
        """The time of the moment under the cursor; None while following."""
        if self.view.following or not self._moments:
            return None
        return time_of(self._moments[self.view.at][1], self.clock)

    def turn_clock(self) -> str:
        """Go by the other clock, staying on the same moment; which it is now."""
        held = None if self.view.following or not self._moments else self._moments[self.view.at][1]
        self.clock = HAPPENED if self.clock == KNOWN else KNOWN
        if held is not None:
            self._stay = held
        return self.clock

    def critical(self, step: int) -> bool:
        """Go to the next critical moment, or the one before; False when there is none."""
        at = self.view.at
        stop = len(self._moments) if step > 0 else -1
        found = next((n for n in range(at + step, stop, step) if self._moments[n][1].role in CRITICAL), None)
        if found is not None:
            self.view.hold(found)
        return found is not None

    def aim(self, time: datetime) -> None:
        """Go to the first moment not before a time."""
        place = next(
            (n for n, (_, m) in enumerate(self._moments) if time_of(m, self.clock) >= time),
            len(self._moments) - 1,
        )
        self.view.pointed = True
        self.view.hold(place)

    def back(self) -> bool:
        had = not self.view.following
        self.view.follow()
        return had
