"""Starts real servers on this machine for tests, in the foreground, and ends them by their number."""

import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"
LOWEST, HIGHEST = 18_000, 31_000
"""Below the ports the kernel hands out by itself."""


class NotStarted(RuntimeError):
    """A server did not come up; the text holds the end of its log."""


def free_ports(count: int) -> int:
    """The first of that many neighbouring free ports on the loopback address."""
    choice = random.Random(os.getpid() * 1_000_003 + time.monotonic_ns())
    for _ in range(200):
        first = choice.randrange(LOWEST, HIGHEST - count)
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise NotStarted(f"no {count} neighbouring ports are free")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def until(true: Callable[[], bool], *, what: str, within_s: float = 30.0) -> None:
    """Wait until something outside this process is so."""
    end = time.monotonic() + within_s
    while not true():
        if time.monotonic() > end:
            raise NotStarted(f"{what}: not within {within_s:g} s")
        time.sleep(0.05)


class Daemons:
    """The servers of one folder. They end with the process that started them, even if it is killed."""

    def __init__(self) -> None:
        # Sockets have short paths, and jobs of other users must get through.
        self.folder = Path(tempfile.mkdtemp(prefix="wr-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.logs = self.folder / "log"
        self.logs.mkdir()
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, words: Sequence[str], environ: Mapping[str, str] | None = None) -> None:
        """Start a server that stays in the foreground."""
        with (self.logs / f"{name}.out").open("ab") as log:
            self._running[name] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PATH": PATH, **(environ or {})},
                start_new_session=True,
            )

    def pid(self, name: str) -> int:
        """The number of a running server."""
        return self._running[name].pid

    def alive(self, name: str) -> bool:
        """Whether it still runs."""
        return name in self._running and self._running[name].poll() is None

    def end(self, name: str, number: int = signal.SIGTERM) -> None:
        """End one server; a second time is no error."""
        process = self._running.pop(name, None)
        if process is None:
            return
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

    def said(self, name: str, most: int = 1500) -> str:
        """The end of a server's log."""
        path = self.logs / f"{name}.out"
        return path.read_text(errors="replace")[-most:] if path.exists() else ""

    def end_all(self) -> None:
        """End every server, the last started first, and forget the folder."""
        for name in reversed(list(self._running)):
            self.end(name, signal.SIGKILL if name.startswith("gpu") else signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)
