"""Folds since when something is wrong: indicators beyond their threshold, alerts firing, by name.

A spell goes from the first look that showed it to the first that no longer did; a gap in the data ends none.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from warroom.events.alerts import AlertsChanged
from warroom.events.base import Event
from warroom.events.envelope import Envelope
from warroom.events.metrics import Indicator, IndicatorsWatched, SeriesSampled
from warroom.model.nouns import Alert, AlertState, Sample, Time
from warroom.model.text import Safe

if TYPE_CHECKING:
    from warroom.state.slices import AlertsSlice, MetricsSlice

KEPT = 500
"""Spells that are over; older ones are read from the recording."""


class SpellKind(StrEnum):
    """What is wrong in a spell."""

    INDICATOR = "indicator"
    ALERT = "alert"


class Spell(msgspec.Struct, frozen=True, omit_defaults=True):
    """One time in which one thing was wrong."""

    kind: SpellKind
    name: Safe
    """The indicator's metric or the alert's name."""
    title: Safe
    start: Time
    seq: int
    """The event that says when it began: the first that showed it, or a later one that knows of an earlier start."""
    severity: str = ""
    """Of the alert."""
    threshold: float | None = None
    unit: str = ""
    worst: float | None = None
    first_look: bool = False
    """It was already so when the room looked for the first time."""
    end: Time | None = None
    end_seq: int = 0


class SpellsSlice(msgspec.Struct):
    """Spells that go on, by ``kind:name``, and those that are over, oldest first; bounded."""

    revision: int = 0
    open: dict[str, Spell] = {}
    over: list[Spell] = []
    older: int = 0
    firing: dict[str, int] = {}
    """How many alerts of a name fire."""
    looked: dict[str, Time] = {}
    """The newest sample of an indicator that was judged."""


def note_alert_spells(slice_: SpellsSlice, alerts: "AlertsSlice", event: Event, envelope: Envelope) -> None:
    """Compare alerts with those known before the event."""
    if not isinstance(event, AlertsChanged):
        return
    for alert in event.alerts:
        known = alerts.alerts.get(alert.fingerprint)
        was, fires = _fires(known), _fires(alert)
        if fires and not was:
            # Some sources say since when an alert is pending: one that was seen pending fires from now on.
            start = envelope.time if known is not None else alert.started or envelope.time
            _alert_began(slice_, alert, start, envelope)
        _count(slice_, str(alert.name), fires - was, envelope)
    for fingerprint in event.resolved:
        known = alerts.alerts.get(fingerprint)
        if known is not None:
            _count(slice_, str(known.name), -_fires(known), envelope)


def _fires(alert: Alert | None) -> int:
    return int(alert is not None and alert.state is AlertState.FIRING)


def _alert_began(slice_: SpellsSlice, alert: Alert, start: Time, envelope: Envelope) -> None:
    key = f"{SpellKind.ALERT}:{alert.name}"
    known = slice_.open.get(key)
    if known is not None and known.start <= start:
        return
    slice_.open[key] = Spell(
        SpellKind.ALERT, alert.name, alert.summary or alert.name, start, envelope.seq, severity=alert.severity
    )
    slice_.revision += 1


def _count(slice_: SpellsSlice, name: str, more: int, envelope: Envelope) -> None:
    left = slice_.firing.get(name, 0) + more
    if left > 0:
        slice_.firing[name] = left
        return
    slice_.firing.pop(name, None)
    _over(slice_, f"{SpellKind.ALERT}:{name}", envelope.time, envelope.seq)


def note_indicator_spells(
    slice_: SpellsSlice, metrics: "MetricsSlice", event: Event, envelope: Envelope
) -> None:
    """Judge samples of whole-cluster indicators, in the order of their times."""
    if isinstance(event, IndicatorsWatched):
        kept = {f"{SpellKind.INDICATOR}:{i.metric}" for i in event.indicators if i.threshold is not None}
        for key in [k for k, s in slice_.open.items() if s.kind is SpellKind.INDICATOR and k not in kept]:
            _over(slice_, key, envelope.time, envelope.seq)
    elif isinstance(event, SeriesSampled):
        judged = {i.metric: i for i in metrics.indicators if i.threshold is not None}
        whole = [s for s in event.samples if not s.labels and s.value is not None and s.metric in judged]
        for sample in sorted(whole, key=lambda s: s.time):
            _judge(slice_, judged[sample.metric], sample, envelope)


def _judge(slice_: SpellsSlice, indicator: Indicator, sample: Sample, envelope: Envelope) -> None:
    last = slice_.looked.get(sample.metric)
    if last is not None and sample.time <= last:
        return
    slice_.looked[sample.metric] = sample.time
    key, value, limit = f"{SpellKind.INDICATOR}:{sample.metric}", sample.value, indicator.threshold
    if value is None or limit is None:
        return
    if value <= limit:
        _over(slice_, key, sample.time, envelope.seq)
        return
    known = slice_.open.get(key)
    if known is not None:
        if known.worst is None or value > known.worst:
            slice_.open[key] = msgspec.structs.replace(known, worst=value)
        return
    slice_.open[key] = Spell(
        SpellKind.INDICATOR,
        Safe(sample.metric),
        indicator.title,
        sample.time,
        envelope.seq,
        threshold=limit,
        unit=indicator.unit,
        worst=value,
        first_look=last is None,
    )
    slice_.revision += 1


def _over(slice_: SpellsSlice, key: str, end: Time, seq: int) -> None:
    known = slice_.open.pop(key, None)
    if known is None:
        return
    slice_.over.append(msgspec.structs.replace(known, end=end, end_seq=seq))
    extra = len(slice_.over) - KEPT
    if extra > 0:
        del slice_.over[:extra]
        slice_.older += extra
    slice_.revision += 1
