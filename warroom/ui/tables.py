"""Tables as lines: columns fitted to a width, only the rows that are seen."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from warroom.views.rows import Cell, Column, Line, Row

GAP = 1
LEAST_FLEXIBLE = 24


def fitted_columns(columns: Sequence[Column], width: int) -> list[tuple[int, int]]:
    """(index, width) of the columns that fit: the lowest priority goes first, of equals the rightmost."""
    kept = list(range(len(columns)))

    def needed() -> int:
        return sum((columns[n].width or LEAST_FLEXIBLE) + GAP for n in kept)

    while needed() > width and len(kept) > 1:
        droppable = [n for n in kept if columns[n].priority < 9]
        if not droppable:
            break
        kept.remove(min(droppable, key=lambda n: (columns[n].priority, -n)))
    fixed = sum((columns[n].width or 0) + GAP for n in kept)
    flexible = [n for n in kept if columns[n].width is None]
    share = max(1, (width - fixed) // max(1, len(flexible)))
    return [(n, columns[n].width or share) for n in kept]


def header_line(columns: Sequence[Column], fitted: Sequence[tuple[int, int]]) -> Line:
    """The titles."""
    return Line(
        tuple(Cell(_sized(columns[n].title, size, columns[n]) + " " * GAP, "muted") for n, size in fitted)
    )


def row_line(columns: Sequence[Column], fitted: Sequence[tuple[int, int]], row: Row) -> Line:
    """One row."""
    cells = [
        Cell(_sized(row.cells[n].text.replace("\n", " "), size, columns[n]) + " " * GAP, row.cells[n].role)
        for n, size in fitted
    ]
    return Line(tuple(cells))


def _sized(text: str, size: int, column: Column) -> str:
    length = cell_len(text)
    if length > size:
        return set_cell_size(text, max(0, size - 1)) + "…"
    return " " * (size - length) + text if column.align == "right" else text + " " * (size - length)
