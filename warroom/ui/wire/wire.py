"""The way of a frame to the terminal."""

from textual.geometry import Size

from warroom.ui.wire.pens import COLOURS, Pens
from warroom.ui.wire.shadow import Shadow
from warroom.ui.wire.updates import take

TORN = 200
"""Frames longer than that could be seen half written; they are marked, where the terminal knows how to wait."""
ENDLESS = 1 << 30
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"


class Wire:
    """Remembers what the terminal shows."""

    def __init__(self) -> None:
        self._shadow: Shadow | None = None
        self._cursor = (0, 0)

    def forget(self) -> None:
        """Something else may have written to the terminal."""
        if self._shadow is not None:
            self._shadow.forget()

    def frame(
        self, update: object, size: Size, colours: str | None, cursor: tuple[int, int], *, most: int = ENDLESS
    ) -> str | None:
        """What to write so that the terminal shows an update; None for an update of an unknown kind.

        When it would be longer than ``most``, it is only a part, and ``rest`` goes on.
        """
        shadow = self._fitting(size, colours if colours in COLOURS else "truecolor")
        if take(update, shadow) is None:
            shadow.forget()
            return None
        said = self.rest(most)
        # Where an input method shows what is being composed; elsewhere nobody sees the cursor.
        if cursor != self._cursor or (said and cursor != (0, 0)):
            said += f"\x1b[{cursor[1] + 1};{cursor[0] + 1}H"
            self._cursor = cursor
        return said

    def rest(self, most: int) -> str:
        """What is still to be written, in parts of about that length; empty when the terminal shows all."""
        shadow = self._shadow
        if shadow is None or not shadow.waiting:
            return ""
        spans = [(y, *span) for y, span in sorted(shadow.waiting.items())]
        shadow.waiting.clear()
        said, left = shadow.difference(spans, most)
        for span in left:
            shadow.wait(*span)
        return said

    def _fitting(self, size: Size, colours: str) -> Shadow:
        known = self._shadow
        if known is None or (known.width, known.height) != size or known.pens.colours != colours:
            pens = known.pens if known is not None and known.pens.colours == colours else Pens(colours)
            known = self._shadow = Shadow(size.width, size.height, pens)
        return known


def marked(said: str, *, waits: bool) -> str:
    """A frame with its marks, where it is long and the terminal waits for its end."""
    return f"{BEGIN}{said}{END}" if waits and len(said) > TORN else said
