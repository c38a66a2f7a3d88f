"""Fits a table's columns to a width: the least wanted go first, then the others share the room that is left."""

from collections.abc import Sequence

from rich.cells import cell_len

from warroom.views.rows import Column

GAP = 1
READABLE = 40
"""From here on a flexible column that says nothing else leaves room to those that would like to grow."""


def fit_columns(columns: Sequence[Column], width: int) -> list[tuple[int, int]]:
    """Place in the row and width of each column that is shown; together with the gaps at most ``width``."""
    shown = list(range(len(columns)))
    while len(shown) > 1 and _least_width(columns, shown) > width:
        shown.remove(min(shown, key=lambda n: (columns[n].priority, -n)))
    for n in sorted(set(range(len(columns))) - set(shown), key=lambda n: (-columns[n].priority, n)):
        # What was dropped for a wider column's sake may fit after all.
        if _least_width(columns, [*shown, n]) <= width:
            shown = sorted([*shown, n])
    flexible = [n for n in shown if columns[n].width is None]
    free = width - sum(columns[n].width or 0 for n in shown) - GAP * (len(shown) - 1)
    growth = _growth(columns, shown, free - sum(columns[n].most or READABLE for n in flexible))
    free -= sum(growth.values())
    widths = {n: (columns[n].width or 0) + growth.get(n, 0) for n in shown}
    for place, n in enumerate(flexible):
        widths[n] = free // len(flexible) + (1 if place < free % len(flexible) else 0)
    return [(n, max(0, min(widths[n], width))) for n in shown]


def _growth(columns: Sequence[Column], shown: Sequence[int], spare: int) -> dict[int, int]:
    """By how much each column that wants more grows, the most wanted first."""
    growth: dict[int, int] = {}
    for n in sorted(shown, key=lambda n: (-columns[n].priority, n)):
        column = columns[n]
        if column.width is not None and column.most > column.width and spare > 0:
            growth[n] = min(column.most - column.width, spare)
            spare -= growth[n]
    return growth


def _least_width(columns: Sequence[Column], shown: Sequence[int]) -> int:
    least = sum(columns[n].width or max(columns[n].least, cell_len(columns[n].title)) for n in shown)
    return least + GAP * (len(shown) - 1)
