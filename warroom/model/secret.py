"""Credentials as a type that shows itself nowhere, and the words that say where one is kept."""

from enum import StrEnum
from typing import NoReturn

import msgspec

from warroom.errors import WarroomError

SHOWN = "***"
LEAST_HIDDEN = 8
"""Characters of a secret that is looked for in whole answers."""


class Secret:
    """A token or password. Only ``reveal`` gives it away; no repr, text, format, pickle or JSON does."""

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one call that sends it."""
        return self._value

    def hidden_in(self, text: str) -> str:
        """The text without the value, for what a server sent back."""
        return text.replace(self._value, SHOWN) if self._value else text

    def hidden_in_body(self, body: bytes) -> bytes:
        """An answer without the value, also where JSON escapes its slashes.

        A value of a few characters stays: it would be found in every word.
        """
        if len(self._value) < LEAST_HIDDEN:
            return body
        for spelled in dict.fromkeys((self._value, self._value.replace("/", "\\/"))):
            body = body.replace(spelled.encode("utf-8", "replace"), SHOWN.encode())
        return body

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __repr__(self) -> str:
        return SHOWN

    def __str__(self) -> str:
        return SHOWN

    def __format__(self, spec: str) -> str:
        return SHOWN

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


class SecretPlace(StrEnum):
    """Where a secret may be kept."""

    ENV = "env"
    FILE = "file"
    COMMAND = "command"


class SecretSource(msgspec.Struct, frozen=True):
    """Where a secret is kept: an environment variable, a file, or a command that prints it."""

    place: SecretPlace
    name: str
    """The variable, the path or the words of the command."""

    def __str__(self) -> str:
        return f"{self.place}:{self.name}"


def parse_secret_source(text: str) -> SecretSource:
    """Read ``env:NAME``, ``file:PATH`` or ``command:WORDS``; the ``WarroomError`` does not repeat it."""
    place, colon, name = text.partition(":")
    if not colon or place not in {p.value for p in SecretPlace} or not name.strip():
        raise WarroomError("a secret is written as env:NAME, file:PATH or command:WORDS, never as its value")
    return SecretSource(SecretPlace(place), name.strip())
