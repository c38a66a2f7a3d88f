"""Reads the fields of Slurm's JSON, whose shapes differ between versions."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from warroom.errors import Unreadable

FOREVER = 4_000_000_000
"""Beyond it lie Slurm's "no value" and "infinite", and the priorities a first-come queue counts down."""
GPU = re.compile(r"^(?:gres[:/])?gpu(?:[:=/]([A-Za-z_][^:=(]*))?[:=](\d{1,6})")


def listed(answer: Any, key: str) -> list[Mapping[str, Any]]:
    """The objects of a listing; raises ``Unreadable`` unless it is a list of objects."""
    things = answer.get(key) if isinstance(answer, Mapping) else None
    if not isinstance(things, list) or not all(isinstance(thing, Mapping) for thing in things):
        raise Unreadable("Slurm's answer", field=key, why="no list of objects")
    return things


def text(raw: Mapping[str, Any], key: str) -> str:
    """A text; an absent one is empty."""
    value = raw.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable("Slurm's answer", field=key, why="no text")
    return value


def words(raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of words, or a text with commas between them."""
    value = raw.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise Unreadable("Slurm's answer", field=key, why="no list of words")
    return tuple(word for word in value if word)


def number(raw: Mapping[str, Any], key: str) -> int | None:
    """A number, bare or as ``{"set": true, "number": 3}``; None when it is unset or infinite."""
    value = raw.get(key)
    if isinstance(value, Mapping):
        if not value.get("set") or value.get("infinite"):
            return None
        value = value.get("number")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise Unreadable("Slurm's answer", field=key, why="no number")
    return int(value) if abs(value) < FOREVER else None


def moment(raw: Mapping[str, Any], key: str) -> datetime | None:
    """A point in time; zero means that there is none."""
    seconds = number(raw, key)
    return datetime.fromtimestamp(seconds, UTC) if seconds and seconds > 0 else None


def gpus(gres: str) -> tuple[str, int] | None:
    """Model and number of the GPUs in a gres text such as ``gpu:a100:4(S:0-1),nic:2``; None without any."""
    model = ""
    count: int | None = None
    for part in _parts(gres):
        if found := GPU.match(part):
            model = model or (found[1] or "")
            count = (count or 0) + int(found[2])
    return None if count is None else (model, count)


def _parts(gres: str) -> Iterator[str]:
    """Split at commas outside parentheses."""
    depth = start = 0
    for place, char in enumerate(gres):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            yield gres[start:place].strip()
            start = place + 1
    yield gres[start:].strip()


def errors_of(answer: Any) -> list[str]:
    """What an answer complains of, also inside a 200; the field's name differs between calls and versions."""
    found = answer.get("errors") if isinstance(answer, Mapping) else None
    said: list[str] = []
    for error in found if isinstance(found, list) else []:
        if isinstance(error, Mapping):
            parts = [error.get("description"), error.get("error")]
            shown = [part for part in dict.fromkeys(parts) if isinstance(part, str) and part]
            said.append(": ".join(shown[:1] if shown and shown[-1] in shown[0] else shown) or "unknown error")
    return said


def error_numbers(answer: Any) -> set[int]:
    """The numbers of the errors in an answer; they are called differently from call to call."""
    found = answer.get("errors") if isinstance(answer, Mapping) else None
    numbers: set[int] = set()
    for error in found if isinstance(found, list) else []:
        for key in ("error_number", "errno", "error_code"):
            value = error.get(key) if isinstance(error, Mapping) else None
            if isinstance(value, int):
                numbers.add(value)
    return numbers
