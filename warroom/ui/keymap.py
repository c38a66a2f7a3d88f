"""Keys of one's own: what ``[keys]`` asks for becomes a table of keys, and what cannot be is said. Pure."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from warroom.config_file import Raw
from warroom.errors import WarroomError
from warroom.ui.commands import name_of
from warroom.ui.key_names import read_key, shown, why_not
from warroom.ui.keys import KEYS, Key, board_keys, keys_for

FIXED = {"back": "Esc", "choose": "Enter"}
"""Keys that every dialog has too, and every hint names."""
NEEDED = "prompt"
"""All other keys have a word there, so that they can do without a key."""


class Remapped(NamedTuple):
    """The keys in force, and a sentence for each wish that was not granted."""

    keys: tuple[Key, ...] = KEYS
    refused: tuple[str, ...] = ()


def called_ids(id_: str) -> str:
    """The keys as shipped of an id."""
    return " and ".join(dict.fromkeys(key.shown for key in KEYS if name_of(key) == id_))


class _Clash(NamedTuple):
    key: str
    loser: str
    holder: str
    where: str


def remapped(wishes: Mapping[str, Raw]) -> Remapped:
    """The table with these wishes; one that clashes, or names a key of others, leaves its key as it was."""
    refused: list[str] = []
    wanted: dict[str, tuple[str, ...]] = {}
    for id_, wish in wishes.items():
        try:
            wanted[id_] = _read(id_, wish)
        except WarroomError as wrong:
            refused.append(f"{wish.origin}: {wrong}")
    while (clash := _first_clash(wanted)) is not None:
        wish = wishes[clash.loser]
        refused.append(
            f"{wish.origin}: {_written(wish)}: {shown(clash.key)} is the key of {clash.holder}{clash.where}; "
            f"{clash.loser} stays on {called_ids(clash.loser)}"
        )
        del wanted[clash.loser]
    return Remapped(_with(wanted), tuple(refused))


def ids() -> tuple[str, ...]:
    """What keys are called in ``[keys]``."""
    return tuple(dict.fromkeys(map(name_of, KEYS)))


def _read(id_: str, wish: Raw) -> tuple[str, ...]:
    """The names of the keys that are wished for; raises ``WarroomError``."""
    if id_ not in ids():
        near = difflib.get_close_matches(id_, ids(), 1)
        hint = f"did you mean {near[0]}?" if near else "`warroom keys` lists them"
        bare = id_ if id_.isprintable() else ascii(id_)
        raise WarroomError(f"unknown key id in [keys]: {bare}; {hint}")
    written = _written(wish)
    if id_ in FIXED:
        raise WarroomError(f"{written}: {id_} stays on {FIXED[id_]}, as in every dialog")
    given = [wish.value] if isinstance(wish.value, str) else wish.value
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise WarroomError(f'{wish.name} must be a key, such as "ctrl+f", or a list of keys')
    names = [_named(one, id_, written) for one in given if one]
    if not names and id_ == NEEDED:
        raise WarroomError(f"{written}: {id_} needs a key, it leads to all that have none")
    return tuple(dict.fromkeys(names))


def _named(text: str, id_: str, written: str) -> str:
    try:
        name = read_key(text)
    except WarroomError as wrong:
        raise WarroomError(f"{written}: {wrong}") from wrong
    why = why_not(name, writes=all("live" in key.where for key in KEYS if name_of(key) == id_))
    if why and not (name == "ctrl+z" and id_ == "to-the-shell"):
        raise WarroomError(f"{written}: {shown(name)} cannot be used, {why}")
    return name


def _written(wish: Raw) -> str:
    """The wish as it stands in the file, in a line."""
    value = wish.value if not isinstance(wish.value, list) or len(wish.value) != 1 else wish.value[0]
    return f'{wish.name} = "{value}"' if isinstance(value, str) else f"{wish.name} = {value}"


def _with(wanted: Mapping[str, Sequence[str]]) -> tuple[Key, ...]:
    return tuple(
        key._replace(keys=",".join(names), shown=" ".join(map(shown, names)))
        if (names := wanted.get(name_of(key))) is not None
        else key
        for key in KEYS
    )


def _first_clash(wanted: Mapping[str, Sequence[str]]) -> _Clash | None:
    """The first key that would mean two things; who came later in the file has to do without it."""
    order = list(wanted)
    for where, keys in _screens(_with(wanted)):
        holders: dict[str, str] = {}
        for key in keys:
            id_ = name_of(key)
            for name in filter(None, key.keys.split(",")):
                other = holders.setdefault(name, id_)
                if other == id_:
                    continue
                loser = max(id_, other, key=lambda one: order.index(one) if one in order else -1)
                return _Clash(name, loser, other if loser == id_ else id_, where)
    return None


def _screens(keys: Sequence[Key]) -> Iterator[tuple[str, tuple[Key, ...]]]:
    yield "", keys_for(replay=False, keys=keys)
    yield " in a replay", keys_for(replay=True, keys=keys)
    yield " on the response board", board_keys(replay=False, keys=keys)
    yield " on the board of a replay", board_keys(replay=True, keys=keys)
