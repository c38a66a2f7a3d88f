"""What the response owes by a time: an answer, the next update, roles, silences about to end, verdicts.

Green while there is time, amber before it is up, red after; a red clock is a breach, recorded once.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from warroom.events.triage import ClockBreached
from warroom.model.nouns import Severity
from warroom.model.requests import ActionKind, kind_of
from warroom.model.response import Clock, Milestone, Role, Urgency
from warroom.model.text import Safe
from warroom.response.proofs import URGENT
from warroom.response.sentences import operator
from warroom.response.watching import Followed, Moment
from warroom.state.slices import Action, Incident, State
from warroom.views.ages import age

RESPOND = {
    Severity.SEV1: timedelta(minutes=5),
    Severity.SEV2: timedelta(minutes=15),
    Severity.SEV3: timedelta(hours=1),
    Severity.SEV4: timedelta(hours=4),
}
"""Time from detection to somebody's answer. SEV1 asks for it immediately: what a page takes to be read."""
AT_ONCE = timedelta(minutes=1)
"""How long the commander's chair may be empty in a SEV1 or SEV2."""
SOON = timedelta(minutes=10)
"""How long any other chair that needs somebody may be."""
SILENCE_AMBER = timedelta(minutes=5)
UPDATE_AMBER = timedelta(minutes=5)
AMBER_PART = 3
"""Elsewhere the last third of the time is amber."""


def clocks(state: State, now: datetime) -> list[Clock]:
    """Every clock of the incident, the most urgent first; once it is resolved only what was begun and is not over."""
    incident = state.incident.incident
    if incident is None:
        return []
    every = [*_silences(state, now), *_verdicts(state, now)]
    if incident.open:
        every += [*_respond(incident, now), *_update(state, now), *_roles(state, incident, now)]
    order = list(Urgency)
    return sorted(every, key=lambda c: (c.met, -order.index(c.urgency), c.due, c.clock))


def watch_clocks(moment: Moment) -> Iterable[Followed]:
    """Record each breach once."""
    incident = moment.state.incident.incident
    if incident is None or not incident.open:
        return
    known = {(breach.clock, breach.due) for breach in moment.state.findings.breaches}
    for clock in clocks(moment.state, moment.now):
        if clock.urgency is Urgency.RED and (clock.clock, clock.due) not in known:
            yield Followed(ClockBreached(clock.clock, clock.due, clock.text))


def _urgency(due: datetime, now: datetime, amber: timedelta) -> Urgency:
    if now >= due:
        return Urgency.RED
    return Urgency.AMBER if now >= due - amber else Urgency.GREEN


def _respond(incident: Incident, now: datetime) -> Iterator[Clock]:
    detected = incident.milestones.get(Milestone.DETECTED)
    start = min(detected.time, incident.declared) if detected else incident.declared
    first = incident.history[0].severity if incident.history else incident.severity
    taken = incident.milestones.get(Milestone.ACKNOWLEDGED)
    limit = RESPOND[first if taken else incident.severity]
    due = start + limit
    if taken is None:
        words = f"nobody responded yet, due {due:%H:%M:%S}Z"
        yield Clock("respond", "respond", due, _urgency(due, now, limit / AMBER_PART), Safe(words))
        return
    took, late = age(taken.time - start, seconds=True), taken.time > due
    words = f"responded {took} after detection; {first} allows {age(limit)}"
    yield Clock("respond", "respond", due, Urgency.RED if late else Urgency.GREEN, Safe(words), met=True)


def _update(state: State, now: datetime) -> Iterator[Clock]:
    due = state.updates.due
    if due is not None:
        words = f"next update promised for {due:%H:%M:%S}Z"
        yield Clock("update", "update", due, _urgency(due, now, UPDATE_AMBER), Safe(words))


def _roles(state: State, incident: Incident, now: datetime) -> Iterator[Clock]:
    urgent_since = _urgent_since(incident)
    for role in Role:
        if role in state.team.roles:
            continue
        left = state.team.left.get(role)
        starts = [left.since] if left else []
        if urgent_since is not None and role in (Role.COMMANDER, Role.COMMUNICATIONS):
            starts.append(urgent_since)
        elif role is Role.COMMANDER and not left:
            starts.append(incident.declared)
        if not starts:
            continue
        at_once = role is Role.COMMANDER and urgent_since is not None
        due = max(starts) + (AT_ONCE if at_once else SOON)
        amber = AT_ONCE if at_once else SOON / AMBER_PART
        why = f"; left because {left.reason}" if left else ""
        words = f"nobody is {role}, due {due:%H:%M:%S}Z{why}"
        yield Clock(f"role:{role}", f"no {role}", due, _urgency(due, now, amber), Safe(words))


def _urgent_since(incident: Incident) -> datetime | None:
    """Since when it is without a break a SEV1 or SEV2; None when it is not."""
    since: datetime | None = None
    for step in incident.history:
        if step.severity not in URGENT:
            since = None
        elif since is None:
            since = step.time
    return since if incident.severity in URGENT else None


def _silences(state: State, now: datetime) -> Iterator[Clock]:
    active = [s for s in state.alerts.silences.values() if s.starts <= now]
    if not active:
        return
    made = {
        name
        for action in state.actions.actions.values()
        if kind_of(action.request) is ActionKind.SILENCE
        for name in action.created
    }
    quiet: dict[str, set[str]] = {}
    for alert in state.alerts.alerts.values():
        for identity in alert.silenced_by:
            quiet.setdefault(identity, set()).add(str(alert.name))
    for silence in active:
        heard = sorted(quiet.get(silence.id, ()))
        if not heard and silence.id not in made:
            continue
        words = f"silence of {_matched(state, silence.id)} ends {silence.ends:%H:%M:%S}Z"
        again = f"; heard again then: {', '.join(heard[:3])}" if heard else ""
        urgency = _urgency(silence.ends, now, SILENCE_AMBER)
        yield Clock(f"silence:{silence.id}", "silence", silence.ends, urgency, Safe(words + again))


def _matched(state: State, identity: str) -> str:
    silence = state.alerts.silences[identity]
    signs = [operator(is_regex=m.is_regex, is_equal=m.is_equal) for m in silence.matchers]
    return ", ".join(f"{m.name}{sign}{m.value}" for m, sign in zip(silence.matchers, signs, strict=True))


def _verdicts(state: State, now: datetime) -> Iterator[Clock]:
    for action in state.actions.actions.values():
        called = _called(action)
        if called is None:
            continue
        within = timedelta(seconds=max(1, action.plan.within_s))
        due = called + within
        words = f"{action.action} {action.plan.title}: no verdict yet, due {due:%H:%M:%S}Z"
        urgency = _urgency(due, now, within / AMBER_PART)
        yield Clock(f"verify:{action.action}", f"{action.action} verdict", due, urgency, Safe(words))


def _called(action: Action) -> datetime | None:
    """When an action that waits for its verdict was answered; None for every other."""
    if action.verdict is not None or action.stage not in ("succeeded", "unknown"):
        return None
    step = action.step("succeeded") or action.step("unknown")
    return step.time if step else None
