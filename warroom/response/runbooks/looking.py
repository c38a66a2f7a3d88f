"""What a looking step asks, and what its answer says."""

from datetime import datetime, timedelta

from warroom.model.commands import LogsFound, MetricRange, MetricsFound, SearchLogs
from warroom.model.response import RunbookStep, Targets
from warroom.response.sentences import names
from warroom.state.slices import State
from warroom.views.lines import line
from warroom.views.logs import lines_of
from warroom.views.metrics import range_lines
from warroom.views.rows import Line

LOOK_LINES = 60
"""The newest lines of an answer that a step shows."""
RANGE_POINTS = 60
TARGETS = "targets"


def look_query(step: RunbookStep, targets: Targets, now: datetime) -> SearchLogs | MetricRange:
    """The question of a looking step; of the run's targets alone where the step is about them."""
    start = now - timedelta(minutes=step.minutes)
    if step.logs:
        return SearchLogs(step.logs, start, now, LOOK_LINES, only=looked_at(step, targets))
    return MetricRange(step.metric, start, now, max(1.0, step.minutes * 60 / RANGE_POINTS))


def looked_at(step: RunbookStep, targets: Targets) -> tuple[str, ...]:
    """Of which nodes or workloads a step wants lines: nodes where there are some; empty for all."""
    return tuple(map(str, targets.nodes or targets.workloads)) if step.look_at == TARGETS else ()


def look_answer(
    state: State, step: RunbookStep, targets: Targets, found: LogsFound | MetricsFound, course: int
) -> tuple[list[Line], str]:
    """The answer as lines, and in the words a step may end with; ``course`` is the width of a curve."""
    if isinstance(found, LogsFound):
        only = looked_at(step, targets)
        of = f", only {names(only)}" if only else ""
        head = line((f"{step.logs}{of}, the last {step.minutes:g} minutes, the newest last", "muted"))
        lines = [part for entry in found.lines for part in lines_of(entry)]
        return [head, *lines], f"{found.matched} of {found.searched} lines match{of}"
    unit = next((i.unit for i in state.metrics.indicators if i.metric == step.metric), "")
    return range_lines(found, unit, course)
