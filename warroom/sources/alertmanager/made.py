"""Alerts made by the room: kept alive by posting them again until somebody resolves them."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from warroom.model.nouns import Labels
from warroom.model.requests import CreateAlert
from warroom.model.text import neutral

RESOLVED = "resolved"
"""Creating an alert of this severity ends the one of the same name."""
AGAIN_SHARE = 0.25
"""Posted again when that share of its life is over."""

Identity = frozenset[tuple[str, str]]


class Made(msgspec.Struct, frozen=True):
    """One alert this room made."""

    labels: Labels
    message: str
    operation: str
    started: datetime
    posted: datetime
    ending: bool = False
    """It was to be resolved, and whether the server heard it is not known."""

    @property
    def name(self) -> str:
        """What it is called."""
        return self.labels["alertname"]

    @property
    def identity(self) -> Identity:
        """Alerts of the same labels are one alert."""
        return identity_of(self.labels)


class MadeAlerts:
    """The alerts this room made and nobody resolved."""

    def __init__(self, life: timedelta) -> None:
        self._life = life
        self._made: dict[Identity, Made] = {}

    def put(self, made: Made) -> None:
        """Keep it alive from now on, or forget to, if it is ending."""
        self._made[made.identity] = made

    def drop(self, made: Made) -> None:
        """It is over."""
        self._made.pop(made.identity, None)

    def named(self, name: str) -> list[Made]:
        """Those of a name; their other labels tell them apart."""
        return [made for made in self._made.values() if made.name == name]

    def due(self, now: datetime, listed: set[Identity]) -> list[Made]:
        """What must be posted again: life goes by, the server forgot it, or it did not hear of the end."""
        for made in list(self._made.values()):
            if made.ending and made.identity not in listed:
                self.drop(made)
        return [
            made
            for made in self._made.values()
            if made.ending
            or made.identity not in listed
            or not timedelta(0) <= now - made.posted < self._life * AGAIN_SHARE
        ]


def identity_of(labels: Labels) -> Identity:
    """What Alertmanager tells alerts apart by."""
    return frozenset(labels.items())


def made_from(request: CreateAlert, operation: str, now: datetime) -> Made:
    """The alert a request asks for; an empty label is none to Alertmanager."""
    labels = {
        **{str(neutral(key)): str(neutral(value)) for key, value in request.labels.items()},
        "alertname": str(neutral(request.name)),
        "severity": str(neutral(request.severity)),
    }
    said = {key: value for key, value in labels.items() if value}
    return Made(said, str(request.message), operation, now, now)


def body_of(made: Made, ends: datetime) -> dict[str, Any]:
    """The alert as Alertmanager takes it."""
    return {
        "labels": made.labels,
        "annotations": {"summary": made.message, "warroom": made.operation},
        "startsAt": _text(min(made.started, ends)),
        "endsAt": _text(ends),
    }


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
