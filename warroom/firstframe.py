"""What is on screen before anything is loaded: the layout a terminal of this size showed last, in one write.

It is imported before everything else, so it stands on what Python has loaded anyway.
"""

import os
import sys
from collections.abc import Mapping
from types import FrameType

VERBS = ("attach", "demo", "open", "replay")
NOT_WITH = ("--headless", "--help", "-h", "--json", "--theme", "--link")
LOOKS = ("TERM", "COLORTERM", "NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG", "WARROOM_THEME")
"""What the looks depend on; a frame is shown where all of it is as it was."""
MAGIC = "warroom first frame 1"
LONGEST = 1 << 20
ENTER = b"\x1b[?1049h\x1b[?25l\x1b[?7l"
LEAVE = b"\x1b[0m\x1b[?7h\x1b[?1049l\x1b[?25h"

_modes: list[object] | None = None
_cells = b""


def folder(environ: Mapping[str, str]) -> str:
    """Where frames are kept."""
    if home := environ.get("WARROOM_HOME"):
        return os.path.join(os.path.abspath(home), "frames")  # noqa: PTH100, PTH118 - pathlib is not loaded yet
    base = environ.get("XDG_STATE_HOME", "")
    if not base.startswith("/"):
        base = os.path.join(environ.get("HOME") or os.path.expanduser("~"), ".local/state")  # noqa: PTH111, PTH118
    return os.path.join(base, "warroom", "frames")  # noqa: PTH118


def path(environ: Mapping[str, str], width: int, height: int) -> str:
    """The frame of a terminal of that size."""
    return f"{folder(environ)}/{width}x{height}"


def head(environ: Mapping[str, str], width: int, height: int, version: str) -> str:
    """What must be the same for a frame to be shown."""
    said = " ".join(f"{name}={environ.get(name, '')!a}" for name in LOOKS)
    return f"{MAGIC} {version} {width}x{height} tmux={'TMUX' in environ} {said}"


def asked(arguments: list[str]) -> bool:
    """Whether a screen is what was asked for."""
    return bool(arguments) and arguments[0] in VERBS and not any(w.startswith(NOT_WITH) for w in arguments)


def show(arguments: list[str], environ: Mapping[str, str], version: str) -> None:
    """Show the frame of this terminal, if there is one and a screen is what was asked for; never fails."""
    if not asked(arguments) or not all(os.isatty(fd) for fd in (0, 1, 2)):
        return
    try:
        size = os.get_terminal_size(2)
        kept = _read(path(environ, *size))
        said, _, rest = kept.partition(b"\n")
        length, _, rest = rest.partition(b"\n")
        if said.decode("ascii", "replace") != head(environ, *size, version):
            return
        _take(rest[: int(length)], rest[int(length) :])
    except (OSError, ValueError):
        return


def _read(where: str) -> bytes:
    """A file that nobody else can have written."""
    fd = os.open(where, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        found = os.fstat(fd)
        if found.st_uid != os.geteuid() or found.st_mode & 0o022 or found.st_size > LONGEST:
            return b""
        return os.read(fd, LONGEST)
    finally:
        os.close(fd)


def _take(frame: bytes, cells: bytes) -> None:
    # Deferred: only here, and both are part of the interpreter or small.
    import _signal  # type: ignore[import-not-found]  # noqa: PLC0415
    import termios  # noqa: PLC0415

    global _modes, _cells
    modes = termios.tcgetattr(0)
    quiet = [*modes[:3], modes[3] & ~(termios.ECHO | termios.ICANON), *modes[4:]]
    # What is typed from here on waits for the screen, unseen.
    termios.tcsetattr(0, termios.TCSANOW, quiet)
    _modes, _cells = modes, cells
    _signal.signal(_signal.SIGTERM, _end)
    os.write(2, ENTER + frame)


def _end(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)


def hand_over() -> tuple[list[object], bytes] | None:
    """The terminal's modes as they were before, and the cells it shows; whoever asks restores it from now on."""
    global _modes
    modes, _modes = _modes, None
    return None if modes is None else (modes, _cells)


def leave() -> None:
    """Give the terminal back as it was, when the screen did not come."""
    global _modes
    modes, _modes = _modes, None
    if modes is not None:
        import termios  # noqa: PLC0415

        os.write(2, LEAVE)
        termios.tcsetattr(0, termios.TCSANOW, modes)  # type: ignore[arg-type]
