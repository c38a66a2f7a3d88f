"""The account that sees the room and nothing else: the recipe of docs/pairing.md at a real sshd."""

import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import needs
from tests.driver.people import needs_root
from tests.driver.program import COMMAND, ROOT, environment, warroom
from tests.driver.terminal import Terminal
from tests.realservers.sshd import Sshd

pytestmark = [
    pytest.mark.real("ssh", "sshd", "ssh-keygen"),
    pytest.mark.pty,
    pytest.mark.slow,
    pytest.mark.timeout(120),
    needs("tmux"),
    needs_root,
]


def recipe(home: Path) -> str:
    """What docs/pairing.md tells to write into sshd_config, for this account, program and room."""
    text = (ROOT / "docs" / "pairing.md").read_text()
    block = re.search(r"```text\n(Match User .*?)```", text, re.DOTALL)
    assert block is not None, "docs/pairing.md has no recipe for sshd"
    env = [f"{key}={value}" for key, value in environment(home / "watch").items()]
    command = shlex.join(["env", *env, *COMMAND])
    told = block[1].replace("Match User watch", "Match User root")
    return told.replace("ForceCommand warroom", f"ForceCommand {command}").replace(
        "/srv/warroom/rooms/prod", str(home / "rooms" / "calm")
    )


@pytest.fixture
def server(home: Path) -> Iterator[Sshd]:
    """A room, and an sshd whose account may only look at it."""
    assert warroom(home, "demo", "calm", "--headless").code == 0
    (home / "watch").mkdir()
    made = Sshd(recipe(home))
    try:
        yield made.start()
    finally:
        made.stop()


def test_the_account_sees_the_room_can_change_nothing_and_runs_nothing_else(
    home: Path, server: Sshd, terminal: Callable[..., Terminal]
) -> None:
    stolen = home / "stolen"
    screen = terminal(120, 40)
    screen.start(command=[*server.command(), f"touch {stolen}; sh"])
    screen.wait_for("NODES 16/16")
    screen.wait_for("READ-ONLY")
    screen.keys("a")
    screen.wait_for("A note begins")
    screen.type("I was never here")
    screen.keys("Enter")
    screen.wait_for("this screen was attached with --read-only; attach without it to act")
    screen.keys("U")
    screen.keys("q")
    screen.wait_for("EXIT 0")
    assert not stolen.exists()
    said = warroom(home, "timeline", "--limit", "1000").out
    assert "I was never here" not in said
    assert "unlocked" not in said


def test_without_a_terminal_it_is_told_to_ask_for_one(server: Sshd) -> None:
    words = [word for word in server.command() if word != "-tt"]
    done = subprocess.run(
        [*words, "sh"], capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode != 0
    assert "needs a terminal" in done.stderr
