"""How a cell is drawn, and the shortest sequence from one way to another."""

from typing import NamedTuple

from rich.color import Color, ColorSystem
from rich.style import Style

ATTRIBUTES = (
    ("bold", "1", "22"),
    ("dim", "2", "22"),
    ("italic", "3", "23"),
    ("underline", "4", "24"),
    ("blink", "5", "25"),
    ("reverse", "7", "27"),
    ("strike", "9", "29"),
)
"""Rich's name, and what turns it on and off; bold and dim go off together."""
OFF = {on: off for _, on, off in ATTRIBUTES}
ON_BLANKS = frozenset("479")
"""What is seen of a blank besides its ground."""
COLOURS = {"truecolor": ColorSystem.TRUECOLOR, "256": ColorSystem.EIGHT_BIT, "standard": ColorSystem.STANDARD}
"""Rich's names of how many colours a terminal has, the most first."""


class Pen(NamedTuple):
    """How a cell is drawn."""

    attributes: tuple[str, ...] = ()
    ink: str = "39"
    paper: str = "49"


PLAIN = Pen()


class Pens:
    """The pens of styles on a terminal of so many colours; each style has its pen once, so that ``is`` compares."""

    def __init__(self, colours: str = "truecolor") -> None:
        self.colours = colours
        self._system = COLOURS[colours]
        self._made: dict[Pen, Pen] = {PLAIN: PLAIN}
        self._of: dict[Style | None, Pen] = {None: PLAIN}
        self._blank: dict[Pen, Pen] = {}
        self._changes: dict[tuple[Pen | None, Pen], str] = {}

    def of(self, style: Style | None) -> Pen:
        """The pen of a style; links and meta are none of the terminal's business."""
        pen = self._of.get(style)
        if pen is None and style is not None:
            attributes = tuple(on for name, on, _ in ATTRIBUTES if getattr(style, name))
            pen = self._interned(
                Pen(attributes, self._code(style.color, ink=True), self._code(style.bgcolor, ink=False))
            )
            self._of[style] = pen
        assert pen is not None
        return pen

    def known(self, pen: Pen) -> Pen:
        """The same pen as ``of`` gives it."""
        return self._interned(pen)

    def blank(self, pen: Pen) -> Pen:
        """The pen as far as it is seen on a blank."""
        known = self._blank.get(pen)
        if known is None:
            seen = pen if ON_BLANKS.intersection(pen.attributes) else Pen((), PLAIN.ink, pen.paper)
            known = self._blank[pen] = self._interned(seen)
        return known

    def serves(self, pen: Pen | None, blank: Pen) -> bool:
        """Whether a blank drawn with ``pen`` looks as one drawn with ``blank``."""
        return pen is not None and self.blank(pen) is blank

    def change(self, before: Pen | None, after: Pen) -> str:
        """What makes the terminal draw with another pen; None where nobody knows with which it does."""
        known = self._changes.get((before, after))
        if known is None:
            codes = [_anew(after)] if before is None else [_anew(after), _step(before, after)]
            shortest = min(codes, key=len)
            known = self._changes[before, after] = f"\x1b[{shortest}m" if shortest else ""
        return known

    def _interned(self, pen: Pen) -> Pen:
        return self._made.setdefault(pen, pen)

    def _code(self, colour: Color | None, *, ink: bool) -> str:
        if colour is None:
            return PLAIN.ink if ink else PLAIN.paper
        if not colour.is_default and (colour.is_system_defined or self._system is not ColorSystem.TRUECOLOR):
            colour = _fewer(colour, self._system)
        return ";".join(colour.get_ansi_codes(foreground=ink))


def _fewer(colour: Color, system: ColorSystem) -> Color:
    return colour if colour.system.value <= system.value else colour.downgrade(system)


def _anew(pen: Pen) -> str:
    """From no attribute and the terminal's own colours."""
    colours = [code for code, own in ((pen.ink, PLAIN.ink), (pen.paper, PLAIN.paper)) if code != own]
    return ";".join(("0", *pen.attributes, *colours))


def _step(before: Pen, after: Pen) -> str:
    """From one pen to another, by what differs."""
    off = {OFF[one] for one in before.attributes if one not in after.attributes}
    kept = [one for one in before.attributes if OFF[one] not in off]
    on = [one for one in after.attributes if one not in kept]
    colours = [new for old, new in zip(before[1:], after[1:], strict=True) if old != new]
    return ";".join((*sorted(off), *on, *colours))
