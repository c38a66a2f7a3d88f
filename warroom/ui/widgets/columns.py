"""Fits a table's columns to a width: the least wanted go first, the flexible ones take the rest."""

from collections.abc import Sequence

from rich.cells import cell_len

from warroom.views.rows import Column

GAP = 1
LEAST = 8
"""A flexible column narrower than that says nothing."""


def fit_columns(columns: Sequence[Column], width: int) -> list[tuple[int, int]]:
    """Place in the row and width of each column that is shown; together with the gaps at most ``width``."""
    shown = list(range(len(columns)))
    while len(shown) > 1 and _least_width(columns, shown) > width:
        shown.remove(min(shown, key=lambda n: (columns[n].priority, -n)))
    free = width - _fixed(columns, shown)
    flexible = [n for n in shown if columns[n].width is None]
    widths = {n: columns[n].width or 0 for n in shown}
    for place, n in enumerate(flexible):
        widths[n] = free // len(flexible) + (1 if place < free % len(flexible) else 0)
    return [(n, max(0, min(widths[n], width))) for n in shown]


def _fixed(columns: Sequence[Column], shown: Sequence[int]) -> int:
    return sum(columns[n].width or 0 for n in shown) + GAP * (len(shown) - 1)


def _least_width(columns: Sequence[Column], shown: Sequence[int]) -> int:
    flexible = [columns[n] for n in shown if columns[n].width is None]
    return _fixed(columns, shown) + sum(max(LEAST, cell_len(c.title)) for c in flexible)
