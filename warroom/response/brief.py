"""How things stand, in lines that can be read aloud: for who takes over, and for who asks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from warroom.model.nouns import NodeState
from warroom.model.requests import Verdict
from warroom.model.response import HypothesisState, Milestone, Role
from warroom.model.text import Safe, neutral
from warroom.response.checklist import open_items
from warroom.response.clocks import clocks
from warroom.response.goals import awaits_goal
from warroom.response.sentences import names, operator
from warroom.response.undo import taken_back
from warroom.state.inquiry import Hypothesis
from warroom.state.slices import Action, Incident, State
from warroom.views.ages import age, figure
from warroom.views.findings import higher_than_declared, higher_words, ordered
from warroom.views.metrics import is_bad, latest

MOST = 6
"""Lines of one kind; the rest is counted."""
NOT_DONE = ("refused", "expired")


def brief(state: State, now: datetime) -> tuple[Safe, ...]:
    """State, impact, findings, hypotheses, actions, silences, checklist, promises, people; bounded."""
    incident = state.incident.incident
    if incident is None:
        return (Safe("no incident was declared in this room"),)
    lines = [
        *_state(state, incident, now),
        *_cluster(state),
        *_few(
            "finding",
            [f"{s.finding.title} ({s.finding.confidence})" for s in ordered(state)],
        ),
        *_hypotheses(state),
        *_few("decided", [f"{d.decision} {d.text}" for d in state.inquiry.decisions.values()][-MOST:]),
        *_few("action", _actions(state, incident)),
        *_few("silence", _silences(state, now)),
        *_few("checklist, open", [str(t.item.text) for t in open_items(state)]),
        *_few("to do afterwards", _tasks(state)),
        *_promises(state, now),
        *_people(state),
    ]
    return tuple(neutral(line) for line in lines)


def handoff_brief(state: State, now: datetime, role: Role, giver: str, taker: str) -> tuple[Safe, ...]:
    """The brief of a handover; says first when both sides are one login."""
    head = neutral(f"{giver} hands {role} over to {taker}, {now:%H:%M:%S}Z")
    one = "giver and taker are one login: nobody else has read this"
    return (head, *((Safe(one),) if giver == taker else ()), *brief(state, now))


def _few(kind: str, sentences: Sequence[str]) -> Iterator[str]:
    for sentence in sentences[:MOST]:
        yield f"{kind}: {sentence}"
    if len(sentences) > MOST:
        yield f"{kind}: and {len(sentences) - MOST} more"


def _state(state: State, incident: Incident, now: datetime) -> Iterator[str]:
    drill = " (a drill)" if incident.drill else ""
    over = f"resolved {age(now - incident.resolved)} ago" if incident.resolved else f"phase {incident.phase}"
    yield (
        f"{incident.severity}{drill} {incident.title}: {over}, declared {age(now - incident.declared)} ago by "
        f"{incident.declared_by.name}"
    )
    higher = higher_than_declared(state)
    if higher is not None:
        yield f"severity: {higher_words(higher)}"
    if incident.impact:
        yield f"impact: {incident.impact}"
    known = [(m, incident.milestones[m]) for m in Milestone if m in incident.milestones]
    yield "times: " + ", ".join(f"{m} {r.time:%H:%M:%S}Z" for m, r in known)


def _cluster(state: State) -> Iterator[str]:
    nodes = state.cluster.nodes.values()
    down = sorted(n.name for n in nodes if n.state is not NodeState.READY)
    closed = sorted(n.name for n in nodes if n.cordoned)
    words = f"{len(nodes) - len(down)} of {len(nodes)} nodes ready"
    words += f", not ready: {names(down)}" if down else ""
    yield "cluster: " + words + (f", cordoned: {names(closed)}" if closed else "")
    figures = [
        f"{i.title} {figure(latest(state, i.metric), i.unit)} (limit {figure(i.threshold, i.unit)})"
        for i in state.metrics.indicators
        if is_bad(i, latest(state, i.metric))
    ]
    yield from _few("beyond its limit", figures)
    blind = [f"{f.name} {f.status} ({f.reason or 'no reason given'})" for f in state.sources.sources.values()
             if f.status in ("stale", "lost")]  # fmt: skip
    yield from _few("cannot be seen", blind)


def _hypotheses(state: State) -> Iterator[str]:
    for which in (HypothesisState.OPEN, HypothesisState.SUPPORTED, HypothesisState.ELIMINATED):
        these = [h for h in state.inquiry.hypotheses.values() if h.state is which]
        yield from _few(f"hypothesis {which}", [hypothesis_words(h) for h in these])


def hypothesis_words(hypothesis: Hypothesis) -> str:
    """A hypothesis with the last word on it."""
    last = f": {hypothesis.evidence[-1].text}" if hypothesis.evidence else ""
    return f"{hypothesis.hypothesis} {hypothesis.text}{last}"


def _actions(state: State, incident: Incident) -> list[str]:
    """What was done in this incident and what came of it: what has no verdict yet first, then the newest."""
    back = taken_back(state)
    done = [
        action
        for action in reversed(state.actions.actions.values())
        if action.steps and action.steps[0].seq > incident.after_seq and action.stage not in NOT_DONE
    ]
    return [_action(action, back) for action in sorted(done, key=lambda a: a.over)]


def _action(action: Action, back: Mapping[str, Action]) -> str:
    came = action.verdict.value if action.verdict is not None else action.stage
    words = f"{action.action} {action.plan.title}: {came}" + ("" if action.over else ", no verdict yet")
    if action.undoes:
        words += f", takes {action.undoes} back"
    undo = back.get(action.action)
    if action.goal is not None:
        words += f"; goal {action.goal.verdict.value}: {action.goal.detail}"
    elif awaits_goal(action):
        words += "; goal not judged yet"
    if undo is not None and (action.goal is None or action.goal.verdict is not Verdict.NOT_SEEN):
        words += f"; taken back by {undo.action}"
    return words


def _silences(state: State, now: datetime) -> list[str]:
    found = []
    for silence in sorted(state.alerts.silences.values(), key=lambda s: (s.ends, s.id)):
        if silence.ends > now:
            what = names(
                f"{m.name}{operator(is_regex=m.is_regex, is_equal=m.is_equal)}{m.value}"
                for m in silence.matchers
            )
            found.append(f"{what} until {silence.ends:%H:%M:%S}Z ({age(silence.ends - now)} left)")
    return found


def _tasks(state: State) -> list[str]:
    tasks = [t for t in state.inquiry.tasks.values() if t.finished is None]
    return [f"{t.task} {t.text}" + (f" ({t.owner})" if t.owner else "") for t in tasks]


def _promises(state: State, now: datetime) -> Iterator[str]:
    due = state.updates.due
    if due is None:
        yield "next update: none is promised"
    else:
        when = f"in {age(due - now, seconds=True)}" if due > now else f"{age(now - due, seconds=True)} late"
        yield f"next update: {due:%H:%M:%S}Z ({when})"
    late = [
        str(c.text) for c in clocks(state, now) if not c.met and c.clock != "update" and c.urgency != "green"
    ]
    yield from _few("clock", late)


def _people(state: State) -> Iterator[str]:
    held = [f"{role} {state.team.roles[role].person}" for role in Role if role in state.team.roles]
    empty = [role.value for role in Role if role not in state.team.roles]
    yield (
        "roles: " + ", ".join(held or ["nobody has one"]) + (f"; empty: {', '.join(empty)}" if empty else "")
    )
    for offer in state.team.handoffs.values():
        if offer.pending:
            missing = " and ".join(side for side in ("giver", "taker") if side not in offer.acknowledged)
            words = f"{offer.handoff} {offer.role} {offer.giver} to {offer.taker}"
            yield f"handover: {words}, waits for {missing}"
