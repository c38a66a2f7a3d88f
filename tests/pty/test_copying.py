"""Copying out of a real terminal: into tmux, and as OSC 52 into a terminal that keeps every byte."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import needs
from tests.driver.program import warroom
from tests.driver.raw_terminal import RawTerminal
from tests.driver.terminal import Terminal
from warroom.ui.terminal_bytes import disallowed

pytestmark = [pytest.mark.pty, needs("tmux"), pytest.mark.slow, pytest.mark.timeout(120)]


def test_in_tmux_the_row_is_in_its_buffer(home: Path, terminal: Callable[..., Terminal]) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    window = terminal(140, 40)
    window.start("attach", "calm", TMUX=f"{home}/t0/tmux,1,0")
    window.wait_for("NODES 16/16")
    window.keys("3")
    window.keys("c")
    shown = window.wait_for(r"copied 1 row, \d+ characters, to tmux: prefix \] pastes it")
    copied = window._tmux("show-buffer")
    assert copied.split()[1:2] == ["ready"] or "ready" in copied
    assert f"copied 1 row, {len(copied)} characters" in shown
    window.keys("C")
    window.wait_for(r"copied 1 row, \d\d\d characters, to tmux")
    assert re.match(
        r"```\nNodes.* · from .* · \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ · room calm\n", window._tmux("show-buffer")
    )


def test_without_tmux_the_terminal_gets_osc_52_and_only_then(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    window = raw_terminal(140, 40)
    window.start("attach", "calm")
    window.wait_for("NODES 16/16")
    window.press(b"3")
    window.settle()
    assert b"\x1b]52" not in window.written
    begin = len(window.written)
    window.press(b"c")
    window.wait_for_bytes(rb"characters, to the terminal by OSC 52, if it takes that", begin)
    sent = re.findall(rb"\x1b\]52;c;([^\x07]*)\x07", window.written)
    assert len(sent) == 1
    copied = base64.b64decode(sent[0], validate=True).decode()
    assert "ready" in copied
    assert f"copied 1 row, {len(copied)} characters".encode() in window.written[begin:]
    assert disallowed(window.written, copying=True) == []
