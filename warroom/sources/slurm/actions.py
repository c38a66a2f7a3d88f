"""Carries out commands on Slurm, and tells apart what succeeded, what was refused and what nobody knows."""

from collections.abc import Mapping
from contextlib import suppress
from typing import assert_never

from warroom.errors import Refused, SourceError, Unreadable
from warroom.host.ports import Outcome, Report
from warroom.model.nouns import NodeName, WorkloadId
from warroom.model.requests import (
    Acknowledge,
    ActionKind,
    Capability,
    Cordon,
    CreateAlert,
    Drain,
    EndSilences,
    Request,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
)
from warroom.model.text import Safe, neutral
from warroom.sources.failures import HttpError
from warroom.sources.names import is_plain, signed
from warroom.sources.slurm.parse_fields import errors_of, listed, number, text
from warroom.sources.slurm.parse_jobs import Job
from warroom.sources.slurm.rest import SlurmRest
from warroom.sources.slurm.scontrol import MaybeDone, Scontrol
from warroom.sources.slurm.submission import NO_IMAGES, NO_SCALING, refusal, script_of, submission

REASON_CAP = 200


def capabilities(missing: str) -> tuple[Capability, ...]:
    """What can be done, worded as what it is; ``missing`` says why nodes cannot be changed."""
    closes = "state=drain: no new job starts here, running jobs go on; Slurm has no cordon apart from drain"
    drains = (
        "stop new work; running jobs go on until they end by themselves (the grace period changes nothing)"
    )
    nodes = not missing
    update = "scontrol update NodeName={target} State="
    return (
        Capability(
            ActionKind.CORDON,
            possible=nodes,
            wording=neutral(missing or closes),
            call=neutral(update + "DRAIN Reason={reason}"),
        ),
        Capability(
            ActionKind.UNCORDON,
            possible=nodes,
            wording=neutral(missing or "state=resume: new jobs may start here again"),
            call=neutral(update + "RESUME"),
        ),
        Capability(
            ActionKind.DRAIN,
            possible=nodes,
            wording=neutral(missing or drains),
            call=neutral(update + "DRAIN Reason={reason}"),
        ),
        Capability(
            ActionKind.STOP,
            wording=Safe(
                "cancel: SIGTERM, SIGKILL after KillWait; force: SIGKILL to the batch script at once"
            ),
            call=Safe("DELETE /job/{target}"),
        ),
        Capability(
            ActionKind.SUBMIT,
            wording=neutral(
                f"a new batch job as the room's Slurm user, its environment not copied; {NO_IMAGES}"
            ),
            call=Safe("POST /job/submit name={target}"),
        ),
        Capability(ActionKind.SCALE, possible=False, wording=Safe(NO_SCALING)),
    )


class SlurmActions:
    """The actuator of one Slurm cluster."""

    def __init__(self, rest: SlurmRest, scontrol: Scontrol) -> None:
        self._rest = rest
        self._scontrol = scontrol
        self.jobs: Mapping[WorkloadId, Job] = {}
        """The jobs as last seen."""

    async def carry_out(self, request: Request, *, operation: str, report: Report) -> Outcome:
        """Make the calls; never raises for a refusal or a broken link."""
        try:
            match request:
                case Cordon() | Drain():
                    return await self._close(request, operation, report)
                case Uncordon():
                    return await self._open(request, report)
                case Stop():
                    return await self._stop(request, report)
                case Submit():
                    return await self._submit(request, operation)
                case Scale():
                    return _failed(NO_SCALING)
                case SilenceAlerts() | CreateAlert() | Acknowledge() | EndSilences():
                    return _failed("Slurm knows no alerts")
                case _ as forgotten:
                    assert_never(forgotten)
        except (SourceError, Unreadable, Refused) as wrong:
            return _outcome(wrong)

    async def _close(self, request: Cordon | Drain, operation: str, report: Report) -> Outcome:
        reason = signed(str(request.reason)[:REASON_CAP] or "closed from the war room", operation)
        await self._set_state(request.nodes, "DRAIN", reason)
        running = [
            j for j in self.jobs.values() if j.holds_nodes and set(j.workload.nodes) & set(request.nodes)
        ]
        report(neutral(f"{len(request.nodes)} nodes set to drain"), len(request.nodes), len(request.nodes))
        return Outcome(
            "succeeded", neutral(f"no new jobs on {_names(request.nodes)}; {len(running)} running jobs go on")
        )

    async def _open(self, request: Uncordon, report: Report) -> Outcome:
        await self._set_state(request.nodes, "RESUME", "")
        report(neutral(f"{len(request.nodes)} nodes resumed"), len(request.nodes), len(request.nodes))
        return Outcome("succeeded", neutral(f"{_names(request.nodes)} resumed"))

    async def _set_state(self, nodes: tuple[NodeName, ...], state: str, reason: str) -> None:
        strange = [name for name in nodes if not is_plain(name)]
        if strange or not nodes:
            raise Refused(f"not a node name: {neutral(strange[0])}" if strange else "no node was named")
        if not self._scontrol.missing:
            await self._scontrol.set_state(nodes, state, reason)
            return
        if not (await self._rest.version()).changes_nodes:
            raise Refused(f"this Slurm REST version cannot change nodes and {self._scontrol.missing}")
        body = {"state": [state], **({"reason": reason} if reason else {})}
        for name in nodes:
            answer = await self._rest.post(f"/node/{name}", body)
            if answer.status >= 400 or errors_of(answer.data):
                raise self._rest.error_of(answer)

    async def _stop(self, request: Stop, report: Report) -> Outcome:
        failed: list[str] = []
        unsure: list[str] = []
        for place, identity in enumerate(request.workloads, 1):
            try:
                await self._stop_one(identity, force=request.force)
            except (SourceError, Unreadable, Refused) as wrong:
                told = unsure if _outcome(wrong).status == "unknown" else failed
                told.append(f"{identity}: {_reason(wrong)}")
            report(neutral(f"job {identity}"), place, len(request.workloads))
        done = len(request.workloads) - len(failed) - len(unsure)
        count = f"{done} of {len(request.workloads)} cancelled"
        if unsure:
            return Outcome("unknown", neutral(f"{count}; {'; '.join(unsure + failed)}"))
        if failed:
            return Outcome("failed", neutral(f"{count}; {'; '.join(failed)}"))
        return Outcome("succeeded", neutral(f"{count}{' by force' if request.force else ''}"))

    async def _stop_one(self, identity: WorkloadId, *, force: bool) -> None:
        if not identity.isdigit():
            raise Refused("not a job number")
        await self._check_same(identity)
        if force and not self._scontrol.missing and self.jobs[identity].holds_nodes:
            # REST and plain scancel wait for KillWait after SIGTERM, also when asked for SIGKILL.
            # Whether this worked or not, the cancelling below decides.
            with suppress(SourceError):
                await self._scontrol.kill_batch(identity)
        try:
            await self._rest.delete(f"/job/{identity}", params={"signal": "KILL"} if force else None)
        except HttpError as error:
            if "already complet" not in error.reason.lower():
                raise

    async def _check_same(self, identity: WorkloadId) -> None:
        """Job numbers are used again after a wrap: the job must still be the one that was shown."""
        known = self.jobs.get(identity)
        if known is None:
            raise Refused("not in the list of jobs")
        answer = await self._rest.checked(f"/job/{identity}")
        raw = listed(answer.data, "jobs")
        mine = next((one for one in raw if str(number(one, "job_id")) == identity), raw[0] if raw else {})
        if (text(mine, "name"), text(mine, "user_name")) != (known.raw_name, known.user):
            raise Refused("this number is another job by now")

    async def _submit(self, request: Submit, operation: str) -> Outcome:
        like = self.jobs.get(request.like) if request.like else None
        if why := refusal(request, like):
            return _failed(why)
        script = script_of(request.command)
        origin = ""
        if like is not None and not request.command:
            script = await self._scontrol.script(str(like.workload.id))
            origin = f", script copied from job {like.workload.id}"
        version = await self._rest.version()
        body = submission(request, like, script, operation=operation, version=version)
        try:
            answer = await self._rest.post("/job/submit", body)
            identity = number(answer.data, "job_id") if isinstance(answer.data, dict) else None
            if not identity:
                raise self._rest.error_of(answer)
        except HttpError as error:
            return await self._look_for(operation, error)
        remark = "; ".join(errors_of(answer.data))
        owner = f", owner {like.user} before" if like and like.user else ""
        detail = f"job {identity}{origin}{owner}" + (f"; Slurm remarks: {remark}" if remark else "")
        return Outcome("succeeded", neutral(detail), (str(identity),))

    async def _look_for(self, operation: str, error: HttpError) -> Outcome:
        """The answer did not come: the job carries the operation's id in its comment, if there is one."""
        if error.nothing_done:
            return _failed(error.reason)
        try:
            answer = await self._rest.checked("/jobs")
            found = [
                raw for raw in listed(answer.data, "jobs") if f"[warroom:{operation}]" in text(raw, "comment")
            ]
        except (SourceError, Unreadable):
            found = []
        if found:
            identity = number(found[0], "job_id")
            return Outcome("succeeded", neutral(f"job {identity}, found by its comment"), (str(identity),))
        return Outcome("unknown", neutral(f"{error.reason}; no job with [warroom:{operation}] is listed"))


def _outcome(wrong: SourceError | Unreadable | Refused) -> Outcome:
    """Failed when it is sure that nothing was done, unknown otherwise."""
    unsure = isinstance(wrong, MaybeDone | Unreadable) or (
        isinstance(wrong, HttpError) and not wrong.nothing_done
    )
    return Outcome("unknown" if unsure else "failed", neutral(_reason(wrong)))


def _reason(wrong: SourceError | Unreadable | Refused) -> str:
    return wrong.reason if isinstance(wrong, SourceError) else str(wrong)


def _failed(why: str) -> Outcome:
    return Outcome("failed", neutral(why))


def _names(nodes: tuple[NodeName, ...]) -> str:
    return ", ".join(nodes[:6]) + (f" and {len(nodes) - 6} more" if len(nodes) > 6 else "")
