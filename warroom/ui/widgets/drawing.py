"""Cells and lines as segments of an exact width."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from warroom.model.text import neutral
from warroom.ui.theme import Theme
from warroom.views.rows import Cell


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
