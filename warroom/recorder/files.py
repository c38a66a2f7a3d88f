"""Where recordings lie on disk: private files, never on a network file system."""

import os
import re
import stat
from datetime import datetime
from pathlib import Path

from warroom.errors import WarroomError

NETWORK = frozenset(
    {
        *(
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "smbfs",
            "9p",
            "lustre",
            "gpfs",
            "beegfs",
            "ceph",
            "afs",
            "glusterfs",
        ),
        *("fuse.sshfs", "fuse.glusterfs"),
    }
)
"""File systems on which SQLite's write-ahead log breaks: its shared memory needs one machine."""

ESCAPED = re.compile(r"\\([0-7]{3})")
"""How mountinfo writes blanks, line feeds and backslashes."""


def file_system_of(path: str, mountinfo: str) -> str:
    """The type of the file system a path lies on, from the text of ``/proc/self/mountinfo`` (see ``man 5 proc``)."""
    best, kind = "", ""
    for line in mountinfo.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split()
        if not dash or len(fields) < 5:
            continue
        mount = ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4])
        if (path == mount or path.startswith(mount.rstrip("/") + "/")) and len(mount) >= len(best):
            best, kind = mount, after.split()[0]
    return kind


def refuse_network(folder: Path) -> None:
    """Raise ``WarroomError`` when the folder lies on a network file system."""
    try:
        mounts = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
    except OSError:
        return
    kind = file_system_of(str(folder.resolve()), mounts)
    if kind in NETWORK:
        raise WarroomError(
            f"{folder} lies on a network file system ({kind}), where a recording can be damaged; set WARROOM_HOME "
            "to a folder on a local disk of this machine"
        )


def make_private(folder: Path) -> None:
    """Make a folder only its owner may enter; raises ``WarroomError``."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as wrong:
        raise WarroomError(f"cannot use the folder {folder}: {wrong.strerror}") from wrong


def create_private(path: Path) -> None:
    """Create an empty file (0600) that did not exist; raises ``WarroomError``."""
    make_private(path.parent)
    refuse_network(path.parent)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    except OSError as wrong:
        raise WarroomError(f"cannot create the recording {path}: {wrong.strerror}") from wrong


def check_private(path: Path) -> None:
    """Raise ``WarroomError`` unless the path is a plain file of ours."""
    try:
        found = path.lstat()
    except FileNotFoundError as missing:
        raise WarroomError(f"there is no recording {path}") from missing
    except OSError as wrong:
        raise WarroomError(f"cannot read the recording {path}: {wrong.strerror}") from wrong
    if not stat.S_ISREG(found.st_mode):
        raise WarroomError(f"{path} is not a plain file; recordings are never opened through links")
    if found.st_uid not in (os.geteuid(), 0) and os.geteuid() != 0:
        raise WarroomError(f"the recording {path} belongs to another user")


def new_path(folder: Path, name: str, now: datetime) -> Path:
    """The path of a new recording: ``20261124-1405-NAME.db``, with ``-2``, ``-3`` when that exists."""
    stem = f"{now:%Y%m%d-%H%M}-{name}"
    count = 1
    while True:
        path = folder / f"{stem}{'' if count == 1 else f'-{count}'}.db"
        if not path.exists():
            return path
        count += 1
