"""What the terminal shows beside what it is to show, and the bytes that make the one the other."""

from collections.abc import Iterable, Iterator

from rich.cells import cell_len

from warroom.ui.wire.cells import is_certain
from warroom.ui.wire.pens import Pen, Pens

UNKNOWN = "\x00"
"""A cell that something else may have written."""
Span = tuple[int, int, int]
"""Row, first cell, the one after the last."""


class Row:
    """One row of cells."""

    __slots__ = ("characters", "pens")

    def __init__(self, width: int, character: str, pen: Pen) -> None:
        self.characters = [character] * width
        self.pens = [pen] * width


class Shadow:
    """The cells of one terminal."""

    def __init__(self, width: int, height: int, pens: Pens) -> None:
        self.width, self.height = width, height
        self.pens = pens
        ground = pens.blank(pens.of(None))
        self.wanted = [Row(width, " ", ground) for _ in range(height)]
        self.took: list[dict[int, tuple[object, int]]] = [{} for _ in range(height)]
        """Of each row, by its first cell, what is wanted there and up to where: nothing is read twice."""
        self.shown: list[Row] = []
        self.pen: Pen | None = None
        """What the terminal draws with."""
        self.waiting: dict[int, tuple[int, int]] = {}
        """Rows with cells that may differ, and which."""
        self.anew = True
        """Whether nothing is known of what the terminal shows."""
        self.forget()

    def forget(self) -> None:
        """Something else may have written to the terminal: nothing is known of it."""
        ground = self.pens.of(None)
        self.shown = [Row(self.width, UNKNOWN, ground) for _ in range(self.height)]
        self.pen = None
        self.anew = True
        self.waiting = dict.fromkeys(range(self.height), (0, self.width))

    def put(self, y: int, x: int, characters: list[str], pens: list[Pen]) -> Span | None:
        """Want these cells there; the span that may have changed by that."""
        if not (0 <= y < self.height and 0 <= x < self.width and characters):
            return None
        row, end = self.wanted[y], x + len(characters)
        if end > self.width:
            end = self.width
            characters, pens = characters[: end - x], pens[: end - x]
        cells = row.characters
        if cells[x:end] == characters and row.pens[x:end] == pens:
            return None
        halved = cells[x] == "" and characters[0] != ""
        cells[x:end], row.pens[x:end] = characters, pens
        # Half a wide character is none: what is left of it is a blank.
        begin = x
        if halved:
            begin -= 1
            self._blank(row, begin)
        if end < self.width and cells[end] == "":
            self._blank(row, end)
            end += 1
        elif end == self.width and cell_len(cells[end - 1]) > 1:
            self._blank(row, end - 1)
        return y, begin, end

    def _blank(self, row: Row, x: int) -> None:
        row.characters[x], row.pens[x] = " ", self.pens.blank(row.pens[x])

    def wait(self, y: int, begin: int, end: int) -> None:
        """These cells may differ from what is shown."""
        known = self.waiting.get(y)
        self.waiting[y] = (begin, end) if known is None else (min(known[0], begin), max(known[1], end))

    def difference(self, spans: Iterable[Span], most: int) -> tuple[str, list[Span]]:
        """What to write so that these spans show what is wanted, and the spans left when it would be too long.

        ``most`` is how many characters are enough; what was begun in a row is written to its next gap.
        """
        self._out: list[str] = []
        self._size = 0
        self._at: tuple[int, int] | None = None
        left: list[Span] = []
        for y, begin, end in spans:
            if self._size >= most:
                left.append((y, begin, end))
                continue
            for start, stop in self._runs(y, begin, end):
                if self._size >= most:
                    left.append((y, start, end))
                    break
                self._write(y, start, stop)
        return "".join(self._out), left

    def _runs(self, y: int, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """The changed cells of a span, wide characters whole."""
        wanted, shown = self.wanted[y], self.shown[y]
        if wanted.characters[begin:end] == shown.characters[begin:end] and (
            wanted.pens[begin:end] == shown.pens[begin:end]
        ):
            return
        pairs = zip(
            wanted.characters[begin:end],
            shown.characters[begin:end],
            wanted.pens[begin:end],
            shown.pens[begin:end],
            strict=True,
        )
        changed = [x for x, (new, old, pen, was) in enumerate(pairs, begin) if new != old or pen is not was]
        start = stop = -1
        for x in changed:
            if x < stop:
                continue
            first, last = self._whole(y, x)
            if start >= 0 and first > stop:
                yield start, stop
                start = first
            elif start < 0:
                start = first
            stop = last
        if start >= 0:
            yield start, stop

    def _whole(self, y: int, x: int) -> tuple[int, int]:
        """The cell with all that is written, or broken, together with it."""
        wanted, shown = self.wanted[y].characters, self.shown[y].characters
        first, last = x, x + 1
        while first and (wanted[first] == "" or shown[first] == ""):
            first -= 1
        while last < self.width and (wanted[last] == "" or shown[last] == ""):
            last += 1
        return first, last

    def _write(self, y: int, start: int, stop: int) -> None:
        wanted, shown = self.wanted[y], self.shown[y]
        characters, pens = wanted.characters, wanted.pens
        start = self._go_to(y, start)
        part: list[str] = []
        for x in range(start, stop):
            character, pen = characters[x], pens[x]
            if character == "":
                continue
            if pen is not self.pen and not (character == " " and self.pens.serves(self.pen, pen)):
                part.append(self.pens.change(self.pen, pen))
                self.pen = pen
            part.append(character)
            if not is_certain(character) and x + 1 < stop:
                # Terminals disagree on how wide that is.
                part.append(f"\x1b[{y + 1};{x + 1 + _width(characters, x)}H")
        shown.characters[start:stop] = characters[start:stop]
        shown.pens[start:stop] = pens[start:stop]
        certain = is_certain(characters[stop - 1] or characters[stop - 2])
        self._at = (y, stop) if certain and stop < self.width else None
        text = "".join(part)
        self._out.append(text)
        self._size += len(text)

    def _go_to(self, y: int, x: int) -> int:
        """Move there, or write what stands between where that is shorter; where to go on from."""
        at = self._at
        if at is not None and at[0] == y and at[1] <= x:
            gap = x - at[1]
            if gap == 0:
                return x
            move = f"\x1b[{gap}C" if gap > 1 else "\x1b[C"
            if gap < len(move) and self._is_plain(y, at[1], x):
                return at[1]
        else:
            move = f"\x1b[{y + 1};{x + 1}H"
        self._out.append(move)
        self._size += len(move)
        return x

    def _is_plain(self, y: int, begin: int, end: int) -> bool:
        """Whether what stands there is a byte a cell and drawn with the pen the terminal has."""
        wanted = self.wanted[y]
        return all(
            character.isascii() and character and (pen is self.pen or self.pens.serves(self.pen, pen))
            for character, pen in zip(wanted.characters[begin:end], wanted.pens[begin:end], strict=True)
        )


def _width(characters: list[str], x: int) -> int:
    return 2 if x + 1 < len(characters) and characters[x + 1] == "" else 1
