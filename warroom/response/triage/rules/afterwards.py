"""What came after an action: it did not help, made it worse, or the trouble returned."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from warroom.model.nouns import NodeName, Severity
from warroom.model.requests import Cordon, Drain, SilenceAlerts, Uncordon, Verdict
from warroom.model.response import Confidence, Fact, Finding, Proposal, StepResult, Targets
from warroom.response.aims import MITIGATIONS
from warroom.response.triage.figures import Figure
from warroom.response.triage.impact import ERRORS, LATENCY, impact
from warroom.response.triage.picture import Picture, earliest, latest
from warroom.response.triage.rules.network import partition
from warroom.response.triage.wording import are, fact, facts, propose, some, title
from warroom.response.undo import reversals, taken_back, undoable
from warroom.state.slices import Action, State, Step
from warroom.views.ages import figure

LAST = 20
"""Of the actions so many are looked at, the newest."""
HELD_S = 900
"""How long a wrong turn is held against an action."""
WORSE_AFTER_S = 20
WORSE_WITHIN_S = 300
SETTLED_S = 20
"""What breaks within that time of an action may still be its own doing."""


def _newest(picture: Picture) -> list[Action]:
    return list(picture.state.actions.actions.values())[-LAST:]


def _back_again(picture: Picture) -> Mapping[str, Action]:
    return taken_back(picture.state)


def wrong_turn(picture: Picture) -> Iterable[Finding]:
    """An action's effect or goal was not seen, it closed nodes that live, or a figure got worse after it."""
    actions = _newest(picture)
    back = picture.once(_back_again) if actions else {}
    for number, action in enumerate(actions):
        called, undo = action.step("started"), back.get(action.action)
        gone = undo is not None and undo.verdict is Verdict.SEEN
        # What takes an action back is no attempt to mend anything.
        if called is None or gone or action.undoes or picture.ago(called.time) > HELD_S:
            continue
        # A step of a runbook may well look wrong by itself: it is judged by what the whole runbook comes to.
        excused = bool(action.run) and _is_well(picture, action)
        following = next((s for a in actions[number + 1 :] if (s := a.step("started")) is not None), None)
        worse = None if excused else _worse(picture, action, called, following)
        closed = _closed_the_living(picture, action)
        said = _failed(action) or closed or worse
        if said is not None:
            yield _turned(picture, action, said, undo=undo, costs=(closed, worse))


def _turned(
    picture: Picture, action: Action, said: "Said", *, undo: Action | None, costs: "Sequence[Said | None]"
) -> Finding:
    words, seen, confidence = said
    begun = action.step("started")
    started = (begun.time, begun.seq) if begun else (None, 0)
    every = [fact(f"{action.action}: {action.plan.title}", *started), *seen]
    every += [one for cost in costs if cost is not None for one in cost[1]]
    if undo is not None:
        judged = undo.step("verified") or undo.step("started")
        said_at = (judged.time, judged.seq) if judged else (None, 0)
        every.append(fact(f"{undo.action} takes it back: {undo.verdict or 'no verdict yet'}", *said_at))
    felt = impact(picture)
    return Finding(
        f"wrong-turn:{action.action}",
        "wrong-turn",
        title(f"{action.action} was a wrong turn? {words}"),
        confidence,
        facts(every),
        title("its effect is seen later, or it gets better without taking it back"),
        # What it costs now: one that only did not help costs the time in which it stands.
        None if felt is None else felt.severity if any(costs) else Severity.SEV4,
        targets=Targets(_nodes_of(action)),
        proposals=tuple(_back(picture.state, action)) if undo is None else (),
    )


def _is_well(picture: Picture, action: Action) -> bool:
    """Whether the runbook that the action is a step of goes on, or came to what it was for."""
    run = picture.state.procedure.runs.get(action.run.partition(".")[0])
    return run is not None and run.result is not StepResult.FAILED


Said = tuple[str, Sequence[Fact], Confidence]


def _failed(action: Action) -> Said | None:
    if action.verdict is Verdict.NOT_SEEN:
        step = action.step("verified")
        seen = fact(
            f"verdict: not seen: {action.detail}", step.time if step else None, step.seq if step else 0
        )
        return "its effect was not seen", [seen], Confidence.HIGH
    if action.goal is not None and action.goal.verdict is Verdict.NOT_SEEN:
        return (
            "what it was for did not come true",
            [fact(f"goal: {action.goal.detail}", *_of_goal(action))],
            Confidence.MEDIUM,
        )
    return None


def _of_goal(action: Action) -> tuple[datetime | None, int]:
    """When the goal was judged, and the event that says so."""
    step = action.step("goal")
    return (step.time, step.seq) if step else (None, 0)


def _closed_the_living(picture: Picture, action: Action) -> Said | None:
    """It took nodes out that still write, while others are dead."""
    if not isinstance(action.request, Cordon | Drain):
        return None
    found = partition(picture)
    if (
        found is None
        or not found.dead
        or not {d.node.name for d in found.dead}.isdisjoint(action.request.nodes)
    ):
        return None
    chosen = [picture.state.cluster.nodes[n] for n in action.request.nodes if n in picture.gone]
    alive = [d for d in picture.seen_down(n for n in chosen if n.cordoned) if d.alive]
    if not alive:
        return None
    closed = [d.node.name for d in alive]
    seen = [
        fact(f"{some(closed)} still write heartbeats into the log", latest(d.heard for d in alive)),
        fact(f"{some(d.node.name for d in found.dead)} are silent and not what was closed", picture.looked),
    ]
    return f"it closed {some(closed)}, which {are(len(closed))} alive", seen, Confidence.HIGH


def _worse(picture: Picture, action: Action, called: Step, following: Step | None) -> Said | None:
    if not isinstance(action.request, MITIGATIONS):
        return None
    start = called.time
    end = min(picture.now, start + timedelta(seconds=WORSE_WITHIN_S))
    if following is not None:
        end = min(end, following.time + timedelta(seconds=WORSE_AFTER_S))
    if (end - start).total_seconds() < WORSE_AFTER_S:
        return None
    for metric, by in ((ERRORS, 0.1), (LATENCY, 1.0)):
        known = picture.figures.get(metric)
        if known is None or not known.bad:
            continue
        grown = _grown(known, start, end)
        if grown is not None and grown[1].value - grown[0] >= by and grown[1].value >= 1.5 * grown[0]:
            unit = known.indicator.unit
            words = f"{known.indicator.title} {figure(grown[0], unit)} before, {figure(grown[1].value, unit)} after"
            return (
                f"{known.indicator.title} got worse after it",
                [fact(words, grown[1].time)],
                Confidence.MEDIUM,
            )
    return None


class Measured(NamedTuple):
    """One value and when it was measured."""

    time: datetime
    value: float


def _grown(known: Figure, start: datetime, end: datetime) -> tuple[float, Measured] | None:
    """Its value before, and its last one after; None when it was getting worse already."""
    before = known.before(start)
    after = [Measured(p.time, p.value) for p in known.points if start < p.time <= end and p.value is not None]
    if before is None or not after:
        return None
    last = after[-1]
    if last.value < max(before, max(m.value for m in after) / 2):
        return None
    earlier = known.before(start - timedelta(seconds=30))
    rising = earlier is not None and before - earlier > (last.value - before) / 2
    return None if rising else (before, last)


def _nodes_of(action: Action) -> tuple[NodeName, ...]:
    request = action.request
    return request.nodes[:50] if isinstance(request, Cordon | Drain | Uncordon) else ()


def _back(state: State, action: Action) -> Iterable[Proposal]:
    name, last = action.action, undoable(state)
    way = (
        "u" if last is not None and last.action == name else f"on the board, under actions, or `undo {name}`"
    )
    wanted = reversals(action)
    for request in wanted:
        yield propose(f"take {name} back: {way}", request)
    if not wanted:
        yield propose(
            f"nothing takes {name} back by itself" + (f": {action.plan.undo}" if action.plan.undo else "")
        )
    if action.run:
        yield propose(f"look again at what speaks against the finding that {action.run} came from")
    else:
        yield propose("see what speaks for another cause before the next try")


def second_wave(picture: Picture) -> Iterable[Finding]:
    """After an action whose effect was seen the trouble is back, or something else broke that was well then."""
    helped = [a for a in _newest(picture) if a.verdict is Verdict.SEEN and _mitigates(a)]
    if not helped:
        return
    felt = impact(picture)
    last = helped[-1]
    seen_step = last.step("verified")
    assert seen_step is not None
    returned = _returned(picture, helped)
    fresh = _fresh(picture, helped)
    if returned is None and not fresh:
        return
    words = (
        f"{returned[0].indicator.title} beyond its limit again"
        if returned
        else f"{some(fresh)} broke since then"
    )
    every = [fact(f"{last.action} {last.plan.title}: effect seen", seen_step.time, seen_step.seq)]
    if returned:
        every.append(fact(f"{returned[0].indicator.title} was within its limit", returned[1]))
        every.append(returned[0].beyond)
    every += [
        fact(f"{name} is in trouble and was not when {last.action} helped", picture.looked)
        for name in fresh[:3]
    ]
    yield Finding(
        "second-wave",
        "second-wave",
        title(f"Second wave: after {last.action} helped, {words}"),
        Confidence.HIGH if returned else Confidence.MEDIUM,
        facts([*every, *(felt.facts if felt else ())]),
        title("it is the action's own aftermath and ends by itself within a minute or two"),
        felt.severity if felt else Severity.SEV4,
        "",
        "",
        Targets(),
        (
            propose("do not call it mitigated; look for what the fix left, or loaded more"),
            propose("hold back what restarts or moves by itself: automatic failover, restarts all at once"),
        ),
    )


def _mitigates(action: Action) -> bool:
    return isinstance(action.request, MITIGATIONS) and not isinstance(action.request, SilenceAlerts)


def _returned(picture: Picture, helped: Sequence[Action]) -> tuple[Figure, datetime] | None:
    """A figure that was beyond its limit before, within it after an action, and is beyond it again."""
    first = earliest(_time(a) for a in helped)
    for metric in (ERRORS, LATENCY):
        known = picture.figures.get(metric)
        if known is None or not known.bad or known.bad_since is None or first is None:
            continue
        limit = known.indicator.threshold
        if limit is None or known.bad_since <= first:
            continue
        good = [p for p in known.points if first < p.time < known.bad_since and (p.value or 0.0) <= limit]
        was_bad = any(p.value is not None and p.value > limit for p in known.points if p.time <= first)
        if len(good) >= 2 and was_bad:
            return known, good[-1].time
    return None


def _fresh(picture: Picture, helped: Sequence[Action]) -> list[str]:
    """What broke well after the last action that helped, and was not what an action worked on."""
    last = max((t for a in helped if (t := _time(a)) is not None), default=None)
    if last is None:
        return []
    settled = last + timedelta(seconds=SETTLED_S)
    made = {name for a in helped for name in a.created}
    worked_on = {str(n) for a in helped for n in _nodes_of(a)}
    broken = [
        str(t.workload.name)
        for t in picture.broken
        if t.since is not None
        and t.since > settled
        and t.workload.id not in made
        and picture.matters(t.workload)
    ]
    down = [
        str(d.node.name)
        for d in picture.down
        if d.since is not None and d.since > settled and d.node.name not in worked_on
    ]
    return [*broken, *down]


def _time(action: Action) -> datetime | None:
    step = action.step("verified")
    return step.time if step else None
