"""Starts the host of a room as its own process and waits until it can be entered; and is that process."""

import asyncio
import logging
import logging.handlers
import os
import re
import select
import signal
import subprocess
import sys
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from warroom import __version__
from warroom.config import Places
from warroom.errors import WarroomError
from warroom.host.rooms import RoomFolder

READY_S = 30.0
"""How long a host may take until its room can be entered."""
ROOM_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
LOG_BYTES = 2_000_000
LOGS_KEPT = 3


class HostOrder(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a host process is to do."""

    room: str
    cluster: str = ""
    """A configured cluster, or empty for a scenario."""
    scenario: str = ""
    seed: int | None = None
    speed: float = 1.0
    start: str = ""
    debug: bool = False


def start_host(places: Places, order: HostOrder) -> RoomFolder:
    """Start a host in a session of its own; raises ``WarroomError`` with its sentence when it cannot open."""
    if not ROOM_NAME.fullmatch(order.room):
        raise WarroomError(
            f"a room's name is made of letters, digits, '.', '_' and '-', at most 64 of them, not {order.room!r}"
        )
    folder = RoomFolder(places.rooms, order.room)
    if folder.running():
        raise WarroomError(
            f"room {order.room} is already open; enter it with `warroom attach {order.room}` or end it with "
            f"`warroom stop {order.room}`"
        )
    reading, writing = os.pipe()
    words = ["-m", "warroom", "_host", msgspec.json.encode(order).decode(), "--tell", str(writing)]
    with Path(os.devnull).open("rb") as nothing:
        subprocess.Popen(
            [sys.executable, *words],
            stdin=nothing,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=(writing,),
        )
    os.close(writing)
    try:
        sentence = _told(reading)
    finally:
        os.close(reading)
    if sentence != "ready":
        raise WarroomError(
            sentence or f"the host of room {order.room} ended before it was ready; see {places.logs}"
        )
    return folder


def _told(reading: int) -> str:
    ready, _, _ = select.select([reading], [], [], READY_S)
    if not ready:
        return f"the host was not ready within {READY_S:.0f} s"
    said = b""
    while part := os.read(reading, 4096):
        said += part
    return said.decode("utf-8", "replace").strip()


def host(places: Places, order: HostOrder, tell: int) -> int:
    """Be the host process until the room is stopped; reports ``ready`` or one sentence to ``tell``."""
    log_to_file(places.logs, order.room, debug=order.debug)
    sys.excepthook = _log_bug
    # Deferred: only a host needs the recorder and the sources.
    from warroom.bootstrap import RoomOrder, run_room

    def report(sentence: str) -> None:
        nonlocal tell
        if tell >= 0:
            with open(tell, "wb") as out:
                out.write(sentence.encode())
            tell = -1

    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    log = logging.getLogger("warroom")
    log.info("room %s: host of warroom %s begins as pid %s", order.room, __version__, os.getpid())
    try:
        asyncio.run(
            run_room(places, RoomOrder(**msgspec.structs.asdict(order)), ready=lambda: report("ready"))
        )
    except WarroomError as refused:
        report(_logged(str(refused)))
        return 1
    except BaseExceptionGroup as group:
        refusals, bugs = group.split(WarroomError)
        if bugs is not None:
            logging.getLogger("warroom").error("the host ended by a bug", exc_info=bugs)
            report(f"the host ended by a bug; see {places.logs}")
            return 1
        report(_logged("; ".join(_sentences(refusals)) if refusals else "the host ended"))
        return 1
    log.info("room %s: ended", order.room)
    return 0


def _log_bug(kind: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
    """A host has no terminal; what nobody caught is in its log."""
    logging.getLogger("warroom").critical("the host ended by a bug", exc_info=(kind, bug, trace))


def _logged(sentence: str) -> str:
    logging.getLogger("warroom").error("%s", sentence)
    return sentence


def _sentences(group: BaseExceptionGroup[Any]) -> list[str]:
    found: list[str] = []
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            found += _sentences(error)
        else:
            found.append(str(error))
    return found


class PrivateLog(logging.handlers.RotatingFileHandler):
    """A rotated log that only its owner may read; the files that rotation makes, too."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        return os.fdopen(os.open(self.baseFilename, flags, 0o600), "a", encoding="utf-8")


def log_to_file(folder: Path, name: str, *, debug: bool = False) -> None:
    """Send this process' log to a file that is rotated; without a place to write there is no log."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{name}.log"
        to_file: logging.Handler = PrivateLog(
            path, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8"
        )
    except OSError:
        to_file = logging.NullHandler()
    to_file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    top = logging.getLogger()
    top.addHandler(to_file)
    top.setLevel(logging.DEBUG if debug else logging.INFO)
    # httpcore would log headers, and with them tokens.
    for noisy in ("httpcore", "aiosqlite", "asyncio", *(() if debug else ("httpx",))):
        logging.getLogger(noisy).setLevel(logging.WARNING)
