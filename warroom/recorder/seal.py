"""Signs heads of the chain with an SSH key of this installation, so that truncation can be found later."""

import contextlib
import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

NAMESPACE = "warroom-record"
"""The namespace of ``ssh-keygen -Y sign`` signatures (see PROTOCOL.sshsig of OpenSSH)."""
DEADLINE_S = 10.0


class Signer:
    """An ed25519 key in a private folder, made at its first use."""

    def __init__(self, folder: Path) -> None:
        self.key = folder / "record_key"

    def _run(self, *words: str, given: bytes = b"") -> bytes | None:
        program = shutil.which("ssh-keygen")
        if program is None:
            return None
        try:
            done = subprocess.run(
                [program, *words], input=given, capture_output=True, timeout=DEADLINE_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None

    def sign(self, head: bytes) -> str:
        """An armoured signature of a head; empty where OpenSSH is not installed."""
        if not self.key.exists():
            with contextlib.suppress(OSError):
                self._make_key()
        made = self._run("-Y", "sign", "-q", "-f", str(self.key), "-n", NAMESPACE, given=head)
        return made.decode("ascii", "replace") if made else ""

    def _make_key(self) -> None:
        """Make the key; of two rooms that do this at once one key stays."""
        self.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.key.parent) as scratch:
            made = Path(scratch) / self.key.name
            self._run("-q", "-t", "ed25519", "-N", "", "-C", "warroom record", "-f", str(made))
            os.link(made, self.key)
            made.with_suffix(".pub").replace(self.key.with_suffix(".pub"))

    def check(self, head: bytes, signature: str, scratch: Path) -> bool | None:
        """Whether a signature is this installation's over that head; None when that cannot be found out."""
        public = self.key.with_name(self.key.name + ".pub")
        if not public.exists():
            return None
        allowed, signed = scratch / "allowed", scratch / "signature"
        allowed.write_text(f"warroom {public.read_text('ascii')}", "ascii")
        signed.write_text(signature, "ascii")
        words = (
            "-Y",
            "verify",
            "-q",
            "-f",
            str(allowed),
            "-I",
            "warroom",
            "-n",
            NAMESPACE,
            "-s",
            str(signed),
        )
        if shutil.which("ssh-keygen") is None:
            return None
        return self._run(*words, given=head) is not None
