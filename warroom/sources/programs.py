"""Runs other programs for adapters: no shell, no terminal, a deadline, a cap on what they may say."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress

import msgspec

from warroom.errors import SourceError

SAID_CAP = 4_000_000
"""Bytes taken from either stream; a program that says more is stopped."""
PASSED_ON = ("PATH", "HOME", "USER", "LOGNAME", "TZ")
"""What a program gets of our environment; tokens kept there stay here."""
SYSTEM_FOLDERS = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"


class Ran(msgspec.Struct, frozen=True):
    """What a program that ended left behind."""

    code: int
    out: bytes
    err: str


class ProgramLate(SourceError):
    """It was started and stopped before its end; what it was to do may have happened."""


class TooMuch(Exception):
    """It says more than anybody asked for."""


async def run_program(
    words: Sequence[str], *, source: str, deadline_s: float, environ: Mapping[str, str] | None = None
) -> Ran:
    """Run a program to its end. ``SourceError``: it cannot be started; ``ProgramLate``: it hangs."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment["PATH"] = f"{environment.get('PATH', '')}:{SYSTEM_FOLDERS}".lstrip(":")
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**environment, "LC_ALL": "C", **(environ or {})},
            start_new_session=True,
        )
    except (OSError, ValueError) as wrong:
        raise SourceError(source, f"{words[0]} cannot be started: {_why(wrong)}") from wrong
    whole = False
    try:
        async with asyncio.timeout(deadline_s):
            out, err = await asyncio.gather(_said(process.stdout), _said(process.stderr))
            code = await process.wait()
            whole = True
    except TimeoutError as late:
        raise ProgramLate(source, f"{words[0]} did not end within {deadline_s:g} s and was stopped") from late
    except TooMuch as wrong:
        raise ProgramLate(source, f"{words[0]} said more than {SAID_CAP:,} bytes and was stopped") from wrong
    finally:
        if not whole:
            await _end(process)
    return Ran(code, out, err.decode("utf-8", "replace").strip())


async def _said(stream: asyncio.StreamReader | None) -> bytes:
    said = bytearray()
    while stream is not None and (chunk := await stream.read(65_536)):
        said += chunk
        if len(said) > SAID_CAP:
            raise TooMuch
    return bytes(said)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Stop it and all it started, also when it ended itself and left something behind."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _why(wrong: Exception) -> str:
    return "it is not installed" if isinstance(wrong, FileNotFoundError) else str(wrong)
