"""What was different just before it began: deploys, configuration, nodes, alerts; the closest first."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from warroom.model.response import Milestone
from warroom.state.slices import State
from warroom.state.spells import Spell, SpellKind
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
    "log": "critical",
    "figure": "critical",
}
"""Roles of what people change on purpose, and of alerts; the rest is plain."""


MADE = frozenset(("deploy", "config", "selector", "scale", "new", "cordon", "uncordon"))
"""Kinds of what somebody did, in distinction to what befell."""
STARTS = ((Milestone.IMPACT_START, "the impact's start"), (Milestone.DETECTED, "the detection"))
NOTHING = timedelta()


class Changed(NamedTuple):
    """Something that changed, and how long before the start that was; negative for after it."""

    time: datetime
    before: timedelta
    kind: str
    words: str
    seq: int


def start_of(state: State, now: datetime) -> tuple[datetime, str]:
    """When it began, and by which word: the impact's start or the detection, else the first trouble or now."""
    incident = state.incident.incident
    if incident is not None:
        for milestone, word in STARTS:
            if milestone in incident.milestones:
                return incident.milestones[milestone].time, word
        return incident.declared, "the declaration"
    spells = [s for s in state.spells.open.values() if s.severity not in ("info", "none")]
    # A warning that stands for days says little of when it began; what users feel does.
    bad = [s for s in spells if s.kind is SpellKind.INDICATOR or s.severity == "critical"] or spells
    if bad:
        return min(s.start for s in bad), "the first trouble"
    raised = [s.raised for s in state.findings.standing.values() if s.finding.severity is not None]
    return (min(raised), "the first finding") if raised else (now, "now")


def symptoms(state: State, start: datetime) -> list[str]:
    """What began at that very time, by name: the start itself and no change before it."""
    return [_named(s) for s in _spells(state) if s.start == start]


def what_changed(state: State, now: datetime) -> list[Changed]:
    """Everything in the window, the closest to the start first; what came before it stands before what came after.

    Of one time, what somebody did stands before what befell, and what was seen later before what was seen earlier.
    """
    start, _ = start_of(state, now)
    within = [
        c
        for c in (*_changes(state, start), *_alerts(state, start), *_signs(state, start))
        if -AFTER <= c.before <= WINDOW
    ]  # fmt: skip
    return sorted(within, key=lambda c: (c.before < NOTHING, abs(c.before), c.kind not in MADE, -c.seq))


def _changes(state: State, start: datetime) -> Iterator[Changed]:
    for one in state.changes.changes:
        moved = f"{one.before} → {one.after}" if one.before else str(one.after)
        words = f"{one.subject}: {moved}" if moved else one.subject
        yield Changed(one.time, start - one.time, one.kind, words, one.seq)


def _alerts(state: State, start: datetime) -> Iterator[Changed]:
    """Alerts and figures from before; from the start on they are what it did, not what did it."""
    for spell in _spells(state):
        if spell.start < start:
            kind = "alert" if spell.kind is SpellKind.ALERT else "figure"
            yield Changed(spell.start, start - spell.start, kind, _named(spell), spell.seq)


def _signs(state: State, start: datetime) -> Iterator[Changed]:
    """Signs of trouble that a log showed for the first time up to the start; later ones are what it did."""
    for sign in state.signals.signs.values():
        if sign.kind not in MADE and sign.first is not None and sign.first <= start:
            where = sign.node or sign.workload
            words = f"{where}: {sign.example}" if where else str(sign.example)
            yield Changed(sign.first, start - sign.first, "log", words, sign.first_seq)


def _spells(state: State) -> list[Spell]:
    return [*state.spells.over, *state.spells.open.values()]


def _named(spell: Spell) -> str:
    if spell.kind is SpellKind.ALERT:
        return f"{spell.name} ({spell.severity})"
    return f"{spell.title} beyond its threshold"


def changed_lines(state: State, now: datetime, most: int = 100) -> list[Line]:
    """What changed, a line each, under a line that says before what."""
    start, word = start_of(state, now)
    found = what_changed(state, now)
    first = ", ".join(symptoms(state, start))
    head = (
        f"Within {age(WINDOW)} before {word} ({start:%H:%M:%S}Z{first and f': {first}'}), the closest first"
    )
    lines = [line((head.replace("\n", " "), "muted"))]
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
