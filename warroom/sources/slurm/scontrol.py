"""Changes nodes and reads scripts through Slurm's own programs, where its REST interface cannot."""

import os
import shutil
from collections.abc import Sequence

from warroom.errors import SourceError
from warroom.sources.programs import SYSTEM_FOLDERS, ProgramLate, run_program

DEADLINE_S = 15.0
UNSURE = ("Socket timed out", "Zero Bytes", "Message receive failure", "Unexpected message", "Communication")
"""What the programs say when the request left and its answer did not come."""


class MaybeDone(SourceError):
    """The request left; whether it was carried out is not known."""


class Scontrol:
    """Slurm's programs, for one slurm.conf."""

    def __init__(self, source: str, conf: str, *, deadline_s: float = DEADLINE_S) -> None:
        self._source = source
        self._deadline_s = deadline_s
        self._conf = conf or os.environ.get("SLURM_CONF", "")
        path = f"{os.environ.get('PATH', '')}:{SYSTEM_FOLDERS}"
        self._scontrol = shutil.which("scontrol", path=path)
        self._scancel = shutil.which("scancel", path=path)

    @property
    def missing(self) -> str:
        """Why nodes cannot be changed here; empty when they can."""
        if self._scontrol is None:
            return "scontrol is not installed on this machine"
        if self._conf and not os.path.isfile(self._conf):  # noqa: PTH113 - one look, no path arithmetic
            return f"there is no {self._conf}"
        return ""

    async def set_state(self, nodes: Sequence[str], state: str, reason: str = "") -> None:
        """``scontrol update``; raises ``SourceError`` if it was refused, ``MaybeDone`` if nobody knows."""
        words = ["update", f"NodeName={','.join(nodes)}", f"State={state}"]
        if reason:
            words.append(f"Reason={reason.lstrip(chr(34))}")
        await self._run(self._scontrol, *words)

    async def kill_batch(self, job: str) -> None:
        """SIGKILL to the batch script at once; raises like ``set_state``."""
        await self._run(self._scancel, "--signal=KILL", "--batch", job)

    async def script(self, job: str) -> str:
        """The batch script of a job; raises ``SourceError`` when the controller gives none."""
        out = await self._run(self._scontrol, "write", "batch_script", job, "-")
        if not out.strip():
            raise SourceError(self._source, f"scontrol gave an empty script for job {job}")
        try:
            return out.decode("utf-8")
        except UnicodeDecodeError as wrong:
            reason = f"the script of job {job} is no UTF-8 text and cannot be sent as JSON"
            raise SourceError(self._source, reason) from wrong

    async def _run(self, program: str | None, *words: str) -> bytes:
        if program is None or self.missing:
            raise SourceError(self._source, self.missing or "Slurm's programs are not installed here")
        environ = {"SLURM_CONF": self._conf} if self._conf else {}
        try:
            ran = await run_program(
                [program, *words], source=self._source, deadline_s=self._deadline_s, environ=environ
            )
        except ProgramLate as late:
            raise MaybeDone(self._source, late.reason) from late
        if ran.code:
            said = ran.err.splitlines()[-1] if ran.err else f"{words[0]} ended with {ran.code}"
            kind = MaybeDone if any(sign in ran.err for sign in UNSURE) else SourceError
            raise kind(self._source, said)
        return ran.out
