"""Two people attach to one room at their own sizes: they see the same facts, and neither disturbs the other."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.driver.program import warroom
from tests.driver.raw_terminal import RawTerminal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

NODES = r"NODES (\d+/\d+)"


def test_two_clients_of_different_sizes_see_the_same_and_do_not_disturb_each_other(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    small, large = raw_terminal(80, 24), raw_terminal(200, 60)
    for terminal in (small, large):
        terminal.start("attach")
        terminal.wait_for("NODES 16/16")
    large.wait_for("7 Timeline")

    small.press(b"3z")
    small.wait_for("━ 3 Nodes")
    small.press(b"/rack-a\r")
    small.wait_for("8/16 /rack-a")
    large.press(b"v")
    large.wait_for("layout triage")
    large.settle()
    assert "/rack-a" not in large.screen(), "a filter is its own person's"
    small.settle()
    assert "layout triage" not in small.screen(), "and so is a layout"
    assert "┏━ 3 Nodes" in small.screen()

    assert warroom(home, "node-cordon", "node-a03", "--reason", "both", "--yes").code == 0
    for terminal in (small, large):
        terminal.wait_for("⊘ ?1")
    small.press(b"\x1b")
    small.wait_without("8/16 /rack-a")
    small.press(b"7")
    small.wait_for("┏━ 7 Timeline")
    large.press(b"07")
    large.wait_for("┏━ 7 Timeline")
    large.press(b"a")
    large.wait_for("lesson:")
    large.press(b"seen by both\r")
    for terminal in (small, large):
        terminal.wait_for("seen by both")
        terminal.settle()
    counted = [re.search(NODES, terminal.screen()) for terminal in (small, large)]
    assert counted[0] is not None
    assert counted[1] is not None
    assert counted[0][1] == counted[1][1]

    large.press(b"q")
    assert large.wait_ended() == 0
    small.press(b"m")
    small.settle()
    assert "what you see is old" not in small.screen(), "the one who stays notices nothing"
    small.press(b"3")
    small.wait_for("┏━ 3 Nodes")
    small.press(b"q")
    assert small.wait_ended() == 0
