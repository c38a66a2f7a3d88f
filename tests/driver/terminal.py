"""A terminal: the program in a tmux window of a given size, keys in, screen text out."""

import re
import shlex
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from tests.driver.program import COMMAND, environment

DEADLINE_S = 40.0
LOOK_S = 0.1


class Terminal:
    """One tmux server with one window."""

    def __init__(self, folder: Path, home: Path, *, width: int, height: int) -> None:
        self._folder = folder
        self._home = home
        self._size = (width, height)

    def _tmux(self, *words: str) -> str:
        command = ["tmux", "-S", str(self._folder / "tmux"), "-f", "/dev/null", *words]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, env=environment(self._home)
        ).stdout

    def start(self, *words: str, command: Sequence[str] = COMMAND, **env: str) -> None:
        """Run a command line of the program (or of another one) in the window."""
        given = environment(self._home, TERM="xterm-256color", COLORTERM="truecolor", **env)
        setting = " ".join(f"{name}={shlex.quote(value)}" for name, value in given.items())
        line = f"env -i {setting} {shlex.join([*command, *words])}; echo EXIT $?; exec sleep 1000"
        width, height = self._size
        self._tmux("new-session", "-d", "-s", "w", "-x", str(width), "-y", str(height), line)

    def keys(self, *names: str) -> None:
        """Press keys by tmux's names."""
        self._tmux("send-keys", "-t", "w", *names)

    def type(self, text: str) -> None:
        """Type text as it is."""
        self._tmux("send-keys", "-t", "w", "-l", "--", text)

    def screen(self) -> str:
        """What the window shows."""
        return self._tmux("capture-pane", "-p", "-t", "w")

    def mouse(self) -> bool:
        """Whether what runs in the window asked for the mouse."""
        return self._tmux("display-message", "-p", "-t", "w", "#{mouse_any_flag}").strip() == "1"

    def resize(self, width: int, height: int) -> None:
        """Make the window another size."""
        self._tmux("resize-window", "-t", "w", "-x", str(width), "-y", str(height))

    def wait_for(self, pattern: str, *, seconds: float = DEADLINE_S) -> str:
        """Look until the screen matches a pattern; answers the screen."""
        deadline = time.monotonic() + seconds
        while True:
            screen = self.screen()
            if re.search(pattern, screen):
                return screen
            assert time.monotonic() < deadline, f"not seen within {seconds} s: {pattern}\n{screen}"
            time.sleep(LOOK_S)

    def wait_without(self, pattern: str, *, seconds: float = DEADLINE_S) -> str:
        """Look until the screen no longer matches a pattern."""
        deadline = time.monotonic() + seconds
        while re.search(pattern, screen := self.screen()):
            assert time.monotonic() < deadline, f"still there after {seconds} s: {pattern}\n{screen}"
            time.sleep(LOOK_S)
        return screen

    def end(self) -> None:
        """End the window and its tmux server."""
        command = ["tmux", "-S", str(self._folder / "tmux"), "kill-server"]
        subprocess.run(command, check=False, capture_output=True)
