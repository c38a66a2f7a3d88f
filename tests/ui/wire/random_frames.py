"""Frames as the compositor makes them, of random text in random looks."""

import itertools
import random
from collections.abc import Iterator

from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

STYLES = [
    Style.parse(words)
    for words in (
        "",
        "#e6e9ed on #0c0f12",
        "#73818f",
        "bold #ff8080 on #0c0f12",
        "dim #e6e9ed on #1f2733",
        "reverse",
        "underline italic #82f3da",
        "bold dim strike #9ecbff on #402020",
        "reverse bold #9ecbff",
    )
]
NUMBERS = itertools.count()
WORDS = (
    "ready",
    "not ready",
    "    ",
    " ",
    "─────",
    "┃",
    "▇▆▃",
    "漢字",
    "gültig",
    "é",
    "한글 ok",
    "🔥",
    "x漢",
    "▌",
)


class Frames:
    """Random updates of one screen."""

    def __init__(self, seed: int, width: int, height: int, *, words: tuple[str, ...] = WORDS) -> None:
        self.random = random.Random(seed)
        self.width, self.height, self.words = width, height, words
        # Rich keeps the sequence of a style, whatever the colours it was first written in.
        self._styles = [style + Style(meta={"frames": next(NUMBERS)}) for style in STYLES]
        self._cut = sorted(self.random.sample(range(2, width - 1), 2))
        self._lines = [self._line() for _ in range(height)]

    def updates(self, number: int) -> Iterator[LayoutUpdate | ChopsUpdate]:
        """A full update, then full and partial ones."""
        yield self._full()
        for _ in range(number - 1):
            self._change()
            yield self._full() if self.random.random() < 0.1 else self._partial()

    def _line(self) -> list[Strip]:
        cuts = [0, *self._cut, self.width]
        return [self._strip(end - begin) for begin, end in itertools.pairwise(cuts)]

    def _strip(self, width: int) -> Strip:
        segments: list[Segment] = []
        left = width
        while left > 0:
            text, style = self.random.choice(self.words), self.random.choice(self._styles)
            segment = Segment(text * self.random.randint(1, 3), style)
            if segment.cell_length > left:
                segment = segment.split_cells(left)[0]
            segments.append(segment)
            left -= segment.cell_length
        return Strip(segments, width)

    def _change(self) -> None:
        self._touched = self.random.sample(range(self.height), self.random.randint(1, 4))
        for y in self._touched:
            part = self.random.randrange(3)
            old = self._lines[y][part]
            if self.random.random() < 0.5 and old.cell_length > 4:
                begin = self.random.randrange(old.cell_length - 2)
                end = self.random.randint(begin + 1, old.cell_length)
                parts = [old.crop(0, begin), self._strip(end - begin), old.crop(end)]
                self._lines[y][part] = Strip.join(parts)
            else:
                self._lines[y][part] = self._strip(old.cell_length)

    def _full(self) -> LayoutUpdate:
        return LayoutUpdate(list(self._lines), Region(0, 0, self.width, self.height))

    def _partial(self) -> ChopsUpdate:
        starts, ends = [0, *self._cut], [*self._cut, self.width]
        chops = [dict(zip(starts, line, strict=True)) for line in self._lines]
        spans = [(y, 0, self.width) for y in sorted(self._touched)]
        return ChopsUpdate(chops, spans, [ends] * self.height)
