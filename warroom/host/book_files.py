"""Reads what a room goes by from its files: what ships with warroom, joined or replaced by one's own."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from warroom.errors import WarroomError
from warroom.model.text import Safe, neutral
from warroom.resources import PACKAGE
from warroom.response.book import Book
from warroom.response.checklist_files import parse_checklist
from warroom.response.runbooks.definition import parse_runbook
from warroom.response.triage.own_rules import OwnRule, parse_own_rules

MOST_BYTES = 1_000_000


class Parser(Protocol):
    """Makes a definition of a decoded file; raises ``WarroomError`` naming file, table and key."""

    def __call__(self, name: str, raw: Mapping[str, Any], *, file: str) -> Any:
        """``name`` is the file's name without its ending."""


SHELVES: Mapping[str, Parser] = {"checklists": parse_checklist, "runbooks": parse_runbook}
"""Folder of definitions, which is also the field of ``Book`` they go into -> how one is read."""


def with_files(book: Book, own: Path) -> Book:
    """The book with every shelf filled: shipped definitions and those in the folders below ``own``.

    A file of one's own replaces the shipped one of the same name. A broken file is left out, and said.
    """
    shelves: dict[str, dict[str, Any]] = {}
    troubles: list[Safe] = [*book.troubles]
    for shelf, parse in SHELVES.items():
        shelves[shelf], wrong = read_shelf([PACKAGE / shelf, own / shelf], parse)
        troubles += wrong
    rules, wrong = read_rules(own / "rules")
    troubles += wrong
    return msgspec.structs.replace(book, **shelves, own_rules=rules, troubles=tuple(troubles))


def read_rules(folder: Path) -> tuple[tuple[OwnRule, ...], list[Safe]]:
    """Triage rules of one's own from the files of a folder, and what was broken; a name counts once."""
    found: dict[str, OwnRule] = {}
    troubles: list[Safe] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            rules, wrong = read_definition(path, lambda _, raw, *, file: parse_own_rules(raw, file=file))
        except WarroomError as unread:
            troubles.append(neutral(str(unread)))
            continue
        troubles += wrong
        for rule in rules:
            if rule.id in found:
                troubles.append(neutral(f"{path}: rule.{rule.id}: {found[rule.id].file} has that name too"))
            else:
                found[rule.id] = rule
    return tuple(found.values()), troubles


def read_shelf(folders: Sequence[Path], parse: Parser) -> tuple[dict[str, Any], list[Safe]]:
    """The definitions of several folders by name, later folders before earlier ones, and what was broken."""
    found: dict[str, Any] = {}
    troubles: list[Safe] = []
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            try:
                found[path.stem] = read_definition(path, parse)
            except WarroomError as wrong:
                kept = "; the shipped one is used" if path.stem in found else ""
                troubles.append(neutral(f"{wrong}{kept}"))
    return dict(sorted(found.items())), troubles


def read_definition(path: Path, parse: Parser) -> Any:
    """One definition from its file; raises ``WarroomError`` naming file, table and key."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise WarroomError(f"{path}: a definition has at most {MOST_BYTES} bytes")
        raw = tomllib.loads(data.decode("utf-8"))
    except OSError as wrong:
        raise WarroomError(f"cannot read {path}: {wrong.strerror}") from wrong
    except UnicodeDecodeError as wrong:
        raise WarroomError(f"{path} is not text in UTF-8 (byte {wrong.start})") from wrong
    except tomllib.TOMLDecodeError as wrong:
        raise WarroomError(f"{path} is not valid TOML: {wrong}") from wrong
    return parse(path.stem, raw, file=str(path))
