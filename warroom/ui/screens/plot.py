"""A metric's plot: over a time that can be widened and moved, of an indicator or of any query that is typed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from warroom.errors import WarroomError
from warroom.events.metrics import Indicator
from warroom.host.feed import Feed
from warroom.model.commands import MetricRange, MetricsFound, RangeSeries
from warroom.model.text import Safe, neutral
from warroom.ui.frame import Frame
from warroom.ui.screens.dialogs import Dialog, Form
from warroom.ui.theme import Theme
from warroom.views.ages import age, figure
from warroom.views.around import indicator_lines
from warroom.views.lines import line
from warroom.views.plot import legend_lines, marks_of, plot_lines, scale_of
from warroom.views.rows import Line, Title

SPANS = tuple(timedelta(minutes=m) for m in (5, 15, 30, 60, 180, 360, 720, 1440))
POINTS = 300
MOST_MARKS = 6
AROUND = 7
"""Lines of the dialog that are neither plot nor marks."""


class Plot(Dialog):
    """One series at a time; what it shows is asked of the source, in a replay of the record."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", show=False),
        Binding("plus,equals_sign", "span(1)", show=False),
        Binding("minus", "span(-1)", show=False),
        Binding("left,h,left_parenthesis", "pan(-1)", show=False),
        Binding("right,l,right_parenthesis", "pan(1)", show=False),
        Binding("j,down", "series(1)", show=False),
        Binding("k,up", "series(-1)", show=False),
        Binding("slash", "query", show=False),
    ]

    def __init__(
        self, theme: Theme, feed: Feed, moment: Callable[[], Frame], asked: Indicator, typed: list[str]
    ) -> None:
        """``typed``: the queries that were typed before, the newest last; it grows."""
        super().__init__(theme, "metric", [])
        self.feed = feed
        self.moment = moment
        self.asked = asked
        self.typed = typed
        self.span = 2
        self.back = 0
        """How many half widths the end lies before now, or before the time cursor's."""
        self.at_series = 0
        self.found: MetricsFound | None = None
        self.trouble = ""
        self.keep: Callable[[str], None] = lambda _: None
        """Told of each query that is typed."""

    def ready(self) -> None:
        self.load()

    @work(exclusive=True)
    async def load(self) -> None:
        """Ask for what is to be seen."""
        start, end = self.range()
        step = max(1.0, (end - start).total_seconds() / POINTS)
        self.trouble = "loading"
        self.draw()
        try:
            self.found = await self.feed.ask(MetricRange(self.asked.metric, start, end, step))
            self.trouble = ""
        except WarroomError as wrong:
            self.found, self.trouble = self._own(start, end), str(wrong)
        self.draw()

    def _own(self, start: datetime, end: datetime) -> MetricsFound | None:
        """What the room itself saw, for when the source does not answer: that is when it is needed most."""
        series = self.feed.state.metrics.series.get(self.asked.metric)
        points = tuple((p.time, p.value) for p in series.points if start <= p.time <= end) if series else ()
        if not points:
            return None
        origin = Safe("this room's own memory")
        return MetricsFound((RangeSeries({}, points),), neutral(self.asked.metric), origin)

    def range(self) -> tuple[datetime, datetime]:
        """From when to when."""
        width = SPANS[self.span]
        end = self.feed.now - self.back * width / 2
        return end - width, end

    def body(self, width: int) -> list[Line]:
        height = max(8, self.app.size.height - AROUND - MOST_MARKS)
        start, end = self.range()
        series = self._series()
        if series is None:
            said = self.trouble or "no data in that time"
            return [line((said, "muted" if said == "loading" else "warning"))]
        asked = self.asked
        marks = marks_of(self.feed.state, start, end)
        scale = scale_of(series.points, start, end, asked.threshold)
        drawn = plot_lines(series.points, scale, (width, height), unit=asked.unit, marks=marks)
        watched = asked in self.feed.state.metrics.indicators
        around = indicator_lines(self.feed.state, asked, self.feed.now) if watched else []
        return [self._figures(series), *drawn, *around, *legend_lines(marks, MOST_MARKS - 1)]

    def _series(self) -> RangeSeries | None:
        if self.found is None or not self.found.series:
            return None
        return self.found.series[self.at_series % len(self.found.series)]

    def _figures(self, series: RangeSeries) -> Line:
        assert self.found is not None
        known = [v for _, v in series.points if v is not None]
        unit, asked = self.asked.unit, self.asked
        last, low, high = known[-1] if known else None, min(known, default=None), max(known, default=None)
        labels = " ".join(f"{k}={v}" for k, v in sorted(series.labels.items()))
        count = len(self.found.series)
        limit = f"  limit {figure(asked.threshold, unit)}" if asked.threshold is not None else ""
        which = f"  series {self.at_series % count + 1} of {count} {labels}" if count > 1 or labels else ""
        return line(
            (f"last {figure(last, unit)}", "text"),
            (f"  from {self.found.origin}  {figure(low, unit)} to {figure(high, unit)}{limit}", "muted"),
            (which, "accent"),
        )

    def draw_frame(self) -> None:
        over = f"{age(SPANS[self.span])} to {self.range()[1]:%H:%M:%S}Z"
        said = self.trouble if self.found is not None else ""
        title = Title(f"{self.asked.title}  {over}", "", "", said)
        self.box.show_frame(title, heavy=True, edge="stale" if said else self.role)

    def foot(self) -> Line:
        return line(("← → earlier, later; + - wider, narrower; ↑ ↓ series; / a query; Esc back", "muted"))

    def action_span(self, by: int) -> None:
        """A wider or a narrower time."""
        self.span = max(0, min(len(SPANS) - 1, self.span + by))
        self.back = 0 if by > 0 else self.back
        self.load()

    def action_pan(self, by: int) -> None:
        """Half a width earlier or later."""
        self.back = max(0, self.back - by)
        self.load()

    def action_series(self, by: int) -> None:
        """The next series of the answer."""
        self.at_series = max(0, self.at_series + by)
        self.draw()

    @work
    async def action_query(self) -> None:
        """Another query, of the source's own language."""
        asked = [
            line("A query such as rate(http_requests_total[5m]), or a metric's own name. Empty leaves it."),
            *(line((f"before: {query}", "muted")) for query in self.typed[-5:]),
        ]
        value = self.typed[-1] if self.typed else ""
        text = await self.app.push_screen_wait(Form(self.look, "plot a query", asked, value=value))
        if not text or not text.strip():
            return
        query = text.strip()
        known = {i.metric: i for i in self.feed.state.metrics.indicators}
        if query in self.typed:
            self.typed.remove(query)
        self.typed.append(query)
        self.keep(query)
        self.asked = known.get(query) or Indicator(query, neutral(query))
        self.at_series = 0
        self.load()
