"""By which column a table is sorted; pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from warroom.views.rows import Column

T = TypeVar("T")


class Sorting(msgspec.Struct, frozen=True):
    """A column's title, and whether the other way round; no title is the pane's own order: the worst first."""

    column: str = ""
    reverse: bool = False


def next_sorting(columns: Sequence[Column], sorting: Sorting, by: int) -> Sorting:
    """The next column to the right or the left; beyond the last comes the pane's own order."""
    titles = ["", *(column.title for column in columns if column.title)]
    at = titles.index(sorting.column) if sorting.column in titles else 0
    return Sorting(titles[(at + by) % len(titles)])


def sorting_words(sorting: Sorting) -> str:
    """``by AGE, reversed``."""
    order = f"by {sorting.column}" if sorting.column else "the worst first"
    return f"{order}, reversed" if sorting.reverse else order


def arranged(things: Iterable[T], keys: Mapping[str, Callable[[T], Any]], sorting: Sorting | None) -> list[T]:
    """What comes in the pane's own order, in the order somebody asked for; equals stay as they come."""
    made = list(things)
    if sorting is None:
        return made
    key = keys.get(sorting.column)
    if key is not None:
        made.sort(key=key)
    if sorting.reverse:
        made.reverse()
    return made
