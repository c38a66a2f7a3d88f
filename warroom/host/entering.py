"""What a client sends is text from outside, whatever it calls safe: it is made safe before the room believes it."""

from typing import Any, TypeVar

import msgspec

from warroom.model.response_commands import SendUpdate
from warroom.model.text import neutral
from warroom.response.updates.writing import worded

Sent = TypeVar("Sent", bound=msgspec.Struct)

RAW = frozenset(("command", "digest"))
"""Fields that are handed on or compared and must stay what they are: the script of a submit may have lines."""


def entering(sent: Sent) -> Sent:
    """The same command with every text in it safe to show."""
    changed = {
        name: kept
        for name in sent.__struct_fields__
        if name not in RAW and (kept := _kept_in(sent, name, value := getattr(sent, name))) != value
    }
    return msgspec.structs.replace(sent, **changed) if changed else sent


def _kept_in(sent: msgspec.Struct, name: str, value: Any) -> Any:
    if isinstance(sent, SendUpdate) and name == "text":
        # What those who wait read has lines, and more of them than a cell of a table takes.
        return worded(str(value))
    return _kept(value)


def _kept(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return entering(value)
    if type(value) is str:  # not an enumeration's member
        return neutral(value)
    if isinstance(value, tuple):
        return tuple(map(_kept, value))
    if isinstance(value, dict):
        return {_kept(key): _kept(one) for key, one in value.items()}
    return value
