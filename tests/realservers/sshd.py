"""A real sshd on loopback with keys of its own, and links to it that are slow."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from tests.realservers.daemons import PATH, Daemons, free_ports, until

ROOT = Path(__file__).resolve().parents[2]

SERVER = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
PidFile {folder}/pid
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PrintMotd no
PrintLastLog no
UseDNS no
LogLevel ERROR
{more}
"""
CLIENT = """\
Host *
  User {user}
  IdentityFile {folder}/id
  IdentitiesOnly yes
  UserKnownHostsFile {folder}/known_hosts
  HostKeyAlias [127.0.0.1]:{port}
  StrictHostKeyChecking yes
  BatchMode yes
  LogLevel ERROR
"""


class Sshd:
    """One server; ``more`` is added to its settings."""

    def __init__(self, more: str = "") -> None:
        self.daemons = Daemons()
        self.folder = self.daemons.folder
        self.port = free_ports(2)
        self._more = more

    def start(self) -> "Sshd":
        """Start it and wait until it answers."""
        folder = self.folder
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)  # sshd of root parts its privileges there
        for name in ("host", "id"):
            words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
            subprocess.run(words, check=True, timeout=30)
        shutil.copy(folder / "id.pub", folder / "authorized_keys")
        kind, key = (folder / "host.pub").read_text().split()[:2]
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {kind} {key}\n")
        user = pwd.getpwuid(os.geteuid()).pw_name
        for name, text in (("server", SERVER), ("client", CLIENT)):
            given = text.format(folder=folder, port=self.port, user=user, more=self._more)
            (folder / name).write_text(given)
        program = shutil.which("sshd", path=PATH) or "sshd"
        self.daemons.start("sshd", [program, "-D", "-e", "-f", str(folder / "server")])
        until(lambda: _listens(self.port), what="sshd")
        return self

    @property
    def slow_port(self) -> int:
        """Where the slow link begins, once there is one."""
        return self.port + 1

    def slow(self, *, round_trip_ms: int, kbit_s: int) -> None:
        """Make a slow link to this server."""
        port = self.slow_port
        words = ["-m", "tests.realservers.slow_link", *map(str, (port, self.port, round_trip_ms, kbit_s))]
        self.daemons.start("link", [sys.executable, *words], {"PYTHONPATH": str(ROOT)})
        until(lambda: _listens(port), what="the slow link")

    def command(self, *, port: int | None = None) -> list[str]:
        """The ssh command up to the words that are run on the other side, with a terminal there."""
        where = str(port or self.port)
        return ["ssh", "-F", str(self.folder / "client"), "-p", where, "-tt", "127.0.0.1"]

    def stop(self) -> None:
        """End it."""
        self.daemons.end_all()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
