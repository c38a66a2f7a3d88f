"""Events of metrics: what is watched, and samples in batches."""

from typing import ClassVar

import msgspec

from warroom.events.base import Event
from warroom.model.nouns import Sample
from warroom.model.text import Safe


class Indicator(msgspec.Struct, frozen=True, omit_defaults=True):
    """One watched figure of the whole cluster, as panes and goals name it."""

    metric: str
    """Its short name: ``request_latency_p99``, ``error_rate``, ``request_rate``, ``gpu_utilization``..."""
    title: Safe
    unit: str = ""
    """``s``, ``ratio``, ``percent``, ``celsius``, ``per_second`` or empty."""
    threshold: float | None = None
    """Worse than this is shown as critical."""
    query: Safe = Safe("")
    """How the source computes it, for the person who wants to check."""


class IndicatorsWatched(Event, frozen=True):
    """The figures a metrics source watches, in the order panes show them."""

    type: ClassVar[str] = "indicators.watched"
    indicators: tuple[Indicator, ...]


class SeriesSampled(Event, frozen=True):
    """Samples of one look, or of the history read at the start."""

    type: ClassVar[str] = "series.sampled"
    samples: tuple[Sample, ...]
    """A sample with empty labels is the indicator of the whole cluster; with labels one part of it."""
    left_out: int = 0
    """Series not taken because there were too many."""


MetricEvent = IndicatorsWatched | SeriesSampled
