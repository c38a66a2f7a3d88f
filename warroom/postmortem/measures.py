"""Named times and what is measured between them: each measure is a milestone minus a milestone, and says so."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from warroom.model.nouns import Severity
from warroom.model.response import DeliveryState, HypothesisState
from warroom.model.response import Milestone as Named
from warroom.postmortem.reading import Reading
from warroom.postmortem.sentences import Sentence, spoken
from warroom.state.filed import CAUSE
from warroom.state.slices import Incident, State

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
    first = reading.first_alert
    alert = (first.time, first.seq, str(first.text)) if first else (None, None, MISSING)
    found = [
        _noted(IMPACT, Named.IMPACT_START, incident),
        Milestone(ALERT, *alert),
        _noted(DETECTED, Named.DETECTED, incident),
        _declared(incident),
        _noted(ACKNOWLEDGED, Named.ACKNOWLEDGED, incident),
        _started(reading, incident),
        _noted(MITIGATED, Named.MITIGATED, incident),
        _restored(reading, incident),
        _cause(reading.state),
        _resolved(incident),
    ]
    if incident is not None and Named.CLOSED in incident.milestones:
        found.append(_noted(CLOSED, Named.CLOSED, incident))
    return tuple(found)


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
    after = incident.after_seq if incident is not None else 0
    steps = [s for a in reading.state.actions.actions.values() if (s := a.step("started")) and s.seq > after]
    if not steps:
        return Milestone(STARTED, None, None, "no action was started")
    return Milestone(STARTED, steps[0].time, steps[0].seq, "first action started")


def _restored(reading: Reading, incident: Incident | None) -> Milestone:
    noted = _noted(RESTORED, Named.RESTORED, incident)
    if noted.time is not None:
        return msgspec.structs.replace(noted, asked=True)
    restored = reading.restored
    if restored is not None:
        how = "from here on every watched figure is within its threshold"
        return Milestone(RESTORED, restored.time, restored.seq, how)
    still = "a watched figure is still beyond its threshold"
    return Milestone(
        RESTORED, None, None, still if reading.was_broken else "no watched figure was beyond its threshold"
    )


def _cause(state: State) -> Milestone:
    found = [(said.time, said.seq, str(said.text)) for said in state.filed.causes]
    for hypothesis in state.inquiry.hypotheses.values():
        if hypothesis.state is HypothesisState.SUPPORTED:
            last = hypothesis.evidence[-1]
            seq = last.seqs[-1] if last.seqs else hypothesis.seq
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
            missing = " and ".join(m.name.lower() for m in (first, last) if m.time is None)
            yield Sentence(f"{said}: not known, because {missing} is {MISSING}")
            continue
        off = (first.uncertain or timedelta()) + (last.uncertain or timedelta())
        give = f", give or take {spoken(off)}" if off else ""
        seqs = tuple(m.seq for m in (first, last) if m.seq is not None)
        yield Sentence(f"{said}: {spoken(last.time - first.time)}{give}", seqs)


def by_severity(incident: Incident | None) -> Iterator[Sentence]:
    """How long the incident was of each severity; up to its end."""
    if incident is None or incident.resolved is None:
        return
    ends = [step.time for step in incident.history[1:]] + [incident.resolved]
    for severity in Severity:
        spans = [
            (end - step.time, step.seq)
            for step, end in zip(incident.history, ends, strict=True)
            if step.severity is severity
        ]
        if spans:
            total = sum((span for span, _ in spans), timedelta())
            yield Sentence(f"time in {severity}: {spoken(total)}", tuple(seq for _, seq in spans))


def cadence(state: State) -> Iterator[Sentence]:
    """Each update with the time it was promised for, and how many kept their promise."""
    kept = promised = 0
    for update in state.updates.updates.values():
        sent = update.sent
        where = ", ".join(sorted(update.deliveries)) or "nobody"
        words = f"{update.update} ({update.kind}) to {where}"
        if update.promised is not None:
            promised += 1
            kept += int(sent is not None and sent <= update.promised)
            words += f", promised for {update.promised:%H:%M:%S}Z"
        failed = [n for n, d in sorted(update.deliveries.items()) if d.state is not DeliveryState.SENT]
        words += f", taken at {sent:%H:%M:%S}Z" if sent else ", taken by nobody"
        words += f"; not known to have reached {', '.join(failed)}" if failed else ""
        yield Sentence(words, (update.seq,), update.written)
    if promised:
        yield Sentence(f"cadence kept (updates taken by the promised time / promised): {kept} of {promised}")
