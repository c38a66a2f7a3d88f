"""What the record can prove of a response: each proof with the events it rests on.

A proof is looked for in what belongs to the incident; what came before an earlier incident's end does not count.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from warroom.model.nouns import Severity
from warroom.model.requests import ActionKind, SilenceAlerts, Verdict, kind_of
from warroom.model.response import Confidence, HypothesisState, Milestone, Role
from warroom.model.text import Safe
from warroom.response.matching import hits
from warroom.response.sentences import counted
from warroom.response.undo import taken_back
from warroom.state.findings import Standing
from warroom.state.slices import Action, Incident, State
from warroom.state.spells import Spell, SpellKind

URGENT = (Severity.SEV1, Severity.SEV2)
"""Severities for which stakeholders are alerted and every role matters at once."""
AGAINST = "false-alarm"
"""The rule whose findings say that nothing is wrong."""
OURS = "wrong-turn"
"""The rule whose findings are about what was done, not about what is wrong."""
WORDS_ONLY = frozenset(
    (ActionKind.ACKNOWLEDGE, ActionKind.CREATE_ALERT, ActionKind.SILENCE, ActionKind.END_SILENCE)
)
"""Actions that tell somebody something and mitigate nothing."""


class Proven(NamedTuple):
    """By what something is proven."""

    evidence: Safe
    seqs: tuple[int, ...]


Proof = Callable[[State, Incident], Proven | None]


def mitigations(state: State, incident: Incident) -> Iterator[Action]:
    """The actions of this incident that change the cluster, in the order they were proposed."""
    for action in state.actions.actions.values():
        recent = bool(action.steps) and action.steps[0].seq > incident.after_seq
        if recent and kind_of(action.request) not in WORDS_ONLY:
            yield action


def reached_goal(action: Action) -> bool:
    """Whether what it was for came true by it."""
    return action.goal is not None and action.goal.verdict is Verdict.SEEN


def with_impact(state: State) -> Iterator[Standing]:
    """Findings of trouble with a severity that are more than a guess, in the order they were raised."""
    for standing in state.findings.standing.values():
        finding = standing.finding
        trouble = (
            finding.severity is not None
            and finding.rule != OURS
            and AGAINST not in (finding.rule, finding.scenario)
        )
        if trouble and finding.confidence is not Confidence.LOW:
            yield standing


def _kept_quiet(state: State, incident: Incident) -> tuple[Standing, Action] | None:
    """A finding that is sure of a false alarm, and the silence that was seen to keep just that alarm quiet."""
    for standing in state.findings.standing.values():
        if standing.finding.rule != AGAINST or standing.finding.confidence is not Confidence.HIGH:
            continue
        alerts = [state.alerts.alerts.get(name) for name in standing.finding.targets.alerts]
        for action in reversed(state.actions.actions.values()):
            mine = bool(action.steps) and action.steps[0].seq > incident.after_seq
            if mine and action.verdict is Verdict.SEEN and isinstance(action.request, SilenceAlerts):
                matchers = action.request.matchers
                if alerts and all(alert and all(hits(m, alert) for m in matchers) for alert in alerts):
                    return standing, action
    return None


def _false_alarm(state: State, incident: Incident) -> Proven | None:
    quiet = _kept_quiet(state, incident)
    if quiet is None:
        return None
    standing, action = quiet
    finding = standing.finding
    words = f"it is one: {finding.title} ({finding.confidence} confidence); {action.action} keeps it quiet"
    return Proven(Safe(words), (standing.seq, action.steps[-1].seq))


def _no_false_alarm(state: State, incident: Incident) -> Proven | None:
    """What settles the question, either way."""
    for standing in with_impact(state):
        return Proven(Safe(f"finding: {standing.finding.title}"), (standing.seq,))
    for beyond in _spells(state, SpellKind.INDICATOR):
        for firing in _spells(state, SpellKind.ALERT):
            words = f"{beyond.title} beyond its threshold while {firing.name} fires"
            return Proven(Safe(words), (beyond.seq, firing.seq))
    return _false_alarm(state, incident)


def _spells(state: State, kind: SpellKind) -> list[Spell]:
    found = [s for s in state.spells.open.values() if s.kind is kind and s.severity != "info"]
    return sorted(found, key=lambda s: (s.start, s.name))


def _classified(_: State, incident: Incident) -> Proven | None:
    by = incident.history[-1].person.name if incident.history else incident.declared_by.name
    seqs = tuple(step.seq for step in incident.history[-1:]) or (incident.declared_seq,)
    return Proven(Safe(f"{incident.severity} by {by}"), seqs)


def _stakeholders(state: State, incident: Incident) -> Proven | None:
    for update in state.updates.updates.values():
        if update.sent is not None:
            return Proven(Safe(f"{update.update} was sent"), (update.seq,))
    for action in state.actions.actions.values():
        told = action.step("succeeded")
        if kind_of(action.request) is ActionKind.CREATE_ALERT and told and told.seq > incident.after_seq:
            return Proven(Safe(f"{action.action} {action.plan.title}"), (told.seq,))
    return None


def _looked(word: str) -> Proof:
    def proof(state: State, incident: Incident) -> Proven | None:
        look = state.filed.looks.get(word)
        if look is None or look.seq <= incident.after_seq:
            return None
        return Proven(Safe(f"{look.by.name} looked at {look.time:%H:%M:%S}Z"), (look.seq,))

    return proof


def _alerts_checked(state: State, incident: Incident) -> Proven | None:
    looked = _looked("alert-list")(state, incident)
    if looked is not None:
        return looked
    for action in state.actions.actions.values():
        taken = action.step("succeeded")
        if kind_of(action.request) is ActionKind.ACKNOWLEDGE and taken and taken.seq > incident.after_seq:
            return Proven(Safe(f"{action.person.name} acknowledged alerts ({action.action})"), (taken.seq,))
    return None


def _components(state: State, incident: Incident) -> Proven | None:
    for standing in state.findings.standing.values():
        finding = standing.finding
        count = len(finding.targets.nodes) + len(finding.targets.workloads)
        if count and finding.rule != OURS and finding.confidence is not Confidence.LOW:
            return Proven(Safe(f"finding: {finding.title}"), (standing.changed_seq,))
    quiet = _kept_quiet(state, incident)
    if quiet is not None:
        words = f"none but the alert: {quiet[0].finding.title}"
        return Proven(Safe(words), (quiet[0].changed_seq, quiet[1].steps[-1].seq))
    return _supported(state)


def _supported(state: State) -> Proven | None:
    for hypothesis in state.inquiry.hypotheses.values():
        if hypothesis.state is HypothesisState.SUPPORTED:
            last = hypothesis.evidence[-1]
            words = Safe(f"{hypothesis.hypothesis} {hypothesis.text}: {last.text}")
            return Proven(words, (hypothesis.seq, *last.seqs))
    return None


def _mitigation_taken(state: State, incident: Incident) -> Proven | None:
    back = taken_back(state)
    for action in mitigations(state, incident):
        started = action.step("started")
        if started is not None and action.stage != "failed" and action.action not in back:
            return Proven(Safe(f"{action.action} {action.plan.title}"), (started.seq,))
    quiet = _kept_quiet(state, incident)
    if quiet is not None:
        action = quiet[1]
        return Proven(Safe(f"{action.action} {action.plan.title}"), (action.steps[0].seq,))
    return None


def _mitigation_verified(state: State, incident: Incident) -> Proven | None:
    """The action whose goal was reached last; what ended the impact; where nothing was measured, an effect."""
    back = taken_back(state)
    done = [a for a in mitigations(state, incident) if a.action not in back]
    for action in reversed(done):
        judged = action.step("goal")
        if reached_goal(action) and judged is not None:
            words = f"{action.action} {action.plan.title}: {action.goal.detail if action.goal else ''}"
            return Proven(Safe(words), (judged.seq,))
    reached = incident.milestones.get(Milestone.MITIGATED)
    if reached is not None:
        return Proven(Safe(f"mitigated: {reached.how}"), (reached.seq,))
    if _spells(state, SpellKind.INDICATOR):
        return None
    for action in reversed(done):
        judged = action.step("verified")
        if judged is not None and action.verdict is Verdict.SEEN and not action.aims and not action.undoes:
            return Proven(Safe(f"{action.action} {action.plan.title}: {action.detail}"), (judged.seq,))
    quiet = _kept_quiet(state, incident)
    if quiet is not None:
        action = quiet[1]
        return Proven(
            Safe(f"{action.action} {action.detail}; no watched figure is beyond its limit"),
            (action.steps[-1].seq,),
        )
    return None


def _root_cause(state: State, _: Incident) -> Proven | None:
    if state.filed.causes:
        said = state.filed.causes[-1]
        return Proven(Safe(f"{said.by.name}: {said.text}"), (said.seq,))
    return _supported(state)


def _documented(state: State, incident: Incident) -> Proven | None:
    filed, decided = state.filed, state.inquiry.decisions
    over = Milestone.RESTORED in incident.milestones or not incident.open
    if not over or not (filed.notes + filed.markers + len(decided)):
        return None
    moments = state.timeline.older + len(state.timeline.moments)
    counts = (
        (moments, "moment"),
        (filed.notes, "note"),
        (filed.markers, "marker"),
        (len(decided), "decision"),
    )
    words = ", ".join(counted(number, noun) for number, noun in counts if number)
    seqs = [said.seq for said in filed.newest] + [d.seq for d in decided.values()]
    return Proven(Safe(words), tuple(seqs[-5:]))


def _tasks(state: State, _: Incident) -> Proven | None:
    tasks = list(state.inquiry.tasks.values())
    if not tasks:
        return None
    words = f"{tasks[0].task} {tasks[0].text}" + (f" and {len(tasks) - 1} more" if len(tasks) > 1 else "")
    return Proven(Safe(words), tuple(task.seq for task in tasks[:5]))


def _review(state: State, _: Incident) -> Proven | None:
    review = state.inquiry.review
    return Proven(Safe(f"on {review.at:%Y-%m-%d %H:%M}Z"), (review.seq,)) if review else None


def _commanded(state: State, _: Incident) -> Proven | None:
    holder = state.team.roles.get(Role.COMMANDER)
    return Proven(Safe(f"{holder.person} is {Role.COMMANDER}"), (holder.seq,)) if holder else None


def _restored(_: State, incident: Incident) -> Proven | None:
    reached = incident.milestones.get(Milestone.RESTORED)
    return Proven(reached.how, (reached.seq,)) if reached else None


def _resolved(_: State, incident: Incident) -> Proven | None:
    if incident.resolved is None or incident.resolved_seq is None:
        return None
    return Proven(Safe(f"resolved {incident.resolved:%H:%M:%S}Z"), (incident.resolved_seq,))


PROOFS: Mapping[str, Proof] = {
    "no_false_alarm": _no_false_alarm,
    "classified": _classified,
    "stakeholders_alerted": _stakeholders,
    "cluster_status_checked": _looked("cluster-status"),
    "alerts_checked": _alerts_checked,
    "components_identified": _components,
    "mitigation_taken": _mitigation_taken,
    "mitigation_verified": _mitigation_verified,
    "root_cause": _root_cause,
    "timeline_documented": _documented,
    "tasks_created": _tasks,
    "review_scheduled": _review,
    "commanded": _commanded,
    "restored": _restored,
    "resolved": _resolved,
}
"""Every proof, by the name a checklist's item or a phase's criterion gives it."""
