"""Several people and scripts in one room, each known by the kernel's word."""

import grp
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.driver.program import ROOT, environment, warroom
from tests.driver.terminal import Terminal


@pytest.mark.pty
@pytest.mark.slow
def test_two_clients_of_different_sizes_and_a_script_see_the_same_room(
    home: Path, terminal: Callable[..., Terminal]
) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    big, small = terminal(200, 60), terminal(80, 24)
    big.start("attach")
    small.start("attach")
    big.wait_for("7 Timeline")
    small.wait_for("REC")
    small.keys("U")
    big.wait_for("UNLOCKED")
    assert warroom(home, "note", "seen", "by", "all").code == 0
    big.wait_for("seen by all")
    small.wait_for("seen by all")
    done = warroom(home, "node-cordon", "node-a01", "--reason", "script", "--yes", "--wait")
    assert done.code == 0, done.err
    assert "effect seen" in done.out
    big.wait_for("NODES 16/16 ⊘1")
    small.wait_for("NODES 16/16 ⊘1")


USER, GROUP, STRANGER = "games", "games", "nobody"
"""Users every Debian has: one in the room's group, one who is not."""


def as_user(user: str, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command line as another operating-system user, with the system's Python."""
    account = pwd.getpwnam(user)
    site = next(Path(ROOT, ".venv").glob("lib/python*/site-packages"), None) or Path(os.__file__).parent
    env = environment(home, PYTHONPATH=f"{os.environ['WARROOM_TEST_COPY']}:{site}")
    return subprocess.run(
        ["/usr/bin/python3", "-m", "warroom", *words],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd="/",
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
    )


@pytest.fixture
def readable_copy(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program and what it imports, where every user may read it."""
    import msgspec
    import rich

    copy = home.with_name(home.name + "-copy")
    copy.mkdir()
    shutil.copytree(ROOT / "warroom", copy / "warroom")
    for module in (msgspec, rich):
        folder = Path(str(module.__file__)).parent
        shutil.copytree(folder, copy / folder.name)
    for name in ("markdown_it", "pygments", "mdurl"):
        found = Path(str(rich.__file__)).parent.parent / name
        if found.exists():
            shutil.copytree(found, copy / name)
    subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
    monkeypatch.setenv("WARROOM_TEST_COPY", str(copy))
    yield copy
    shutil.rmtree(copy, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: becomes two other operating-system users")
@pytest.mark.skipif(
    not Path("/usr/bin/python3.11").exists(), reason="needs Debian's python3.11: another user's Python"
)
def test_the_rooms_group_decides_who_may_enter(home: Path, readable_copy: Path) -> None:
    home.chmod(0o755)
    (home / "config.toml").write_text(f'[room]\ngroup = "{GROUP}"\n')
    assert grp.getgrnam(GROUP)
    assert warroom(home, "demo", "calm", "--headless").code == 0
    admitted = as_user(USER, home, "note", "hello")
    assert admitted.returncode == 0, admitted.stderr
    assert "games: hello" in warroom(home, "timeline").out
    refused = as_user(STRANGER, home, "cluster-status")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "warroom: " in refused.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: becomes another operating-system user")
@pytest.mark.skipif(
    not Path("/usr/bin/python3.11").exists(), reason="needs Debian's python3.11: another user's Python"
)
def test_without_a_group_nobody_else_may_enter(home: Path, readable_copy: Path) -> None:
    home.chmod(0o755)
    assert warroom(home, "demo", "calm", "--headless").code == 0
    refused = as_user(USER, home, "note", "hello")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "hello" not in warroom(home, "timeline").out
