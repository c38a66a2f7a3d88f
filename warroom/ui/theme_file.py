"""Reads a theme file and the one it is based on. What is missing is inherited; what is unknown is told, and left."""

import difflib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from rich.cells import cell_len
from rich.color import ANSI_COLOR_NAMES, Color
from rich.style import Style

from warroom.errors import WarroomError
from warroom.resources import theme_files
from warroom.ui.contrast import RGB, parse_rgb
from warroom.ui.palette256 import FIRST, nearest, shown
from warroom.ui.theme import TIERS, About, Role, Theme, Tier, paint
from warroom.views.rows import ROLES

SCHEMA = 1
TOP = ("schema", "name", "label", "author", "base", "tier", "dark", "high_contrast", "palette", "roles")
ROLE_KEYS = ("color", "background", "glyph", "ascii", "style")
ATTRIBUTES = ("bold", "italic", "underline", "reverse", "strike", "dim")
GROUNDS = ("text", "selection", "bar")
"""Roles that others are written on."""
BUILT_IN = {
    ("truecolor", True): "warroom-dark",
    ("truecolor", False): "warroom-light",
    ("16", True): "warroom-16",
    ("16", False): "warroom-16-light",
    ("mono", True): "warroom-mono",
    ("mono", False): "warroom-mono",
}
"""Where a theme without a base has from what it does not say."""
TIER_OF = {name: tier for (tier, _), name in BUILT_IN.items()}
ANSI = "ansi_"
DEEPEST = 8
"""How many themes may be based on each other."""


class Read(NamedTuple):
    """A theme as its file says it."""

    theme: Theme
    warnings: list[str]
    """What was not understood and left out."""
    files: list[Path]
    """Each file it was made of: when one of them changes, so may the theme."""


class _Given(NamedTuple):
    path: Path
    top: dict[str, Any]
    roles: dict[str, dict[str, Any]]
    palette: dict[str, Any]


def themes_by_name(folder: Path | None = None) -> dict[str, Path]:
    """Every theme there is; one in the user's folder goes before a shipped one of the same name."""
    own = sorted(folder.glob("*.toml")) if folder is not None else []
    return {path.stem: path for path in (*theme_files(), *own)}


def theme_path(wanted: str, folder: Path | None = None) -> Path:
    """The file of a theme, by name or by path; raises ``WarroomError`` naming all there are."""
    if wanted.endswith(".toml") or "/" in wanted:
        return Path(wanted).expanduser()
    known = themes_by_name(folder)
    if wanted not in known:
        near = difflib.get_close_matches(wanted, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(sorted(known))}"
        raise WarroomError(f"there is no theme {wanted}; {hint}")
    return known[wanted]


def load_theme(
    path: Path, *, folder: Path | None = None, ascii_only: bool = False, limited: bool = False
) -> Theme:
    """Read a theme file; raises ``WarroomError`` naming file, table and key."""
    return read_theme(path, folder=folder, ascii_only=ascii_only, limited=limited).theme


def read_theme(
    path: Path, *, folder: Path | None = None, ascii_only: bool = False, limited: bool = False
) -> Read:
    """Read a theme file and what it is based on; raises ``WarroomError`` naming file, table and key.

    ``limited`` is for a terminal of 256 colours: what is not among them is replaced by the nearest.
    """
    warnings: list[str] = []
    chain = _chain(path, themes_by_name(folder), warnings)
    top: dict[str, Any] = {}
    roles: dict[str, dict[str, Any]] = {}
    palette: dict[str, Any] = {}
    for given in reversed(chain):
        top |= given.top
        palette |= given.palette
        for name, keys in given.roles.items():
            roles[name] = roles.get(name, {}) | keys
    tier: Tier = top["tier"]
    made = {name: _role(name, _painted(roles.get(name, {}), palette), tier=tier, path=path) for name in ROLES}
    if limited and tier == "truecolor":
        made = {name: _limited(role) for name, role in made.items()}
    about = About(
        path.stem,
        chain[0].top.get("label", ""),
        tier,
        top.get("dark", True),
        top.get("high_contrast", False),
    )
    theme = Theme(about, made, ascii_only=ascii_only, limited=limited and tier == "truecolor")
    return Read(theme, warnings, [given.path for given in chain])


def _chain(path: Path, known: Mapping[str, Path], warnings: list[str]) -> list[_Given]:
    """The file, what it is based on, and so on; at the end one that says everything."""
    shipped = {file.stem: file for file in theme_files()}
    chain = [_parse(path, warnings)]
    while (found := _base(chain[-1], known, shipped)) is not None:
        if len(chain) == DEEPEST or found.resolve() in [given.path.resolve() for given in chain]:
            names = " -> ".join(given.path.stem for given in chain)
            raise _broken(path, f"base: {names} -> {found.stem} has no end")
        chain.append(_parse(found, warnings))
        _inherit(chain)
    return chain


def _base(given: _Given, known: Mapping[str, Path], shipped: Mapping[str, Path]) -> Path | None:
    """What a theme is based on: a neighbour, one by its name, or the shipped one it replaces."""
    own = given.path
    name = given.top.get("base") or (own.stem if own.stem in shipped else "")
    name = name or BUILT_IN[given.top["tier"], given.top.get("dark", True)]
    if name == own.stem:
        replaced = shipped.get(name)
        if replaced is None:
            raise _broken(own, "base: a theme cannot be based on itself")
        return None if replaced.resolve() == own.resolve() else replaced
    beside = own.with_name(f"{name}.toml")
    found = beside if beside.exists() else known.get(name)
    if found is None:
        raise _broken(own, f"base: there is no theme {name!r}; there are: {', '.join(sorted(known))}")
    return found


def _inherit(chain: list[_Given]) -> None:
    """A theme is of its base's kind, unless it says which; of another kind it has nothing to inherit from."""
    last = chain[-1].top
    for given in chain[:-1]:
        given.top.update({key: last[key] for key in ("tier", "dark") if key in last and key not in given.top})
        if {given.top.get("tier"), last.get("tier")} - {None, given.top.get("tier")}:
            raise _broken(given.path, f"tier is {given.top['tier']}, but that of its base is {last['tier']}")


def _parse(path: Path, warnings: list[str]) -> _Given:
    try:
        top = tomllib.loads(path.read_text("utf-8"))
    except OSError as wrong:
        raise WarroomError(f"cannot read the theme {path}: {wrong.strerror}") from wrong
    except UnicodeDecodeError as wrong:
        raise _broken(path, f"it is not text in UTF-8 (byte {wrong.start})") from wrong
    except tomllib.TOMLDecodeError as wrong:
        raise _broken(path, f"it is not valid TOML: {wrong}") from wrong
    if top.get("schema") != SCHEMA:
        raise _broken(path, f"schema must be {SCHEMA}, not {top.get('schema', 'missing')}")
    if top.get("name") != path.stem:
        raise _broken(path, f"name must be the file's, {path.stem!r}, not {top.get('name')!r}")
    for key, kind, words in (
        ("dark", bool, "true or false"),
        ("high_contrast", bool, "true or false"),
        ("label", str, "text"),
        ("base", str, "the name of a theme"),
    ):
        if not isinstance(top.get(key, kind()), kind):
            raise _broken(path, f"{key} must be {words}, not {top[key]!r}")
    if "tier" in top and top["tier"] not in TIERS:
        raise _broken(path, f"tier must be one of {', '.join(TIERS)}, not {top['tier']!r}")
    if not top.get("base"):
        top.setdefault("tier", TIER_OF.get(path.stem, "truecolor"))
    told = _teller(path, warnings)
    _drop_unknown(top, TOP, "the top level", told)
    roles = _table(top, "roles", path)
    _drop_unknown(roles, ROLES, "[roles]", told)
    for name, keys in roles.items():
        if not isinstance(keys, dict):
            raise _broken(path, f"[roles] {name} must be a table of {', '.join(ROLE_KEYS)}")
        _drop_unknown(keys, ROLE_KEYS, f"[roles] {name}", told)
    return _Given(path, top, roles, _table(top, "palette", path))


def _teller(path: Path, warnings: list[str]) -> Callable[[str], None]:
    return lambda why: warnings.append(f"the theme {path}: {why}")


def _drop_unknown(
    given: dict[str, Any], names: Iterable[str], where: str, told: Callable[[str], None]
) -> None:
    known = list(names)
    for name in [name for name in given if name not in known]:
        near = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
        told(f"unknown key {name} in {where} was left out; {hint}")
        del given[name]


def _table(top: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    found = top.get(name, {})
    if not isinstance(found, dict):
        raise _broken(path, f"[{name}] must be a table")
    return found


def _painted(keys: dict[str, Any], palette: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a role with the names of the palette replaced by its colours."""
    return {
        key: palette.get(value, value) if key in ("color", "background") and isinstance(value, str) else value
        for key, value in keys.items()
    }


def _broken(path: Path, why: str) -> WarroomError:
    return WarroomError(f"the theme {path}: {why}")


def _role(name: str, given: dict[str, Any], *, tier: Tier, path: Path) -> Role:
    where = f"[roles] {name}"
    for key in ("glyph", "ascii"):
        sign = given.get(key)
        if not isinstance(sign, str) or not sign.isprintable() or cell_len(sign) != 1:
            raise _broken(path, f"{where}.{key} must fill one terminal cell, not {sign!r}")
    if not given["ascii"].isascii():
        raise _broken(path, f"{where}.ascii must be an ASCII character, not {given['ascii']!r}")
    style = _attributes(given.get("style", ""), where, path)
    wanted = tier == "truecolor"
    color = _colour(given, "color", where, path=path, tier=tier, needed=wanted)
    ground = _colour(given, "background", where, path=path, tier=tier, needed=wanted and name in GROUNDS)
    return Role(
        name,
        given["glyph"],
        given["ascii"],
        style + Style(color=_rich(color), bgcolor=_rich(ground)),
        ink=color,
        ground=ground,
        color=parse_rgb(color),
        background=parse_rgb(ground),
    )


def _limited(role: Role) -> Role:
    """The same in the fixed colours of a terminal of 256."""
    color, ground = (
        shown(nearest(colour)) if colour is not None else None for colour in (role.color, role.background)
    )
    style = role.style + Style(
        color=paint(color, limited=True) if color else None,
        bgcolor=paint(ground, limited=True) if ground else None,
    )
    return msgspec.structs.replace(role, style=style, color=color, background=ground)


def _colour(given: dict[str, Any], key: str, where: str, *, path: Path, tier: Tier, needed: bool) -> str:
    value = given.get(key, "")
    at = f"{where}.{key}"
    if value == "" and not needed:
        return ""
    if not isinstance(value, str):
        raise _broken(path, f"{at} must be a colour in quotes, not {value!r}")
    if tier == "mono":
        raise _broken(path, f"{at} is a colour, but the tier is mono")
    if tier == "truecolor" and parse_rgb(value) is None:
        raise _broken(path, f"{at} must be a colour as #rrggbb or a name of [palette], not {value!r}")
    if tier == "16" and value not in ANSI_NAMES:
        raise _broken(path, f"{at} must be one of {', '.join(ANSI_NAMES)}, not {value!r}")
    return value


ANSI_NAMES = tuple(f"{ANSI}{name}" for name, number in ANSI_COLOR_NAMES.items() if number < FIRST)
ANSI_NAMES += (f"{ANSI}default",)
"""What a theme of the terminal's own colours may name."""


def _rich(name: str) -> Color | None:
    numbers: RGB | None = parse_rgb(name)
    if numbers is not None:
        return Color.from_rgb(*numbers)
    return Color.parse(name.removeprefix(ANSI)) if name else None


def _attributes(given: Any, where: str, path: Path) -> Style:
    words = given.split() if isinstance(given, str) else [given]
    for word in words:
        if word not in ATTRIBUTES:
            raise _broken(path, f"{where}.style knows {', '.join(ATTRIBUTES)}, not {word!r}")
    return Style.parse(" ".join(words))
