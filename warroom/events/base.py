"""What all event types share."""

from typing import ClassVar

import msgspec


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact in the past tense. Subclasses name their storage type and version."""

    type: ClassVar[str] = ""
    version: ClassVar[int] = 1
