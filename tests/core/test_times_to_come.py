"""Times to come, as people type them."""

from datetime import UTC, datetime, timedelta

import pytest

from warroom.errors import WarroomError
from warroom.model.times import due_and_rest, parse_due

NOW = datetime(2026, 1, 31, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("+3d", NOW + timedelta(days=3)),
        ("90m", NOW + timedelta(minutes=90)),
        ("1h30m", NOW + timedelta(minutes=90)),
        ("15:00", datetime(2026, 1, 31, 15, 0, tzinfo=UTC)),
        ("14:00", datetime(2026, 2, 1, 14, 0, tzinfo=UTC)),
        ("2026-02-14", datetime(2026, 2, 14, 23, 59, 59, tzinfo=UTC)),
        ("2026-02-14T10:00Z", datetime(2026, 2, 14, 10, 0, tzinfo=UTC)),
        ("2026-02-14 10:00", datetime(2026, 2, 14, 10, 0, tzinfo=UTC)),
        ("tomorrow 10:00", datetime(2026, 2, 1, 10, 0, tzinfo=UTC)),
        ("Tomorrow", datetime(2026, 2, 1, 23, 59, 59, tzinfo=UTC)),
        ("today 18:00Z", datetime(2026, 1, 31, 18, 0, tzinfo=UTC)),
    ],
)
def test_a_time_to_come_is_the_next_one_that_fits(text: str, when: datetime) -> None:
    assert parse_due(text, NOW) == when


@pytest.mark.parametrize("text", ["", "soon", "yesterday", "+", "25:99", "2026-13-01"])
def test_anything_else_is_answered_with_how_it_is_written(text: str) -> None:
    with pytest.raises(WarroomError, match=r"\+3d, 14:32"):
        parse_due(text, NOW)


@pytest.mark.parametrize(
    ("text", "when", "rest"),
    [
        ("+2d room 4", NOW + timedelta(days=2), "room 4"),
        ("tomorrow 10:00 room 4", datetime(2026, 2, 1, 10, 0, tzinfo=UTC), "room 4"),
        ("2026-02-14 10:00", datetime(2026, 2, 14, 10, 0, tzinfo=UTC), ""),
        ("15:00", datetime(2026, 1, 31, 15, 0, tzinfo=UTC), ""),
    ],
)
def test_a_sentence_begins_with_its_time(text: str, when: datetime, rest: str) -> None:
    assert due_and_rest(text, NOW) == (when, rest)


def test_of_two_times_none_is_guessed() -> None:
    with pytest.raises(WarroomError, match=r"two times are given, \+2d and tomorrow 10:00"):
        due_and_rest("+2d tomorrow 10:00", NOW)


@pytest.mark.parametrize("text", ["", "room 4", "soon"])
def test_a_sentence_without_a_time_is_answered_with_how_one_is_written(text: str) -> None:
    with pytest.raises(WarroomError, match="tomorrow 10:00"):
        due_and_rest(text, NOW)
