"""The folder of open rooms: one folder per room with its socket, its lock and a note on who runs it."""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from warroom.clock import monotonic_s
from warroom.errors import WarroomError
from warroom.host.identity import group_id

PROBED_S = 0.3
"""Longer than a look at who holds a room's lock takes, which itself holds it for a moment."""
LONGEST_SOCKET = 100
"""Bytes a socket's path may have; the kernel's limit is 107."""


class HostNote(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a running host writes about itself."""

    room: str
    cluster: str
    pid: int
    epoch: int
    version: str
    protocol: int
    started: str
    kind: str = ""
    recording: str = ""


class RoomFolder:
    """The folder of one room."""

    def __init__(self, rooms: Path, name: str) -> None:
        self.name = name
        self.path = rooms / name
        self.socket = self.path / "socket"
        self.note = self.path / "host.json"
        self._lock_file = self.path / "lock"
        self._lock: int | None = None

    def prepare(self, group: str) -> None:
        """Make the folder (0700, or 2750 for a group); raises ``WarroomError``."""
        if "/" in self.name or self.name in ("", ".", ".."):
            raise WarroomError(f"a room cannot be called {self.name!r}")
        if len(os.fsencode(self.socket)) > LONGEST_SOCKET:
            raise WarroomError(
                f"the socket's path {self.socket} is longer than {LONGEST_SOCKET} bytes; "
                "set WARROOM_HOME to a shorter folder"
            )
        gid = group_id(group) if group else None
        if group and gid is None:
            raise WarroomError(f"[room] group: there is no group {group!r} on this machine")
        if gid is not None and os.geteuid() != 0 and gid not in (os.getegid(), *os.getgroups()):
            raise WarroomError(
                f"[room] group: you are not in group {group!r} yourself, so you cannot let it in"
            )
        try:
            self.path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (self.path.parent, self.path):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if gid is not None:
                    os.chown(folder, -1, gid)
                    folder.chmod(0o2750)
                elif folder == self.path:
                    folder.chmod(0o700)
            if gid is not None:
                os.chown(self.path.parent.parent, -1, gid)
                self.path.parent.parent.chmod(self.path.parent.parent.stat().st_mode & 0o777 | 0o010)
        except OSError as wrong:
            raise WarroomError(f"cannot make the room's folder {self.path}: {wrong.strerror}") from wrong

    def take(self) -> None:
        """Take the room's lock for as long as this process lives; raises ``WarroomError`` when it is taken."""
        self._lock = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        deadline = monotonic_s() + PROBED_S
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as taken:
                if monotonic_s() > deadline:
                    raise WarroomError(
                        f"room {self.name} is already open; type `warroom attach {self.name}`"
                    ) from taken
                time.sleep(PROBED_S / 10)
            else:
                return

    def keep(self) -> None:
        """Hold the lock also after somebody removed its file; raises ``WarroomError``."""
        held = self._lock
        try:
            lost = held is not None and os.fstat(held).st_ino != self._lock_file.stat().st_ino
        except FileNotFoundError:
            lost = True
        if lost:
            self.take()
            if held is not None:
                os.close(held)

    def running(self) -> bool:
        """Whether a living host holds the room."""
        try:
            handle = os.open(self._lock_file, os.O_RDWR | os.O_CLOEXEC)
        except PermissionError:
            return self._answers()
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(handle)
        return False

    def wait_until_ended(self, seconds: float) -> bool:
        """Wait for the host to let go of the room; False when it did not in time."""
        deadline = monotonic_s() + seconds
        while self.running():
            if monotonic_s() > deadline:
                return False
            time.sleep(0.05)
        return True

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket))
            except OSError:
                return False
        return True

    def write_note(self, note: HostNote, *, readable_by_group: bool) -> None:
        """Say who runs the room."""
        draft = self.note.with_suffix(".new")
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(note)))
        draft.chmod(0o640 if readable_by_group else 0o600)
        draft.replace(self.note)

    def read_note(self) -> HostNote | None:
        """Who runs (or ran) the room; None when nothing readable says so."""
        try:
            return msgspec.json.decode(self.note.read_bytes(), type=HostNote)
        except (OSError, msgspec.MsgspecError):
            return None

    def clear(self) -> None:
        """Remove what a host that ended leaves: its socket and its note."""
        for left in (self.socket, self.note):
            left.unlink(missing_ok=True)


def room_folders(rooms: Path) -> Iterator[RoomFolder]:
    """Every room folder there is, by name."""
    try:
        names = sorted(entry.name for entry in rooms.iterdir() if entry.is_dir())
    except OSError:
        return
    for name in names:
        yield RoomFolder(rooms, name)


def open_rooms(rooms: Path) -> list[RoomFolder]:
    """The rooms that a living host holds."""
    return [folder for folder in room_folders(rooms) if folder.running()]


def find_room(rooms: Path, name: str | None, *, option: str = "") -> RoomFolder:
    """The room meant by a name, by a folder's path, or the only open one; raises ``WarroomError`` saying why none.

    ``option`` is what the name is given with, such as ``--room``; it is told where a name is missing.
    """
    if name is not None and "/" in name:
        return _at_path(Path(name).absolute())
    there = open_rooms(rooms)
    names = ", ".join(folder.name for folder in there)
    if name is None:
        if len(there) == 1:
            return there[0]
        if not there:
            _need_admission(rooms)
            raise WarroomError("no room is open; open one with `warroom demo` or `warroom open CLUSTER`")
        example = f"{option} {there[0].name}".strip()
        raise WarroomError(f"several rooms are open: {names}; say which one, such as `{example}`")
    for folder in there:
        if folder.name == name:
            return folder
    _need_admission(rooms)
    _need_no_leftover(RoomFolder(rooms, name))
    raise WarroomError(f"no open room is called {name}; open rooms: {names or 'none'}")


def _at_path(path: Path) -> RoomFolder:
    """Somebody else's room: its folder is named as they told it."""
    path = path.parent if path.name == "socket" else path
    folder = RoomFolder(path.parent, path.name)
    _need_admission(path)
    if not folder.running():
        _need_no_leftover(folder)
        raise WarroomError(f"there is no open room at {path}")
    return folder


def _need_admission(folder: Path) -> None:
    try:
        os.scandir(folder).close()
    except PermissionError as denied:
        raise WarroomError(
            f"you may not look into {folder}; its owner lets an operating-system group in with [room] group"
        ) from denied
    except OSError:
        return


def _need_no_leftover(folder: RoomFolder) -> None:
    try:
        left = folder.socket.exists()
    except OSError:
        return
    if left:
        raise WarroomError(
            f"the host of room {folder.name} is gone (its socket was left behind); open the room again to go on"
        )
