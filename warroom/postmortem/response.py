"""What the record says of the response: people, decisions, promises, what is left to do."""

from collections.abc import Iterator

from warroom.events.envelope import Envelope
from warroom.model.response import ItemState
from warroom.postmortem.reading import Reading
from warroom.postmortem.sentences import Sentence, counted, stretch
from warroom.state.inquiry import Evidence
from warroom.state.slices import Incident, State


def responders(reading: Reading, incident: Incident | None) -> Iterator[Sentence]:
    """Who declared, who had which role with each change of it, and who else did something."""
    if incident is not None:
        yield Sentence(f"{incident.declared_by.name} declared", (incident.declared_seq,), incident.declared)
    for moment in reading.moments:
        if moment.kind == "role":
            yield Sentence(str(moment.text), reading.recorded(moment.seq), moment.time)


def present(reading: Reading) -> Iterator[Sentence]:
    """Everybody who wrote something into the record, how much, and from when to when."""
    by_name: dict[str, list[Envelope]] = {}
    for name, envelope in reading.said:
        by_name.setdefault(name, []).append(envelope)
    for name, theirs in sorted(by_name.items()):
        first, last = theirs[0], theirs[-1]
        span = stretch(first.observed_time, last.observed_time)
        words = f"{name}: {counted(len(theirs), 'entry', 'entries')} in the record, {span}"
        yield Sentence(words, tuple(dict.fromkeys((first.seq, last.seq))))


def _seqs(evidence: tuple[Evidence, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(seq for one in evidence for seq in one.seqs))


def decisions(state: State) -> Iterator[Sentence]:
    """Each decision with who was asked and what was said against it."""
    for one in state.inquiry.decisions.values():
        asked = f"; asked: {', '.join(one.asked)}" if one.asked else "; nobody is recorded as asked"
        against = "".join(f"; {o.by.name} objected: {o.text}" for o in one.objections)
        seqs = (one.seq, *_seqs(one.objections))
        yield Sentence(f"{one.decision} {one.by.name}: {one.text}{asked}{against}", seqs, one.time)


def breaches(reading: Reading) -> Iterator[Sentence]:
    """Promises of the response that were not kept in time."""
    for breach, envelope in reading.breaches:
        yield Sentence(f"{breach.clock}: {breach.text}", (envelope.seq,), breach.due)


def checklist(reading: Reading, incident: Incident | None) -> Iterator[Sentence]:
    """Items that were skipped or stayed open; what was done stands in the timeline."""
    for ticked in reading.state.procedure.items.values():
        asked = not ticked.item.when or incident is None or incident.severity in ticked.item.when
        if ticked.state is ItemState.SKIPPED:
            by = f" by {ticked.by.name}" if ticked.by else ""
            words = f"skipped{by}: {ticked.item.text}: {ticked.evidence}"
            yield Sentence(words, reading.recorded(*ticked.seqs), ticked.time)
        elif ticked.state is ItemState.OPEN and asked:
            yield Sentence(f"not done: {ticked.item.text}")


def pinned(reading: Reading) -> Iterator[Sentence]:
    """What people wanted to stand here."""
    known, pins = reading.state.inquiry.pinned, [envelope.seq for envelope in reading.pinned]
    # Of pins from before the record begins, only what was pinned is left.
    own = [0] * (len(known) - len(pins)) + pins
    for one, seq in zip(known, own[len(own) - len(known) :], strict=True):
        yield Sentence(f"{one.by.name}: {one.text}", reading.recorded(*one.seqs, seq), one.time)


def follow_ups(state: State) -> Iterator[Sentence]:
    """Tasks with kind, owner and due date; what is missing of that is said."""
    for task in state.inquiry.tasks.values():
        parts = [
            task.kind or "kind not said",
            f"owner {task.owner}" if task.owner else "no owner",
            f"due {task.due:%Y-%m-%d}" if task.due else "no due date",
        ]
        if task.dropped:
            parts.append(f"dropped: {task.dropped}")
        done = task.finished is not None and not task.dropped
        yield Sentence(f"{task.task} {task.text} ({', '.join(parts)})", (task.seq,), done=done)


def review(state: State) -> Iterator[Sentence]:
    """When the post-mortem is talked about."""
    planned = state.inquiry.review
    if planned is not None:
        where = f", {planned.place}" if planned.place else ""
        yield Sentence(f"on {planned.at:%Y-%m-%d %H:%M}Z{where}", (planned.seq,))


def links(reading: Reading, incident: Incident | None) -> Iterator[Sentence]:
    """Relations to other incidents, and when and why this one was reopened."""
    if incident is None:
        return
    for link in incident.links:
        yield Sentence(f"{link.kind} {link.other}", (link.seq,))
    why = {envelope.seq: (event, envelope) for event, envelope in reading.reopened}
    if incident.reopened:
        known = [why[seq] for seq in incident.reopened if seq in why]
        parts = tuple(Sentence(f"reopened: {event.reason}", (e.seq,), e.time) for event, e in known)
        seqs = reading.recorded(*incident.reopened)
        yield Sentence(f"reopened {counted(len(incident.reopened), 'time')}", seqs, parts=parts)


def drill_of(incident: Incident | None) -> bool:
    """Whether it was only practised."""
    return incident is not None and incident.drill
