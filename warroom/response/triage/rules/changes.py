"""What was changed shortly before the first symptom, the closest first."""

from collections.abc import Iterable
from datetime import datetime

from warroom.model.nouns import WorkloadId
from warroom.model.response import Confidence, Fact, Finding, Proposal, Targets
from warroom.model.text import Safe
from warroom.response.triage.impact import impact
from warroom.response.triage.picture import Picture, earliest
from warroom.response.triage.reverted import Outcome, Reverted, reverted
from warroom.response.triage.rules.crash_loop import loops
from warroom.response.triage.rules.exhaustion import shortage
from warroom.response.triage.rules.nodes import suspects
from warroom.response.triage.wording import fact, facts, propose, title
from warroom.response.triage.xids import hardware_signs
from warroom.state.changes import Change

WINDOW_S = 900
SLACK_S = 5
"""A symptom may be seen that long before the change that brought it."""
MOST = 4
RUNBOOKS = {"deploy": "crash-loop", "selector": "configuration", "scale": "configuration", "cordon": ""}
WORDS = {
    "deploy": "deployed",
    "scale": "scaled",
    "selector": "moved by its selector",
    "new": "submitted",
    "cordon": "closed to new work",
}


def first_symptom(picture: Picture) -> datetime | None:
    """When what is wrong now was first seen; None while nothing is, or nobody saw it begin.

    A node that is away for a moment is none: opening a node again makes Slurm show it so until it answers.
    """
    felt = impact(picture)
    times = [
        felt.since if felt else None,
        *(t.since for t in picture.broken),
        *(d.since for d in picture.surely_down),
    ]
    if suspects(picture):
        times += [s.first for s in hardware_signs(picture)]
    return earliest(times)


def recent_change(picture: Picture) -> Iterable[Finding]:
    """Something was changed within the quarter of an hour before the first symptom; the closest is named first."""
    began = first_symptom(picture)
    if began is None:
        return
    near = [c for c in picture.past.made if -SLACK_S <= (began - c.time).total_seconds() <= WINDOW_S]
    if not near:
        return
    broken = _by_themselves(picture)
    back = {c: found for c in near if (found := reverted(picture, c)) is not None}
    blamed = {id(c) for c in near if c.subject in broken or _took_room(picture, c)}
    near.sort(key=lambda c: (id(c) not in blamed and c not in back, abs((began - c.time).total_seconds())))
    first = near[0]
    undone = back.get(first)
    name, late = _name(picture, first), (began - first.time).total_seconds()
    took_room = undone is None and _took_room(picture, first)
    tied = id(first) in blamed or (undone is not None and _speaks_for_it(undone))
    felt = impact(picture)
    words = f"{name} was {WORDS[first.kind]} {_before(late)} the first symptom"
    yield Finding(
        "recent-change",
        "recent-change",
        title(f"{words}; {undone.words}" if undone is not None else words),
        _confidence(first, late, tied=tied, undone=undone),
        facts([*(undone.facts if undone is not None else ()), *_facts(picture, near[:MOST], began)]),
        title(_refuted(undone, tied=tied)),
        felt.severity if felt and tied else None,
        "",
        "" if undone is not None else _runbook(first, tied=tied, took_room=took_room),
        _targets(first),
        tuple(_proposals(first, name, tied=tied) if undone is None else _afterwards(undone, name)),
    )


def _runbook(change: Change, *, tied: bool, took_room: bool) -> str:
    if took_room:
        return "resource-exhaustion"
    return RUNBOOKS.get(change.kind, "") if tied else ""


def _speaks_for_it(undone: Reverted) -> bool:
    """Whether what came of taking it back does not clear the change; while that is open it stays suspected."""
    return undone.outcome is not Outcome.NO_BETTER


def _refuted(undone: Reverted | None, *, tied: bool) -> str:
    if undone is None and tied:
        return "the symptom was there before the change, or stays when the change is taken back"
    if undone is None:
        return "nothing ties it to what is wrong but the time: look for what is wrong first"
    if undone.outcome is Outcome.BETTER:
        return "the trouble is back while the change stays taken back"
    if undone.outcome is Outcome.NO_BETTER:
        return "it was taken back and the trouble stayed: something else is wrong, or wrong as well"
    return "the trouble stays now that it does not run any more as it was changed"


def _afterwards(undone: Reverted, name: str) -> Iterable[Proposal]:
    if undone.stopped:
        yield propose(f"run {name} again as it was before, or something in its place")
    elif undone.outcome is Outcome.NO_BETTER:
        yield propose("look for another cause: taking this back did not help")
    else:
        yield propose(f"keep {name} from being changed so again until it is understood")


def _took_room(picture: Picture, change: Change) -> bool:
    """Whether important work lacks room and this change is one that took some."""
    found = shortage(picture)
    starved = {w.id for w in found.starved} if found else set()
    if found is None or change.kind not in ("new", "scale") or change.subject in starved:
        return False
    return change.kind == "new" or change.subject in {w.id for w in found.lesser}


def _by_themselves(picture: Picture) -> set[str]:
    """Workloads in trouble that neither nodes nor a lack of room explain."""
    found = shortage(picture)
    if found is not None and found.starved:
        short = {w.id for w in found.starved}
        return {t.workload.id for t in picture.broken if t.workload.id not in short and not t.unreached}
    if picture.down:
        return {t.workload.id for t in picture.broken if loops(picture, t)}
    return {
        t.workload.id
        for t in picture.broken
        if not t.unreached and (not suspects(picture) or loops(picture, t))
    }


def _before(seconds: float) -> str:
    if seconds <= 0:
        return "at the time of"
    if seconds < 60:
        return "less than a minute before"
    return f"{seconds // 60:.0f} min before"


def _confidence(change: Change, late: float, *, tied: bool, undone: Reverted | None) -> Confidence:
    if not tied:
        return Confidence.LOW
    if undone is not None and undone.outcome is Outcome.OPEN:
        return Confidence.MEDIUM
    return Confidence.HIGH if change.kind == "deploy" and late <= 300 else Confidence.MEDIUM


def _name(picture: Picture, change: Change) -> str:
    known = picture.state.cluster.workloads.get(WorkloadId(change.subject))
    return str(known.name) if known is not None else change.subject


def _facts(picture: Picture, near: Iterable[Change], began: datetime) -> Iterable[Fact]:
    yield fact("first symptom of what is wrong now", began)
    for change in near:
        turned = f": {change.before or 'nothing'} -> {change.after}" if change.after else ""
        yield fact(f"{_name(picture, change)} {WORDS[change.kind]}{turned}", change.time, change.seq)
    for told in picture.past.configured:
        if -SLACK_S <= (began - told.time).total_seconds() <= WINDOW_S:
            yield fact(f"log: {told.after}", told.time, told.seq)


def _targets(change: Change) -> Targets:
    if change.kind == "cordon":
        return Targets()
    image = change.before if change.kind == "deploy" else Safe("")
    return Targets(workloads=(WorkloadId(change.subject),), image=image)


def _proposals(change: Change, name: str, *, tied: bool) -> Iterable[Proposal]:
    if not tied:
        yield propose(f"do not take {name} back before something speaks for it")
    elif change.kind == "deploy":
        yield propose(f"take the deploy of {name} back")
    elif change.kind != "cordon":
        yield propose(f"take the change of {name} back")
