"""Who came, changed or went between two looks at the same things."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def replaced(known: Mapping[K, V], current: Mapping[K, V]) -> Iterator[tuple[K, V | None, V | None]]:
    """Who came, changed or went, as it was and as it is. The members are frozen, so identity tells."""
    # Two lists of the same objects are compared without looking into any of them.
    if list(known.values()) == list(current.values()) and len(known) == len(current):
        return
    before = known.get
    yield from [(key, before(key), new) for key, new in current.items() if before(key) is not new]
    if gone := known.keys() - current.keys():
        for key in sorted(gone, key=str):
            yield key, known[key], None
