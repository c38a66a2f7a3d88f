"""What was different just before it began: deploys, configuration, nodes, alerts; the closest first."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from warroom.model.response import Milestone
from warroom.state.slices import State
from warroom.state.spells import SpellKind
from warroom.views.ages import age
from warroom.views.lines import line
from warroom.views.rows import Line

WINDOW = timedelta(hours=2)
"""How long before the start is looked at."""
AFTER = timedelta(minutes=2)
"""What came that soon after the start may have been seen late and caused it all the same."""
RECENT = timedelta(minutes=15)
KINDS = {
    "deploy": "warning",
    "selector": "warning",
    "config": "warning",
    "scale": "warning",
    "new": "info",
    "alert": "critical",
    "figure": "critical",
}
"""Roles of what people change on purpose, and of alerts; the rest is plain."""


class Changed(NamedTuple):
    """Something that changed, and how long before the start that was; negative for after it."""

    time: datetime
    before: timedelta
    kind: str
    words: str
    seq: int


def start_of(state: State, now: datetime) -> tuple[datetime, str]:
    """When it began, and by which word: the impact's start, the declaration, else the first trouble or now."""
    incident = state.incident.incident
    if incident is not None:
        reached = incident.milestones.get(Milestone.IMPACT_START)
        return (reached.time, "the impact's start") if reached else (incident.declared, "the declaration")
    spells = [spell.start for spell in state.spells.open.values()]
    return (min(spells), "the first trouble") if spells else (now, "now")


def what_changed(state: State, now: datetime) -> list[Changed]:
    """Everything in the window, by closeness to the start; what came before it stands before what came after."""
    start, _ = start_of(state, now)
    within = [
        c for c in (*_changes(state, start), *_alerts(state, start)) if -AFTER <= c.before <= WINDOW
    ]  # fmt: skip
    return sorted(within, key=lambda c: (c.before < timedelta(), abs(c.before), c.kind, c.words))


def _changes(state: State, start: datetime) -> Iterator[Changed]:
    for one in state.changes.changes:
        moved = f"{one.before} → {one.after}" if one.before else str(one.after)
        words = f"{one.subject}: {moved}" if moved else one.subject
        yield Changed(one.time, start - one.time, one.kind, words, one.seq)


def _alerts(state: State, start: datetime) -> Iterator[Changed]:
    for spell in (*state.spells.over, *state.spells.open.values()):
        alert = spell.kind is SpellKind.ALERT
        words = f"{spell.name} ({spell.severity})" if alert else f"{spell.title} beyond its threshold"
        kind = "alert" if alert else "figure"
        yield Changed(spell.start, start - spell.start, kind, words, spell.seq)


def changed_lines(state: State, now: datetime, most: int = 100) -> list[Line]:
    """What changed, a line each, under a line that says before what."""
    start, word = start_of(state, now)
    found = what_changed(state, now)
    head = f"Within {age(WINDOW)} before {word} ({start:%H:%M:%S}Z), the closest first"
    lines = [line((head, "muted"))]
    lines += [_line(one) for one in found[:most]]
    if len(found) > most:
        lines.append(line((f"and {len(found) - most} more", "muted")))
    return lines if found else [*lines, line(("nothing changed in that time", "ok"))]


def _line(one: Changed) -> Line:
    after = one.before < timedelta()
    span = f"{age(abs(one.before), seconds=True)} {'after' if after else 'before'}"
    role = KINDS.get(one.kind, "text") if not after and one.before <= RECENT else "text"
    where = f"  #{one.seq}" if one.seq else ""
    return line(
        (f"{span:>11}  ", "muted" if after else "text"),
        (f"{one.time:%H:%M:%S}Z ", "muted"),
        (f"{one.kind:<9} ", role),
        (one.words.replace("\n", " "), "text"),
        (where, "muted"),
    )
