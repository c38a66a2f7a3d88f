"""Several screens and a script in one room."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.driver.program import warroom
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
