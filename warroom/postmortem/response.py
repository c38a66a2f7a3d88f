"""What the record says of the response: people, theories, decisions, findings, promises, what is left to do."""

from collections.abc import Iterator
from datetime import timedelta

from warroom.model.requests import Verdict
from warroom.model.response import HypothesisState, ItemState
from warroom.postmortem.reading import Reading
from warroom.postmortem.sentences import Sentence, spoken
from warroom.state.inquiry import Evidence
from warroom.state.slices import Action, Incident, State


def responders(reading: Reading, incident: Incident | None) -> Iterator[Sentence]:
    """Who declared and who had which role, each change of it."""
    if incident is not None:
        yield Sentence(f"{incident.declared_by.name} declared", (incident.declared_seq,), incident.declared)
    for moment in reading.moments:
        if moment.kind == "role":
            yield Sentence(str(moment.text), (moment.seq,), moment.time)


def hypotheses(state: State, which: HypothesisState | None = None) -> Iterator[Sentence]:
    """Each hypothesis with what became of it and by which evidence."""
    for one in state.inquiry.hypotheses.values():
        if which is None or one.state is which:
            became = (
                f"{one.state}: {'; '.join(str(e.text) for e in one.evidence)}" if one.evidence else "open"
            )
            text = f"{one.hypothesis} {one.text} ({one.by.name}): {became}"
            yield Sentence(text, (one.seq, *_seqs(one.evidence)), one.raised)


def _seqs(evidence: tuple[Evidence, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(seq for one in evidence for seq in one.seqs))


def decisions(state: State) -> Iterator[Sentence]:
    """Each decision with who was asked and what was said against it."""
    for one in state.inquiry.decisions.values():
        asked = f"; asked: {', '.join(one.asked)}" if one.asked else "; nobody is recorded as asked"
        against = "".join(f"; {o.by.name} objected: {o.text}" for o in one.objections)
        seqs = (one.seq, *_seqs(one.objections))
        yield Sentence(f"{one.decision} {one.by.name}: {one.text}{asked}{against}", seqs, one.time)


def findings(reading: Reading) -> Iterator[Sentence]:
    """What the rules concluded, and what became of it."""
    for told in reading.findings:
        finding, gone = told.finding, told.withdrawn
        fate = "it stood to the end"
        if gone is not None:
            fate = f"{'REFUTED' if gone.refuted else 'over'} {told.over:%H:%M:%S}Z: {gone.reason}"
        seqs = (told.seq, told.over_seq) if gone is not None else (told.seq,)
        yield Sentence(f"{finding.title} ({finding.confidence} confidence): {fate}", seqs, told.raised)


def wrong_turns(state: State, incident: Incident | None) -> Iterator[Sentence]:
    """Actions whose effect or goal was not seen, that failed, or that were taken back."""
    undone = {action.undoes: action for action in state.actions.actions.values() if action.undoes}
    for action in of_incident(state, incident):
        why = _wrong(action, undone.get(action.action))
        if why:
            seqs = tuple(step.seq for step in (action.steps[0], action.steps[-1]))
            yield Sentence(f"{action.action} {action.plan.title}: {why}", seqs, action.steps[0].time)


def of_incident(state: State, incident: Incident | None) -> Iterator[Action]:
    """The actions of this incident, without those of an earlier one of the same room."""
    after = incident.after_seq if incident is not None else 0
    for action in state.actions.actions.values():
        if action.steps and action.steps[0].seq > after:
            yield action


def _wrong(action: Action, undone: Action | None) -> str:
    if undone is not None:
        return f"taken back by {undone.action}"
    if action.stage == "failed":
        return f"failed: {action.detail}"
    if action.goal is not None and action.goal.verdict is Verdict.NOT_SEEN:
        return f"goal not seen, {action.goal.detail}"
    if action.verdict is Verdict.NOT_SEEN:
        return f"effect not seen, {action.detail}"
    return ""


def near_misses(state: State, incident: Incident | None) -> Iterator[Sentence]:
    """What was wanted and not done: refused, expired, cancelled."""
    for action in of_incident(state, incident):
        if action.stage in ("refused", "expired", "cancelled"):
            words = f"{action.action} {action.plan.title}: {action.stage}"
            words += f", {action.detail}" if action.detail else ""
            yield Sentence(words, tuple(step.seq for step in action.steps), action.steps[0].time)


def breaches(reading: Reading) -> Iterator[Sentence]:
    """Promises of the response that were not kept in time."""
    for breach, envelope in reading.breaches:
        yield Sentence(f"{breach.clock}: {breach.text}", (envelope.seq,), breach.due)


def checklist(state: State, incident: Incident | None) -> Iterator[Sentence]:
    """Items that were skipped or stayed open; what was done stands in the timeline."""
    for ticked in state.procedure.items.values():
        asked = not ticked.item.when or incident is None or incident.severity in ticked.item.when
        if ticked.state is ItemState.SKIPPED:
            by = f" by {ticked.by.name}" if ticked.by else ""
            yield Sentence(f"skipped{by}: {ticked.item.text}: {ticked.evidence}", ticked.seqs, ticked.time)
        elif ticked.state is ItemState.OPEN and asked:
            yield Sentence(f"not done: {ticked.item.text}")


def pinned(state: State) -> Iterator[Sentence]:
    """What people wanted to stand here."""
    for one in state.inquiry.pinned:
        yield Sentence(f"{one.by.name}: {one.text}", one.seqs, one.time)


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


def links(incident: Incident | None) -> Iterator[Sentence]:
    """Relations to other incidents, and when this one was reopened."""
    for link in incident.links if incident is not None else ():
        yield Sentence(f"{link.kind} {link.other}", (link.seq,))
    if incident is not None and incident.reopened:
        yield Sentence(f"reopened {len(incident.reopened)} times", incident.reopened)


def drill_of(incident: Incident | None) -> bool:
    """Whether it was only practised."""
    return incident is not None and incident.drill


def action(one: Action) -> Sentence:
    """An action from wish to verdict."""
    first = one.steps[0]
    parts = [f"{one.person.name}: {one.plan.title}"]
    if one.request_reason:
        parts.append(f"because {one.request_reason}")
    parts += _agreed(one)
    answered = one.step("succeeded") or one.step("failed") or one.step("refused") or one.step("unknown")
    if answered:
        parts.append(f"{answered.stage}: {answered.detail or 'no words'}")
    if reconciled := one.step("reconciled"):
        parts.append(f"reconciled: {reconciled.detail}")
    verified = one.step("verified")
    if verified and one.verdict:
        took = (verified.room_ms - first.room_ms) / 1000
        parts.append(
            f"VERDICT {one.verdict.value} after {spoken(timedelta(seconds=took))}: {verified.detail}"
        )
    elif one.stage not in ("refused", "failed", "expired", "cancelled"):
        parts.append(f"VERDICT {Verdict.UNKNOWN.value}: the record ends before one was found")
    if one.goal is not None:
        parts.append(f"GOAL {one.goal.verdict.value}: {one.goal.detail}")
    return Sentence("; ".join(parts), tuple(dict.fromkeys(s.seq for s in one.steps)), first.time)


def _agreed(one: Action) -> Iterator[str]:
    approved = one.step("approved")
    if approved and approved.detail:
        yield f"confirmed by {approved.detail}"
    if one.approved_by is not None and one.approved_by.name != one.person.name:
        yield f"agreed to by {one.approved_by.name}"
    if one.overridden:
        yield f"OVERRIDE without a second person: {one.overridden}"
    if one.undoes:
        yield f"takes {one.undoes} back"
    if one.run:
        yield f"step {one.run} of a runbook"
