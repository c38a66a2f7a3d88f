"""The layout is on screen before anything is loaded, and nothing is lost or left behind by that."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.driver.program import warroom
from tests.driver.raw_terminal import RawTerminal
from warroom.ui.terminal_bytes import disallowed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

HELD = """
import sys
from warroom import firstframe, __version__
import os
sys.argv = ["warroom", "attach"]
firstframe.show(sys.argv[1:], os.environ, __version__)
try:
    print(end="shown\\n", file=open({told!r}, "w"))
    {then}
finally:
    firstframe.leave()
"""
"""The first step of the program alone, held there."""


@pytest.fixture
def seen_before(home: Path, raw_terminal: Callable[..., RawTerminal]) -> Path:
    """A home in which a screen of this size was left once."""
    assert warroom(home, "demo", "calm", "--headless").code == 0
    terminal = raw_terminal()
    terminal.start("attach")
    terminal.wait_for("NODES 16/16")
    while not list((home / "frames").glob("120x40")):
        terminal.read()
    terminal.press(b"q")
    assert terminal.wait_ended() == 0
    return home


def held(terminal: RawTerminal, home: Path, then: str) -> None:
    code = HELD.format(told=str(home / "told"), then=then)
    terminal.start(command=[sys.executable, "-c", code])
    terminal.wait_for("q leave")


def test_the_frames_of_the_last_screen_come_first_and_say_nothing_of_the_cluster(
    seen_before: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    terminal = raw_terminal()
    held(terminal, seen_before, "sys.stdin.read(1)")
    screen = terminal.screen()
    assert "┏━ 2 Alerts ━" in screen
    assert "┌─ 6 Logs ─" in screen
    assert "? keys" in screen
    assert not any(word in screen for word in ("NODES", "node-", "16", "sample", "running"))
    assert disallowed(terminal.written) == []
    terminal.press(b"x")
    terminal.wait_ended()
    assert terminal.modes() == terminal.modes_before
    assert terminal.private_modes() == {1049: False, 25: True, 7: True}


def test_the_live_screen_goes_on_from_it_without_clearing_and_takes_what_was_typed(
    seen_before: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    terminal = raw_terminal()
    terminal.start("attach")
    terminal.wait_for("┏━ 2 Alerts")
    terminal.press(b"6")
    terminal.wait_for("┏━ 6 Logs")
    terminal.wait_for("NODES 16/16")
    assert terminal.written.count(b"\x1b[?1049h") == 1
    assert b"6" not in terminal.written.partition(b"\x1b[?1004h")[0].rpartition(b"m")[2]
    terminal.press(b"q")
    assert terminal.wait_ended() == 0
    assert terminal.modes() == terminal.modes_before
    assert disallowed(terminal.written) == []


def test_a_start_that_fails_gives_the_terminal_back_and_says_why(
    seen_before: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    assert warroom(seen_before, "stop").code == 0
    terminal = raw_terminal()
    terminal.start("attach")
    assert terminal.wait_ended() == 1
    assert b"no room is open" in terminal.written.partition(b"\x1b[?1049l")[2]
    assert b"6 Logs" in terminal.written
    assert terminal.modes() == terminal.modes_before
    assert terminal.private_modes() == {1049: False, 25: True, 7: True}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_start_that_is_ended_gives_the_terminal_back(
    seen_before: Path, raw_terminal: Callable[..., RawTerminal], number: signal.Signals
) -> None:
    terminal = raw_terminal()
    held(terminal, seen_before, "sys.stdin.read(1)")
    assert terminal.process is not None
    terminal.process.send_signal(number)
    terminal.wait_ended()
    assert terminal.modes() == terminal.modes_before
    assert terminal.private_modes() == {1049: False, 25: True, 7: True}


def test_another_size_or_a_frame_that_others_may_write_shows_nothing(
    seen_before: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    def first_written(terminal: RawTerminal) -> bytes:
        terminal.start("attach")
        terminal.wait_for("NODES 16/16")
        return terminal.written.partition(b"\x1b[?1004h")[0]

    assert b"6 Logs" not in first_written(raw_terminal(110, 40))
    (seen_before / "frames" / "120x40").chmod(0o666)
    assert b"6 Logs" not in first_written(raw_terminal())


def test_the_frame_needs_nothing_that_python_has_not_loaded(home: Path) -> None:
    import json
    import subprocess

    code = "import json, sys, collections.abc, types; before = set(sys.modules); from warroom import firstframe; "
    code += "print(json.dumps(sorted(set(sys.modules) - before)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == ["warroom", "warroom.firstframe"]
