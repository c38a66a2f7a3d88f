"""A room that was unlocked for a time locks again by itself."""

from collections.abc import Iterable

from warroom.events.room import RoomLocked
from warroom.response.watching import Followed, Moment


def watch_lock(moment: Moment) -> Iterable[Followed]:
    """Lock once the time is up."""
    room = moment.state.room
    until = room.unlocked_until_ms
    if room.unlocked_by is not None and until is not None and moment.room_ms >= until:
        yield Followed(RoomLocked())
