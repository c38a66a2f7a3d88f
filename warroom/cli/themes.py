"""The verb about themes: list them, show what one looks like, check whether it can be read."""

import argparse
import os
import sys

from warroom.cli.output import say, show_json, show_table, tell
from warroom.cli.places import here
from warroom.cli.verb import DONE, FAILED, JSON, Usage, Verb, arg
from warroom.errors import WarroomError
from warroom.ui.preview import preview, written
from warroom.ui.terminal import own_terminal
from warroom.ui.theme_check import faults, measures
from warroom.ui.theme_file import load_theme, read_theme, theme_path, themes_by_name
from warroom.views.rows import Cell, Column, Row

COLUMNS = (
    Column("THEME", 22),
    Column("COLOURS", 10),
    Column("LABEL", None),
    Column("FILE", None),
)


def _themes(arguments: argparse.Namespace) -> int:
    if arguments.step == "list":
        return _list(arguments)
    if not arguments.theme:
        raise Usage(f"say which theme: warroom themes {arguments.step} NAME, or a file")
    return _check(arguments) if arguments.step == "check" else _show(arguments)


def _list(arguments: argparse.Namespace) -> int:
    rows, listed = [], []
    for name, path in sorted(themes_by_name(here().themes).items()):
        try:
            theme = read_theme(path, folder=here().themes).theme
            tier, label = str(theme.tier), theme.label
        except WarroomError as broken:
            tier, label = "broken", str(broken)
        rows.append(Row(name, tuple(map(Cell, (name, tier, label, str(path))))))
        listed.append({"name": name, "tier": tier, "label": label, "file": str(path)})
    if arguments.json:
        show_json(listed)
        return DONE
    show_table(COLUMNS, rows, empty="no themes")
    found = own_terminal(os.environ)
    signs = "ASCII" if found.ascii_only else "UTF-8"
    tell(f"this terminal: colours {found.colours} ({found.reason}), signs in {signs}")
    tell(f"your own themes: {here().themes}/NAME.toml")
    return DONE


def _show(arguments: argparse.Namespace) -> int:
    found = own_terminal(os.environ)
    path = theme_path(arguments.theme, here().themes)
    read = read_theme(
        path,
        folder=here().themes,
        ascii_only=found.ascii_only,
        limited=found.colours == "256",
    )
    for warning in read.warnings:
        tell(warning)
    colours = found.colours if sys.stdout.isatty() else None
    for strip in preview(read.theme):
        sys.stdout.write(written(strip, colours) + "\n")
    return DONE


def _check(arguments: argparse.Namespace) -> int:
    path = theme_path(arguments.theme, here().themes)
    read = read_theme(path, folder=here().themes)
    limited = load_theme(path, folder=here().themes, limited=True)
    found = [*read.warnings, *faults(read.theme)]
    if limited.limited:
        found += [f"in 256 colours: {fault}" for fault in faults(limited)]
    if arguments.json:
        show_json({"theme": read.theme.name, "faults": found, "measures": measures(read.theme)})
        return FAILED if found else DONE
    for line in measures(read.theme):
        say(line)
    for fault in found:
        say(f"FAULT: {fault}")
    say(f"{read.theme.name}: {f'{len(found)} faults' if found else 'good'}")
    return FAILED if found else DONE


VERBS = (
    Verb(
        "themes",
        "settings",
        "list themes; show NAME previews one; check NAME says whether it can be read by everybody",
        _themes,
        (
            arg(
                "step",
                nargs="?",
                default="list",
                choices=("list", "show", "check"),
                help="list, show NAME or check NAME",
            ),
            arg("theme", nargs="?", help="name or file of a theme"),
            JSON,
        ),
    ),
)
