"""The room's wall-clock time at a playhead; live and replay use this one function, so that they agree."""

from datetime import UTC, datetime, timedelta

from warroom.state.slices import State

BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
"""What a room without any event says."""


def room_now(state: State, room_ms: int) -> datetime:
    """The time at ``room_ms``: when the last event was observed, plus the room time since."""
    if state.observed_time is None:
        return BEFORE
    return state.observed_time + timedelta(milliseconds=room_ms - state.room_ms)


def room_ms_at(state: State, now: datetime) -> int:
    """The room time at a wall-clock time; the other way round."""
    if state.observed_time is None:
        return state.room_ms
    return state.room_ms + int((now - state.observed_time).total_seconds() * 1000)
