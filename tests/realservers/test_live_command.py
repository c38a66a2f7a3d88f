"""``make live`` starts real servers and a room on them, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.driver.dialogs import answer
from tests.driver.program import COMMAND, ROOT, environment
from tests.driver.terminal import Terminal
from tests.realservers.asking import wait_for, wait_synced, wait_workload
from tests.realservers.daemons import PATH

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timeout(120)]

LIVE = [sys.executable, "-m", "tests.realservers.live"]


def processes_of(folders: list[str]) -> list[str]:
    """The processes whose command line or environment names one of these folders."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            said = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if any(folder.encode() in said for folder in folders):
            found.append((process / "cmdline").read_text(errors="replace").replace("\0", " "))
    return found


@pytest.fixture
def live(home: Path) -> Iterator[subprocess.Popen[str]]:
    """The command without a terminal."""
    env = environment(home, PATH=PATH)
    running = subprocess.Popen(
        LIVE,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    yield running
    if running.poll() is None:
        running.kill()
    running.communicate()


def folders_of(live: subprocess.Popen[str]) -> list[str]:
    """The folders its hints name: the home first, then those of the servers."""
    assert live.stdout is not None
    assert live.stderr is not None
    for text in live.stdout:
        if found := re.search(r"\. (/tmp/\S+)/env$", text.rstrip()):
            given = Path(found[1], "env").read_text()
            servers = re.findall(r"=(/tmp/[^/\n]+)/(?:slurm.conf|faults.json)", given)
            return [found[1], *servers]
    raise AssertionError(f"it did not say how to enter the room: {live.stderr.read()}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_whatever_ends_it(live: subprocess.Popen[str], number: signal.Signals) -> None:
    folders = folders_of(live)
    wait_synced(Path(folders[0]))
    wait_workload(Path(folders[0]), "3", "running")
    assert len(processes_of(folders)) > 12
    live.send_signal(number)
    live.wait(60)
    wait_for(lambda: not processes_of(folders), what="every process gone")
    wait_for(lambda: not any(map(os.path.exists, folders)), what="every folder gone")


@pytest.mark.pty
def test_it_opens_the_screen_and_stops_everything_when_it_is_left(
    home: Path, terminal: Callable[..., Terminal]
) -> None:
    screen = terminal(120, 40)
    screen.start(command=LIVE)
    screen.wait_for(r"NODES 16/16")
    screen.wait_for(r"chat-api served \d+ requests")
    screen.keys("X")
    screen.wait_for("declare an incident")
    screen.keys("Enter")
    answer(screen, "then the title", "3 a drill")
    screen.wait_for("SEV3")
    screen.keys("q")
    answer(screen, "leave the war room", "leave")
    shown = screen.wait_for("EXIT 0")
    assert "all stopped" in shown
    kept = re.search(r"record is kept: WARROOM_HOME=(\S+)", shown)
    assert kept is not None, shown
    words = [*COMMAND, "incidents"]
    listed = subprocess.run(
        words, env=environment(Path(kept[1])), capture_output=True, text=True, check=True
    ).stdout
    assert "a drill" in listed
    for path in sorted(Path(kept[1]).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    Path(kept[1]).rmdir()


def test_a_missing_program_is_one_sentence_naming_its_package(home: Path) -> None:
    script = (
        "import tests.conftest, tests.realservers.live as live;"
        "live.NEEDED = (*live.NEEDED, 'no-such-server'); raise SystemExit(live.main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "make live: no-such-server not found: apt-get install no-such-server\n"
