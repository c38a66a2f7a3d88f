"""Two people at one terminal: a tmux session of the room's own."""

import argparse
import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from warroom import __version__
from warroom.cli.output import say
from warroom.cli.places import here
from warroom.cli.verb import DONE, Verb, arg
from warroom.errors import Refused, WarroomError
from warroom.host.presence import be_present
from warroom.host.rooms import RoomFolder, find_room

SESSION = "room"
SHOWN_MS = 8_000
"""How long the shared screen shows what a second person types."""
SETTINGS = (
    "set -s escape-time 10",
    "set -s set-clipboard on",
    "set -s focus-events on",
    "set -g default-terminal tmux-256color",
    # The size follows whoever typed last; the default would keep both at the smaller terminal.
    "set -g window-size latest",
    # Every line is the room's.
    "set -g status off",
    "set -g mouse off",
    "set -g set-titles off",
    "set -g allow-rename off",
    "set -g update-environment ''",
)
"""How tmux is set for a room, whatever the settings of the person who began it."""


def _pair(arguments: argparse.Namespace) -> int:
    folder = find_room(here().rooms, arguments.room, option="warroom pair")
    if arguments.invite:
        say(invitation(folder))
        return DONE
    if shutil.which("tmux") is None:
        raise WarroomError(
            "pairing needs tmux, which is not installed; without it everybody has a screen of their own: "
            f"`warroom attach {folder.name}`"
        )
    if folder.path.stat().st_uid != os.geteuid():
        raise WarroomError(
            f"room {folder.name} belongs to another user, and a tmux session belongs to one login; "
            f"look at it at your own size: `warroom attach {folder.path}`"
        )
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise WarroomError("pairing needs a terminal; --invite prints what a second person types")
    if os.environ.get("TMUX", "").startswith(f"{_socket(folder)},"):
        raise WarroomError(f"this is the shared terminal of room {folder.name} already")
    return asyncio.run(_share(folder, read_only=arguments.read_only))


def _socket(folder: RoomFolder) -> str:
    return str(folder.path / "tmux")


def invitation(folder: RoomFolder) -> str:
    """What a second person types, in the same terminal session or at a size of their own."""
    lines = [
        f"this terminal, as the same login:  warroom pair {folder.name}",
        f"a screen of one's own:             warroom attach {folder.path}",
        "leave without ending it for the others:  Ctrl+b d (in a tmux of your own: Ctrl+b Ctrl+b d)",
        "one login is one person to the two-person rule; who is to approve attaches as another user",
    ]
    return "\n".join(lines)


async def _share(folder: RoomFolder, *, read_only: bool) -> int:
    """Show the shared terminal until this person leaves it; meanwhile the room lists them."""
    say(invitation(folder))
    size = os.get_terminal_size()
    present = asyncio.ensure_future(be_present(folder, version=__version__, size=(size.columns, size.lines)))
    environment = {name: value for name, value in os.environ.items() if name not in ("TMUX", "TMUX_PANE")}
    tmux = await asyncio.create_subprocess_exec(*tmux_command(folder, read_only=read_only), env=environment)
    try:
        code = await tmux.wait()
    finally:
        present.cancel()
        with contextlib.suppress(asyncio.CancelledError, Refused):
            await present
    if code:
        raise WarroomError(f"tmux ended with code {code}; `warroom attach {folder.name}` needs no tmux")
    if folder.running():
        say(
            f"the room goes on: warroom pair {folder.name}, warroom attach {folder.name}, warroom stop {folder.name}"
        )
    return DONE


def tmux_command(folder: RoomFolder, *, read_only: bool) -> list[str]:
    """The command line that begins the room's tmux session or joins it.

    ``read_only`` holds for this person alone: tmux takes none of their keys.
    """
    screen = [sys.executable, "-m", "warroom", "attach", str(folder.path)]
    colours = ("-e", "COLORTERM=truecolor")
    hint = f"a second person types: warroom pair {folder.name}   leave: Ctrl+b d"
    steps: list[Sequence[str]] = [
        *(_words(setting) for setting in SETTINGS),
        ("set-hook", "-g", "client-attached", f"display-message -d {SHOWN_MS} '{hint}'"),
    ]
    if os.environ.get("COLORTERM") in ("truecolor", "24bit"):
        steps.append(("set", "-as", "terminal-features", f",{os.environ.get('TERM', 'xterm')}:RGB"))
    joining = ("attach-session", "-t", SESSION, *(("-f", "read-only") if read_only else ()))
    begins = ("new-session", "-d", "-s", SESSION, *colours, *screen)
    command = ["tmux", "-u", "-S", _socket(folder), "-f", os.devnull]
    has = subprocess.run([*command, "has-session", "-t", SESSION], check=False, capture_output=True)
    if has.returncode:
        steps.append(begins)
    steps.append(joining)
    for number, step in enumerate(steps):
        command += ([";"] if number else []) + list(step)
    return command


def _words(setting: str) -> list[str]:
    return ["" if word == "''" else word for word in setting.split(" ")]


VERBS = (
    Verb(
        "pair",
        "rooms",
        "share one terminal on a room through tmux, and say how others join",
        _pair,
        (
            arg("room", nargs="?", help="its name (needed when several are open)"),
            arg("--read-only", action="store_true", help="join without keys: you look, the others type"),
            arg("--invite", action="store_true", help="only print what a second person types"),
        ),
    ),
)
