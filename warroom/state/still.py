"""A state that stands still: for what looks at it for longer than one event may wait."""

import copy

import msgspec

from warroom.state.slices import State


def still(state: State) -> State:
    """A copy that no later event changes. What it holds is frozen and shared, so that only tables are copied."""
    copied = copy.copy(state)
    for name in State.__struct_fields__:
        value = getattr(state, name)
        if isinstance(value, msgspec.Struct):
            setattr(copied, name, _still(value))
    return copied


def _still(slice_: msgspec.Struct) -> msgspec.Struct:
    copied = copy.copy(slice_)
    for name in slice_.__struct_fields__:
        value = getattr(slice_, name)
        if type(value) in (dict, list, set):
            setattr(copied, name, copy.copy(value))
    return copied
