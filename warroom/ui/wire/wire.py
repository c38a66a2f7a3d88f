"""The way of a frame to the terminal: what a key changed at once, data as much as the link bears."""

from collections.abc import Mapping

from textual.geometry import Size

from warroom.ui.wire.kept import Layout, keep, shown
from warroom.ui.wire.link import ASK, ENDLESS, Link
from warroom.ui.wire.pens import COLOURS, Pens
from warroom.ui.wire.shadow import Shadow, Span
from warroom.ui.wire.updates import take

TORN = 200
"""Frames longer than that could be seen half written; they are marked, where the terminal knows how to wait."""
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"
KEY_S = 0.1
"""What is painted so soon after a key may be what it changed."""
AWAITED_S = 0.02
"""How long other work may be put off for what a key changes: a key may change nothing."""
LIMITS = {"truecolor": "truecolor", "256": "256", "16": "standard"}
"""Names of a profile's colours, as Rich calls them; the most first."""


class Wire:
    """Remembers what the terminal shows, and what it is still to show."""

    def __init__(self, link: Link | None = None) -> None:
        self.link = link or Link()
        self._shadow: Shadow | None = None
        self._urgent: list[Span] = []
        self._first = b""
        self._data = False
        self._key_s = -KEY_S
        self._key_shown = True
        self._cursor = self._cursor_shown = (0, 0)

    def forget(self) -> None:
        """Something else may have written to the terminal."""
        self._urgent.clear()
        if self._shadow is not None:
            self._shadow.forget()

    def begin_with(self, cells: bytes) -> None:
        """The first frame stands on the screen already."""
        self._first = cells

    def keep(self, layout: Layout, environ: Mapping[str, str]) -> bool:
        """Keep the frames of what is wanted now for the next screen to begin with; False when it is too early."""
        return self._shadow is not None and keep(self._shadow, layout, environ)

    def key(self, now_s: float) -> None:
        """A key was pressed."""
        self._key_s, self._key_shown = now_s, False

    def keyed_since(self, then_s: float) -> bool:
        """Whether a key was pressed after a time."""
        return self._key_s > then_s

    def in_haste(self, now_s: float) -> bool:
        """Whether somebody waits for what a key changes."""
        return not self._key_shown and now_s - self._key_s < AWAITED_S

    def keyed(self, now_s: float) -> bool:
        """Whether what is painted now may be what a key changed."""
        return now_s - self._key_s < KEY_S

    def data(self) -> None:
        """What comes next is data, and may be held back."""
        self._data = True

    def free(self, now_s: float) -> bool:
        """Whether the terminal has shown all data that it was given."""
        return self.link.free(now_s) and not (self._shadow is not None and self._shadow.waiting)

    @property
    def owing(self) -> bool:
        """Whether the terminal is still to be told something."""
        return bool(self._urgent) or (self._shadow is not None and bool(self._shadow.waiting))

    def take(
        self, update: object, size: Size, colours: str | None, cursor: tuple[int, int], now_s: float
    ) -> bool:
        """Want the screen to look as an update says; False for an update of an unknown kind."""
        shadow = self._fitting(size, self._fewer(colours))
        spans = take(update, shadow)
        data, self._data = self._data and not self.keyed(now_s), False
        if spans is None:
            self.forget()
            return False
        self._cursor = cursor
        # A whole screen of which nothing is shown yet goes in parts, too, so that keys come between.
        if data or (shadow.anew and len(spans) > size.height // 2):
            for span in spans:
                shadow.wait(*span)
        else:
            self._urgent += spans
        return True

    def next(self, now_s: float) -> str:
        """What to write now; call it when the terminal has taken what was written before."""
        shadow = self._shadow
        if shadow is None:
            return ""
        said = ""
        if self._urgent:
            said, _ = shadow.difference(self._urgent, ENDLESS)
            self._urgent, self._key_shown = [], True
        asked = False
        if shadow.waiting and self.link.free(now_s):
            part = self._part(shadow, self.link.most - len(said))
            asked = bool(part) and self.link.asks(len(part.encode()), now_s)
            said += part
        # Where an input method shows what is being composed; elsewhere nobody sees the cursor.
        if self._cursor != self._cursor_shown or (said and self._cursor != (0, 0)):
            said += f"\x1b[{self._cursor[1] + 1};{self._cursor[0] + 1}H"
            self._cursor_shown = self._cursor
        return said + ASK if asked else said

    def _part(self, shadow: Shadow, most: int) -> str:
        spans = [(y, *span) for y, span in sorted(shadow.waiting.items())]
        shadow.waiting.clear()
        said, left = shadow.difference(spans, most)
        for span in left:
            shadow.wait(*span)
        shadow.anew = shadow.anew and bool(left)
        return said

    def _fewer(self, colours: str | None) -> str:
        """Of what the terminal has and what the link is given, the less."""
        order = list(COLOURS)
        own = colours if colours in COLOURS else "truecolor"
        return max(own, LIMITS[self.link.profile.colours], key=order.index)

    def _fitting(self, size: Size, colours: str) -> Shadow:
        known = self._shadow
        if known is None or (known.width, known.height) != size or known.pens.colours != colours:
            pens = known.pens if known is not None and known.pens.colours == colours else Pens(colours)
            self._urgent = []
            known = self._shadow = Shadow(size.width, size.height, pens)
            self._go_on_from_first(known)
        return known

    def _go_on_from_first(self, shadow: Shadow) -> None:
        first, self._first = self._first, b""
        rows = shown(first, shadow.pens) if first else None
        if rows and len(rows) == shadow.height and all(len(r.characters) == shadow.width for r in rows):
            shadow.shown = rows


def marked(said: str, *, waits: bool) -> str:
    """A frame with its marks, where it is long and the terminal waits for its end."""
    return f"{BEGIN}{said}{END}" if waits and len(said) > TORN else said
