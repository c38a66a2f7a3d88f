"""The mouse through a terminal: its bytes do nothing until it is asked for, and the terminal is left without."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.driver.program import warroom
from tests.driver.raw_terminal import RawTerminal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

ON, OFF = b"\x1b[?1000h", b"\x1b[?1000l"


def click(terminal: RawTerminal, words: str) -> None:
    """Press and release where these words stand."""
    lines = terminal.wait_for(words).splitlines()
    y = next(y for y, text in enumerate(lines) if words in text)
    x = lines[y].index(words)
    terminal.press(b"\x1b[<0;%d;%dM\x1b[<0;%d;%dm" % (x + 1, y + 1, x + 1, y + 1))


def wheel(terminal: RawTerminal, button: int) -> None:
    terminal.press(b"\x1b[<%d;20;10M" % button)


def test_a_click_and_the_wheel_do_nothing_until_f2_and_nothing_after_it_again(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    terminal = raw_terminal()
    terminal.start("attach")
    terminal.wait_for("NODES 16/16")
    assert ON not in terminal.written
    click(terminal, "4 Workloads")
    wheel(terminal, 65)
    terminal.press(b"m")
    terminal.wait_for("┏━ 2 Alerts")
    terminal.settle()
    assert "┏━ 4 Workloads" not in terminal.screen()
    terminal.press(b"\x1bOQ")
    terminal.wait_for("mouse on")
    assert ON in terminal.written
    assert b"\x1b[?1003h" not in terminal.written, "motion alone sends nothing over the link"
    click(terminal, "4 Workloads")
    terminal.wait_for("┏━ 4 Workloads")
    click(terminal, "node-b02")
    terminal.wait_for("┏━ 3 Nodes")
    terminal.press(b"\r")
    terminal.wait_for("━ node-b02 ━|node-b02")
    terminal.press(b"\x1b")
    begin = len(terminal.written)
    terminal.press(b"\x1bOQ")
    terminal.wait_for("mouse off")
    assert OFF in terminal.written[begin:]
    click(terminal, "4 Workloads")
    terminal.press(b"m")
    terminal.settle()
    assert "┏━ 3 Nodes" in terminal.screen()
    terminal.press(b"q")
    assert terminal.wait_ended() == 0


def test_a_config_that_wants_the_mouse_gets_it_but_not_over_ssh_and_leaves_the_terminal_without(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text("[ui]\nmouse = true\n")
    assert warroom(home, "demo", "calm", "--headless").code == 0
    near = raw_terminal()
    near.start("attach")
    near.wait_for("NODES 16/16")
    near.settle()
    assert ON in near.written
    click(near, "4 Workloads")
    near.wait_for("┏━ 4 Workloads")
    near.press(b"q")
    assert near.wait_ended() == 0
    assert near.written.rindex(OFF) > near.written.rindex(ON)
    far = raw_terminal()
    far.start("attach", SSH_CONNECTION="10.0.0.1 1 10.0.0.2 22")
    far.wait_for("NODES 16/16")
    far.settle()
    assert ON not in far.written
