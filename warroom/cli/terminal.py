"""Makes a terminal whole again that a killed screen left in its own modes."""

import argparse
import subprocess
import sys

from warroom.cli.verb import DONE, Verb
from warroom.errors import WarroomError

RESET = (
    # Mouse, focus reports, marked pastes, held frames, reports of the window's size.
    "".join(f"\x1b[?{mode}l" for mode in (1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2026, 2048))
    + "\x1b[<u\x1b[>4;0m"  # the keyboard protocols of kitty and xterm
    + "\x1b[?1l\x1b>"  # cursor keys and keypad as usual
    + "\x1b[?1049l"  # the main screen
    + "\x1b[!p"  # soft reset: wrapping, margins, character sets, cursor
    + "\x1b(B\x0f\x1b[0m\x1b[?7h\x1b[?25h"
    + "\r\n"
)
"""What undoes the modes that warroom or Textual ever switch, and those that other screens leave behind."""


def _reset(_: argparse.Namespace) -> int:
    if not sys.stdout.isatty():
        raise WarroomError("there is no terminal here to reset; run it in the one that looks wrong")
    sys.stdout.write(RESET)
    sys.stdout.flush()
    try:
        subprocess.run(["stty", "sane"], stdin=sys.stdout, check=True)
    except (OSError, subprocess.CalledProcessError) as wrong:
        raise WarroomError(
            f"the screen is whole, the keys may not be: `stty sane` did not work ({wrong})"
        ) from wrong
    return DONE


VERBS = (Verb("reset-terminal", "rooms", "make a terminal whole again after a screen was killed", _reset),)
