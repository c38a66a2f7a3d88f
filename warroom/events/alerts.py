"""Events of alerts and silences."""

from typing import ClassVar

from warroom.events.base import Event
from warroom.model.nouns import Alert, Fingerprint, Silence
from warroom.model.text import Safe


class AlertsChanged(Event, frozen=True):
    """Alerts that fire, changed or ended."""

    type: ClassVar[str] = "alerts.changed"
    alerts: tuple[Alert, ...] = ()
    resolved: tuple[Fingerprint, ...] = ()
    witnessed: bool = True
    """False when the ended ones were missing from a fresh list: nobody saw them end."""


class SilencesChanged(Event, frozen=True):
    """Silences that are new, changed, or ended (expired or removed)."""

    type: ClassVar[str] = "silences.changed"
    silences: tuple[Silence, ...] = ()
    ended: tuple[str, ...] = ()


class AlertAcknowledged(Event, frozen=True):
    """A person said "seen, mine" of alerts."""

    type: ClassVar[str] = "alert.acknowledged"
    fingerprints: tuple[Fingerprint, ...]
    note: Safe = Safe("")


AlertEvent = AlertsChanged | SilencesChanged | AlertAcknowledged
