"""Follows the output files of running jobs and answers what a job wrote last."""

import threading
from collections import deque
from collections.abc import Mapping

import msgspec

from warroom.errors import SourceError
from warroom.events.logs import LogsAppended
from warroom.model.commands import LogsFound, WorkloadLogs
from warroom.model.nouns import LogLine, NodeName, WorkloadId
from warroom.model.text import Safe, neutral, neutral_lines
from warroom.sources.blocking import in_thread
from warroom.sources.levels import level_of, time_of
from warroom.sources.slurm.output_paths import output_paths
from warroom.sources.slurm.parse_jobs import Job
from warroom.sources.slurm.tailing import Refusal, Tail, read_added, read_end
from warroom.views.logquery import at_least

READ_S = 5.0
"""A file system that takes longer is left alone until the next look."""
BYTES_A_LOOK = 262_144
"""Read of one file in one look; more is left out and counted."""
TAIL_BYTES = 2_000_000
"""Read of a file's end when its last lines are asked for."""
MOST_JOBS = 200
"""Jobs followed at once, the newest."""


class Followed:
    """One job whose files are followed, from its start to its end and through its restarts."""

    def __init__(self, job: Job, paths: tuple[str, ...], *, from_start: bool) -> None:
        self.job = job
        self.from_start = from_start
        self.tails = [Tail(path, job.user_id) for path in paths]
        self.running = True
        self.done = False
        """It ended and was read to its end."""


class Read(msgspec.Struct, frozen=True):
    """What one look found in one file, or why it could not be read."""

    followed: Followed
    data: bytes = b""
    dropped: int = 0
    wrong: str = ""


class Following:
    """The logs of one cluster's jobs."""

    def __init__(self, source: str, *, lines_a_look: int, read_s: float = READ_S) -> None:
        self._source = source
        self._read_s = read_s
        self._lines_a_look = lines_a_look
        self._jobs: dict[WorkloadId, Job] = {}
        self._hosts: Mapping[NodeName, str] = {}
        self._followed: dict[WorkloadId, Followed] = {}
        self._reading = threading.Lock()
        self._found: deque[Read] = deque()
        """What was read and not told yet; also what a late look brings after its time."""
        self._first = True
        self.unread: dict[WorkloadId, str] = {}
        """Running jobs whose output cannot be read here, and why."""

    def know(self, jobs: dict[WorkloadId, Job], hosts: Mapping[NodeName, str]) -> None:
        """Take over which jobs there are; what ended is read once more."""
        self._jobs, self._hosts = jobs, hosts
        running = sorted((j for j in jobs.values() if j.holds_nodes), key=lambda j: -int(j.workload.id))
        wanted = {job.workload.id: job for job in running[:MOST_JOBS]}
        for identity, followed in list(self._followed.items()):
            followed.running = identity in wanted
            if not followed.running:
                self.unread.pop(identity, None)
                if identity not in jobs and followed.done:
                    del self._followed[identity]
        for identity, job in wanted.items():
            paths = output_paths(job, host=self._host(job))
            known = self._followed.get(identity)
            # A job that was requeued goes on in the same files: what was read stays read.
            if known is None or [tail.path for tail in known.tails] != list(paths):
                self._followed[identity] = Followed(job, paths, from_start=not self._first)
        self._first = False

    async def read(self) -> list[LogsAppended]:
        """What was written since the last look; files that cannot be read are noted in ``unread``."""
        due = [followed for followed in self._followed.values() if followed.running or not followed.done]
        if not due:
            return []
        try:
            await in_thread(lambda: self._read_all(due), owner=self._source, deadline_s=self._read_s)
        except SourceError as late:
            self.unread.update({f.job.workload.id: late.reason for f in due if f.running})
        lines: list[LogLine] = []
        dropped = 0
        while self._found:
            one = self._found.popleft()
            identity = one.followed.job.workload.id
            self.unread.pop(identity, None)
            if one.wrong and one.followed.running:
                self.unread[identity] = one.wrong
            lines += _lines(one.data, one.followed.job)
            dropped += one.dropped
        if len(lines) > self._lines_a_look:
            dropped += len(lines) - self._lines_a_look
            lines = lines[-self._lines_a_look :]
        return [LogsAppended(lines=tuple(lines), dropped=dropped)] if lines or dropped else []

    def _read_all(self, due: list[Followed]) -> None:
        """In a thread; one that hangs on a dead file system keeps the next ones out."""
        if not self._reading.acquire(blocking=False):
            raise SourceError(self._source, "the file system of the job logs does not answer")
        try:
            for followed in due:
                ended = not followed.running
                self._found.extend(_read(followed, tail, ended=ended) for tail in followed.tails)
                followed.done = ended
        finally:
            self._reading.release()

    async def last_lines(self, query: WorkloadLogs) -> LogsFound:
        """The newest lines of one job; raises ``SourceError`` saying why there are none."""
        job = self._jobs.get(query.workload)
        if job is None:
            raise SourceError(self._source, f"there is no job {neutral(query.workload)}")
        if job.workload.submitted and not job.batch_host:
            raise SourceError(self._source, f"job {job.workload.id} has not started; it has no output yet")
        found: list[LogLine] = []
        wrongs: list[str] = []
        paths = output_paths(job, host=self._host(job))
        for path in paths:

            def call(path: str = path) -> bytes:
                return read_end(path, job.user_id, most=TAIL_BYTES)

            try:
                found += _lines(await in_thread(call, owner=self._source, deadline_s=self._read_s), job)
            except (OSError, Refusal) as wrong:
                wrongs.append(f"{neutral(path)}: {_why(wrong)}")
        if wrongs and len(wrongs) == len(paths):
            raise SourceError(self._source, "; ".join(wrongs))
        levels = at_least(query.level)
        wanted = [line for line in found if line.level in levels]
        shown = wanted[-query.tail :] if query.tail > 0 else []
        return LogsFound(tuple(shown), len(wanted), len(found), Safe(self._source))

    def _host(self, job: Job) -> str:
        return self._hosts.get(NodeName(job.batch_host), job.batch_host).partition(".")[0]


def _read(followed: Followed, tail: Tail, *, ended: bool) -> Read:
    try:
        added = read_added(tail, most=BYTES_A_LOOK, from_start=followed.from_start, ended=ended)
    except (OSError, Refusal) as wrong:
        return Read(followed, wrong=_why(wrong))
    return Read(followed, added.data, added.dropped)


def _why(wrong: Exception) -> str:
    if isinstance(wrong, FileNotFoundError):
        return "the output file is not on this machine (yet)"
    why = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
    return f"the output file cannot be read: {why}"


def _lines(data: bytes, job: Job) -> list[LogLine]:
    node = str(neutral(job.batch_host))
    return [
        LogLine(time_of(line), level_of(line), line, node, str(job.workload.id))
        for line in neutral_lines(data)
    ]
