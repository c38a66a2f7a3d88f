"""Verbs about settings: write a commented config, show the values in force."""

import argparse
import os

from warroom.cli.output import say, show_json, show_table, tell
from warroom.cli.places import here, settings
from warroom.cli.verb import DONE, JSON, Verb, arg
from warroom.config import commented_default
from warroom.errors import WarroomError
from warroom.views.rows import Cell, Column, Row


def _init(_: argparse.Namespace) -> int:
    path = here().config_file
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(commented_default())
    except FileExistsError as there:
        raise WarroomError(f"{path} exists already and was left as it is") from there
    except OSError as wrong:
        raise WarroomError(f"cannot write {path}: {wrong.strerror}") from wrong
    say(str(path))
    return DONE


def _config(arguments: argparse.Namespace) -> int:
    found = settings()
    if arguments.json:
        show_json(found.values)
        return DONE
    rows = [Row(v.name, (Cell(v.name), Cell(_shown(v.value)), Cell(v.origin))) for v in found.values]
    show_table(
        (Column("SETTING", None), Column("VALUE", None), Column("ORIGIN", None)), rows, empty="no settings"
    )
    tell(f"config file: {here().config_file}")
    return DONE


def _shown(value: object) -> str:
    """As it would stand in the file."""
    return str(value).lower() if isinstance(value, bool) else str(value)


VERBS = (
    Verb("init", "settings", "write a commented config file", _init),
    Verb(
        "config",
        "settings",
        "the values in force and where each comes from",
        _config,
        (arg("step", choices=("show",), help="show"), JSON),
    ),
)
