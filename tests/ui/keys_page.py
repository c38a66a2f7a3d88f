"""The page of all keys and commands, from the one table: ``python -m tests.ui.keys_page > docs/keys.md``."""

import sys
from collections.abc import Iterable

from warroom.ui.commands import TAKING, name_of
from warroom.ui.key_names import ONLY_LOOKING, RESERVED, shown
from warroom.ui.keymap import FIXED
from warroom.ui.keys import Key, board_keys, keys_for

HEAD = """# Keys and commands

Made from the key table (`warroom/ui/keys.py`) by `python -m tests.ui.keys_page > docs/keys.md`.
Nothing in the cluster changes by a single key: what could change it shows its plan first.
Every key has an id. It is its word on the command line (`:`), where Tab completes it, and its name in the config.
"""

OWN = """## Keys of one's own

```toml
[keys]
filter = ["/", "ctrl+f"]   # an id, and its key or keys
faults = "F6"
lock = ""                  # no key; `:lock` still does it
```

The table goes into the config file (`warroom config show` says where it is). `warroom keys` lists every id with the key
in force, and what of the table is not in force and why; the screen says that too, and starts with the rest.
Footer, help, command line and hints name the keys in force.

- A key is a character (`R` is not `r`), a name (`space`, `tab`, `home`, `pgdn`, `F1` to `F24`, arrows as `up`), or one
  held with Ctrl (`ctrl+f`) or, for arrows and Tab, Shift.
- A key means one thing: where two ids want it, it stays with the one that has it, or that stands first in the table.
  An id that exists in the room, in a replay and on the board gets its key in all of them.
- Alt, Super and Ctrl with Shift do not reach a program the same way everywhere and cannot be used. On {looking}
  nothing is put that writes.
- {fixed} stay as they are, as in every dialog. The keys inside dialogs are not in the table.
- Keys of multiplexers, of flow control, of ssh and of the wire are refused:

| key | why not |
|---|---|
{reserved}
"""


def _table(keys: Iterable[Key]) -> list[str]:
    head = ["| key | id | what it does |", "|---|---|---|"]
    rows = []
    for key in keys:
        shown, told = (text.replace("|", "\\|") for text in (key.shown, key.help))
        rows.append(f"| `{shown}` | `{name_of(key)}` | {told} |")
    return [*head, *rows, ""]


def _code(key: str) -> str:
    return "`` ` ``" if key == "`" else f"`{key}`"


def page() -> str:
    """The whole page."""
    lines = [HEAD, "## A live room", "", *_table(keys_for(replay=False))]
    both = {key for key in keys_for(replay=True) if key.where == "both"}
    lines += ["## A replay", "", "What a live room has besides the keys that act, and:", ""]
    lines += _table(key for key in keys_for(replay=True) if key not in both)
    lines += ["## The response board", "", *_table(board_keys(replay=False))]
    lines += ["## Commands with words after them", "", "| command | what it does |", "|---|---|"]
    for where, words in TAKING.items():
        only = " (live)" if where == "live" else ""
        lines += [f"| `:{word.name} {word.takes}` | {word.help}{only} |" for word in words]
    reserved = "\n".join(f"| {_code(shown(name))} | {why} |" for name, why in RESERVED.items())
    looking = ", ".join(f"`{shown(name)}`" for name in sorted(ONLY_LOOKING))
    fixed = ", ".join(f"`{id_}` ({key})" for id_, key in FIXED.items())
    lines += ["", OWN.format(reserved=reserved, looking=looking, fixed=fixed).rstrip()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
