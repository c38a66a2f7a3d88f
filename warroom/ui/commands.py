"""The words of the command line: one for every key, from the key table, and those that take more than a key can."""

import difflib
import re
from collections.abc import Sequence
from typing import NamedTuple

from warroom.errors import WarroomError
from warroom.ui.boards import TABS
from warroom.ui.keys import KEYS, Key, board_keys, keys_for
from warroom.ui.layout import PANES
from warroom.ui.presets import NAMES as LAYOUTS

ALSO = {"q": "quit", "quit": "quit", "sev": "severity", "response": "board"}
"""Other words for the same."""
NAMES = {
    "close": "quit",
    "move(1)": "down",
    "move(-1)": "up",
    "move(10)": "page-down",
    "move(-10)": "page-up",
    "jump(0)": "first",
    "jump(-1)": "last",
    "across(1)": "right",
    "across(-1)": "left",
    "command": "incident",
    "preset(1)": "next-layout",
    "preset(-1)": "previous-layout",
    "sort(1)": "sort-next",
    "sort(-1)": "sort-previous",
    "sort(0)": "sort-reversed",
    "tiles(1)": "tiles-larger",
    "tiles(-1)": "tiles-smaller",
    "error(1)": "next-error",
    "error(-1)": "previous-error",
    "step(1)": "next-moment",
    "step(-1)": "previous-moment",
    "skip(10)": "forward-10s",
    "skip(-10)": "back-10s",
    "skip(60)": "forward-1m",
    "skip(-60)": "back-1m",
    "pick('step')": "next-step",
    **{f"pick('{word}')": word for word in ("choose", "help", "tick", "skip")},
    **{f"tab({n})": f"tab-{name}" for n, name in enumerate(TABS, 1)},
    **{f"pane({n})": name for n, name in enumerate(PANES, 1)},
}
"""Keys whose word is not in their id."""


class Word(NamedTuple):
    """One command."""

    name: str
    help: str
    takes: str = ""
    """What may follow it."""
    key: str = ""
    """The id of the key that does the same without anything following."""
    shown: str = ""
    """That key, as it is called."""


FILTERS = "filter what is seen; save NAME, use NAME, clear"
TAKING = {
    "both": (
        Word("goto", "to a time: 14:32, -5m, yesterday 23:50", "TIME"),
        Word("search", "search the recorded log, by the grammar of the filters", "FILTER", "search"),
        Word("filter", FILTERS, "FILTER", "filter"),
        Word("theme", "another look", "NAME"),
        Word("layout", f"how the panes are arranged: {', '.join(LAYOUTS)}, or one of the config", "NAME"),
        *(
            Word(name, f"go to {name.capitalize()}, and filter it", "FILTER", f"pane({n})")
            for n, name in enumerate(PANES, 1)
        ),
    ),
    "live": (
        Word("severity", "change the incident's severity", "1-4 WHY"),
        Word("declare", "declare an incident", "1-4 TITLE"),
        Word("resolve", "resolve the incident", "SENTENCE"),
        Word("note", "add a note to the timeline", "TEXT", "note"),
    ),
}
"""What takes words after it; the rest of the commands are the keys."""


def name_of(key: Key) -> str:
    """What a key is called on the command line."""
    if key.id in NAMES:
        return NAMES[key.id]
    name = key.id.replace("(-", "-back-")
    return "-".join(re.findall(r"[a-z0-9]+", name))


def called(id_: str, keys: Sequence[Key] = KEYS) -> str:
    """A key as a sentence names it; one that was taken off the keyboard by its word."""
    key = next(key for key in keys if key.id == id_)
    return key.shown.split()[0] if key.keys else f":{name_of(key)}"


def words_for(replay: bool, keys: Sequence[Key] = KEYS) -> dict[str, Word]:
    """Every command of a live screen, or of a replay, by its name."""
    found = {
        name_of(key): Word(name_of(key), key.help, key=key.id, shown=key.shown)
        for key in keys_for(replay, keys)
        if key.id != "prompt"
    }
    for word in (*TAKING["both"], *(() if replay else TAKING["live"])):
        found[word.name] = word._replace(shown=found[word.name].shown) if word.name in found else word
    return found


def board_words(replay: bool, keys: Sequence[Key] = KEYS) -> dict[str, Word]:
    """What the command line does on the response board itself; what else there is, it does in the room."""
    there = board_keys(replay, keys)
    shown = {key.id: key.shown for key in there}
    found = {name_of(key): Word(name_of(key), key.help, key=key.id, shown=key.shown) for key in there}
    del found["prompt"]
    found["filter"] = found["filter"]._replace(takes="FILTER", help=FILTERS)
    for n, name in enumerate(TABS, 1):
        key = f"tab({n})"
        found[name] = Word(name, f"go to {name.capitalize()}, and filter it", "FILTER", key, shown[key])
    return found


class Typed(NamedTuple):
    """A command line, read."""

    word: Word
    rest: str


def read_command(text: str, *, replay: bool, on_board: bool = False) -> Typed:
    """The command and what follows it; raises ``WarroomError`` with what was meant, most likely."""
    bare = text.strip().removeprefix(":").strip()
    name, _, rest = bare.partition(" ")
    words = words_for(replay) | (board_words(replay) if on_board else {})
    if replay and re.match(r"[-\d]", name):
        # A time alone is where to go.
        name, rest = "goto", bare
    word = words.get(ALSO.get(name.lower(), name.lower()))
    if word is None:
        near = difflib.get_close_matches(name.lower(), [*words, *ALSO], n=1)
        hint = f"; did you mean {near[0]}?" if near else "; Tab lists the commands"
        raise WarroomError(f"there is no command {name!r} here{hint}")
    rest = rest.strip()
    if rest and not word.takes:
        raise WarroomError(f"{word.name} takes nothing after it")
    if word.takes and not rest and not word.key:
        raise WarroomError(f"{word.name} wants {word.takes}: {word.help}")
    return Typed(word, rest)
