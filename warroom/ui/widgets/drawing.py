"""Cells and lines as segments of an exact width."""

import re
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from warroom.model.text import neutral
from warroom.ui.theme import Theme
from warroom.views.rows import Cell, Line

WORD = re.compile(r"\s*\S+|\s+")


def drawable(text: str) -> str:
    """The text itself; what could steer a terminal is neutralised, should ingestion have missed it."""
    return text if text.isprintable() else neutral(text)


def fitted(text: str, width: int, align: str = "left") -> str:
    """The text in exactly ``width`` cells, cut with an ellipsis."""
    size = cell_len(text)
    if size > width:
        return set_cell_size(text, width - 1) + "…" if width > 0 else ""
    return " " * (width - size) + text if align == "right" else text + " " * (width - size)


def words(cell: Cell, theme: Theme) -> str:
    """What a cell says, with its role's glyph where it asks for it."""
    text = drawable(cell.text)
    return f"{theme.glyph(cell.role)} {text}".rstrip() if cell.glyph else text


def segments(cells: Sequence[Cell], width: int, theme: Theme, *, paper: str = "text") -> list[Segment]:
    """Cells one after the other in at most ``width`` cells; the one that meets the edge is cut."""
    drawn: list[Segment] = []
    for cell in cells:
        text = words(cell, theme)
        size = cell_len(text)
        if size > width:
            text, size = fitted(text, width), width
        if size:
            drawn.append(Segment(theme.plain(text), theme.style(cell.role, paper)))
            width -= size
        if size and not width:
            break
    return drawn


def padded(drawn: list[Segment], width: int, style: Style) -> list[Segment]:
    """The segments filled up to exactly ``width`` cells."""
    if gap := width - length(drawn):
        drawn.append(Segment(" " * gap, style))
    return drawn


def spread(
    left: Sequence[Cell], right: Sequence[Cell], width: int, theme: Theme, *, paper: str = "text"
) -> list[Segment]:
    """Exactly ``width`` cells, one part at each edge; the right one stays when there is no room for both."""
    end = segments(right, width, theme, paper=paper)
    start = segments(left, width - length(end), theme, paper=paper)
    return padded(start, width - length(end), theme.style("text", paper)) + end


def length(drawn: Sequence[Segment]) -> int:
    """Terminal cells."""
    return sum(segment.cell_length for segment in drawn)


def wrapped(one: Line, width: int, *, indent: int = 2) -> list[Line]:
    """The line as as many lines as it needs, broken between words; what goes on below is indented."""
    width = max(width, indent + 1)
    made: list[list[Cell]] = [[]]
    used = 0
    for cell in (*one.spans, *one.right):
        # A glyph is asked for once, at the head of its cell.
        glyph = cell.glyph
        for word in WORD.findall(cell.text) or ([""] if glyph else []):
            extra = 2 if glyph else 0
            if used + cell_len(word) + extra > width and used > (indent if len(made) > 1 else 0):
                made.append([Cell(" " * indent)])
                used, word = indent, word.lstrip()
            for part in _parts(word, width - used - extra, width - indent):
                if used + cell_len(part) + extra > width:
                    made.append([Cell(" " * indent)])
                    used = indent
                made[-1].append(Cell(part, cell.role, glyph=glyph))
                used += cell_len(part) + extra
                glyph, extra = False, 0
    return [Line(tuple(cells)) for cells in made]


def _parts(word: str, first: int, others: int) -> list[str]:
    """A word that is wider than a line, in pieces."""
    parts: list[str] = []
    room = max(1, first)
    while cell_len(word) > room:
        taken = 0
        size = 0
        while taken < len(word) and size + cell_len(word[taken]) <= room:
            size += cell_len(word[taken])
            taken += 1
        taken = max(1, taken)
        parts.append(word[:taken])
        word, room = word[taken:], max(1, others)
    return [*parts, word] if word or not parts else parts
