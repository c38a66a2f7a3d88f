"""A measured course as a plot: values left, UTC below, the threshold across, and marks where something happened."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from math import isfinite
from typing import NamedTuple

from warroom.state.slices import State
from warroom.views.ages import figure
from warroom.views.rows import Cell, Line
from warroom.views.timeline import GLYPHS

Points = Sequence[tuple[datetime, float | None]]

LABEL_CELLS = 9
LEAST_WIDTH, LEAST_HEIGHT = 16, 4
TICK_CELLS = 12
EMPTY = "\u2800"
MARKED = ("alert", "action", "marker")
"""Kinds of moments that are marked; deploys come from what changed."""


class Mark(NamedTuple):
    """Something that happened while the course was measured."""

    time: datetime
    glyph: str
    role: str
    words: str


class Scale(NamedTuple):
    """What a plot shows of time and value."""

    start: datetime
    end: datetime
    low: float
    high: float
    threshold: float | None = None


def marks_of(state: State, start: datetime, end: datetime) -> list[Mark]:
    """Alerts, actions, markers and deploys of a time, oldest first."""
    marks = [
        Mark(m.time, GLYPHS[m.kind], m.role, str(m.text).replace("\n", " "))
        for m in state.timeline.moments
        if m.kind in MARKED and start <= m.time <= end
    ]
    marks += [
        Mark(c.time, "◆", "accent", f"deploy {c.subject}: {c.before} to {c.after}")
        for c in state.changes.changes
        if c.kind == "deploy" and start <= c.time <= end
    ]
    return sorted(marks, key=lambda mark: mark.time)


def scale_of(points: Points, start: datetime, end: datetime, threshold: float | None) -> Scale:
    """From the least to the greatest value, the threshold among them; a flat course lies in the middle."""
    values = [v for _, v in points if v is not None and isfinite(v)]
    values += [threshold] if threshold is not None else []
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low == high:
        span = abs(low) / 2 or 1.0
        low, high = low - span, high + span
    if end <= start:
        end = start + timedelta(seconds=1)
    return Scale(start, end, low, high, threshold)


def plot_lines(
    points: Points,
    scale: Scale,
    size: tuple[int, int],
    *,
    unit: str,
    marks: Sequence[Mark] = (),
    at: datetime | None = None,
) -> list[Line]:
    """Lines of at most that width and exactly that height, axes included."""
    width, height = max(LEAST_WIDTH, size[0] - LABEL_CELLS - 1), max(LEAST_HEIGHT, size[1] - 3)
    rows, threshold = _drawn(points, scale, width, height), scale.threshold
    share = None if threshold is None else (scale.high - threshold) / (scale.high - scale.low)
    limit = None if share is None else round(share * (height - 1))
    column = None if at is None or not scale.start <= at <= scale.end else _column(at, scale, width)
    lines = []
    for number, row in enumerate(rows):
        label, role = "", "muted"
        if number == limit:
            label, role = figure(threshold, unit), "critical"
        elif number in (0, height - 1, height // 2):
            label = figure(scale.high - (scale.high - scale.low) * number / max(1, height - 1), unit)
        edge = Cell(f"{label:>{LABEL_CELLS}}┤" if label else " " * LABEL_CELLS + "│", role)
        lines.append(Line((edge, *_cells(row, number == limit, column))))
    return [*lines, _marks_line(marks, scale, width), *_axis(scale, width)]


def _drawn(points: Points, scale: Scale, width: int, height: int) -> list[str]:
    """The course in dots, eight a cell."""
    from plotille import Canvas  # noqa: PLC0415 - what opens no plot does not load what draws it

    seconds = (scale.end - scale.start).total_seconds()
    # Scaled to 0..1 first: the distance of two huge values may be no number any more.
    canvas = Canvas(width, height, 0, 0, 1, 1)
    before: tuple[float, float] | None = None
    for time, value in points:
        if value is None or not isfinite(value):
            before = None
            continue
        x = (time - scale.start).total_seconds() / seconds
        y = (value / 2 - scale.low / 2) / (scale.high / 2 - scale.low / 2)
        if not 0 <= x <= 1:
            before = None
            continue
        here = min(x, 1 - 1e-9), min(max(y, 0.0), 1 - 1e-9)
        if before is None:
            canvas.point(*here)
        else:
            canvas.line(*before, *here)
        before = here
    return [row.ljust(width, EMPTY)[:width] for row in canvas.plot(linesep="\n").split("\n")]


def _column(time: datetime, scale: Scale, width: int) -> int:
    share = (time - scale.start) / (scale.end - scale.start)
    return min(width - 1, max(0, int(share * width)))


def _cells(row: str, limit: bool, column: int | None) -> list[Cell]:
    """A row of dots; where there is none, the threshold and the time that is looked at show through."""
    shown: list[tuple[str, str]] = []
    for place, sign in enumerate(row):
        if place == column:
            shown.append(("│" if sign == EMPTY else sign, "selection"))
        elif sign == EMPTY:
            shown.append(("╌" if limit else " ", "critical" if limit else "text"))
        else:
            shown.append((sign, "accent"))
    return [Cell("".join(s for s, _ in part), role) for role, part in groupby(shown, key=lambda one: one[1])]


def _marks_line(marks: Sequence[Mark], scale: Scale, width: int) -> Line:
    """A sign below the column in which something happened; of several the last."""
    signs = {_column(mark.time, scale, width): mark for mark in marks}
    cells = [Cell(" " * LABEL_CELLS + "└", "muted")]
    for place in range(width):
        mark = signs.get(place)
        cells.append(Cell("─", "muted") if mark is None else Cell(mark.glyph, mark.role))
    joined = [
        Cell("".join(c.text for c in part), role) for role, part in groupby(cells, key=lambda c: c.role)
    ]
    return Line(tuple(joined))


def _axis(scale: Scale, width: int) -> list[Line]:
    count, end = max(1, width // TICK_CELLS), f"{scale.end:%H:%M:%S}Z"
    text = ""
    for number in range(count):
        place = number * width // count
        if place + TICK_CELLS <= width - len(end):
            time = scale.start + (scale.end - scale.start) * number / count
            text = text.ljust(place) + f"{time:%H:%M:%S}"
    text = text.ljust(max(0, width - len(end))) + end
    return [
        Line((Cell(" " * (LABEL_CELLS + 1) + below, "muted"),)) for below in (text, f"{scale.start:%Y-%m-%d}")
    ]


def legend_lines(marks: Sequence[Mark], most: int) -> list[Line]:
    """What the marks stand for, the newest first."""
    shown = [
        Line((Cell(f"{m.time:%H:%M:%S}Z {m.glyph} ", m.role), Cell(m.words))) for m in reversed(marks[-most:])
    ]
    left = len(marks) - len(shown)
    return shown + ([Line((Cell(f"{left} earlier marks are left out", "muted"),))] if left else [])
