"""Fits a table's columns to a width: the least wanted go first, then the others share the room that is left."""

from collections.abc import Sequence

from rich.cells import cell_len

from warroom.views.rows import Column

GAP = 1
LEAST = 16
"""A flexible column narrower than that says nothing."""
READABLE = 40
"""From here on a flexible column leaves room to those that would like to grow."""


def fit_columns(columns: Sequence[Column], width: int) -> list[tuple[int, int]]:
    """Place in the row and width of each column that is shown; together with the gaps at most ``width``."""
    shown = list(range(len(columns)))
    while len(shown) > 1 and _least_width(columns, shown) > width:
        shown.remove(min(shown, key=lambda n: (columns[n].priority, -n)))
    for n in sorted(set(range(len(columns))) - set(shown), key=lambda n: (-columns[n].priority, n)):
        # What was dropped for a wider column's sake may fit after all.
        if _least_width(columns, [*shown, n]) <= width:
            shown = sorted([*shown, n])
    widths = {n: columns[n].width or 0 for n in shown}
    free = width - sum(widths.values()) - GAP * (len(shown) - 1)
    flexible = [n for n in shown if columns[n].width is None]
    free -= _grow(columns, widths, free - READABLE * len(flexible))
    for place, n in enumerate(flexible):
        widths[n] = free // len(flexible) + (1 if place < free % len(flexible) else 0)
    return [(n, max(0, min(widths[n], width))) for n in shown]


def _grow(columns: Sequence[Column], widths: dict[int, int], spare: int) -> int:
    """Widen the columns that want more, the most wanted first; answers how much was given."""
    given = 0
    for n in sorted(widths, key=lambda n: (-columns[n].priority, n)):
        more = min(max(0, columns[n].most - widths[n]), max(0, spare - given))
        widths[n] += more
        given += more
    return given


def _least_width(columns: Sequence[Column], shown: Sequence[int]) -> int:
    least = sum(columns[n].width or max(LEAST, cell_len(columns[n].title)) for n in shown)
    return least + GAP * (len(shown) - 1)
