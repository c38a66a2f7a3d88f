"""A private sshd on loopback and the way to it."""

import getpass
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.driver.program import ROOT
from tests.realservers.daemons import Daemons, free_ports, until

SSHD = "/usr/sbin/sshd"


class Sshd:
    """One sshd with keys of its own, for this user; ``extra`` are further lines of its configuration."""

    def __init__(self, *extra: str) -> None:
        self.daemons = Daemons()
        self.folder = self.daemons.folder
        self.port = free_ports(1)
        self._extra = extra

    def start(self) -> "Sshd":
        """Start it and wait until it listens."""
        if os.geteuid() == 0:
            # Where sshd keeps its unprivileged part; as root it insists on it.
            Path("/run/sshd").mkdir(exist_ok=True)
        for name in ("host", "id"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / name)], check=True
            )
        lines = (
            "ListenAddress 127.0.0.1",
            f"Port {self.port}",
            f"HostKey {self.folder}/host",
            f"PidFile {self.folder}/pid",
            f"AuthorizedKeysFile {self.folder}/id.pub",
            "StrictModes no",
            "UsePAM no",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "PermitRootLogin prohibit-password",
            "PrintMotd no",
            "PrintLastLog no",
            "UseDNS no",
            "AcceptEnv LC_* COLORTERM",
            *self._extra,
        )
        (self.folder / "sshd_config").write_text("\n".join(lines) + "\n")
        self.daemons.start("sshd", [SSHD, "-D", "-e", "-f", str(self.folder / "sshd_config")])
        until(lambda: self._listens(), what=f"sshd: {self.daemons.said('sshd')}")
        return self

    def _listens(self) -> bool:
        with subprocess.Popen(
            ["ssh-keyscan", "-p", str(self.port), "127.0.0.1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as asked:
            said = asked.communicate()[0]
        return b"ssh-ed25519" in said

    def command(self, far: str, *, port: int = 0, options: Sequence[str] = ()) -> list[str]:
        """The ssh command that runs a shell line on the far side, through ``port`` if there is a link before it."""
        return [
            "ssh",
            *("-F", "none", "-tt", "-i", str(self.folder / "id"), "-p", str(port or self.port)),
            *("-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no"),
            *("-o", f"UserKnownHostsFile={self.folder}/known", "-o", "LogLevel=ERROR", *options),
            f"{getpass.getuser()}@127.0.0.1",
            far,
        ]

    def stop(self) -> None:
        """End it and whoever is still inside."""
        self.daemons.end_all()


def far_line(home: Path, *words: str, **env: str) -> str:
    """A shell line that runs the program on the far side, in a home of the test."""
    given = {"LC_ALL": "C.UTF-8", "WARROOM_HOME": str(home), "PYTHONPATH": str(ROOT), **env}
    setting = " ".join(f"{name}={shlex.quote(value)}" for name, value in given.items())
    return f"env {setting} {shlex.join([sys.executable, '-m', 'warroom', *words])}"
