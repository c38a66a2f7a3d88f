"""Other operating-system users, and a warroom that they may run."""

import grp
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.driver.program import ROOT, Ran, environment

MEMBER, GROUP, STRANGER = "games", "games", "nobody"
"""Users and a group that every Debian has: one in the group, one who is not."""
SYSTEM_PYTHON = "/usr/bin/python3"
LOADED = (
    "import sys, warroom.cli.main, warroom.ui.app, warroom.bootstrap, warroom.recorder.sqlite; "
    "print('\\n'.join({n.partition('.')[0] for n, m in sys.modules.items() if 'site-packages' in str(m)}))"
)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: becomes other operating-system users")


class Others:
    """Runs the program as somebody else."""

    def __init__(self, python: str, path: str) -> None:
        self.python = python
        self.path = path

    def command(self, user: str, group: str = "") -> list[str]:
        """The command line that is warroom for this user (of this group); its environment is the caller's."""
        account = pwd.getpwnam(user)
        gid = grp.getgrnam(group).gr_gid if group else account.pw_gid
        become = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={gid}", "--init-groups"]
        return [*become, self.python, "-m", "warroom"]

    def env(self, user: str, home: Path) -> dict[str, str]:
        """What this user's environment is: no home of ours."""
        return {"WARROOM_HOME": str(home / user), "PYTHONPATH": self.path, "HOME": "/nonexistent"}

    def run(self, user: str, home: Path, *words: str, group: str = "", **env: str) -> Ran:
        """Run a command line to its end."""
        done = subprocess.run(
            [*self.command(user, group), *words],
            env=environment(home, **self.env(user, home) | env),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd="/",
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def others() -> Iterator[Others]:
    """A warroom that every user may run: a copy, as the checkout and its Python may lie in a private home."""
    assert grp.getgrnam(GROUP)
    version = subprocess.run([SYSTEM_PYTHON, "--version"], capture_output=True, text=True, check=False).stdout
    if version.split(".")[:2] != f"Python {sys.version.split()[0]}".split(".")[:2]:
        pytest.skip(f"needs a {SYSTEM_PYTHON} of this version, for other users to run")
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=ROOT
    )
    site = Path(pytest.__file__).parents[1]
    copy = Path("/tmp") / f"warroom-for-others-{os.getpid()}"
    try:
        for folder in ("warroom", "themes", "sample_clusters"):
            shutil.copytree(ROOT / folder, copy / folder)
        for name in loaded.stdout.split():
            for found in site.glob(f"{name}*"):
                if found.is_dir() and found.name == name:
                    shutil.copytree(found, copy / found.name)
                elif found.is_file():
                    shutil.copy(found, copy)
        subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
        yield Others(SYSTEM_PYTHON, str(copy))
    finally:
        shutil.rmtree(copy, ignore_errors=True)
