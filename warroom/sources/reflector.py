"""Turns what a server lists into what changed. Knows nothing of HTTP."""

from collections.abc import Mapping
from typing import Generic, TypeVar

import msgspec

Key = TypeVar("Key", bound=str)
Thing = TypeVar("Thing")


class Changed(msgspec.Struct, Generic[Key, Thing], frozen=True):
    """New, or different from what we believed."""

    key: Key
    thing: Thing


class Gone(msgspec.Struct, Generic[Key], frozen=True):
    """No longer listed."""

    key: Key
    witnessed: bool = True


def relist(
    known: Mapping[Key, Thing], listed: Mapping[Key, Thing], *, watching: bool = False
) -> list[Changed[Key, Thing] | Gone[Key]]:
    """Compare what we believed with what the server says now.

    ``watching``: the list before this one came on time, so that what ended is known to one interval.
    """
    changes: list[Changed[Key, Thing] | Gone[Key]] = [
        Gone(key, witnessed=watching) for key in sorted(known.keys() - listed.keys())
    ]
    changes += [Changed(key, listed[key]) for key in sorted(listed) if known.get(key) != listed[key]]
    return changes


class Difference(msgspec.Struct, Generic[Key, Thing], frozen=True):
    """Changes sorted into the parts of an event."""

    changed: tuple[Thing, ...]
    gone: tuple[Key, ...]
    witnessed: bool = True
    """Whether we looked on while the gone ones went."""

    @property
    def empty(self) -> bool:
        """Nothing is different."""
        return not self.changed and not self.gone


def difference(changes: list[Changed[Key, Thing] | Gone[Key]]) -> Difference[Key, Thing]:
    """Sort changes into what changed and what is gone."""
    return Difference(
        tuple(change.thing for change in changes if isinstance(change, Changed)),
        tuple(change.key for change in changes if isinstance(change, Gone)),
        all(change.witnessed for change in changes if isinstance(change, Gone)),
    )
