"""Carries out commands on Slurm, and tells apart what succeeded, what was refused and what nobody knows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import assert_never

from warroom.errors import Refused, SourceError, Unreadable
from warroom.host.ports import Outcome, Report
from warroom.model.nouns import NodeName, WorkloadId
from warroom.model.requests import (
    Acknowledge,
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
from warroom.model.text import neutral
from warroom.sources.failures import HttpError
from warroom.sources.names import is_plain, signed
from warroom.sources.slurm.capabilities import THROUGH_REST, THROUGH_SCONTROL, NodeCalls
from warroom.sources.slurm.parse_fields import errors_of, listed, number, text
from warroom.sources.slurm.parse_jobs import Job
from warroom.sources.slurm.rest import SlurmRest
from warroom.sources.slurm.scontrol import MaybeDone, Scontrol
from warroom.sources.slurm.submission import NO_SCALING, refusal, script_of, submission

REASON_CAP = 200


class SlurmActions:
    """The actuator of one Slurm cluster."""

    def __init__(self, rest: SlurmRest, scontrol: Scontrol) -> None:
        self._rest = rest
        self._scontrol = scontrol
        self._jobs: Mapping[WorkloadId, Job] = {}
        self._raw_names: Mapping[NodeName, str] = {}
        self.rest_changes_nodes = False
        """Whether the version spoken can change nodes; learned with the first look."""

    @property
    def node_calls(self) -> NodeCalls:
        """How node states are changed: by scontrol where it is installed, which every version knows."""
        if not self._scontrol.missing:
            return NodeCalls(THROUGH_SCONTROL)
        if self.rest_changes_nodes:
            return NodeCalls(THROUGH_REST)
        return NodeCalls(THROUGH_SCONTROL, self._scontrol.missing)

    def know(self, jobs: Mapping[WorkloadId, Job], names: Mapping[str, NodeName]) -> None:
        """Take over which jobs and nodes there are; only these can be acted upon."""
        self._jobs = jobs
        self._raw_names = {shown: raw for raw, shown in names.items()}

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
        closed = set(request.nodes)
        running = [j for j in self._jobs.values() if j.holds_nodes and closed & set(j.workload.nodes)]
        total = len(request.nodes)
        report(neutral(f"{_counted(total, 'node')} set to drain"), total, total)
        on = f"{_counted(len(running), 'running job')} {'goes' if len(running) == 1 else 'go'} on"
        return Outcome("succeeded", neutral(f"no new jobs on {_names(request.nodes)}; {on}"))

    async def _open(self, request: Uncordon, report: Report) -> Outcome:
        await self._set_state(request.nodes, "RESUME", "")
        total = len(request.nodes)
        report(neutral(f"{_counted(total, 'node')} resumed"), total, total)
        return Outcome("succeeded", neutral(f"{_names(request.nodes)} resumed"))

    async def _set_state(self, nodes: tuple[NodeName, ...], state: str, reason: str) -> None:
        raw_names = self._plain_names(nodes)
        calls = self.node_calls
        if calls.missing:
            raise Refused(f"this Slurm REST version cannot change nodes and {calls.missing}")
        if calls.template == THROUGH_SCONTROL:
            await self._scontrol.set_state(raw_names, state, reason)
            return
        body = {"state": [state], **({"reason": reason} if reason else {})}
        for done, name in enumerate(raw_names):
            try:
                answer = await self._rest.post(f"/node/{name}", body)
                if answer.status >= 400 or errors_of(answer.data):
                    raise self._rest.error_of(answer)
            except HttpError as error:
                if done:
                    error.reason += f" ({done} of {len(raw_names)} nodes were set before that)"
                raise

    def _plain_names(self, nodes: tuple[NodeName, ...]) -> list[str]:
        """Slurm's own names of nodes that are listed; ``ALL`` and node sets are words of Slurm, not nodes."""
        if not nodes:
            raise Refused("no node was named")
        if unknown := [name for name in nodes if name not in self._raw_names]:
            raise Refused(f"not in the list of nodes: {neutral(unknown[0])}")
        raw_names = [self._raw_names[name] for name in nodes]
        if strange := [name for name in raw_names if not is_plain(name)]:
            raise Refused(f"not a name that may be handed to a program: {neutral(strange[0])}")
        return raw_names

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
        if force and not self._scontrol.missing and self._jobs[identity].holds_nodes:
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
        known = self._jobs.get(identity)
        if known is None:
            raise Refused("not in the list of jobs")
        with nothing_sent():
            raw = listed((await self._rest.checked(f"/job/{identity}")).data, "jobs")
            mine = next((one for one in raw if str(number(one, "job_id")) == identity), raw[0] if raw else {})
        if (text(mine, "name"), text(mine, "user_name")) != (known.raw_name, known.user):
            raise Refused("this number is another job by now")

    async def _submit(self, request: Submit, operation: str) -> Outcome:
        like = self._jobs.get(request.like) if request.like else None
        if why := refusal(request, like):
            return _failed(why)
        script = script_of(request.command)
        origin = ""
        with nothing_sent():
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
        except (HttpError, Unreadable) as wrong:
            return await self._look_for(operation, wrong)
        remark = "; ".join(errors_of(answer.data))
        owner = f", owner {like.user} before" if like and like.user else ""
        detail = f"job {identity}{origin}{owner}" + (f"; Slurm remarks: {remark}" if remark else "")
        return Outcome("succeeded", neutral(detail), (str(identity),))

    async def _look_for(self, operation: str, error: HttpError | Unreadable) -> Outcome:
        """The answer did not come: the job carries the operation's id in its comment, if there is one."""
        if isinstance(error, HttpError) and error.nothing_done:
            return _failed(error.reason)
        mark = signed("", operation)
        try:
            jobs = listed((await self._rest.checked("/jobs")).data, "jobs")
            found = [number(raw, "job_id") for raw in jobs if mark in text(raw, "comment")]
        except (SourceError, Unreadable) as wrong:
            told = (
                f"{_reason(error)}; whether a job carries {mark} could not be seen either: {_reason(wrong)}"
            )
            return Outcome("unknown", neutral(told))
        if found:
            return Outcome("succeeded", neutral(f"job {found[0]}, found by its comment"), (str(found[0]),))
        return Outcome("unknown", neutral(f"{_reason(error)}; no job with {mark} is listed"))


@contextmanager
def nothing_sent() -> Iterator[None]:
    """What fails in here was only a reading before the call: it is sure that nothing was done."""
    try:
        yield
    except (SourceError, Unreadable) as wrong:
        raise Refused(f"nothing was sent: {_reason(wrong)}") from wrong


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


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
