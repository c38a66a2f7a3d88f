"""Runs the installed program the way a person or a script does."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

COMMAND = [sys.executable, "-m", "warroom"]
ROOT = Path(__file__).resolve().parents[2]


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a child: its own home, the checkout to import from."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "HOME", "TZ")}
    return {**kept, "LC_ALL": "C.UTF-8", "WARROOM_HOME": str(home), "PYTHONPATH": str(ROOT), **more}


def warroom(home: Path, *words: str, timeout: float = 60, given: str | None = None, **env: str) -> Ran:
    """Run one command line to its end."""
    done = subprocess.run(
        [*COMMAND, *words],
        env=environment(home, **env),
        capture_output=True,
        text=True,
        timeout=timeout,
        input=given,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "Traceback" not in done.stdout, done.stdout
    return Ran(done.returncode, done.stdout, done.stderr)
