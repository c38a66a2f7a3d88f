"""A real terminal shows what the differences say it shows."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.geometry import Size

from tests.conftest import needs
from tests.driver.terminal import Terminal
from tests.ui.wire.emulator import Emulator, Look
from tests.ui.wire.random_frames import Frames
from warroom.ui.wire.link import ASK
from warroom.ui.wire.wire import Wire

pytestmark = [pytest.mark.pty, needs("tmux"), pytest.mark.slow]

SIZE = Size(70, 16)
FRAMES, LOOK_EVERY = 300, 12
DEADLINE_S = 10.0


def seen_by_tmux(terminal: Terminal) -> list[list[tuple[str, Look]]]:
    """What the window shows, with the looks of what is not blank."""
    rows = Emulator(*SIZE)
    for y, line in enumerate(
        terminal._tmux("capture-pane", "-p", "-e", "-t", "w").split("\n")[: SIZE.height]
    ):
        rows.feed(f"\x1b[{y + 1};1H{line}")
    return not_blank(rows)


def not_blank(rows: Emulator) -> list[list[tuple[str, Look]]]:
    bare = (" ", Look())
    return [[bare if text in " ?" and text else (text, look) for text, look in row] for row in rows.shown()]


def test_hundreds_of_frames_in_tmux(home: Path, terminal: Callable[..., Terminal]) -> None:
    pipe = home / "frames"
    os.mkfifo(pipe)
    window = terminal(*SIZE)
    window.start(command=["/bin/sh", "-c", f"stty raw -echo; exec cat {pipe}"])
    wire, expected = Wire(), Emulator(*SIZE)
    with pipe.open("w", encoding="utf-8", newline="") as out:
        out.write("\x1b[?1049h\x1b[?7l")
        for number, update in enumerate(Frames(7, *SIZE).updates(FRAMES)):
            assert wire.take(update, SIZE, "truecolor", (0, 0), 0.0)
            said = wire.next(0.0).removesuffix(ASK)
            wire.link.answered(0.0)
            expected.feed(said)
            out.write(said)
            out.flush()
            if number % LOOK_EVERY == 0 or number == FRAMES - 1:
                deadline = time.monotonic() + DEADLINE_S
                while seen_by_tmux(window) != not_blank(expected) and time.monotonic() < deadline:
                    pass
                assert seen_by_tmux(window) == not_blank(expected), number
