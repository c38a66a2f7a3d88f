"""Paints a recording again and compares it with what a live screen painted."""

import random
from pathlib import Path

from warroom.bootstrap import replay_feed
from warroom.ui.app import WarroomApp
from warroom.ui.paintlog import Painted, read_paint_log
from warroom.ui.screens.room import RoomScreen

MOMENTS = 50


async def differing_frames(recording: Path, log: Path, *, seed: int = 7) -> list[Painted]:
    """Those of fifty random frames of a live screen that the replay paints otherwise."""
    frames = read_paint_log(log)
    chosen = random.Random(seed).sample(frames, MOMENTS)
    player = replay_feed(recording)
    app = WarroomApp(player)
    differing: list[Painted] = []
    async with app.run_test(size=(frames[0].width, frames[0].height)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, RoomScreen)
        for frame in chosen:
            player.seek_seq(frame.seq, frame.room_ms)
            screen.draw()
            await pilot.pause()
            if screen.painted_hash() != frame.hash:
                differing.append(frame)
    return differing
