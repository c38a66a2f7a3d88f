"""Turns what Alertmanager lists into alerts and silences."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from warroom.errors import Unreadable
from warroom.model.nouns import Alert, AlertState, Fingerprint, Labels, Matcher, Silence
from warroom.model.text import neutral

SUMMARIES = ("summary", "message", "description")
"""Annotations that say what it is about, the shortest first."""


def parse_alerts(answer: Any) -> dict[Fingerprint, Alert]:
    """All alerts of a listing; raises ``Unreadable``."""
    alerts = [parse_alert(raw) for raw in _objects(answer, "alerts")]
    return {alert.fingerprint: alert for alert in alerts}


def parse_alert(raw: Mapping[str, Any]) -> Alert:
    """One alert; raises ``Unreadable`` naming the field."""
    labels = _labels(raw, "labels")
    annotations = _labels(raw, "annotations")
    status = raw.get("status") if isinstance(raw.get("status"), Mapping) else {}
    assert isinstance(status, Mapping)
    summary = next((annotations[key] for key in SUMMARIES if annotations.get(key)), "")
    return Alert(
        Fingerprint(neutral(_text(raw, "fingerprint") or _hash(labels))),
        neutral(labels.get("alertname", "no name")),
        labels.get("severity", ""),
        AlertState.FIRING,
        neutral(summary),
        labels,
        _moment(raw, "startsAt"),
        _ids(status, "silencedBy"),
        _ids(status, "inhibitedBy"),
    )


def parse_silences(answer: Any) -> dict[str, Silence]:
    """The active silences of a listing; raises ``Unreadable``."""
    return {
        silence.id: silence
        for raw in _objects(answer, "silences")
        if _silence_state(raw) == "active"
        for silence in [parse_silence(raw)]
    }


def parse_silence(raw: Mapping[str, Any]) -> Silence:
    """One silence; raises ``Unreadable`` naming the field."""
    starts, ends = _moment(raw, "startsAt"), _moment(raw, "endsAt")
    if starts is None or ends is None:
        raise Unreadable("a silence", field="endsAt", why="missing")
    return Silence(
        str(neutral(_text(raw, "id"))),
        tuple(_matcher(one) for one in _objects(raw.get("matchers"), "matchers")),
        starts,
        ends,
        neutral(_text(raw, "createdBy")),
        neutral(_text(raw, "comment")),
    )


def comments(answer: Any) -> dict[str, str]:
    """The comment of each silence that did not end, by its id."""
    return {
        _text(raw, "id"): _text(raw, "comment")
        for raw in _objects(answer, "silences")
        if _silence_state(raw) != "expired"
    }


def raw_texts(answer: Any) -> dict[str, set[str]]:
    """What label values that are not shown as they are look like on the server, by what is shown."""
    found: dict[str, set[str]] = {}
    for raw in _objects(answer, "alerts"):
        for value in (raw.get("labels") or {}).values():
            found.setdefault(str(neutral(value)), set()).add(value)
    return {shown: values for shown, values in found.items() if values != {shown}}


def posted_here(answer: Any, name: str) -> list[Labels]:
    """The labels of the alerts of a name that a war room posted, also one that ended since."""
    return [
        dict(raw["labels"])
        for raw in _objects(answer, "alerts")
        if _labels(raw, "labels").get("alertname") == name and _labels(raw, "annotations").get("warroom")
    ]


def error_of(answer: Any, status: int) -> str:
    """What the server says is wrong: a bare text or an object with a message."""
    said = answer.get("message") if isinstance(answer, Mapping) else answer
    return str(neutral(said)) if isinstance(said, str) and said else f"server error {status}"


def _silence_state(raw: Mapping[str, Any]) -> str:
    status = raw.get("status")
    return _text(status, "state") if isinstance(status, Mapping) else ""


def _matcher(raw: Mapping[str, Any]) -> Matcher:
    return Matcher(
        str(neutral(_text(raw, "name"))),
        str(neutral(_text(raw, "value"))),
        bool(raw.get("isRegex", False)),
        bool(raw.get("isEqual", True)),
    )


def _objects(answer: Any, what: str) -> list[Mapping[str, Any]]:
    if not isinstance(answer, list) or not all(isinstance(one, Mapping) for one in answer):
        raise Unreadable("Alertmanager's answer", field=what, why="no list of objects")
    return answer


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable("Alertmanager's answer", field=key, why="no text")
    return value


def _labels(raw: Mapping[str, Any], key: str) -> Labels:
    value = raw.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
        raise Unreadable("Alertmanager's answer", field=key, why="no labels")
    return {str(neutral(str(k))): str(neutral(v)) for k, v in value.items()}


def _ids(status: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = status.get(key)
    return tuple(str(neutral(str(one))) for one in value) if isinstance(value, list) else ()


def _moment(raw: Mapping[str, Any], key: str) -> datetime | None:
    said = _text(raw, key)
    if not said:
        return None
    try:
        moment = datetime.fromisoformat(said)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise Unreadable("Alertmanager's answer", field=key, why="no time") from wrong


def _hash(labels: Labels) -> str:
    return hashlib.sha256(repr(sorted(labels.items())).encode("utf-8", "replace")).hexdigest()[:16]
