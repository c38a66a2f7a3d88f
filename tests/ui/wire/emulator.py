"""As much of a terminal as the grammar of what is written to it needs: cells with their looks."""

import re
from typing import NamedTuple

from rich.cells import split_graphemes

PART = re.compile(r"\x1b\[(?P<numbers>[0-9;?]*)(?P<final>[A-Za-z])|\n|\r|(?P<text>[^\x1b\n\r]+)")
SWITCHES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 7: 7, 9: 9}
OFF = {22: (1, 2), 23: (3,), 24: (4,), 25: (5,), 27: (7,), 29: (9,)}
ON_BLANKS = frozenset((4, 7, 9))


class Look(NamedTuple):
    """How one cell looks."""

    attributes: frozenset[int] = frozenset()
    ink: tuple[int, ...] = ()
    paper: tuple[int, ...] = ()


class Emulator:
    """Cells, a cursor that does not wrap, a pen."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.cells = [[("?", Look())] * width for _ in range(height)]
        self._look = Look()
        self._x = self._y = 0

    def feed(self, written: str) -> None:
        at = 0
        while at < len(written):
            part = PART.match(written, at)
            assert part is not None, f"not understood: {written[at : at + 20]!r}"
            at = part.end()
            if part["text"]:
                for begin, end, width in split_graphemes(part["text"])[0]:
                    self._write(part["text"][begin:end], width)
            elif part["final"]:
                self._sequence(part["numbers"], part["final"])
            elif part[0] == "\n":
                self._y = min(self._y + 1, self.height - 1)
            else:
                self._x = 0

    def shown(self) -> list[list[tuple[str, Look]]]:
        """The cells as a person sees them: the ink of a blank is not seen."""
        return [[(text, _seen(text, look)) for text, look in row] for row in self.cells]

    def _sequence(self, given: str, final: str) -> None:
        if given.startswith("?"):
            assert final in "hl"
            return
        numbers = [int(number or 0) for number in given.split(";")]
        if final == "H":
            self._y, self._x = numbers[0] - 1, numbers[1] - 1
        elif final == "C":
            self._x += max(1, numbers[0])
        else:
            assert final == "m", f"{given}{final}"
            self._draw_with(numbers)

    def _draw_with(self, numbers: list[int]) -> None:
        attributes, ink, paper = set(self._look.attributes), self._look.ink, self._look.paper
        while numbers:
            number = numbers.pop(0)
            if number == 0:
                attributes, ink, paper = set(), (), ()
            elif number in SWITCHES:
                attributes.add(number)
            elif number in OFF:
                attributes.difference_update(OFF[number])
            elif number in (38, 48):
                length = 4 if numbers[0] == 2 else 2
                colour, numbers = tuple(numbers[:length]), numbers[length:]
                ink, paper = (colour, paper) if number == 38 else (ink, colour)
            elif number in (39, 49):
                ink, paper = ((), paper) if number == 39 else (ink, ())
            elif 30 <= number < 38 or 90 <= number < 98:
                ink = (number,)
            else:
                assert 40 <= number < 48 or 100 <= number < 108, number
                paper = (number,)
        self._look = Look(frozenset(attributes), ink, paper)

    def _write(self, cluster: str, width: int) -> None:
        row = self.cells[self._y]
        if width == 0:
            at = self._x - 1 - (row[self._x - 1][0] == "")
            row[at] = (row[at][0] + cluster, row[at][1])
            return
        assert self._x + width <= self.width, "it wrote beyond the edge"
        for x in (self._x, self._x + width):
            # What is left of a wide character that is written over is a blank.
            if x < self.width and row[x][0] == "":
                row[x - 1] = (" ", row[x - 1][1])
                row[x] = (" ", row[x][1])
        row[self._x : self._x + width] = [(cluster, self._look), *[("", self._look)] * (width - 1)]
        self._x += width


def _seen(text: str, look: Look) -> Look:
    if text != " " or look.attributes & ON_BLANKS:
        return look
    return Look(frozenset(), (), look.paper)
