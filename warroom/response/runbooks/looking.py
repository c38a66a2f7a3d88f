"""What a looking step asks, and what its answer says."""

from datetime import datetime, timedelta

from warroom.model.commands import LogsFound, MetricRange, MetricsFound, SearchLogs
from warroom.model.response import RunbookStep
from warroom.state.slices import State
from warroom.views.lines import line
from warroom.views.logs import lines_of
from warroom.views.metrics import range_lines
from warroom.views.rows import Line

LOOK_LINES = 60
"""The newest lines of an answer that a step shows."""
RANGE_POINTS = 60


def look_query(step: RunbookStep, now: datetime) -> SearchLogs | MetricRange:
    """The question of a looking step."""
    start = now - timedelta(minutes=step.minutes)
    if step.logs:
        return SearchLogs(step.logs, start, now, LOOK_LINES)
    return MetricRange(step.metric, start, now, max(1.0, step.minutes * 60 / RANGE_POINTS))


def look_answer(
    state: State, step: RunbookStep, found: LogsFound | MetricsFound, course: int
) -> tuple[list[Line], str]:
    """The answer as lines, and in the words a step may end with; ``course`` is the width of a curve."""
    if isinstance(found, LogsFound):
        head = line((f"{step.logs}, the last {step.minutes:g} minutes, the newest last", "muted"))
        lines = [part for entry in found.lines for part in lines_of(entry)]
        return [head, *lines], f"{found.matched} of {found.searched} lines match"
    unit = next((i.unit for i in state.metrics.indicators if i.metric == step.metric), "")
    return range_lines(found, unit, course)
