"""The config file as text: where each of its tables and keys stands, and what is read as it stands there."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec


class ConfigFile(msgspec.Struct, frozen=True):
    """The config file and where each of its keys stands."""

    path: Path
    lines: dict[tuple[str, ...], int] = {}

    def at(self, *keys: str) -> str:
        """``config.toml:12``: the line of a key, else of the table around it."""
        for length in range(len(keys), 0, -1):
            if line := self.lines.get(keys[:length]):
                return f"{self.path}:{line}"
        return str(self.path)


class Raw(msgspec.Struct, frozen=True):
    """A value that the part of the program it is for checks itself."""

    name: str
    """With its table: ``keys.filter``."""
    value: Any
    origin: str
    """Its file and line."""


def raw_values(given: Mapping[str, Any], file: ConfigFile, table: str) -> dict[str, Raw]:
    """What a table holds, unchecked."""
    return {key: Raw(f"{table}.{key}", value, file.at(table, key)) for key, value in given.items()}


def line_numbers(text: str) -> dict[tuple[str, ...], int]:
    """The first line that names each table or key, as ``tomllib`` keeps no lines."""
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        is_header = line.lstrip().startswith("[")
        path = _keys_of(line if is_header else line.partition("=")[0] + "= 0")
        if is_header and path:
            table = path
        whole = table if is_header else (*table, *path)
        for length in range(1, len(whole) + 1 if path else 0):
            found.setdefault(whole[:length], number)
    return found


def _keys_of(line: str) -> tuple[str, ...]:
    try:
        inner: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    keys: list[str] = []
    while isinstance(inner, dict) and inner:
        key, inner = next(iter(inner.items()))
        keys.append(key)
    return tuple(keys)
