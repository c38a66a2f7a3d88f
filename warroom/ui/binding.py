"""Textual's bindings, made from the key table."""

from collections.abc import Iterable

from textual.binding import Binding, BindingType

from warroom.ui.keys import Key


def bindings(keys: Iterable[Key]) -> list[BindingType]:
    """One for each key that is on the keyboard."""
    return [Binding(key.keys, key.id, key.help, show=False) for key in keys if key.keys]
