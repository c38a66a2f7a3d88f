"""Pages of the log: from the record, and before its begin from a source that still has what was written earlier."""

from collections.abc import Sequence

import msgspec

from warroom.host.ports import LogHistory, Recorder, Source
from warroom.model.commands import LogsRead, ReadLogs
from warroom.views.logpages import END

FILED = 0
"""The event of lines that were never recorded."""


async def read_logs(recorder: Recorder, sources: Sequence[Source], query: ReadLogs) -> LogsRead:
    """The page that was asked for; raises ``WarroomError``."""
    history = next((s for s in sources if isinstance(s, LogHistory) and s.has_older), None)
    if history is None:
        return await recorder.read_logs(query)
    if query.before is not None and query.before[0] == FILED:
        return await history.older_lines(query)
    if query.after is not None and query.after[0] == FILED:
        read = await history.older_lines(query)
        # At the end of what the file holds, the record goes on.
        return read if read.end != query.after else await recorder.read_logs(query)
    read = await recorder.read_logs(query)
    first = read.lines[0].at if read.lines else None
    if query.around is not None and not read.older and (first is None or query.around < first):
        return await history.older_lines(query)
    if read.older or query.after is not None:
        return read
    # The record begins here; what stands in front of it is asked for with the next page.
    return msgspec.structs.replace(read, older=True, begin=(FILED, END[0]))
