"""The Timeline pane: the incident's events as people read them, by either of two clocks, with what was not seen."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from warroom.state.slices import Moment, State
from warroom.views.actions import action_lines
from warroom.views.lines import line
from warroom.views.rows import Cell, Line, Title
from warroom.views.stamps import UTC_STAMPS, Stamps

GLYPHS = {
    "incident": "◆",
    "action": "▶",
    "alert": "▲",
    "node": "▣",
    "workload": "▤",
    "change": "⇄",
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
"""Learned of that long after it happened, a moment says both times."""
SHADE = "░"
"""Stands before a moment of a time in which part of the room was not seen."""
KNOWN, HAPPENED = "as known", "as it happened"
CRITICAL = ("critical", "lost", "sev1", "sev2")
SEARCHED = re.compile(
    r"logs-search (?P<query>.*?)(?:, only .*?)?(?:, since \d\d:\d\d:\d\dZ)?: \d+ found", re.DOTALL
)


class Gap(NamedTuple):
    """A time in which something was not seen."""

    what: str
    start: datetime
    end: datetime | None
    """None while it goes on."""


def gaps_of(moments: Sequence[Moment]) -> list[Gap]:
    """What was not seen and when, of these moments."""
    found: list[Gap] = []
    since: dict[str, datetime] = {}
    before: datetime | None = None
    for moment in moments:
        sign, what = moment.gap[:1], moment.gap[1:]
        if sign == "+":
            since.setdefault(what, moment.observed_time)
        elif sign == "-" and what in since:
            found.append(Gap(what, since.pop(what), moment.observed_time))
        elif sign == "!" and before is not None:
            found.append(Gap(what, before, moment.observed_time))
        before = moment.observed_time
    return found + [Gap(what, start, None) for what, start in since.items()]


def in_gap(gaps: Sequence[Gap], time: datetime) -> str:
    """What was not seen at a time; empty when all was."""
    return ", ".join(g.what for g in gaps if g.start <= time and (g.end is None or time <= g.end))


def ordered(moments: Sequence[Moment], clock: str) -> list[Moment]:
    """In the order in which they became known, or in which they happened."""
    if clock == KNOWN:
        return list(moments)
    return sorted(moments, key=lambda m: (m.time, m.seq))


def time_of(moment: Moment, clock: str) -> datetime:
    """When it was, by that clock."""
    return moment.observed_time if clock == KNOWN else moment.time


def timeline_title(state: State, *, clock: str = KNOWN, gaps: Sequence[Gap] = (), note: str = "") -> Title:
    """Name, how many moments there are, by which clock, and what is not seen at present."""
    timeline = state.timeline
    open_now = ", ".join(gap.what for gap in gaps if gap.end is None)
    said = [note, f"{timeline.older + len(timeline.moments)} moments, {clock}"]
    said += [f"not seen: {open_now}"] if open_now else [f"{len(gaps)} gaps"] if gaps else []
    count = "  ".join(word for word in said if word)
    brief = note or clock
    return Title("Timeline", "room", "", count, brief=brief, role="lost" if open_now else "muted")


def timeline_lines(state: State, most: int = 400) -> list[Line]:
    """A line a moment, the newest last."""
    return [moment_line(moment) for moment in state.timeline.moments[-most:]]


def moment_line(
    moment: Moment, *, clock: str = KNOWN, stamps: Stamps = UTC_STAMPS, shaded: bool = False
) -> Line:
    """One moment: its time by the clock (and by the other one when they differ), kind, who, what."""
    late = (moment.observed_time - moment.time).total_seconds() > LATE_S
    other = (
        f"happened {moment.time:%H:%M:%S}Z" if clock == KNOWN else f"known {moment.observed_time:%H:%M:%S}Z"
    )
    return Line(
        (
            Cell(stamps.write(time_of(moment, clock), mark="Z"), "muted"),
            Cell(SHADE if shaded else " ", "stale"),
            Cell(f"{GLYPHS.get(moment.kind, '·')} ", moment.role),
            Cell(f"{moment.actor} ", "accent"),
            Cell(f"({other}) " if late else "", "stale"),
            Cell(moment.text.replace("\n", " "), moment.role),
        )
    )


def evidence_lines(state: State, moment: Moment) -> list[Line]:
    """All of a moment: both its times, who, where the record has it, and what it rests on."""
    known = (moment.observed_time - moment.time).total_seconds()
    lines = [
        *(line((part, moment.role)) for part in moment.text.split("\n")),
        line(),
        line(("happened ", "muted"), f"{moment.time:%Y-%m-%d %H:%M:%S}Z"),
        line(("known    ", "muted"), f"{moment.observed_time:%Y-%m-%d %H:%M:%S}Z, {known:.0f} s later"),
        line(("who      ", "muted"), str(moment.actor)),
        line(("record   ", "muted"), f"event {moment.seq}, a moment of kind {moment.kind}"),
    ]
    if unseen := in_gap(gaps_of(state.timeline.moments), moment.observed_time):
        lines.append(line(("not seen then: ", "stale"), (unseen, "stale")))
    if (action := action_of(state, moment)) and moment.kind == "action":
        lines += [line(), *action_lines(state, action)]
    return lines


def action_of(state: State, moment: Moment) -> str:
    """The action a moment is a step of; empty when it is none."""
    actions = state.actions.actions.items()
    return next((name for name, a in actions if any(s.seq == moment.seq for s in a.steps)), "")


def searched_for(moment: Moment) -> str:
    """The words of the search a moment tells of; empty when it tells of none."""
    found = SEARCHED.match(moment.text)
    return found["query"] if found and moment.kind == "evidence" else ""
