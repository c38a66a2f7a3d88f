"""What was done about it: each action from wish to verdict, wrong turns, and what was wanted and not done."""

from collections.abc import Iterator
from datetime import timedelta

from warroom.model.requests import ActionKind, Verdict, kind_of
from warroom.postmortem.sentences import Sentence, clock, spoken
from warroom.state.slices import Action, Incident, State

OF_ALERTS = frozenset(
    (ActionKind.ACKNOWLEDGE, ActionKind.CREATE_ALERT, ActionKind.SILENCE, ActionKind.END_SILENCE)
)
"""Actions that tell somebody something, or stop telling it; they mitigate nothing."""
NOT_DONE = ("refused", "expired", "cancelled")
ANSWERS = ("succeeded", "failed", "refused", "unknown")


def of_incident(state: State, incident: Incident | None) -> Iterator[Action]:
    """The actions of this incident, without those of an earlier one of the same room."""
    after = incident.after_seq if incident is not None else 0
    for action in state.actions.actions.values():
        if action.steps and action.steps[0].seq > after:
            yield action


def mitigations(state: State, incident: Incident | None) -> Iterator[Action]:
    """Those that change the cluster."""
    return (a for a in of_incident(state, incident) if kind_of(a.request) not in OF_ALERTS)


def about_alerts(state: State, incident: Incident | None) -> Iterator[Action]:
    """Those that quiet, take or make alerts."""
    return (a for a in of_incident(state, incident) if kind_of(a.request) in OF_ALERTS)


def action(one: Action) -> Sentence:
    """An action in one line, and below it the steps in between with the events that recorded them."""
    first = one.steps[0]
    words = [f"{one.action} {one.plan.title} by {one.person.name}"]
    if one.request_reason:
        words.append(f"because {one.request_reason}")
    words += [*_agreed(one), *_came_to(one)]
    told = ("overridden", "verified", "goal", *NOT_DONE, "failed")
    agreed = one.step("approved") if one.approved_by is not None else None
    seqs = [s.seq for s in (first, agreed, *map(one.step, told)) if s is not None]
    return Sentence("; ".join(words), tuple(dict.fromkeys(seqs)), first.time, parts=tuple(_steps(one)))


def _agreed(one: Action) -> Iterator[str]:
    if one.approved_by is not None and one.approved_by.name != one.person.name:
        yield f"agreed to by {one.approved_by.name}"
    if one.overridden:
        yield f"OVERRIDE without a second person: {one.overridden}"
    if one.undoes:
        yield f"takes {one.undoes} back"
    if one.run:
        yield f"step {one.run} of a runbook"


def _came_to(one: Action) -> Iterator[str]:
    verified = one.step("verified")
    if verified and one.verdict:
        took = spoken(timedelta(milliseconds=verified.room_ms - one.steps[0].room_ms))
        yield f"VERDICT {one.verdict.value}, {took} after it was proposed: {verified.detail}"
    elif one.stage in (*NOT_DONE, "failed"):
        last = one.step(one.stage)
        yield f"{one.stage.upper()}" + (f": {last.detail}" if last is not None and last.detail else "")
    else:
        yield f"VERDICT {Verdict.UNKNOWN.value}: the record ends before one was found"
    if one.goal is not None:
        yield f"GOAL {one.goal.verdict.value}: {one.goal.detail}"


def _steps(one: Action) -> Iterator[Sentence]:
    """What came between the wish and the verdict."""
    for step in one.steps[1:]:
        if step.stage not in ("progressed", "verified", "goal"):
            stage = f"answered, {step.stage}" if step.stage in ANSWERS else step.stage
            said = f": {step.detail}" if step.detail else ""
            yield Sentence(f"{stage}{said}", (step.seq,), step.time)


def wrong_turns(state: State, incident: Incident | None) -> Iterator[Sentence]:
    """Actions whose effect or goal was not seen, that failed, or that were taken back; with every verdict."""
    undone = {a.undoes: a for a in state.actions.actions.values() if a.undoes and a.step("started")}
    for one in of_incident(state, incident):
        back = undone.get(one.action)
        missed = Verdict.NOT_SEEN in (one.verdict, one.goal and one.goal.verdict)
        if back is None and one.stage != "failed" and not missed:
            continue
        steps = [s for s in (one.steps[0], one.step("failed"), one.step("verified"), one.step("goal")) if s]
        words = [*_outcome(one)]
        if back is not None:
            steps += [s for s in (back.steps[0], back.step("verified")) if s]
            came = f", {_effect(back.verdict)}" if back.verdict is not None else ""
            words.append(
                f"taken back by {back.action} at {clock(back.steps[0].time, one.steps[0].time)}{came}"
            )
        elif one.stage != "failed":
            words.append("not taken back")
        seqs = tuple(dict.fromkeys(s.seq for s in steps))
        yield Sentence(f"{one.action} {one.plan.title}: {'; '.join(words)}", seqs, one.steps[0].time)


def _outcome(one: Action) -> Iterator[str]:
    if one.stage == "failed":
        yield f"failed: {one.detail}"
    elif one.verdict is not None:
        verified = one.step("verified")
        yield f"{_effect(one.verdict)}: {verified.detail if verified else one.detail}"
    else:
        yield "no verdict in the record"
    if one.goal is not None:
        yield f"goal {_goal(one.goal.verdict)}: {one.goal.detail}"


def _effect(verdict: Verdict) -> str:
    return verdict.value if verdict is Verdict.SEEN else f"effect {verdict.value}"


def _goal(verdict: Verdict) -> str:
    return "seen" if verdict is Verdict.SEEN else verdict.value


def near_misses(state: State, incident: Incident | None) -> Iterator[Sentence]:
    """What was wanted and not done: refused, expired, cancelled."""
    for one in of_incident(state, incident):
        if one.stage in NOT_DONE:
            last = one.step(one.stage)
            words = f"{one.action} {one.plan.title} by {one.person.name}: {one.stage}"
            words += f", {last.detail}" if last is not None and last.detail else ""
            yield Sentence(words, tuple(step.seq for step in one.steps), one.steps[0].time)
