"""Textual's driver of a terminal with both directions guarded, and with a way to the shell and back."""

import asyncio
import codecs
import logging
import os
import re
import selectors
import signal
from collections.abc import Iterable
from contextlib import suppress
from types import FrameType
from typing import Any, NamedTuple

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.app import ScreenStackError
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Offset
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import Worker

from warroom import firstframe
from warroom.clock import monotonic_s
from warroom.ui.mouse import CLICKS_OFF, CLICKS_ON, Clickable
from warroom.ui.terminal_bytes import BELL, disallowed, only_allowed
from warroom.ui.terminal_input import InputFilter
from warroom.ui.wire.wire import Wire
from warroom.ui.wire.writer import Writer

log = logging.getLogger(__name__)

OTHER_SCREEN = "\x1b[?1049h"
LOOK_S = 0.1
READ_BYTES = 4_096
TAKEN_S = 0.5
"""How long a key may hold the next one; a screen that is stuck still takes keys."""
STEP_S = 0.002
"""How often is looked whether the dialog that follows is there."""
STEPS = "default"
"""The group of workers that ask and answer step by step; what loads in the background has a name of its own."""
_KEY = re.compile(r"\x1b\[(\d+)(?:;\d*(?:;[\d:]*)?)?([~A-HPQRS])")
_KNOWN = re.compile(
    r"\x1b\[(?:"
    r"\d+(?:;\d*(?:;[\d:]*)?)?u"  # the keyboard protocol of kitty, as far as Textual reads it
    r"|<\d+;-?\d+;-?\d+[Mm]"  # the mouse
    r"|[IO]"  # focus
    r"|\d+;\d+R"  # where the cursor is
    r"|\?(?:2026|2048);\d\$y"  # the two modes that Textual asks for
    r"|48(?:;\d+){4}t"  # the window's size
    r"|200~)"
)
_NUMBER = re.compile(r"\d+")
_LAST_POINT = 0x10FFFF
"""Beyond it there is no character, and Textual's parser ends by an error."""
_LONGEST_KNOWN = 32
"""Textual gives up on longer sequences and types them."""


def understood(sequence: str) -> bool:
    """Whether Textual's parser knows a control sequence, so that it does not type its characters."""
    if len(sequence) > _LONGEST_KNOWN or any(int(n) > _LAST_POINT for n in _NUMBER.findall(sequence)):
        return False
    if sequence in ANSI_SEQUENCES_KEYS or _KNOWN.fullmatch(sequence):
        return True
    key = _KEY.fullmatch(sequence)
    return key is not None and f"{key[1]}{key[2]}" in FUNCTIONAL_KEYS


class WholeParser(XTermParser):
    """The key parser without its own waiting: every piece it is fed is whole."""

    def tick(self) -> Iterable[Message]:
        if self._timeout_time is not None:
            self._timeout_time = 0.0
        return super().tick()


class Doing(NamedTuple):
    """The screen that is shown, and what goes on for it step by step."""

    screen: Screen[Any] | None
    steps: frozenset[Worker[Any]]


async def _reached(pump: MessagePump) -> None:
    """Wait until a part of the screen has worked off what it was sent before."""
    reached = asyncio.Event()
    if pump.call_later(reached.set):
        await reached.wait()


def _nobody() -> None:
    """Nobody waits for the terminal."""


class GuardedDriver(LinuxDriver):
    """What leaves matches the grammar; what enters is input; Ctrl+Z leaves a whole terminal behind."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._asleep = False
        self._woken = False
        self._writer: Writer | None = None
        self._on_other_screen = False
        self.mouse = False
        """Whether a person wants the mouse; what comes of one before that goes nowhere."""
        # Textual's handlers do their work inside the signal, where the writer's queue may be locked.
        signal.signal(signal.SIGTSTP, self._on_stop)
        signal.signal(signal.SIGCONT, self._on_continue)

    @property
    def busy(self) -> bool:
        """Whether the terminal has not taken everything yet."""
        return self._writer is not None and self._writer.busy

    def write(self, data: str) -> None:
        if data == OTHER_SCREEN and self._on_other_screen:
            # To go there once more would clear the first frame.
            self._on_other_screen = False
            return
        kept, dropped = only_allowed(data)
        if dropped:
            log.error("kept from the terminal: %a", dropped)
        self._send(kept)

    def ring(self) -> None:
        """Ring the terminal's bell."""
        self._send(BELL)

    def copy(self, sequence: str) -> bool:
        """Write to the terminal's clipboard because a person pressed the key; nothing else may pass here."""
        if self._writer is None or disallowed(sequence.encode("utf-8"), copying=True):
            return False
        self._send(sequence)
        return True

    def _send(self, data: str) -> None:
        if self._writer is not None:
            self._writer.write(data)

    def start_application_mode(self) -> None:
        assert self._file is not None, "a terminal has an error output"
        self._writer = Writer(self._file.fileno(), getattr(self._app, "taken", _nobody))
        self._writer.start()
        begun = firstframe.hand_over()
        self._on_other_screen = begun is not None
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if begun is not None:
            # What Textual found was made quiet for the first frame.
            self.attrs_before, cells = begun
            if self._wire is not None:
                self._wire.begin_with(cells)
        elif self._wire is not None:
            # Whoever had the terminal before may have written to it.
            self._wire.forget()

    def stop_application_mode(self) -> None:
        # Frames leave the last pen as it is.
        self.write("\x1b[0m")
        super().stop_application_mode()

    def close(self) -> None:
        super().close()
        if self._writer is not None:
            self._writer.stop()
            self._writer = None

    @property
    def _wire(self) -> Wire | None:
        wire = getattr(self._app, "wire", None)
        return wire if isinstance(wire, Wire) else None

    def run_input_thread(self) -> None:
        parser, guard = WholeParser(), InputFilter(understood)
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                deadline_s = guard.deadline_s
                wait_s = LOOK_S if deadline_s is None else max(0.0, min(LOOK_S, deadline_s - monotonic_s()))
                if not selector.select(wait_s):
                    self._parse(parser, guard.due(monotonic_s()))
                elif data := self._read():
                    self._parse(parser, guard.feed(decode(data), monotonic_s()))
                else:
                    self._app.call_later(self._app.exit, "the terminal is gone")
                    return

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, READ_BYTES)
        except OSError:
            return b""

    def _parse(self, parser: WholeParser, pieces: Iterable[str]) -> None:
        for piece in pieces:
            for message in (*parser.feed(piece), *parser.tick()):
                if isinstance(message, events.MouseEvent):
                    # Textual's own way would follow links, press buttons and select.
                    self._point(message)
                    continue
                if self._wire is not None and isinstance(message, events.Key | events.Paste):
                    self._wire.key(monotonic_s())
                before = self._doing()
                self.process_message(message)
                if isinstance(message, events.Key):
                    self._wait_until_taken(before)

    def _point(self, message: events.MouseEvent) -> None:
        app = self._app
        if not self.mouse or not isinstance(app, Clickable):
            return
        at = Offset(message.x, message.y)
        if isinstance(message, events.MouseScrollUp | events.MouseScrollDown):
            step = 1 if isinstance(message, events.MouseScrollDown) else -1
            app.call_later(app.wheeled, at, step)
        elif isinstance(message, events.MouseDown) and message.button == 1:
            app.call_later(app.clicked, at)
        else:
            return
        if self._wire is not None:
            self._wire.key(monotonic_s())

    def listen_to_mouse(self, wanted: bool) -> None:
        """Ask the terminal to tell of clicks and the wheel, or not to any more."""
        self.mouse = wanted
        self.write(CLICKS_ON if wanted else CLICKS_OFF)

    def _enable_mouse_support(self) -> None:
        if self.mouse:
            self.write(CLICKS_ON)

    def _disable_mouse_support(self) -> None:
        if self.mouse:
            self.write(CLICKS_OFF)

    def _doing(self) -> Doing:
        try:
            screen = self._app.screen
        except ScreenStackError:
            return Doing(None, frozenset())
        workers = (one for one in tuple(self._app.workers) if one.group == STEPS and one.node is screen)
        return Doing(screen, frozenset(one for one in workers if not one.is_finished))

    def _between_steps(self, before: Doing) -> bool:
        """Whether a dialog is about to follow: of what a key began, or after the dialog that it ended."""
        after = self._doing()
        return bool(after.steps - before.steps if after.screen is before.screen else after.steps)

    def _wait_until_taken(self, before: Doing) -> None:
        """Hold the next key until this one did its work: what is typed after it goes into the dialog it opens."""
        taken = asyncio.run_coroutine_threadsafe(self._taken(before), self._loop)
        while not self.exit_event.is_set():
            with suppress(TimeoutError):
                taken.result(LOOK_S)
                return
        taken.cancel()

    async def _taken(self, before: Doing) -> None:
        with suppress(TimeoutError, ScreenStackError):
            async with asyncio.timeout(TAKEN_S):
                app = self._app
                await _reached(app)
                await _reached(app.focused or app.screen)
                shown = None
                while app.screen is not shown or self._between_steps(before):
                    shown = app.screen
                    await _reached(shown)
                    await asyncio.sleep(STEP_S)
                    # Focus is given by way of the app.
                    await _reached(app)

    def _on_stop(self, *_: int | FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self.to_the_shell)

    def _on_continue(self, *_: int | FrameType | None) -> None:
        self._woken = True
        if not self._asleep:
            # Stopped from outside: whoever had the terminal meanwhile may have changed it.
            self._loop.call_soon_threadsafe(self._begin_anew)

    def to_the_shell(self) -> bool:
        """Restore the terminal and stop until the shell says ``fg``; False when there is no such shell."""
        self._asleep, self._woken = True, False
        self.suspend_application_mode()
        try:
            self._sleep()
            while self._woken and os.tcgetpgrp(self.fileno) != os.getpgrp():
                # Continued in the background, where there is no terminal to paint on.
                self._woken = False
                self._sleep()
        finally:
            self._asleep = False
        self.resume_application_mode()
        self._app.refresh(layout=True, repaint=True)
        return self._woken

    def _sleep(self) -> None:
        before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        try:
            # To the whole job, as the terminal itself would send it. Without a shell that could continue the
            # job, the kernel ignores it.
            os.killpg(0, signal.SIGTSTP)
        finally:
            signal.signal(signal.SIGTSTP, before)

    def _begin_anew(self) -> None:
        self.suspend_application_mode()
        self.resume_application_mode()
        self._app.refresh(layout=True, repaint=True)
