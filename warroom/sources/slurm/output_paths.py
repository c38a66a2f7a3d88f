"""Where a job writes: the patterns of its output files, filled in as slurmstepd does it."""

import posixpath
import re

from warroom.sources.slurm.parse_jobs import Job

FIELD = re.compile(r"%(\d{0,3})([A-Za-z%])")
WIDEST = 10
"""Slurm pads numbers to at most that many digits."""


def output_paths(job: Job, *, host: str) -> tuple[str, ...]:
    """The files of standard output and, if another, standard error; ``host`` runs the batch script."""
    usual = "slurm-%A_%a.out" if job.array_task is not None else "slurm-%j.out"
    out = _filled(job.out or usual, job, host)
    err = _filled(job.err, job, host) if job.err else out
    return tuple(dict.fromkeys(path for path in (out, err) if path and not path.startswith("/dev/")))


def _filled(pattern: str, job: Job, host: str) -> str:
    if "\\" in pattern:
        # A backslash turns the whole pattern into a plain name.
        return posixpath.join(job.cwd, pattern.replace("\\", ""))
    identity = str(job.workload.id)
    numbers = {
        "A": str(job.array_job) if job.array_job else identity,
        "a": "4294967294" if job.array_task is None else str(job.array_task),
        "J": identity,
        "j": identity,
        "n": "0",
        "t": "0",
        "s": "batch",
    }
    names = {"N": host, "u": job.user, "x": job.raw_name, "%": "%"}

    def put(found: re.Match[str]) -> str:
        width, letter = found[1], found[2]
        if letter in names:
            return names[letter]
        value = numbers.get(letter)
        return found[0] if value is None else value.zfill(min(int(width or 0), WIDEST))

    return posixpath.normpath(posixpath.join(job.cwd, FIELD.sub(put, pattern)))
