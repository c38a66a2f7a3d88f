"""Two people at one terminal, and a terminal that is whole again after its screen was killed."""

import re
import signal
import subprocess
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.driver.program import warroom
from tests.driver.raw_terminal import RawTerminal
from tests.driver.terminal import Terminal

pytestmark = [pytest.mark.pty, pytest.mark.slow, pytest.mark.timeout(180)]

MakeTerminal = Callable[..., Terminal]


@pytest.fixture
def room(home: Path) -> Iterator[str]:
    """An open room; its shared terminal is ended afterwards."""
    assert warroom(home, "demo", "calm", "--headless").code == 0
    yield "calm"
    shared = home / "rooms" / "calm" / "tmux"
    subprocess.run(["tmux", "-S", str(shared), "kill-server"], check=False, capture_output=True)


def test_two_people_share_one_screen_and_each_leaves_alone(
    home: Path, room: str, terminal: MakeTerminal
) -> None:
    first, second = terminal(120, 40), terminal(80, 24)
    first.start("pair", room)
    first.wait_for("NODES 16/16")
    second.start("pair", room)
    second.wait_for("NODES 16/16")
    first.keys("1")
    first.wait_for(r"attached: root \(3 screens, one login\)")

    second.keys("a")
    second.wait_for("note")
    second.type("seen from the second chair")
    second.keys("Enter")
    first.keys("7")
    first.wait_for("seen from the second chair")

    # The terminal around is tmux, too; its own prefix is the same, so only the inner one is told.
    second.keys("C-b", "d")
    second.wait_for("the room goes on: warroom pair calm")
    second.wait_for("EXIT 0")
    first.wait_for("left the shared terminal")
    said = warroom(home, "timeline").out
    assert "shares a terminal (120x40)" in said
    assert "shares a terminal (80x24)" in said


def test_who_joins_read_only_types_nothing(room: str, terminal: MakeTerminal) -> None:
    first, second = terminal(), terminal()
    first.start("pair", room)
    first.wait_for("NODES 16/16")
    second.start("pair", room, "--read-only")
    second.wait_for("NODES 16/16")
    second.keys("a")
    first.keys("?")
    second.wait_for("undo one layer")
    assert "note:" not in second.screen()


def test_what_a_second_person_types_is_said_without_a_terminal(home: Path, room: str) -> None:
    invited = warroom(home, "pair", room, "--invite")
    assert invited.code == 0
    assert "warroom pair calm" in invited.out
    assert f"warroom attach {home}/rooms/calm" in invited.out
    refused = warroom(home, "pair", room)
    assert refused.code == 1
    assert "pairing needs a terminal" in refused.err


def test_without_tmux_the_other_way_is_named(home: Path, room: str) -> None:
    refused = warroom(home, "pair", room, PATH="/nonexistent")
    assert refused.code == 1
    assert "`warroom attach calm`" in refused.err


def test_a_terminal_is_whole_again_after_its_screen_was_killed(
    home: Path, room: str, raw_terminal: Callable[..., RawTerminal]
) -> None:
    killed = raw_terminal()
    killed.start("attach", room)
    killed.wait_for("NODES 16/16")
    assert killed.process is not None
    killed.process.send_signal(signal.SIGKILL)
    killed.process.wait()
    assert killed.modes() != killed.modes_before
    killed.start("reset-terminal")
    assert killed.wait_ended() == 0
    left = killed.private_modes()
    assert {mode: left[mode] for mode in (1049, 2004, 1004, 25, 7)} == {
        1049: False,
        2004: False,
        1004: False,
        25: True,
        7: True,
    }
    popped = killed.written.rindex(b"\x1b[<u")
    assert not re.search(rb"\x1b\[>\d+u", killed.written[popped:])
    asked = termios.tcgetattr(killed.ours)
    assert asked[0] & termios.ICRNL
    assert asked[1] & termios.OPOST
    assert {flag for flag in (termios.ECHO, termios.ICANON, termios.ISIG) if not asked[3] & flag} == set()


def test_reset_terminal_without_a_terminal_says_so(home: Path) -> None:
    refused = warroom(home, "reset-terminal")
    assert refused.code == 1
    assert "there is no terminal here to reset" in refused.err
