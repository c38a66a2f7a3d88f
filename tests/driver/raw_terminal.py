"""A terminal that keeps every byte: the program on a pty of ours, with as much of a screen as its grammar needs."""

import codecs
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
MOVE = re.compile(
    r"\x1b\[(\d+);(\d+)H|\x1b\[(\d*)C|\x1b\[[0-9;:?<>$]*[a-zA-Z]|\x1b\]22;[a-z-]+\x07|\r|\n|[^\x1b\r\n]"
)
OTHER_SCREEN = ("\x1b[?1049h", "\x1b[?1049l")
"""The alternate screen begins empty; what the other one showed before is not kept here."""
LONGEST_SEQUENCE = 64
QUIET_S = 0.15


class RawTerminal:
    """One program on one pty."""

    def __init__(self, home: Path, *, width: int = 120, height: int = 40) -> None:
        self._home = home
        self.size = (width, height)
        self.written = b""
        self._rows = [[" "] * width for _ in range(height)]
        self._row = self._column = 0
        self._unshown = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
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
        self._show(self._decode(data))
        return True

    def screen(self) -> str:
        """What a terminal would show after all that was written."""
        return "\n".join("".join(cells) for cells in self._rows)

    def _show(self, text: str) -> None:
        width, height = self.size
        rows = self._rows
        whole = self._unshown + text
        # A sequence may go on in what is read next.
        cut = whole.rfind("\x1b", len(whole) - LONGEST_SEQUENCE if len(whole) > LONGEST_SEQUENCE else 0)
        if cut >= 0 and not MOVE.match(whole, cut):
            whole, self._unshown = whole[:cut], whole[cut:]
        else:
            self._unshown = ""
        for part in MOVE.finditer(whole):
            said = part[0]
            if part[1]:
                self._row, self._column = int(part[1]) - 1, int(part[2]) - 1
            elif part[3] is not None:
                self._column += int(part[3] or 1)
            elif said in OTHER_SCREEN:
                self._rows[:] = [[" "] * width for _ in range(height)]
            elif said == "\r":
                self._column = 0
            elif said == "\n":
                self._row = min(self._row + 1, height - 1)
            elif not said.startswith("\x1b"):
                wide, row, column = cell_len(said), self._row, self._column
                if wide == 0 and 0 < column <= width:
                    rows[row][column - 1] += said
                elif row < height and column + wide <= width:
                    rows[row][column : column + wide] = [said, *[""] * (wide - 1)]
                self._column += wide

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

    def settle(self, seconds: float = QUIET_S) -> None:
        """Read until the program was silent for so long; frames on a timer are further apart."""
        deadline = time.monotonic() + 10 * seconds
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
