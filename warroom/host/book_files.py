"""Reads what a room goes by from its files: what ships with warroom, joined or replaced by one's own."""

import os
import re
import stat
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from warroom.errors import WarroomError
from warroom.model.response import UpdateKind
from warroom.model.text import Safe, neutral
from warroom.resources import PACKAGE
from warroom.response.book import Book
from warroom.response.checklist_files import parse_checklist
from warroom.response.runbooks.definition import parse_runbook
from warroom.response.triage.own_rules import OwnRule, parse_own_rules
from warroom.response.updates.writing import Template, parse_templates

MOST_BYTES = 1_000_000
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a definition may be called: its name is typed, and stands in the record."""


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
    templates, wrong = read_templates(own / "templates")
    troubles += wrong
    return msgspec.structs.replace(
        book, **shelves, own_rules=rules, templates=templates, troubles=tuple(troubles)
    )


def read_rules(folder: Path) -> tuple[tuple[OwnRule, ...], list[Safe]]:
    """Triage rules of one's own from the files of a folder, and what was broken; a name counts once."""
    found: dict[str, OwnRule] = {}
    paths, troubles = definitions(folder)
    for path in paths:
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


def read_templates(folder: Path) -> tuple[dict[str, Template], list[Safe]]:
    """The words of updates from the files of a folder, and what was broken; each kind is written once."""
    found: dict[str, dict[UpdateKind, str]] = {}
    paths, troubles = definitions(folder)
    for path in paths:
        try:
            read = read_templates_file(path)
        except WarroomError as unread:
            troubles.append(neutral(f"{unread}; the words that ship are used"))
            continue
        for severity, template in read.items():
            for kind, text in template.texts.items():
                table = f"{severity}.{kind}" if severity else str(kind)
                if kind in found.setdefault(severity, {}):
                    troubles.append(neutral(f"{path}: {table}: a file before it has that table too"))
                else:
                    found[severity][kind] = text
    return {severity: Template(texts) for severity, texts in found.items()}, troubles


def read_templates_file(path: Path) -> dict[str, Template]:
    """The words of one file; raises ``WarroomError`` naming file, table and key."""
    read: dict[str, Template] = read_definition(path, lambda _, raw, *, file: parse_templates(raw, file=file))
    return read


def read_shelf(folders: Sequence[Path], parse: Parser) -> tuple[dict[str, Any], list[Safe]]:
    """The definitions of several folders by name, later folders before earlier ones, and what was broken."""
    found: dict[str, Any] = {}
    troubles: list[Safe] = []
    for folder in folders:
        paths, wrong = definitions(folder)
        troubles += wrong
        for path in paths:
            try:
                found[path.stem] = read_definition(path, parse)
            except WarroomError as broken:
                kept = "; the shipped one is used" if path.stem in found else ""
                troubles.append(neutral(f"{broken}{kept}"))
    return dict(sorted(found.items())), troubles


def definitions(folder: Path) -> tuple[list[Path], list[Safe]]:
    """The files of a folder that hold definitions, in order; a missing folder holds none."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - a glob says nothing of a folder it may not read
    except FileNotFoundError:
        return [], []
    except OSError as wrong:
        return [], [neutral(f"cannot read {folder}: {wrong.strerror}")]
    paths: list[Path] = []
    troubles: list[Safe] = []
    for name in names:
        if not name.endswith(".toml") or name.startswith("."):
            continue
        if NAME.fullmatch(name.removesuffix(".toml")):
            paths.append(folder / name)
        else:
            troubles.append(
                neutral(f"{folder / name}: a definition is named by letters, digits, '.', '_' and '-'")
            )
    return paths, troubles


def read_definition(path: Path, parse: Parser) -> Any:
    """One definition from its file; raises ``WarroomError`` naming file, table and key."""
    try:
        # Not waiting: a pipe of that name would be waited for until somebody writes.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise WarroomError(f"cannot read {path}: it is no regular file")
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
    except RecursionError as wrong:
        raise WarroomError(f"{path} is not valid TOML: it is nested too deeply") from wrong
    return parse(path.stem, raw, file=str(path))
