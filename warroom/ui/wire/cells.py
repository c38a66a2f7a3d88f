"""Lines of text as cells of the terminal: one character each; a wide one is followed by an empty cell."""

from collections.abc import Iterable

from rich.cells import cell_len, get_character_cell_size, split_graphemes
from rich.segment import Segment

from warroom.ui.wire.pens import Pen, Pens

_FIRST_PICTURE = "\U0001f000"
_narrow: set[str] = set()
"""Characters known to fill one cell and to leave their neighbours alone."""


def cells_of(line: Iterable[Segment], pens: Pens) -> tuple[list[str], list[Pen]]:
    """The characters of a line and the pen of each."""
    characters: list[str] = []
    drawn: list[Pen] = []
    for text, style, control in line:
        if control or not text:
            continue
        pen = pens.of(style)
        if not _is_narrow(text):
            _add_clusters(text, pen, characters, drawn)
        elif " " in text:
            blank = pens.blank(pen)
            characters += text
            drawn += [blank if one == " " else pen for one in text]
        else:
            characters += text
            drawn += [pen] * len(text)
    return characters, drawn


def is_certain(cell: str) -> bool:
    """Whether every terminal agrees on how wide it is."""
    return len(cell) <= 1 and cell < _FIRST_PICTURE


def _is_narrow(text: str) -> bool:
    if text.isascii() and text.isprintable():
        return True
    if _narrow.issuperset(text):
        return True
    _narrow.update(
        c for c in text if c.isprintable() and get_character_cell_size(c) == 1 and cell_len(c) == 1
    )
    return _narrow.issuperset(text)


def _add_clusters(text: str, pen: Pen, characters: list[str], drawn: list[Pen]) -> None:
    for begin, end, width in split_graphemes(text)[0]:
        cluster = text[begin:end]
        if width == 0:
            # What has no width of its own belongs to what stands before it, if anything does.
            if characters:
                at = -2 if characters[-1] == "" and len(characters) > 1 else -1
                characters[at] += cluster
            continue
        characters += [cluster, *[""] * (width - 1)]
        drawn += [pen] * width
