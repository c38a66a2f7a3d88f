"""The newest log lines, kept beside the state by whoever shows them; fed by the same events as the fold."""

from collections import deque
from collections.abc import Iterable

import msgspec

from warroom.errors import Unreadable
from warroom.events.codec import decode_event
from warroom.events.envelope import Envelope
from warroom.events.logs import LogsAppended
from warroom.model.nouns import LogLine


class TailLine(msgspec.Struct, frozen=True, array_like=True):
    """One line and where the record has it."""

    seq: int
    place: int
    """Its index inside the event."""
    source: str
    line: LogLine


class LogTail:
    """A bounded tail of log lines, oldest first."""

    def __init__(self, most: int = 2000, lines: Iterable[TailLine] = ()) -> None:
        self.lines: deque[TailLine] = deque(lines, maxlen=most)
        self.revision = 0

    def apply(self, envelope: Envelope) -> None:
        """Take the lines of a log event; other events change nothing."""
        if envelope.type != LogsAppended.type:
            return
        try:
            event = decode_event(envelope)
        except Unreadable:
            return
        if isinstance(event, LogsAppended):
            self.lines.extend(
                TailLine(envelope.seq, place, envelope.source, line) for place, line in enumerate(event.lines)
            )
            self.revision += 1
