"""Workloads that crash again and again, and whether that began with a deploy."""

from collections.abc import Iterable
from datetime import datetime

from warroom.model.nouns import Severity, Workload
from warroom.model.requests import Stop, Submit
from warroom.model.response import Confidence, Fact, Finding, Proposal, Targets
from warroom.model.text import Safe
from warroom.response.triage.impact import impact, workload_fact
from warroom.response.triage.picture import Picture, Trouble
from warroom.response.triage.rules.nodes import concentrated, suspects
from warroom.response.triage.wording import at_least, fact, facts, propose, sign_fact, title
from warroom.state.changes import Change

AFTER_S = 900
"""A crash that began within that time after a deploy is held against it."""
SLACK_S = 5
"""The cluster may show a crash that long before it shows the deploy."""
SURE_RESTARTS = 2
FAILING_S = 20
MOST = 5


def crash_loop(picture: Picture) -> Iterable[Finding]:
    """A workload ends by itself and starts again and again, on nodes that are well; often after a deploy."""
    found = [t for t in picture.broken if loops(picture, t)]
    for trouble in found[:MOST]:
        workload = trouble.workload
        deploy = deploy_before(picture, workload, trouble.since)
        sure = deploy is not None and (workload.restarts or 0) >= SURE_RESTARTS
        previous = Safe(deploy.before) if deploy is not None else Safe("")
        yield Finding(
            f"crash-loop:{workload.id}",
            "crash-loop",
            title(_title(workload, deploy)),
            Confidence.HIGH if sure else Confidence.MEDIUM,
            facts(_facts(picture, trouble, deploy)),
            title(_refuted(deploy)),
            _severity(picture, workload),
            "crash-loop",
            "crash-loop",
            Targets(workloads=(workload.id,), image=previous),
            tuple(_proposals(workload, previous)),
        )


def loops(picture: Picture, trouble: Trouble) -> bool:
    """Whether it is the workload itself that fails, and not what it stands on."""
    workload = trouble.workload
    if trouble.unreached or not trouble.crashed:
        return False
    bad = {s.node for s in suspects(picture)} | {concentrated(picture)}
    failed = [i for i in picture.unready.get(workload.id, ()) if i.state == "failed"]
    if failed and all(i.node in bad for i in failed):
        return False
    if deploy_before(picture, workload, trouble.since) is not None:
        return picture.ago(trouble.since) >= 1
    if workload.restarts is None:
        # A batch job that failed once and stays failed is no loop.
        return picture.matters(workload) and picture.ago(trouble.since) >= FAILING_S
    return workload.restarts >= SURE_RESTARTS and (picture.matters(workload) or workload.restarts > 3)


def deploy_before(picture: Picture, workload: Workload, since: datetime | None) -> Change | None:
    """The deploy of this workload that its trouble began with."""
    if since is None:
        return None
    for change in reversed(picture.past.made):
        if change.kind == "deploy" and change.subject == workload.id:
            late = (since - change.time).total_seconds()
            return change if -SLACK_S <= late <= AFTER_S else None
    return None


def _title(workload: Workload, deploy: Change | None) -> str:
    if deploy is None:
        return f"{workload.name} crashes again and again; nothing was deployed before"
    return f"{workload.name} crashes since the deploy of {short_image(deploy.after)}"


def short_image(image: str) -> str:
    """An image without the registry before it."""
    return image.rpartition("/")[2] or image


def _facts(picture: Picture, trouble: Trouble, deploy: Change | None) -> Iterable[Fact]:
    workload = trouble.workload
    if deploy is not None:
        yield fact(f"{workload.name} deployed: {deploy.before} -> {deploy.after}", deploy.time, deploy.seq)
    yield workload_fact(picture, trouble)
    on = sorted({i.node for i in picture.unready.get(workload.id, ()) if i.node})
    if len(on) > 1:
        yield fact(f"it fails on {len(on)} nodes that are ready: not the nodes", picture.looked)
    for kind in ("crash", "oom"):
        yield from (sign_fact(s) for s in picture.recent(kind, AFTER_S) if s.workload == workload.id)
    felt = impact(picture)
    if felt is not None:
        yield from felt.facts


def _refuted(deploy: Change | None) -> str:
    if deploy is None:
        return "other workloads on the same nodes fail too, or it runs again without being touched"
    return "it goes on crashing with the previous image, or it had crashed before the deploy"


def _severity(picture: Picture, workload: Workload) -> Severity:
    felt = impact(picture)
    least = Severity.SEV3 if workload.ready == 0 else Severity.SEV4
    return at_least(felt.severity if felt else None, least)


def _proposals(workload: Workload, previous: Safe) -> Iterable[Proposal]:
    reason = title("crashes again and again")
    yield propose(f"stop {workload.name} by force", Stop((workload.id,), force=True, reason=reason))
    if previous:
        name = f"{workload.name}-rollback"
        back = Submit(name, like=workload.id, image=str(previous), reason=title("back to the previous image"))
        yield propose(f"submit {name} with {short_image(previous)}", back)
    else:
        yield propose(f"look at the last lines of {workload.name} and at what it depends on")
