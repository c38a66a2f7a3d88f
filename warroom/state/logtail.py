"""The newest log lines, kept beside the state by whoever shows them; fed by the same events as the fold."""

from collections import deque
from collections.abc import Iterable

from warroom.errors import Unreadable
from warroom.events.codec import decode_event
from warroom.events.envelope import Envelope
from warroom.events.logs import LogsAppended
from warroom.model.nouns import RecordedLine


def recorded_lines(envelope: Envelope) -> list[RecordedLine]:
    """The lines an event brought; none when it is no log event, or cannot be read."""
    if envelope.type != LogsAppended.type:
        return []
    try:
        event = decode_event(envelope)
    except Unreadable:
        return []
    if not isinstance(event, LogsAppended):
        return []
    learned = envelope.observed_time
    # A line without a time of its own belongs to what stands before it, or to what follows in the same chunk.
    at = next((line.time for line in event.lines if line.time is not None), None) or learned
    made = []
    for place, line in enumerate(event.lines):
        if line.time is not None:
            at = line.time
        # A clock that is ahead must not keep its lines below everything that is newer.
        made.append(RecordedLine(envelope.seq, place, envelope.source, line, min(at, learned)))
    return made


class LogTail:
    """A bounded tail of log lines, in the order in which they were recorded."""

    def __init__(self, most: int = 2000, lines: Iterable[RecordedLine] = ()) -> None:
        self.lines: deque[RecordedLine] = deque(lines, maxlen=most)
        self.revision = 0

    def apply(self, envelope: Envelope) -> None:
        """Take the lines of a log event; other events change nothing."""
        if envelope.type == LogsAppended.type:
            lines = recorded_lines(envelope)
            if lines:
                self.lines.extend(lines)
                self.revision += 1
