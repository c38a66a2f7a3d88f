"""The named times of an incident, as far as facts show them; what a person said stands against them."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from warroom.events.base import Event
from warroom.events.incident import MilestoneNoted, MilestoneWithdrawn
from warroom.model.response import Milestone, Role
from warroom.model.text import Safe
from warroom.response.credit import Span, credited
from warroom.response.proofs import with_impact
from warroom.response.watching import Followed, Moment
from warroom.state.findings import Standing
from warroom.state.slices import Incident, State
from warroom.state.spells import Spell, SpellKind
from warroom.views.ages import figure
from warroom.views.sources import blindness

LOOKBACK = timedelta(hours=6)
"""What went on for longer than that before the declaration is no part of the incident."""
NEAR = timedelta(minutes=15)
"""What was over for longer than that at the declaration is no part of it either."""
CALM = timedelta(seconds=30)
"""Indicators within their thresholds for that long: the impact on users is over."""
STEADY = timedelta(seconds=60)
"""... and for that long: the service is restored, until it breaks again."""
PATIENCE = timedelta(minutes=3)
"""So long the end of the impact waits for what an action comes to before it is owed to another one."""


class Found(NamedTuple):
    """A time and the fact that shows it."""

    time: datetime
    how: str


def watch_milestones(moment: Moment) -> Iterable[Followed]:
    """Note milestones that facts show, and take back a restoration that did not last."""
    incident = moment.state.incident.incident
    if incident is None or incident.closed is not None:
        return ()
    return list(_followed(moment, incident))


def _followed(moment: Moment, incident: Incident) -> Iterator[Followed]:
    state, known = moment.state, incident.milestones
    detected = known[Milestone.DETECTED].time if Milestone.DETECTED in known else None
    if detected is None:
        found = _detected(state, incident)
        detected = found.time
        yield _noted(Milestone.DETECTED, found)
    if Milestone.IMPACT_START not in known and (began := _impact_start(state, incident, detected)):
        yield _noted(Milestone.IMPACT_START, began)
    if Milestone.ACKNOWLEDGED not in known and (taken := _acknowledged(state, incident)):
        yield _noted(Milestone.ACKNOWLEDGED, taken)
    yield from _ended(moment, incident)


def _noted(milestone: Milestone, found: Found) -> Followed:
    event: Event = MilestoneNoted(milestone, Safe(found.how))
    return Followed(event, found.time)


def _of_incident(incident: Incident, start: datetime, end: datetime | None) -> bool:
    recent = end is None or end >= incident.declared - NEAR
    return start >= incident.declared - LOOKBACK and recent


def spells(state: State, incident: Incident, kind: SpellKind) -> list[Spell]:
    """The spells of this incident, by their start; alerts that only inform are none."""
    every = [*state.spells.over, *state.spells.open.values()]
    mine = [s for s in every if s.kind is kind and s.severity != "info"]
    return sorted(
        (s for s in mine if _of_incident(incident, s.start, s.end)), key=lambda s: (s.start, s.name)
    )


def symptoms(state: State, incident: Incident) -> list[Spell]:
    """What shows the impact: indicators, or critical alerts where no indicator has a threshold."""
    if any(i.threshold is not None for i in state.metrics.indicators):
        return spells(state, incident, SpellKind.INDICATOR)
    return [s for s in spells(state, incident, SpellKind.ALERT) if s.severity == "critical"]


def _detected(state: State, incident: Incident) -> Found:
    said = Found(incident.declared, f"declared by {incident.declared_by.name}: no alert came before")
    fired = [Found(s.start, f"alert {s.name} fired") for s in spells(state, incident, SpellKind.ALERT)]
    raised = [
        Found(standing.raised, _raised_words(standing))
        for standing in with_impact(state)
        if _of_incident(incident, standing.raised, None)
    ]
    return min([*fired, *raised, said], key=lambda f: f.time)


def _raised_words(standing: Standing) -> str:
    """A finding's words may have become others since it was raised."""
    told = "finding" if standing.changed_seq == standing.seq else "a finding was raised, whose words are now"
    return f"{told}: {standing.finding.title}"


def _impact_start(state: State, incident: Incident, detected: datetime) -> Found | None:
    for spell in spells(state, incident, SpellKind.INDICATOR):
        if spell.end is None or spell.end >= detected - NEAR:
            limit = figure(spell.threshold, spell.unit)
            earlier = "; already so at the first look, so perhaps earlier" if spell.first_look else ""
            return Found(spell.start, f"{spell.title} beyond {limit}{earlier}")
    return None


def _acknowledged(state: State, incident: Incident) -> Found | None:
    found: list[Found] = []
    holder = state.team.roles.get(Role.COMMANDER)
    if holder is not None:
        found.append(Found(holder.since, f"{holder.person} is {Role.COMMANDER}"))
    for fingerprint, taken in state.alerts.acknowledged.items():
        alert = state.alerts.alerts.get(fingerprint)
        if alert is not None and _of_incident(incident, taken.time, None):
            found.append(Found(taken.time, f"{taken.person.name} acknowledged {alert.name}"))
    return min(found, key=lambda f: f.time, default=None)


def _ended(moment: Moment, incident: Incident) -> Iterator[Followed]:
    every = symptoms(moment.state, incident)
    going_on = [s for s in every if s.end is None]
    if going_on:
        yield from _broken_again(incident, going_on[-1])
        return
    ends = [s.end for s in every if s.end is not None]
    if not ends or any(blindness(moment.state, role) in ("stale", "lost") for role in ("metrics", "alerts")):
        return
    end, calm = max(ends), moment.now - max(ends)
    if Milestone.MITIGATED not in incident.milestones and calm >= CALM:
        credit = credited(moment.state, incident, Span(min(s.start for s in every), end))
        if credit is not None and (calm >= PATIENCE or not credit.undecided):
            yield _noted(Milestone.MITIGATED, Found(end, credit.words))
    if Milestone.RESTORED not in incident.milestones and calm >= STEADY:
        last = max((s for s in every if s.end == end), key=lambda s: s.name)
        yield _noted(
            Milestone.RESTORED, Found(end, f"from here on {_within(moment.state)} ({last.title} last)")
        )


def _within(state: State) -> str:
    watched = any(i.threshold is not None for i in state.metrics.indicators)
    return "every indicator is within its threshold" if watched else "no critical alert fires"


def _broken_again(incident: Incident, spell: Spell) -> Iterator[Followed]:
    """What the room noted as over and is not; what a person said stands."""
    for milestone in (Milestone.RESTORED, Milestone.MITIGATED):
        reached = incident.milestones.get(milestone)
        if reached is None or reached.by is not None or spell.start <= reached.time:
            continue
        what = "fires" if spell.kind is SpellKind.ALERT else "is beyond its threshold"
        reason = Safe(f"{spell.title} {what} again since {spell.start:%H:%M:%S}Z")
        yield Followed(MilestoneWithdrawn(milestone, reason))
