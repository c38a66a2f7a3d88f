"""Turns what Prometheus answers into points."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from warroom.errors import Unreadable
from warroom.model.nouns import Labels
from warroom.model.text import Safe, neutral

Point = tuple[datetime, float | None]


class Found(msgspec.Struct, frozen=True):
    """The series of one answer, each with at least one point."""

    series: tuple[tuple[Labels, tuple[Point, ...]], ...]
    left_out: int = 0
    warnings: tuple[Safe, ...] = ()
    refused: Safe = Safe("")
    """Why the server does not compute this; empty when it did."""


def parse_answer(answer: Any, *, most: int) -> Found:
    """An instant or a range answer, at most that many series; raises ``Unreadable``."""
    data = answer.get("data") if isinstance(answer, Mapping) else None
    if not isinstance(data, Mapping) or answer.get("status") != "success":
        raise Unreadable("Prometheus' answer", field="data", why="missing")
    kind, result = data.get("resultType"), data.get("result")
    if kind == "scalar":
        result = [{"metric": {}, "value": result}]
    if kind not in ("vector", "matrix", "scalar") or not isinstance(result, list):
        raise Unreadable("Prometheus' answer", field="resultType", why="neither numbers nor series")
    series = [_series(raw) for raw in result[:most]]
    # A series without a point says nothing; so does one of histograms, which are no figures.
    told = tuple((labels, points) for labels, points in series if points)
    return Found(told, max(0, len(result) - most), warnings_of(answer))


def warnings_of(answer: Any) -> tuple[Safe, ...]:
    """What the server warns of: the answer may be partial."""
    said = answer.get("warnings") if isinstance(answer, Mapping) else None
    return tuple(neutral(one) for one in said if isinstance(one, str)) if isinstance(said, list) else ()


def error_of(answer: Any, status: int) -> str:
    """What the server says is wrong with the query."""
    said = answer.get("error") if isinstance(answer, Mapping) else None
    return str(neutral(said)) if isinstance(said, str) and said else f"server error {status}"


def _series(raw: Any) -> tuple[Labels, tuple[Point, ...]]:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("metric"), Mapping):
        raise Unreadable("Prometheus' answer", field="metric", why="missing")
    labels = {str(neutral(str(k))): str(neutral(str(v))) for k, v in raw["metric"].items()}
    values = raw.get("values", [raw["value"]] if "value" in raw else None)
    if values is None and ("histogram" in raw or "histograms" in raw):
        values = []
    if not isinstance(values, list):
        raise Unreadable("Prometheus' answer", field="values", why="missing")
    return labels, tuple(_point(value) for value in values)


def _point(raw: Any) -> Point:
    try:
        seconds, text = raw
        value = float(text)
        moment = datetime.fromtimestamp(float(seconds), UTC)
    except (TypeError, ValueError, OverflowError, OSError) as wrong:
        raise Unreadable("Prometheus' answer", field="value", why="no time and number") from wrong
    return moment, value if math.isfinite(value) else None
