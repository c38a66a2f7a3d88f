"""The way of copied text out of the program: tmux, else the terminal's clipboard, else a file."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from warroom.model.text import neutral
from warroom.ui.terminal_bytes import copying_sequence

log = logging.getLogger(__name__)

PATIENCE_S = 2.0
"""How long tmux may take."""
FILE = "copied.txt"
DEAF = ("linux", "dumb")
"""Terminals without a clipboard."""


class Clipboard:
    """Says where the text went."""

    def __init__(self, environ: Mapping[str, str], folder: Path | None, send: Callable[[str], bool]) -> None:
        """``send`` writes a sequence to the terminal, if there is one; ``folder``: where the file is written."""
        self._environ = environ
        self._folder = folder
        self._send = send

    async def take(self, text: str) -> tuple[bool, str]:
        """Whether it was copied, and the words that say where to, or why not."""
        if self._environ.get("TMUX"):
            if await self._to_tmux(text):
                return True, "to tmux: prefix ] pastes it"
            why = "tmux did not take it"
        elif self._environ.get("STY") or self._environ.get("TERM", "") in DEAF:
            why = "this terminal has no clipboard"
        elif (sequence := copying_sequence(text)) is None:
            why = "too much for the terminal's clipboard"
        elif self._send(sequence):
            return True, "to the terminal by OSC 52, if it takes that"
        else:
            why = "there is no terminal"
        return await asyncio.to_thread(self._to_file, text, why)

    async def _to_tmux(self, text: str) -> bool:
        # Before 3.2 tmux knows no -w, and hands its buffer on to no clipboard.
        return await self._load("-w", text=text) or await self._load(text=text)

    async def _load(self, *options: str, text: str) -> bool:
        try:
            running = await asyncio.create_subprocess_exec(
                *("tmux", "load-buffer", *options, "-"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env=dict(self._environ),
            )
        except OSError as wrong:
            log.info("tmux cannot be run: %s", wrong)
            return False
        try:
            async with asyncio.timeout(PATIENCE_S):
                await running.communicate(text.encode("utf-8", "replace"))
        except TimeoutError:
            log.info("tmux took nothing within %s s", PATIENCE_S)
            with suppress(ProcessLookupError):
                running.kill()
            await running.wait()
            return False
        return running.returncode == 0

    def _to_file(self, text: str, why: str) -> tuple[bool, str]:
        if self._folder is None:
            return False, f"{why}, and there is no folder to put a file in"
        path = self._folder / FILE
        shown = self._shown(path)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_private(path, text)
        except OSError as wrong:
            return False, f"{why}, and {shown} cannot be written: {wrong.strerror}"
        return True, f"to {shown}: {why}"

    def _shown(self, path: Path) -> str:
        home = self._environ.get("HOME", "")
        inside = Path(home).is_absolute() and path.is_relative_to(home)
        return neutral(f"~/{path.relative_to(home)}" if inside else str(path))


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all, for the owner alone, and never through a link that somebody laid."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(beside, flags, 0o600), "w", encoding="utf-8", errors="replace") as out:
        out.write(text)
    beside.replace(path)
