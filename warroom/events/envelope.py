"""The envelope every event travels and is stored in; its data stays raw until its family needs it."""

import msgspec

from warroom.model.nouns import Person, Time


class Envelope(msgspec.Struct, frozen=True, array_like=True):
    """One event with its place in the order, its times, where it came from and who did it."""

    seq: int
    """The only order the fold uses; grows by one, without gaps, for as long as the room lives."""
    room_ms: int
    """Monotonic room time in milliseconds; playhead, keyframes and durations use it."""
    time: Time
    """At the origin (UTC); may be backdated."""
    observed_time: Time
    """When the host learned of it (UTC); never edited."""
    source: str
    """The source's name, or ``room`` for what the host itself and its people did."""
    actor: Person | None
    """Who did it; None for what was merely observed."""
    type: str
    """Storage name such as ``nodes.changed``; chosen by us, never a class path."""
    version: int
    data: bytes
    """The event as MessagePack, a map of field names; opaque here, so that a broken one spoils no batch."""
