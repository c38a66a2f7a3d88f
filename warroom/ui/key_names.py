"""Names of keys: as people write them, as Textual calls them, as the screen shows them; and those that others own."""

import difflib
import string
import unicodedata

from warroom.errors import WarroomError

RESERVED = {
    "ctrl+b": "it is tmux's prefix",
    "ctrl+a": "it is screen's prefix",
    "ctrl+@": "it is Ctrl+Space on the wire, a prefix of tmux for many",
    "grave_accent": "it is a prefix of tmux for many",
    "ctrl+s": "it stops the output of a terminal (flow control)",
    "ctrl+q": "it lets the output of a terminal go on (flow control)",
    "ctrl+c": "it is for copying and for ending programs",
    "ctrl+backslash": "it ends programs",
    "ctrl+h": "it is Backspace on the wire",
    "ctrl+i": "it is Tab on the wire",
    "ctrl+j": "it is Enter on the wire",
    "ctrl+m": "it is Enter on the wire",
    "ctrl+left_square_bracket": "it is Esc on the wire",
    "ctrl+k": "it goes from pane to pane of tmux for many, and deletes in other tools",
    "ctrl+z": "it is the way to the shell",
    "tilde": "after Enter it is ssh's escape character",
}
"""Keys that belong to a multiplexer, to flow control, to ssh or to the wire, and why nothing is put on them."""
ONLY_LOOKING = frozenset({"r", "d", "delete", "backspace"})
"""Keys that restart or delete in tools used yesterday: here nothing that writes is put on them."""
LETTERS = frozenset(string.ascii_lowercase)
NAMED = {
    "escape": "Esc",
    "tab": "Tab",
    "enter": "Enter",
    "space": "Space",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "insert": "Ins",
    "delete": "Del",
    "backspace": "Backspace",
    **{f"f{n}": f"F{n}" for n in range(1, 25)},
}
"""Keys that have a name, and how it is shown."""
MOVING = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown")
SHORT = {"esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown", "del": "delete"} | {
    shown.lower(): name for name, shown in NAMED.items()
}
_SHORTER = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}


def name_of_sign(sign: str) -> str:
    """What Textual calls the key that types this."""
    if sign.isalnum():
        return sign
    name = unicodedata.name(sign, "").lower().replace("-", "_").replace(" ", "_")
    return _SHORTER.get(name, name)


SIGNS = {name_of_sign(sign): sign for sign in string.punctuation}


def read_key(text: str) -> str:
    """A key as a person writes it, by Textual's name; raises ``WarroomError`` where no terminal sends such a key."""
    bare = text.strip() or text[:1]
    if len(bare) == 1 and bare.isprintable():
        return SHORT.get(bare) or ("space" if bare == " " else name_of_sign(bare))
    *held, base = bare.lower().split("+")
    base = SHORT.get(base, base)
    name = "+".join((*held, base))
    if any(one not in ("ctrl", "shift") for one in held):
        known = {"alt", "super", "meta", "hyper"} & {*held}
        why = "is sent as Esc and a key, or not at all" if known else "is no key that is held with another"
        raise WarroomError(f"{next(iter(sorted(known)), held[0])} {why}")
    if not held and (base in NAMED or base in SIGNS):
        return base
    if held == ["ctrl"] and (base in LETTERS or base in MOVING or name in RESERVED):
        return name
    if name == "ctrl+space":
        return "ctrl+@"
    if held in (["ctrl"], ["shift"]) and len(base) == 1:
        seen_as = base.upper() if base in LETTERS else "the character that is typed"
        raise WarroomError(
            f"write {seen_as} for it" if held == ["shift"] else f"no terminal sends Ctrl with {base}"
        )
    if base in MOVING or name == "shift+tab":
        return name
    near = difflib.get_close_matches(base, [*NAMED, *SHORT, *SIGNS], 1)
    raise WarroomError(f"there is no such key{f'; did you mean {near[0]}?' if near else ''}")


def shown(name: str) -> str:
    """A key as the screen shows it."""
    *held, base = name.split("+")
    words = [one.capitalize() for one in held]
    return "+".join((*words, NAMED.get(base) or SIGNS.get(base) or base))


def why_not(name: str, *, writes: bool) -> str:
    """Why nothing is put on a key; empty when it may be used."""
    if name in RESERVED:
        return RESERVED[name]
    if writes and name in ONLY_LOOKING:
        return "it deletes or restarts in other tools, and this one writes"
    return ""
