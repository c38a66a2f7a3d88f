"""What the record itself shows of the impact: figures beyond their limits, alerts, workloads in trouble."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from warroom.model.nouns import WorkloadState
from warroom.postmortem.reading import Reading, Seen
from warroom.postmortem.sentences import Sentence, clock, counted, spoken
from warroom.state.slices import Incident
from warroom.state.spells import Spell, SpellKind
from warroom.views.ages import figure

LOOKBACK = timedelta(hours=6)
"""What began earlier than that before the declaration is no part of the incident."""
NEAR = timedelta(minutes=15)
"""What was over for longer than that at the declaration is no part of it either."""
APART = 4
"""More spells of one thing than that are told together."""
MOST = 12
TROUBLED = (str(WorkloadState.FAILED), str(WorkloadState.DEGRADED))
NOT_BEYOND = "no watched figure was beyond its limit"
NOT_WATCHED = "no figure with a limit was watched"
SAID = "impact:"
"""A note that begins so says who noticed what."""


class Trouble(NamedTuple):
    """A time in which one workload was in trouble."""

    subject: str
    became: str
    start: datetime
    seq: int
    end: datetime | None = None
    end_seq: int = 0
    then: str = ""


def belongs(incident: Incident | None, start: datetime, end: datetime | None) -> bool:
    """Whether what was wrong then is part of the incident."""
    if incident is None:
        return True
    over_before = end is not None and end < incident.declared - NEAR
    begun_after = incident.resolved is not None and start > incident.resolved
    return start >= incident.declared - LOOKBACK and not over_before and not begun_after


def spells(reading: Reading, incident: Incident | None, kind: SpellKind) -> list[Spell]:
    """The spells of the incident by their start; alerts that only inform are none."""
    mine = (s for s in reading.spells if s.kind is kind and s.severity != "info")
    return sorted((s for s in mine if belongs(incident, s.start, s.end)), key=lambda s: (s.start, s.name))


def observed(reading: Reading, incident: Incident | None) -> Iterator[Sentence]:
    """Every figure that was beyond its limit, then every workload in trouble."""
    beyond = spells(reading, incident, SpellKind.INDICATOR)
    for _, group in groupby(sorted(beyond, key=lambda s: s.name), key=lambda s: s.name):
        yield from _told(reading, list(group))
    if not beyond:
        watched = any(i.threshold is not None for i in reading.state.metrics.indicators)
        yield Sentence(NOT_BEYOND if watched else NOT_WATCHED)
    yield from _workloads(reading, incident)


def alerts(reading: Reading, incident: Incident | None) -> Iterator[Sentence]:
    """Every alert that fired, from when to when."""
    fired = spells(reading, incident, SpellKind.ALERT)
    for _, group in groupby(sorted(fired, key=lambda s: s.name), key=lambda s: s.name):
        yield from _told(reading, list(group))


def _told(reading: Reading, same: list[Spell]) -> Iterator[Sentence]:
    if len(same) <= APART:
        yield from (_spell(reading, spell) for spell in same)
        return
    first, last = same[0], same[-1]
    together = sum((s.end - s.start for s in same if s.end is not None), timedelta())
    words = f"{_what(first)} {len(same)} times, together {spoken(together)}, {_until(first.start, last.end)}"
    worst = max((s for s in same if s.worst is not None), key=lambda s: s.worst or 0, default=None)
    more, seqs = _worst(reading, worst) if worst is not None else ("", ())
    evidence = reading.recorded(*_limit(reading, first), first.seq, *seqs, last.seq, last.end_seq)
    parts = tuple(_spell(reading, spell) for spell in same[:MOST])
    yield Sentence(words + more, evidence, first.start, parts=parts)
    if len(same) > MOST:
        yield Sentence(f"{_what(first)}: {len(same) - MOST} more times, in the timeline below")


def _spell(reading: Reading, spell: Spell) -> Sentence:
    words = f"{_what(spell)} {_until(spell.start, spell.end)}"
    if spell.end is not None:
        words += f" ({spoken(spell.end - spell.start)})"
    more, seqs = _worst(reading, spell)
    earlier = "; already so at the first look, so perhaps earlier" if spell.first_look else ""
    evidence = reading.recorded(*_limit(reading, spell), spell.seq, *seqs, spell.end_seq)
    return Sentence(words + more + earlier, evidence, spell.start)


def _limit(reading: Reading, spell: Spell) -> tuple[int, ...]:
    return reading.limits_at(spell.seq) if spell.kind is SpellKind.INDICATOR else ()


def _what(spell: Spell) -> str:
    if spell.kind is SpellKind.ALERT:
        return f"alert {spell.name} ({spell.severity or 'no severity'}) fired"
    return f"{spell.title} beyond {figure(spell.threshold, spell.unit)}"


def _until(start: datetime, end: datetime | None) -> str:
    return f"until {clock(end, start)}" if end is not None else "until the end of the record"


def _worst(reading: Reading, spell: Spell) -> tuple[str, tuple[int, ...]]:
    if spell.worst is None:
        return "", ()
    words, shown = f", worst {figure(spell.worst, spell.unit)}", reading.worst.of(spell)
    if shown is None:
        return words, ()
    return f"{words} at {clock(shown.time, spell.start)}", (shown.seq,)


def _workloads(reading: Reading, incident: Incident | None) -> Iterator[Sentence]:
    found = [t for t in troubles(reading.changes) if belongs(incident, t.start, t.end)]
    for trouble in found[:MOST]:
        words = f"workload {trouble.subject} {trouble.became} {_until(trouble.start, trouble.end)}"
        words += f", then {trouble.then}" if trouble.then else ""
        yield Sentence(words, reading.recorded(trouble.seq, trouble.end_seq), trouble.start)
    if len(found) > MOST:
        more = counted(len(found) - MOST, "more time")
        yield Sentence(f"{more} of a workload in trouble, in the timeline below")


def troubles(changes: Iterable[Seen]) -> list[Trouble]:
    """The times in which workloads were failed or degraded, by their start."""
    standing: dict[str, Trouble] = {}
    over: list[Trouble] = []
    for change, time in changes:
        if change.kind != "workload":
            continue
        known = standing.get(change.subject)
        if change.after in TROUBLED and known is None:
            standing[change.subject] = Trouble(change.subject, str(change.after), time, change.seq)
        elif change.after not in TROUBLED and known is not None:
            del standing[change.subject]
            over.append(known._replace(end=time, end_seq=change.seq, then=str(change.after)))
    return sorted([*over, *standing.values()], key=lambda t: (t.start, t.subject))
