"""A terminal that measures: a program on a pty of ours, when it wrote what, how many bytes, how much CPU."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

ANSWERS = {
    b"\x1b[6n": b"\x1b[1;1R",
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
    b"\x1b[c": b"\x1b[?62c",
}
"""What programs ask of a terminal, and what one says."""
LONGEST_QUESTION = max(map(len, ANSWERS))
TICK_S = 0.005
TICKS = os.sysconf("SC_CLK_TCK")


class Measured:
    """One program on one terminal; ``rate`` is how many bytes a second the terminal takes."""

    def __init__(self, width: int = 120, height: int = 40, *, rate: float | None = None) -> None:
        self.ours, self._theirs = pty.openpty()
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.written = bytearray()
        self.began_s = 0.0
        self._rate = rate
        self._allowed, self._refilled_s = 0.0, time.perf_counter()
        self._asked = b""
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        theirs = self._theirs

        def own_terminal() -> None:
            os.setsid()
            fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

        self.began_s = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", **environ},
            preexec_fn=own_terminal,  # noqa: PLW1509 - there is one thread
        )

    def read(self, wait_s: float = TICK_S) -> bytes:
        """What was written meanwhile, as fast as the terminal takes it; its questions are answered."""
        most = self._most()
        if most <= 0:
            time.sleep(min(wait_s, TICK_S))
            return b""
        if not select.select([self.ours], [], [], wait_s)[0]:
            return b""
        try:
            data = os.read(self.ours, most)
        except OSError:
            return b""
        self._allowed -= len(data)
        self.written += data
        self._answer(data)
        return data

    def _most(self) -> int:
        if self._rate is None:
            return 65_536
        now = time.perf_counter()
        burst = max(64.0, self._rate * 0.02)
        self._allowed = min(burst, self._allowed + (now - self._refilled_s) * self._rate)
        self._refilled_s = now
        return int(self._allowed)

    def _answer(self, data: bytes) -> None:
        asked = self._asked + data
        end = 0
        for question, answer in ANSWERS.items():
            at = asked.find(question)
            while at >= 0:
                os.write(self.ours, answer)
                end = max(end, at + len(question))
                at = asked.find(question, at + 1)
        self._asked = asked[max(end, len(asked) - LONGEST_QUESTION + 1) :]

    def for_s(self, seconds: float) -> int:
        """Read for so long; how many bytes came."""
        until, before = time.perf_counter() + seconds, len(self.written)
        while time.perf_counter() < until:
            self.read()
        return len(self.written) - before

    def until(self, mark: bytes, seconds: float = 10.0, *, since: int = 0) -> float | None:
        """When these bytes were there; None when they did not come."""
        until = time.perf_counter() + seconds
        while self.written.find(mark, max(0, since)) < 0:
            if time.perf_counter() > until:
                return None
            self.read()
        return time.perf_counter()

    def until_bytes(self, number: int, seconds: float = 10.0) -> float | None:
        """When so many bytes were there."""
        until = time.perf_counter() + seconds
        while len(self.written) < number:
            if time.perf_counter() > until:
                return None
            self.read()
        return time.perf_counter()

    def press(self, key: bytes, mark: bytes | None, seconds: float = 2.0) -> float:
        """Seconds from a key to the bytes that show it, or to the first that come; ``inf`` when none do."""
        since, began = len(self.written), time.perf_counter()
        os.write(self.ours, key)
        while time.perf_counter() - began < seconds:
            self.read()
            if (len(self.written) > since) if mark is None else self.written.find(mark, since) >= 0:
                return time.perf_counter() - began
        return float("inf")

    def cpu_s(self) -> float:
        """CPU time the program has used."""
        assert self.process is not None
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:  # noqa: PTH123
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.ours)
        os.close(self._theirs)
