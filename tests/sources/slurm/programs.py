"""Slurm's programs, replaced in the PATH by ones that write down what they were called with."""

import stat
from pathlib import Path

SCRIPT = """#!/bin/sh
for word in "$0" "$@"; do printf '%s\\0' "$word"; done >>"{ledger}"
printf '\\n' >>"{ledger}"
[ -f "{folder}/said" ] && cat "{folder}/said"
[ -f "{folder}/complained" ] && cat "{folder}/complained" >&2
[ -f "{folder}/hangs" ] && sleep 60
[ -f "{folder}/fails" ] && exit 1
exit 0
"""


class Programs:
    """A folder with scontrol and scancel in it, a slurm.conf, and the ledger of their calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.conf = folder / "slurm.conf"
        self.conf.touch()
        self._ledger = folder / "ledger"
        self._ledger.touch()
        for name in ("scontrol", "scancel"):
            program = folder / name
            program.write_text(SCRIPT.format(ledger=self._ledger, folder=folder))
            program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def says(self, data: bytes) -> None:
        (self.folder / "said").write_bytes(data)

    def fails(self, complaint: str) -> None:
        (self.folder / "complained").write_text(complaint)
        (self.folder / "fails").touch()

    @property
    def calls(self) -> list[list[str]]:
        """Each call's words, the program's name first."""
        lines = self._ledger.read_text().split("\n")
        return [[Path(words[0]).name, *words[1:]] for line in lines if (words := line.split("\0")[:-1])]
