"""Durations and points in time as people type them."""

import re
from datetime import UTC, datetime, timedelta

from warroom.errors import WarroomError

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
PART = re.compile(r"(\d+(?:\.\d+)?)([smhd])")
DURATION = re.compile(rf"(?:{PART.pattern})+")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?Z?")
DAYS = {"today": 0, "tomorrow": 1}
NAMED_DAY = re.compile(rf"({'|'.join(DAYS)})\b", re.IGNORECASE)
DUE = re.compile(rf"(?:{'|'.join(DAYS)}|\d{{4}}-\d\d-\d\d)\s+\d{{1,2}}:\d\d\S*|\S+", re.IGNORECASE)
"""A time to come at the beginning of a sentence: two words where the first is a day and the second a clock time."""
YESTERDAY = re.compile(r"yesterday\s+(\d\S*)", re.IGNORECASE)


def parse_duration(text: str) -> timedelta:
    """``90s``, ``5m``, ``1h30m``, ``2d``; a bare number is seconds. Raises ``WarroomError``."""
    bare = text.strip()
    if re.fullmatch(r"\d+(\.\d+)?", bare):
        return timedelta(seconds=float(bare))
    parts = PART.findall(bare)
    if not parts or "".join(number + unit for number, unit in parts) != bare:
        raise WarroomError(f"a duration is written like 90s, 5m or 1h30m, not {text!r}")
    return timedelta(seconds=sum(float(number) * UNITS[unit] for number, unit in parts))


def parse_time(text: str, now: datetime) -> datetime:
    """``-5m`` (before now), ``14:32`` or ``14:32:07`` (the last time it was that late, UTC), ISO 8601, ``now``.

    Raises ``WarroomError``.
    """
    bare = text.strip()
    if bare == "now":
        return now
    if bare.startswith("-"):
        return now - parse_duration(bare[1:])
    if before := YESTERDAY.fullmatch(bare):
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return parse_time(before[1], midnight - timedelta(microseconds=1))
    clock = CLOCK.fullmatch(bare)
    if clock:
        hour, minute, second = (int(part or 0) for part in clock.groups())
        if hour < 24 and minute < 60 and second < 60:
            today = now.replace(hour=hour, minute=minute, second=second, microsecond=0)
            return today if today <= now else today - timedelta(days=1)
    try:
        moment = datetime.fromisoformat(bare)
    except ValueError:
        raise WarroomError(
            f"a time is written like -5m, 14:32, 14:32:07 or 2026-01-31T14:32:07Z, not {text!r}"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_due(text: str, now: datetime) -> datetime:
    """``+3d`` or ``3d`` (from now), ``14:32`` (the next time it is that late, UTC), a day such as tomorrow, ISO 8601.

    A day may have a time. A day without a time means its end. Raises ``WarroomError``.
    """
    bare = text.strip().removeprefix("+")
    if PART.match(bare):
        return now + parse_duration(bare)
    if named := NAMED_DAY.match(bare):
        day = now + timedelta(days=DAYS[named[1].lower()])
        bare = f"{day:%Y-%m-%d}{bare[named.end() :]}"
    try:
        if CLOCK.fullmatch(bare):
            today = parse_time(bare, now)
            return today if today > now else today + timedelta(days=1)
        moment = datetime.fromisoformat(bare)
    except (ValueError, WarroomError):
        raise WarroomError(
            f"a time to come is written like +3d, 14:32, tomorrow 10:00 or 2026-01-31T14:32Z, not {text!r}"
        ) from None
    if len(bare) == len("2026-01-31"):
        moment += timedelta(days=1, seconds=-1)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def due_and_rest(text: str, now: datetime) -> tuple[datetime, str]:
    """The time to come that a sentence begins with, and the rest of it; raises ``WarroomError``.

    Two times are none: which of them is meant is not guessed.
    """
    bare = text.strip()
    first = DUE.match(bare)
    if first is None:
        raise WarroomError(f"it begins with a time to come, such as +3d or tomorrow 10:00, not {text!r}")
    rest = bare[first.end() :].strip()
    again = DUE.match(rest)
    if again is not None and _is_due(again[0], now):
        raise WarroomError(f"two times are given, {first[0]} and {again[0]}; take one of them out")
    return parse_due(first[0], now), rest


def _is_due(text: str, now: datetime) -> bool:
    try:
        parse_due(text, now)
    except WarroomError:
        return False
    return True
