"""The page of all keys and commands, from the one table: ``python -m tests.ui.keys_page > docs/keys.md``."""

import sys
from collections.abc import Iterable

from warroom.ui.commands import TAKING, name_of
from warroom.ui.keys import Key, board_keys, keys_for

HEAD = """# Keys and commands

Made from the key table (`warroom/ui/keys.py`) by `python -m tests.ui.keys_page > docs/keys.md`.
Nothing in the cluster changes by a single key: what could change it shows its plan first.
Every key of the room has a word for the command line (`:`); Tab completes it.
"""


def _table(keys: Iterable[Key], *, words: bool) -> list[str]:
    head = (
        ["| key | command | what it does |", "|---|---|---|"]
        if words
        else ["| key | what it does |", "|---|---|"]
    )
    rows = []
    for key in keys:
        shown, told = (text.replace("|", "\\|") for text in (key.shown, key.help))
        rows.append(f"| `{shown}` | `{name_of(key)}` | {told} |" if words else f"| `{shown}` | {told} |")
    return [*head, *rows, ""]


def page() -> str:
    """The whole page."""
    lines = [HEAD, "## A live room", "", *_table(keys_for(replay=False), words=True)]
    both = {key for key in keys_for(replay=True) if key.where == "both"}
    lines += ["## A replay", "", "What a live room has besides the keys that act, and:", ""]
    lines += _table((key for key in keys_for(replay=True) if key not in both), words=True)
    lines += ["## The response board", "", *_table(board_keys(replay=False), words=False)]
    lines += ["## Commands with words after them", "", "| command | what it does |", "|---|---|"]
    for where, words in TAKING.items():
        only = " (live)" if where == "live" else ""
        lines += [f"| `:{word.name} {word.takes}` | {word.help}{only} |" for word in words]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
