"""Layouts of one's own: what ``[layout.NAME]`` says becomes one of the layouts there are to choose from; pure."""

import difflib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from warroom.config_file import Raw
from warroom.errors import WarroomError
from warroom.ui.layout import PANES
from warroom.ui.presets import OVERVIEW, PRESETS, Preset, Row

NAME = re.compile(r"[a-z][a-z0-9_-]*")
KEYS = ("rows", "heights")
MOST = 100
"""The largest share."""


class Layouts(NamedTuple):
    """The layouts in force, and a sentence for each table that is none."""

    presets: dict[str, Preset]
    refused: tuple[str, ...] = ()


def own_layouts(tables: Mapping[str, Raw]) -> Layouts:
    """The layouts that ship and those of the config; one of the same name takes the place of what ships."""
    presets, refused = dict(PRESETS), []
    for name, raw in tables.items():
        try:
            presets[name] = _preset(name, raw.value)
        except WarroomError as wrong:
            refused.append(f"{raw.origin}: layout.{name if name.isprintable() else ascii(name)}: {wrong}")
    return Layouts(presets, tuple(refused))


def _preset(name: str, table: Any) -> Preset:
    if name == OVERVIEW or not NAME.fullmatch(name):
        raise WarroomError(f"a layout is called by small letters, digits, - and _, and not {OVERVIEW}")
    if not isinstance(table, dict) or not table.get("rows"):
        raise WarroomError('it needs rows, such as rows = ["alerts nodes", "logs"]')
    for key in table:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            raise WarroomError(
                f"unknown key {key}; {f'did you mean {near[0]}?' if near else 'known: rows, heights'}"
            )
    rows, heights = table["rows"], table.get("heights", [])
    if not isinstance(rows, list) or not all(isinstance(row, str) and row.strip() for row in rows):
        raise WarroomError('rows is a list of texts, each the panes of a row: ["alerts:7 nodes:5", "logs"]')
    shares = heights or [1] * len(rows)
    if not isinstance(shares, list) or len(shares) != len(rows) or not all(map(_is_share, shares)):
        raise WarroomError(f"heights has a number from 1 to {MOST} for each of the rows")
    made = tuple(Row(share, _panes(row)) for row, share in zip(rows, shares, strict=True))
    names = [pane for row in made for pane in row.panes]
    if twice := sorted({one for one in names if names.count(one) > 1}):
        raise WarroomError(f"{', '.join(twice)} stands there twice")
    return Preset(made, tuple(names))


def _panes(row: str) -> dict[str, int]:
    panes: dict[str, int] = {}
    for word in row.split():
        shown = word if word.isprintable() else ascii(word)
        name, colon, share = word.partition(":")
        if name not in PANES:
            near = difflib.get_close_matches(name, PANES, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(PANES)}"
            raise WarroomError(f"there is no pane {shown}; {hint}")
        if colon and not (share.isascii() and share.isdigit() and _is_share(int(share))):
            raise WarroomError(f"the share in {shown} is a number from 1 to {MOST}")
        if name in panes:
            raise WarroomError(f"{name} stands there twice")
        panes[name] = int(share) if colon else 1
    return panes


def _is_share(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST
