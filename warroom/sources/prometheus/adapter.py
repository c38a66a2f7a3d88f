"""Prometheus behind the ports: watched figures at each look, their history, and ranges on demand."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from warroom.clock import Clock
from warroom.errors import SourceError, Unreadable
from warroom.events.base import Event
from warroom.events.metrics import IndicatorsWatched, SeriesSampled
from warroom.events.sources import SourceAnnounced
from warroom.host.ports import Observation
from warroom.model.commands import MetricRange, MetricsFound, RangeSeries
from warroom.model.nouns import Labels, Sample
from warroom.model.text import Safe, neutral
from warroom.sources.names import node_of_target
from warroom.sources.polling import Poller
from warroom.sources.prometheus.api import MOST_POINTS, PrometheusApi, together
from warroom.sources.prometheus.parse import Found
from warroom.sources.prometheus.watched import Watched, watched_with
from warroom.sources.settings import PrometheusSettings

HISTORY_STEP_S = 5.0
OLD_INTERVALS = 2
"""A newest sample older than that many intervals keeps its own time."""
RECHECK_LOOKS = 12
"""Every so many looks it is seen whether optional series exist by now."""
MOST_SHOWN = 50
"""Series of one answer to a range query."""


class PrometheusMetrics:
    """Source and metric reader of one Prometheus."""

    def __init__(self, settings: PrometheusSettings, *, clock: Clock, name: str = "prometheus") -> None:
        self.name = name
        self._settings = settings
        self._clock = clock
        self._api = PrometheusApi(name, settings)
        self._known = watched_with(settings.queries)
        self._watched: tuple[Watched, ...] = ()
        self._newest: dict[str, datetime] = {}
        self._looks = 0
        self._poller = Poller(
            name,
            self._look,
            clock=clock,
            interval_s=settings.interval_s,
            denied=self._api.credential.forget,
        )

    def announce(self) -> SourceAnnounced:
        """What is reached where; metrics are only read."""
        return SourceAnnounced(
            kind="prometheus",
            roles=("metrics",),
            address=neutral(self._api.place),
            interval_s=self._settings.interval_s,
        )

    def observe(self) -> AsyncIterator[Observation]:
        """The watched figures, for ever."""
        return self._poller.observe()

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def metric_range(self, query: MetricRange) -> MetricsFound:
        """An indicator's query, or any PromQL, over a time; raises ``SourceError``."""
        if query.end <= query.start or query.step_s <= 0:
            raise SourceError(self.name, "the end must be later than the start, and the step more than 0 s")
        words = {w.indicator.metric: w.query for w in self._known}.get(query.metric, query.metric)
        whole_s = (query.end - query.start).total_seconds()
        step_s = max(query.step_s, whole_s / (MOST_POINTS - 1))
        try:
            found = await self._api.range(words, query.start, query.end, step_s)
        except Unreadable as wrong:
            raise SourceError(self.name, str(wrong)) from wrong
        warnings = found.warnings
        if step_s > query.step_s:
            warnings += (neutral(f"step widened to {step_s:.0f} s: at most {MOST_POINTS:,} points a series"),)
        shown = found.series[:MOST_SHOWN]
        return MetricsFound(
            tuple(RangeSeries(labels, points) for labels, points in shown),
            neutral(words),
            Safe(self.name),
            found.left_out + len(found.series) - len(shown),
            warnings,
        )

    async def _look(self, watching: bool) -> list[Event]:
        events: list[Event] = []
        if not watching or self._looks % RECHECK_LOOKS == 0:
            watched = await self._existing()
            if watched != self._watched:
                events.append(IndicatorsWatched(indicators=tuple(w.indicator for w in watched)))
            self._watched = watched
        self._looks += 1
        if not watching:
            events.append(SeriesSampled(samples=tuple(await self._history())))
        whole = await together([self._api.instant_or_refusal(w.query) for w in self._watched])
        if whole and all(found.refused for found in whole):
            raise SourceError(self.name, f"it refuses every query: {whole[0].refused}")
        dated = [w for w in self._watched if w.newest]
        times = await together([self._api.instant(w.newest) for w in dated])
        taken = {w.query: _number(found) for w, found in zip(dated, times, strict=True)}
        samples: list[Sample] = []
        for watched_one, found in zip(self._watched, whole, strict=True):
            samples += self._sampled(watched_one, found, taken.get(watched_one.query))
        split = [w for w in self._watched if w.parts]
        parts = await together([self._api.instant(w.parts) for w in split])
        for watched_one, found in zip(split, parts, strict=True):
            samples += _parts(watched_one, found)
        left_out = sum(found.left_out for found in parts)
        self._poller.detail = _detail(self._watched, whole)
        return [*events, SeriesSampled(samples=tuple(samples), left_out=left_out)] if samples else events

    async def _existing(self) -> tuple[Watched, ...]:
        """What is watched, without the optional figures the server has no series of."""
        asked = [w for w in self._known if w.optional]
        found = await together([self._api.instant_or_refusal(w.query) for w in asked])
        absent = {w.query for w, one in zip(asked, found, strict=True) if not one.series}
        return tuple(w for w in self._known if w.query not in absent or w in self._watched)

    async def _history(self) -> list[Sample]:
        """What we did not see: the half hour before the start, or the time we were blind."""
        now = self._clock.now()
        start = now - timedelta(seconds=self._settings.history_s)
        # The server's clock may be ahead of ours, and a range that ends before it begins is refused.
        missed = [(w, since) for w in self._watched if (since := self._since(w, start)) < now]
        calls = [self._api.range_or_refusal(w.query, since, now, HISTORY_STEP_S) for w, since in missed]
        samples: list[Sample] = []
        for (watched, _), found in zip(missed, await together(calls), strict=True):
            for _, points in found.series[:1]:
                samples += [Sample(watched.indicator.metric, {}, time, value) for time, value in points]
                self._newest[watched.indicator.metric] = points[-1][0]
        return samples

    def _since(self, watched: Watched, start: datetime) -> datetime:
        newest = self._newest.get(watched.indicator.metric)
        return max(start, newest + timedelta(seconds=HISTORY_STEP_S)) if newest else start

    def _sampled(self, watched: Watched, found: Found, taken: float | None) -> list[Sample]:
        """One sample with the time it was taken; a gap once there were values; nothing before."""
        metric = watched.indicator.metric
        if not found.series:
            return [Sample(metric, {}, self._clock.now(), None)] if metric in self._newest else []
        time, value = found.series[0][1][-1]
        old_s = OLD_INTERVALS * self._settings.interval_s
        if taken is not None and time.timestamp() - taken > old_s:
            time = datetime.fromtimestamp(taken, time.tzinfo)
        self._newest[metric] = time
        return [Sample(metric, {}, time, value)]


def _number(found: Found) -> float | None:
    return found.series[0][1][-1][1] if found.series else None


def _parts(watched: Watched, found: Found) -> list[Sample]:
    return [
        Sample(watched.indicator.metric, _part_labels(labels), *points[-1])
        for labels, points in found.series
        if points
    ]


def _part_labels(labels: Labels) -> Labels:
    """A scrape target is a node to people; other labels stay."""
    rest = {key: value for key, value in labels.items() if key not in ("instance", "__name__")}
    return {"node": node_of_target(labels["instance"]), **rest} if "instance" in labels else rest


def _detail(watched: Sequence[Watched], found: list[Found]) -> str:
    """What is missing or not what it seems, of all figures; the first reasons only."""
    empty = sum(1 for one in found if not one.series and not one.refused)
    told = [f"{empty} of {len(found)} figures have no data"] if empty else []
    named = [(w.indicator.metric, one) for w, one in zip(watched, found, strict=True)]
    reasons = [f"{metric} is refused: {one.refused}" for metric, one in named if one.refused]
    reasons += [
        f"{metric} gives {count} series, the first is shown"
        for metric, one in named
        if (count := len(one.series) + one.left_out) > 1
    ]
    reasons += [str(warning) for one in found for warning in one.warnings]
    return ", ".join(told + reasons[:2])
