"""Why a finding no longer holds: what it said is over, or something else turned out to be true."""

from collections.abc import Iterable
from typing import NamedTuple

from warroom.model.nouns import NodeState, WorkloadState
from warroom.model.requests import Verdict
from warroom.model.response import Finding
from warroom.model.text import Safe
from warroom.response.sentences import span
from warroom.response.triage.impact import impact
from warroom.response.triage.picture import Picture
from warroom.response.triage.reverted import reverted
from warroom.response.triage.rules.exhaustion import SIGNS_S
from warroom.response.triage.rules.nodes import suspects
from warroom.response.triage.wording import are, some, title
from warroom.response.triage.xids import APPLICATION_S
from warroom.response.undo import taken_back

QUIET_S = {"gpu-misuse": APPLICATION_S, "out-of-memory": SIGNS_S, "disk-full": SIGNS_S}
"""Rules that speak for that long of what a log said last."""
WELL = (WorkloadState.RUNNING, WorkloadState.COMPLETED)


class Ending(NamedTuple):
    """Why a finding is withdrawn; that it is over or was refuted is said by the flag, not by the words."""

    reason: Safe
    refuted: bool = False


def ending(picture: Picture, finding: Finding, now: Iterable[Finding]) -> Ending:
    """The reason, by what the state shows and what else is found now."""
    for judge in (_alarm, _undone, _change, _signs, _nodes, _room, _workloads):
        words = judge(picture, finding)
        if words is not None:
            return words
    other = next((f for f in now if f.scenario and finding.scenario and f.scenario != finding.scenario), None)
    if other is not None:
        return Ending(title(other.title), refuted=True)
    if impact(picture) is None and not picture.broken and not picture.down:
        return Ending(title("nothing is in trouble any more"))
    return Ending(title("what it rested on no longer holds"))


def _alarm(picture: Picture, finding: Finding) -> Ending | None:
    if not finding.targets.alerts:
        return None
    felt = impact(picture)
    if felt is not None and finding.rule == "false-alarm":
        return Ending(title(felt.words), refuted=True)
    if not any(a.fingerprint in finding.targets.alerts for a in picture.firing):
        return Ending(title("the alert no longer fires"))
    return None


def _undone(picture: Picture, finding: Finding) -> Ending | None:
    if finding.rule != "wrong-turn":
        return None
    action = finding.key.partition(":")[2]
    back = taken_back(picture.state).get(action)
    if back is None or back.verdict is not Verdict.SEEN:
        return None
    return Ending(title(f"{action} was taken back by {back.action}"))


def is_settled(picture: Picture, finding: Finding) -> bool:
    """Whether it cannot come back by itself, so that nobody has to wait whether it does."""
    return _undone(picture, finding) is not None


def _change(picture: Picture, finding: Finding) -> Ending | None:
    """A change that was taken back: what came of that is the last word on it."""
    if finding.rule != "recent-change" or not finding.targets.workloads:
        return None
    for change in reversed(picture.past.made):
        if change.subject != finding.targets.workloads[0]:
            continue
        back = reverted(picture, change)
        if back is not None:
            figures = "; ".join(str(one.text) for one in back.facts[1:])
            return Ending(title(figures if figures and back.words in finding.title else back.words))
    return None


def _signs(_picture: Picture, finding: Finding) -> Ending | None:
    seconds = QUIET_S.get(finding.rule)
    return Ending(title(f"not in the log again for {span(seconds)}")) if seconds else None


def _room(picture: Picture, finding: Finding) -> Ending | None:
    """What it names holds the room that others lack; that it runs as wanted ends nothing."""
    if finding.rule != "resource-exhaustion":
        return None
    workloads = picture.state.cluster.workloads
    held = [w for name in finding.targets.workloads if (w := workloads.get(name)) is not None]
    if held and all(w.state is WorkloadState.STOPPED for w in held):
        return None
    if bad := (*(s.node for s in suspects(picture)), *(d.node.name for d in picture.down)):
        return Ending(title(f"nothing waits for room; what fails now stands on {some(bad)}"))
    return Ending(title("nothing important lacks room any more"))


def _nodes(picture: Picture, finding: Finding) -> Ending | None:
    known = [picture.state.cluster.nodes.get(name) for name in finding.targets.nodes]
    if not known:
        return None
    if all(n is None for n in known):
        return Ending(title(f"{some(finding.targets.nodes)} {are(len(known))} no longer listed"))
    there = [n for n in known if n is not None]
    away = {n.name for n in picture.out_of_service}
    if all(n.cordoned and n.name in away and n.name in picture.occupied for n in there):
        verb = are(len(there))
        return Ending(title(f"{some(n.name for n in there)} {verb} out of service; its work runs elsewhere"))
    if all(n.cordoned and (n.name not in picture.occupied or n.name in away) for n in there):
        verb = are(len(there))
        return Ending(title(f"{some(n.name for n in there)} {verb} out of service and empty"))
    if all(n.state is NodeState.READY for n in there) and finding.scenario == "network":
        return Ending(title(f"{some(n.name for n in there)} {are(len(there))} ready again"))
    back = [n for n in there if n.name in picture.past.up]
    if back and all(n.state is NodeState.READY for n in there):
        return Ending(title(f"{some(n.name for n in back)} {are(len(back))} ready again"))
    return None


def _workloads(picture: Picture, finding: Finding) -> Ending | None:
    if not finding.targets.workloads or finding.targets.nodes:
        return None
    known = [picture.state.cluster.workloads.get(name) for name in finding.targets.workloads]
    there = [w for w in known if w is not None]
    if not there or all(w.state is WorkloadState.STOPPED for w in there):
        names = some(w.name for w in there) or some(finding.targets.workloads)
        return Ending(title(f"{names} stopped"))
    if all(w.state in WELL for w in there):
        return Ending(title(f"{some(w.name for w in there)} {are(len(there))} running as wanted"))
    return None
