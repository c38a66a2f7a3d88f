"""A short way to write lines."""

from warroom.views.rows import Cell, Line


def line(*parts: str | tuple[str, str]) -> Line:
    """A line of plain and meant pieces: ``line("a", ("b", "critical"))``."""
    return Line(tuple(Cell(p) if isinstance(p, str) else Cell(*p) for p in parts))
