"""The mouse, where a person wants it: which bytes ask a terminal for it, and what a screen must be able to do."""

from typing import Protocol, runtime_checkable

from textual.geometry import Offset

CLICKS_ON, CLICKS_OFF = "\x1b[?1000h\x1b[?1006h", "\x1b[?1006l\x1b[?1000l"
"""Presses and the wheel, never motion: a pointer that only moves sends nothing."""
WHEEL = 3
"""Lines of one step of the wheel."""


@runtime_checkable
class Clickable(Protocol):
    """A screen, or an app with screens, that the mouse may point into. Nothing is ever chosen by it."""

    def clicked(self, at: Offset) -> None:
        """Go there."""

    def wheeled(self, at: Offset, by: int) -> None:
        """Scroll there by steps of the wheel."""


class WithMouse(Protocol):
    """An app that can be told to listen to the mouse."""

    def turn_mouse(self) -> bool:
        """On or off; answers whether it is on."""
