"""Events of logs: lines in batches."""

from typing import ClassVar

from warroom.events.base import Event
from warroom.model.nouns import LogLine


class LogsAppended(Event, frozen=True):
    """A chunk of log lines, oldest first. Stored as a compressed block."""

    type: ClassVar[str] = "logs.appended"
    lines: tuple[LogLine, ...]
    dropped: int = 0
    """Lines left out before these because they came too fast."""


LogEvent = LogsAppended
