"""Reads a theme: for each meaning a colour, a glyph, an ASCII glyph and a text style that belong together."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
from rich.cells import cell_len
from rich.color import Color
from rich.style import Style
from textual.theme import Theme as TextualTheme

from warroom.errors import WarroomError
from warroom.resources import theme_files
from warroom.ui.contrast import RGB, parse_rgb, readable
from warroom.views.rows import ROLES

SCHEMA = 1
TOP = ("schema", "name", "label", "tier", "dark", "roles")
OPTIONAL = ("label", "dark", "color", "background", "style")
ROLE_KEYS = ("color", "background", "glyph", "ascii", "style")
ATTRIBUTES = ("bold", "italic", "underline", "reverse", "strike", "dim")
TIERS = ("truecolor", "mono")
DEFAULT, COLOURLESS = "warroom-dark", "warroom-mono"

_SIGNS = (
    ("▁▂▃▄▅▆▇█▀▌", "_.-~=+*#^>"),
    ("│┃┆─━┌┐└┘┏┓┗┛", "|#:-=++++####"),
    ("…·—→←↑↓▲▼▶▸", "~.-><^vAV>>"),
    ("●○◌◇◆◎◷▪▣▤✖✔✎⚑⌕⊘∅×", "oo?+*@~.#=XV/P?-0x"),
)
PLAIN = {ord(sign): plain for signs, plains in _SIGNS for sign, plain in zip(signs, plains, strict=True)}
"""What our own signs become on a terminal that shows ASCII alone."""


class Role(msgspec.Struct, frozen=True):
    """What one meaning looks like."""

    name: str
    glyph: str
    ascii: str
    style: Style
    color: RGB | None = None
    background: RGB | None = None


class Theme:
    """The looks of all meanings, and of each meaning on the ground of another."""

    def __init__(
        self, name: str, roles: Mapping[str, Role], *, dark: bool = True, ascii_only: bool = False
    ) -> None:
        self.name = name
        self.dark = dark
        self.ascii_only = ascii_only
        self._roles = roles
        self._styles: dict[tuple[str, str], Style] = {}

    @property
    def coloured(self) -> bool:
        """False for a theme that says everything by glyphs and text styles."""
        return self.role("text").color is not None

    def role(self, name: str) -> Role:
        """The look of a meaning; an unknown name looks like text, for a pane must never fail to draw."""
        return self._roles.get(name) or self._roles["text"]

    def glyph(self, name: str) -> str:
        """The one-cell sign of a meaning on this terminal."""
        role = self.role(name)
        return role.ascii if self.ascii_only else role.glyph

    def plain(self, text: str) -> str:
        """The text as this terminal can show it: our own signs in ASCII where it has nothing else."""
        return text.translate(PLAIN) if self.ascii_only else text

    def style(self, name: str, paper: str = "text") -> Style:
        """A meaning written on the ground of another one, for example on the selection, readable there."""
        known = self._styles.get((name, paper))
        if known is None:
            known = self._styles[name, paper] = self._written(self.role(name), self.role(paper))
        return known

    def _written(self, role: Role, paper: Role) -> Style:
        if role.name == paper.name or (role.background and role.name != "text"):
            return role.style
        if role.name == "text":
            return paper.style
        if role.color is None or paper.color is None or paper.background is None:
            return _without_colour(role.style, paper.style if paper.name != "text" else Style())
        colour = readable(role.color, paper.background, towards=paper.color)
        return role.style + Style(color=Color.from_rgb(*colour), bgcolor=Color.from_rgb(*paper.background))


def load_theme(path: Path, *, ascii_only: bool = False) -> Theme:
    """Read a theme file; raises ``WarroomError`` naming file, table and key."""
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as wrong:
        raise WarroomError(f"cannot read the theme {path}: {wrong}") from wrong
    except tomllib.TOMLDecodeError as wrong:
        raise WarroomError(f"the theme {path} is not valid TOML: {wrong}") from wrong
    tier = _head(given, path)
    roles = _table(given["roles"], path)
    made = {name: _role(name, roles[name], tier=tier, path=path) for name in ROLES}
    return Theme(given["name"], made, dark=given.get("dark", True), ascii_only=ascii_only)


def theme_name(environ: Mapping[str, str]) -> str:
    """The theme for a terminal whose user named none: without colour where colour is unwanted."""
    return COLOURLESS if environ.get("NO_COLOR") or environ.get("TERM") == "dumb" else DEFAULT


def theme_path(name: str, files: Iterable[Path] = ()) -> Path:
    """The file of a theme: one of these or a shipped one; raises ``WarroomError`` naming all."""
    known = {path.stem: path for path in (*theme_files(), *files)}
    if name not in known:
        raise WarroomError(f"there is no theme {name}; there are: {', '.join(sorted(known))}")
    return known[name]


def textual_theme(theme: Theme) -> TextualTheme:
    """The same looks for Textual's own widgets."""
    if not theme.coloured:
        ansi = "ansi_default"
        # Textual cannot resolve its own stylesheet for such a theme without these two variables.
        own = {"ansi-background": ansi, "ansi-foreground": ansi}
        return TextualTheme(
            theme.name,
            primary=ansi,
            secondary=ansi,
            accent=ansi,
            foreground=ansi,
            background=ansi,
            surface=ansi,
            panel=ansi,
            boost=ansi,
            success=ansi,
            warning=ansi,
            error=ansi,
            dark=theme.dark,
            ansi=True,
            variables=own,
        )
    text, bar = theme.role("text"), theme.role("bar")
    return TextualTheme(
        theme.name,
        primary=_hex(theme.role("accent").color),
        accent=_hex(theme.role("accent").color),
        foreground=_hex(text.color),
        background=_hex(text.background),
        surface=_hex(text.background),
        panel=_hex(bar.background),
        success=_hex(theme.role("ok").color),
        warning=_hex(theme.role("warning").color),
        error=_hex(theme.role("critical").color),
        dark=theme.dark,
    )


def _broken(path: Path, why: str) -> WarroomError:
    return WarroomError(f"the theme {path}: {why}")


def _head(given: dict[str, Any], path: Path) -> Literal["truecolor", "mono"]:
    _known(given, TOP, path, "the top level")
    if given.get("schema") != SCHEMA:
        raise _broken(path, f"schema must be {SCHEMA}, not {given.get('schema', 'missing')}")
    if given.get("name") != path.stem:
        raise _broken(path, f"name must be the file's, {path.stem!r}, not {given.get('name')!r}")
    if not isinstance(given.get("dark", True), bool):
        raise _broken(path, "dark must be true or false")
    tier = given.get("tier")
    if tier not in TIERS:
        raise _broken(path, f"tier must be one of {', '.join(TIERS)}, not {tier!r}")
    return "mono" if tier == "mono" else "truecolor"


def _table(roles: Any, path: Path) -> dict[str, Any]:
    if not isinstance(roles, dict):
        raise _broken(path, "[roles] must be a table")
    _known(roles, ROLES, path, "[roles]")
    return roles


def _known(given: dict[str, Any], names: tuple[str, ...], path: Path, where: str) -> None:
    for name in given:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(names)}"
            raise _broken(path, f"unknown key {name} in {where}; {hint}")
    if missing := [name for name in names if name not in given and name not in OPTIONAL]:
        raise _broken(path, f"{where} lacks {', '.join(missing)}")


def _role(name: str, given: Any, *, tier: str, path: Path) -> Role:
    where = f"[roles] {name}"
    if not isinstance(given, dict):
        raise _broken(path, f"{where} must be a table of {', '.join(ROLE_KEYS)}")
    _known(given, ROLE_KEYS, path, where)
    for key in ("glyph", "ascii"):
        sign = given[key]
        if not isinstance(sign, str) or not sign.isprintable() or cell_len(sign) != 1:
            raise _broken(path, f"{where}.{key} must fill one terminal cell, not {sign!r}")
    if not given["ascii"].isascii():
        raise _broken(path, f"{where}.ascii must be an ASCII character, not {given['ascii']!r}")
    wanted = tier == "truecolor"
    color = _colour(given, "color", where, path=path, needed=wanted)
    ground = wanted and name in ("text", "selection", "bar")
    background = _colour(given, "background", where, path=path, needed=ground)
    if not wanted and (color or background):
        raise _broken(path, f"{where} has a colour, but the tier is mono")
    style = _attributes(given.get("style", ""), where, path)
    if color:
        style += Style(color=Color.from_rgb(*color))
    if background:
        style += Style(bgcolor=Color.from_rgb(*background))
    return Role(name, given["glyph"], given["ascii"], style, color, background)


def _colour(given: dict[str, Any], key: str, where: str, *, path: Path, needed: bool) -> RGB | None:
    if key not in given and not needed:
        return None
    found = parse_rgb(given[key]) if isinstance(given.get(key), str) else None
    if found is None:
        raise _broken(path, f"{where}.{key} must be a colour as #rrggbb, not {given.get(key)!r}")
    return found


def _attributes(given: Any, where: str, path: Path) -> Style:
    words = given.split() if isinstance(given, str) else [given]
    for word in words:
        if word not in ATTRIBUTES:
            raise _broken(path, f"{where}.style knows {', '.join(ATTRIBUTES)}, not {word!r}")
    return Style.parse(" ".join(words))


def _without_colour(style: Style, paper: Style) -> Style:
    # Reversed on reversed ground would vanish; it is seen by standing upright there.
    return style + paper + Style(reverse=bool(style.reverse) != bool(paper.reverse))


def _hex(colour: RGB | None) -> str:
    return "#{:02x}{:02x}{:02x}".format(*(colour or (0, 0, 0)))
