"""The Timeline pane: the incident's events as people read them, newest last."""

from warroom.state.slices import Moment, State
from warroom.views.rows import Cell, Line, Title

GLYPHS = {
    "incident": "◆",
    "action": "▶",
    "alert": "▲",
    "node": "▣",
    "workload": "▤",
    "source": "◎",
    "note": "✎",
    "marker": "⚑",
    "evidence": "⌕",
    "finding": "◈",
    "hypothesis": "?",
    "decision": "◇",
    "role": "⊙",
    "checklist": "☑",
    "runbook": "▷",
    "update": "»",
    "task": "☐",
    "clock": "◔",
    "room": "·",
}

LATE_S = 60
"""Learned of that long after it happened, a moment is marked."""


def timeline_title(state: State) -> Title:
    """Name and how many moments there are."""
    timeline = state.timeline
    return Title(
        "Timeline", "room", "", f"{timeline.older + len(timeline.moments)} moments, as known", role="muted"
    )


def timeline_lines(state: State, most: int = 400) -> list[Line]:
    """A line a moment, the newest last."""
    return [moment_line(moment) for moment in state.timeline.moments[-most:]]


def moment_line(moment: Moment) -> Line:
    """One moment: time at its origin (``*`` when it became known much later), kind, who, what."""
    late = (moment.observed_time - moment.time).total_seconds() > LATE_S
    return Line(
        (
            Cell(f"{moment.time:%H:%M:%S}{'*' if late else 'Z'} ", "muted"),
            Cell(f"{GLYPHS.get(moment.kind, '·')} ", moment.role),
            Cell(f"{moment.actor} ", "accent"),
            Cell(moment.text.replace("\n", " "), moment.role),
        )
    )
