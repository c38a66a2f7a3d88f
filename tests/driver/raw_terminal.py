"""A terminal that keeps every byte: the program on a pty of ours, with as much of a screen as its grammar needs."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from pathlib import Path

from rich.cells import cell_len

from tests.driver.program import COMMAND, environment

DEADLINE_S = 40.0
MOVE = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b\[[0-9;:?<>$]*[a-zA-Z]|\x1b\]22;[a-z-]+\x07|\r|\n|[^\x1b\r\n]")


class RawTerminal:
    """One program on one pty."""

    def __init__(self, home: Path, *, width: int = 120, height: int = 40) -> None:
        self._home = home
        self.size = (width, height)
        self.written = b""
        self._open = True
        self.ours, self._theirs = pty.openpty()
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.modes_before = termios.tcgetattr(self._theirs)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *words: str, command: Sequence[str] = COMMAND, **env: str) -> None:
        """Run a command line of the program as the leader of a session on this terminal."""
        theirs = self._theirs

        def own_terminal() -> None:
            os.setsid()
            fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [*command, *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment(self._home, TERM="xterm-256color", COLORTERM="truecolor", **env),
            preexec_fn=own_terminal,
        )

    def press(self, keys: bytes) -> None:
        """Give the program bytes as the terminal would."""
        os.write(self.ours, keys)

    def read(self, seconds: float = 0.05) -> bool:
        """Take what the program wrote meanwhile; False when it was silent."""
        ready, _, _ = select.select([self.ours], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.ours, 65_536)
        except OSError:
            return False
        self.written += data
        return True

    def screen(self) -> str:
        """What a terminal would show after all that was written."""
        width, height = self.size
        rows = [[" "] * width for _ in range(height)]
        row = column = 0
        for part in MOVE.finditer(self.written.decode("utf-8", "surrogateescape")):
            text = part[0]
            if part[1]:
                row, column = int(part[1]) - 1, int(part[2]) - 1
            elif text == "\r":
                column = 0
            elif text == "\n":
                row = min(row + 1, height - 1)
            elif not text.startswith("\x1b"):
                wide = cell_len(text)
                if wide == 0 and column:
                    rows[row][column - 1] += text
                elif row < height and column + wide <= width:
                    rows[row][column : column + wide] = [text, *[""] * (wide - 1)]
                column += wide
        return "\n".join("".join(cells) for cells in rows)

    def wait_for(self, pattern: str, *, seconds: float = DEADLINE_S) -> str:
        """Read until the screen matches a pattern; answers the screen."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, screen := self.screen()):
            assert time.monotonic() < deadline, f"not seen within {seconds} s: {pattern}\n{screen}"
            assert self.read() or self._runs(), f"ended without showing {pattern}\n{screen}"
        return screen

    def _runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def wait_without(self, pattern: str, *, seconds: float = DEADLINE_S) -> str:
        """Read until the screen no longer matches a pattern."""
        deadline = time.monotonic() + seconds
        while re.search(pattern, screen := self.screen()):
            assert time.monotonic() < deadline, f"still there after {seconds} s: {pattern}\n{screen}"
            self.read()
        return screen

    def wait_for_bytes(self, pattern: bytes, begin: int, *, seconds: float = DEADLINE_S) -> None:
        """Read until what was written since ``begin`` matches a pattern."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.written[begin:]):
            assert time.monotonic() < deadline, (
                f"not written within {seconds} s: {pattern!r}\n{self.screen()}"
            )
            self.read()

    def settle(self, seconds: float = 0.6) -> None:
        """Read until the program wrote nothing new for so long, or a deadline."""
        deadline = time.monotonic() + 20 * seconds
        while self.read(seconds) and time.monotonic() < deadline:
            pass

    def wait_ended(self, seconds: float = DEADLINE_S) -> int:
        """Read until the program ended; answers its exit code."""
        assert self.process is not None
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it runs on after {seconds} s\n{self.screen()}"
            self.read()
        while self.read(0):
            pass
        return self.process.returncode

    def modes(self) -> list[object]:
        """The line discipline's modes."""
        return termios.tcgetattr(self._theirs)

    def private_modes(self) -> dict[int, bool]:
        """Which private modes of the terminal were left on or off."""
        found = re.findall(rb"\x1b\[\?(\d+)([hl])", self.written)
        return {int(number): letter == b"h" for number, letter in found}

    def hang_up(self) -> None:
        """Take the terminal away."""
        os.close(self.ours)
        os.close(self._theirs)
        self._open = False

    def end(self) -> None:
        """End the program if it still runs, and close the terminal."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self._open:
            self.hang_up()
