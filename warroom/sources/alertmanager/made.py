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


class Made(msgspec.Struct, frozen=True):
    """One alert this room made."""

    labels: Labels
    message: str
    operation: str
    started: datetime
    posted: datetime

    def due(self, now: datetime, life: timedelta) -> bool:
        """Whether it must be posted again."""
        return now - self.posted >= life * AGAIN_SHARE or now < self.posted


def made_from(request: CreateAlert, operation: str, now: datetime) -> Made:
    """The alert a request asks for."""
    labels = {
        **{str(neutral(key)): value for key, value in request.labels.items()},
        "alertname": request.name,
        "severity": request.severity,
    }
    return Made(labels, str(request.message), operation, now, now)


def body_of(made: Made, ends: datetime) -> dict[str, Any]:
    """The alert as Alertmanager takes it."""
    return {
        "labels": made.labels,
        "annotations": {"summary": made.message, "warroom": made.operation},
        "startsAt": _text(made.started),
        "endsAt": _text(ends),
    }


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
