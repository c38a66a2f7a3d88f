"""Named times and what is measured between them: each measure is a milestone minus a milestone, and says so."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from warroom.model.nouns import Severity
from warroom.model.response import DeliveryState, HypothesisState
from warroom.model.response import Milestone as Named
from warroom.postmortem.actions import about_alerts, mitigations
from warroom.postmortem.impact import NOT_BEYOND, NOT_WATCHED, spells
from warroom.postmortem.reading import Reading
from warroom.postmortem.sentences import Sentence, clock, spoken
from warroom.state.filed import CAUSE
from warroom.state.slices import Action, Incident
from warroom.state.spells import SpellKind

MISSING = "not in the record"


class Milestone(msgspec.Struct, frozen=True):
    """One of the named times; None when the record does not show it."""

    name: str
    time: datetime | None
    seq: int | None
    how: str
    """By which fact, or what is missing."""
    uncertain: timedelta | None = None
    asked: bool = True
    """Whether a post-mortem is not complete without it."""


IMPACT, ALERT, DETECTED = "Impact start", "First alert fired", "Detected"
DECLARED, ACKNOWLEDGED, STARTED = "Incident declared", "Acknowledged", "Mitigation started"
MITIGATED, RESTORED, CAUSE_FOUND = "Mitigated", "Service restored", "Root cause identified"
RESOLVED, CLOSED = "Incident resolved", "Closed"


class Measure(NamedTuple):
    """A length of time between two milestones."""

    name: str
    last: str
    first: str


MEASURES = (
    Measure("time to detect", DETECTED, IMPACT),
    Measure("time to acknowledge", ACKNOWLEDGED, ALERT),
    Measure("time to declare", DECLARED, ALERT),
    Measure("time to start mitigating", STARTED, DECLARED),
    Measure("time to mitigate", MITIGATED, IMPACT),
    Measure("time to repair", RESTORED, DETECTED),
    Measure("time to find the cause", CAUSE_FOUND, DETECTED),
    Measure("time to resolve", RESOLVED, DECLARED),
)
"""What is measured. These are lengths of one incident, never means."""


def milestones(reading: Reading, incident: Incident | None) -> tuple[Milestone, ...]:
    """Every named time, in the order in which they are expected."""
    found = [
        _noted(IMPACT, Named.IMPACT_START, incident),
        _first_alert(reading, incident),
        _noted(DETECTED, Named.DETECTED, incident),
        _declared(incident),
        _noted(ACKNOWLEDGED, Named.ACKNOWLEDGED, incident),
        _started(reading, incident),
        _noted(MITIGATED, Named.MITIGATED, incident),
        _restored(reading, incident),
        _cause(reading),
        _resolved(incident),
    ]
    if incident is not None and Named.CLOSED in incident.milestones:
        found.append(_noted(CLOSED, Named.CLOSED, incident))
    return tuple(found)


def _first_alert(reading: Reading, incident: Incident | None) -> Milestone:
    fired = spells(reading, incident, SpellKind.ALERT)
    if not fired:
        return Milestone(ALERT, None, None, "no alert of it fired", asked=False)
    first = fired[0]
    how = f"alert {first.name} ({first.severity or 'no severity'}): {first.title}"
    return Milestone(ALERT, first.start, first.seq, how)


def _noted(name: str, which: Named, incident: Incident | None) -> Milestone:
    reached = incident.milestones.get(which) if incident is not None else None
    if reached is None:
        return Milestone(name, None, None, MISSING, asked=False)
    return Milestone(name, reached.time, reached.seq, str(reached.how), reached.uncertain, asked=False)


def _declared(incident: Incident | None) -> Milestone:
    if incident is None:
        return Milestone(DECLARED, None, None, "no incident was declared")
    noted = _noted(DECLARED, Named.DECLARED, incident)
    return msgspec.structs.replace(noted, asked=True)


def _started(reading: Reading, incident: Incident | None) -> Milestone:
    found = _first_start(mitigations(reading.state, incident))
    if found is not None:
        action, time, seq = found
        return Milestone(STARTED, time, seq, f"{action.action} {action.plan.title} started")
    told = _first_start(about_alerts(reading.state, incident))
    only = f"; {told[0].action} was about alerts alone" if told is not None else ""
    return Milestone(STARTED, None, None, f"nothing that changes the cluster was started{only}", asked=False)


def _first_start(actions: Iterable[Action]) -> tuple[Action, datetime, int] | None:
    started = [(a, s.time, s.seq) for a in actions if (s := a.step("started")) is not None]
    return min(started, key=lambda found: found[2], default=None)


def _restored(reading: Reading, incident: Incident | None) -> Milestone:
    noted = _noted(RESTORED, Named.RESTORED, incident)
    if noted.time is not None:
        return msgspec.structs.replace(noted, asked=True)
    beyond = spells(reading, incident, SpellKind.INDICATOR)
    going_on = [str(s.title) for s in beyond if s.end is None]
    if going_on:
        return Milestone(RESTORED, None, None, f"still beyond the limit: {', '.join(going_on)}")
    if beyond:
        last = max(beyond, key=lambda s: s.end_seq)
        how = "from here on every watched figure is within its limit"
        return Milestone(RESTORED, last.end, last.end_seq, how)
    if not any(i.threshold is not None for i in reading.state.metrics.indicators):
        return Milestone(RESTORED, None, None, NOT_WATCHED)
    return Milestone(RESTORED, None, None, f"nothing to restore: {NOT_BEYOND}", asked=False)


def _cause(reading: Reading) -> Milestone:
    state = reading.state
    found = [(said.time, said.seq, f"{said.by.name}: {said.text}") for said in state.filed.causes]
    for hypothesis in state.inquiry.hypotheses.values():
        if hypothesis.state is HypothesisState.SUPPORTED:
            last = hypothesis.evidence[-1]
            judged = [e.seq for name, e in reading.judged if name == hypothesis.hypothesis]
            seq = judged[-1] if judged else hypothesis.seq
            found.append((last.time, seq, f"{hypothesis.hypothesis} {hypothesis.text}: {last.text}"))
    if not found:
        return Milestone(
            CAUSE_FOUND, None, None, f"no hypothesis was supported, no note begins with `{CAUSE}`"
        )
    return Milestone(CAUSE_FOUND, *min(found))


def _resolved(incident: Incident | None) -> Milestone:
    if incident is None or incident.resolved is None:
        return Milestone(RESOLVED, None, None, "the incident is still open")
    return msgspec.structs.replace(_noted(RESOLVED, Named.RESOLVED, incident), asked=True)


def measured(found: tuple[Milestone, ...]) -> Iterator[Sentence]:
    """Each measure with its definition; one that cannot be taken says which milestone is missing."""
    by_name: Mapping[str, Milestone] = {m.name: m for m in found}
    for measure in MEASURES:
        first, last = by_name[measure.first], by_name[measure.last]
        said = f"{measure.name} ({measure.last.lower()} - {measure.first.lower()})"
        if first.time is None or last.time is None:
            missing = [m.name.lower() for m in (first, last) if m.time is None]
            verb = "is" if len(missing) == 1 else "are"
            yield Sentence(f"{said}: not known, because {' and '.join(missing)} {verb} {MISSING}")
            continue
        off = (first.uncertain or timedelta()) + (last.uncertain or timedelta())
        give = f", give or take {spoken(off)}" if off else ""
        seqs = tuple(m.seq for m in (first, last) if m.seq is not None)
        yield Sentence(f"{said}: {_length(first, last)}{give}", seqs)


def _length(first: Milestone, last: Milestone) -> str:
    """The time between two milestones; where the second came first, that and no length."""
    if first.time is None or last.time is None:
        return MISSING
    if last.time >= first.time:
        return spoken(last.time - first.time)
    times = f"{clock(last.time, first.time)} against {clock(first.time, last.time)}"
    early = spoken(first.time - last.time)
    return f"no such time, because {last.name.lower()} came {early} before {first.name.lower()} ({times})"


def by_severity(incident: Incident | None) -> Iterator[Sentence]:
    """How long the incident was of each severity; up to its end."""
    if incident is None or incident.resolved is None:
        return
    over = [(step.time, step.seq) for step in incident.history[1:]]
    over.append((incident.resolved, incident.resolved_seq or 0))
    for severity in Severity:
        spans = [
            (end - step.time, step.seq, end_seq)
            for step, (end, end_seq) in zip(incident.history, over, strict=True)
            if step.severity is severity
        ]
        if spans:
            total = sum((span for span, *_ in spans), timedelta())
            seqs = tuple(dict.fromkeys(seq for _, *both in spans for seq in both if seq))
            yield Sentence(f"time in {severity}: {spoken(total)}", seqs)


def cadence(reading: Reading) -> Iterator[Sentence]:
    """Each update with the time it was promised for, and how many kept their promise."""
    kept = 0
    promised: list[int] = []
    for update in reading.state.updates.updates.values():
        sent = update.sent
        arrived = [e.seq for event, e in reading.sent if event.update == update.update and e.time == sent]
        where = ", ".join(sorted(update.deliveries)) or "nobody"
        words = f"{update.update} ({update.kind}) to {where}"
        if update.promised is not None:
            promised.append(update.seq)
            kept += int(sent is not None and sent <= update.promised)
            words += f", promised for {clock(update.promised, update.written)}"
        failed = [n for n, d in sorted(update.deliveries.items()) if d.state is not DeliveryState.SENT]
        words += f", taken at {clock(sent, update.written)}" if sent else ", taken by nobody"
        words += f"; not known to have reached {', '.join(failed)}" if failed else ""
        yield Sentence(words, (update.seq, *arrived[:1]), update.written)
    if promised:
        words = f"cadence kept (updates taken by the promised time / promised): {kept} of {len(promised)}"
        yield Sentence(words, tuple(promised))
