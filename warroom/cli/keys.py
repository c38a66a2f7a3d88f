"""The verb about the keys of the screen: which there are, what they are called, which are one's own."""

import argparse

from warroom.cli.output import show_json, show_table, tell
from warroom.cli.places import here, settings
from warroom.cli.verb import DONE, FAILED, JSON, Verb
from warroom.ui.commands import name_of
from warroom.ui.keymap import remapped
from warroom.ui.keys import KEYS
from warroom.views.rows import Cell, Column, Row

WHERE = {
    "both": "room, replay",
    "live": "room",
    "replay": "replay",
    "board": "board",
    "board live": "board of a room",
}


def _keys(arguments: argparse.Namespace) -> int:
    found = remapped(settings().keys)
    own = {name_of(mine) for mine, shipped in zip(found.keys, KEYS, strict=True) if mine.keys != shipped.keys}
    if arguments.json:
        show_json(
            {
                "keys": [
                    {
                        "id": name_of(key),
                        "keys": key.keys.split(",") if key.keys else [],
                        "where": WHERE[key.where].split(", "),
                        "help": key.help,
                        "own": name_of(key) in own,
                    }
                    for key in found.keys
                ],
                "refused": found.refused,
            }
        )
    else:
        columns = (
            Column("KEY", None),
            Column("ID", None),
            Column("WHERE", None),
            Column("WHAT IT DOES", None),
        )
        rows = []
        for key in found.keys:
            id_ = name_of(key)
            shown = (key.shown or "none") + (" *" if id_ in own else "")
            rows.append(
                Row(f"{id_} {key.where}", (Cell(shown), Cell(id_), Cell(WHERE[key.where]), Cell(key.help)))
            )
        show_table(columns, rows, empty="no keys")
        if own:
            tell("* a key of your own")
        tell(f'one of your own: [keys] in {here().config_file}, such as filter = "ctrl+f"')
    for sentence in found.refused:
        tell(f"warroom: {sentence}")
    return FAILED if found.refused else DONE


VERBS = (
    Verb("keys", "settings", "every key of the screen, its id for [keys], and what it does", _keys, (JSON,)),
)
