"""What a live client painted is what its replay paints, at fifty random moments."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.driver.program import warroom
from tests.driver.terminal import Terminal
from warroom.bootstrap import replay_feed
from warroom.ui.app import WarroomApp
from warroom.ui.paintlog import Painted, read_paint_log
from warroom.ui.screens.room import RoomScreen

pytestmark = [pytest.mark.pty, pytest.mark.slow, pytest.mark.timeout(180)]


async def repainted(recording: Path, frames: list[Painted]) -> list[Painted]:
    """The frames whose replay paints something else."""
    player = replay_feed(recording)
    app = WarroomApp(player)
    differing: list[Painted] = []
    async with app.run_test(size=(frames[0].width, frames[0].height)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, RoomScreen)
        for frame in frames:
            player.seek_seq(frame.seq, frame.room_ms)
            screen.draw()
            await pilot.pause()
            if screen.painted_hash() != frame.hash:
                differing.append(frame)
    return differing


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
    frames = read_paint_log(log)
    chosen = random.Random(7).sample(frames, 50)
    recording = next((home / "incidents").glob("*.db"))
    assert await repainted(recording, chosen) == []
