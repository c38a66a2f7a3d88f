"""What a live client painted is what its replay paints, at fifty random moments."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.driver.program import warroom
from tests.driver.repainting import differing_frames
from tests.driver.terminal import Terminal
from warroom.ui.paintlog import read_paint_log

pytestmark = [pytest.mark.pty, pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.mark.parametrize(("scenario", "width", "height"), [("rack-switch", 120, 40), ("calm", 80, 24)])
async def test_a_replay_paints_what_the_live_screen_painted(
    home: Path, terminal: Callable[..., Terminal], scenario: str, width: int, height: int
) -> None:
    log = home / "paint.jsonl"
    screen = terminal(width, height)
    screen.start("demo", scenario, "--speed", "6", WARROOM_PAINT_LOG=str(log))
    screen.wait_for("NODES")
    warroom(home, "note", "halfway")
    while not log.exists() or len(read_paint_log(log)) < 60:
        screen.wait_for("REC")
    screen.keys("q")
    screen.wait_for("EXIT 0")
    warroom(home, "stop")
    recording = next((home / "incidents").glob("*.db"))
    assert await differing_frames(recording, log) == []
