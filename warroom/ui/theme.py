"""What a theme is: for each meaning a colour, a glyph, an ASCII glyph and a text style that belong together."""

from collections.abc import Mapping
from typing import Literal

import msgspec
from rich.color import Color
from rich.style import Style

from warroom.ui.ascii import in_ascii
from warroom.ui.contrast import ENOUGH, HIGH, RGB, readable
from warroom.ui.palette256 import nearest, shown

Tier = Literal["truecolor", "16", "mono"]
TIERS: tuple[Tier, ...] = ("truecolor", "16", "mono")
"""What a theme is made of: colours of its own, those of the terminal's palette, none."""


class Role(msgspec.Struct, frozen=True):
    """What one meaning looks like."""

    name: str
    glyph: str
    ascii: str
    style: Style
    ink: str = ""
    """The colour as its file names it: ``#rrggbb`` or ``ansi_red``; empty for none."""
    ground: str = ""
    color: RGB | None = None
    """The ink in numbers; None where the terminal's palette decides."""
    background: RGB | None = None


class About(msgspec.Struct, frozen=True):
    """What a theme says of itself."""

    name: str
    label: str = ""
    tier: Tier = "truecolor"
    dark: bool = True
    high_contrast: bool = False


class Theme:
    """The looks of all meanings, and of each meaning on the ground of another."""

    def __init__(
        self, about: About, roles: Mapping[str, Role], *, ascii_only: bool = False, limited: bool = False
    ) -> None:
        self.name = about.name
        self.label = about.label or about.name
        self.tier = about.tier
        self.dark = about.dark
        self.high_contrast = about.high_contrast
        self.ascii_only = ascii_only
        """The terminal shows nothing but ASCII."""
        self.limited = limited
        """Its colours are those of a terminal of 256."""
        self._roles = roles
        self._styles: dict[tuple[str, str], Style] = {}

    def become(self, other: "Theme") -> None:
        """Look like another one from now on; who draws with this one draws anew."""
        self.__dict__.update(other.__dict__)
        self._styles = {}

    @property
    def coloured(self) -> bool:
        """False for a theme that says everything by glyphs and text styles."""
        return self.tier != "mono"

    @property
    def blends(self) -> bool:
        """Whether any two of its colours may share a cell; what the terminal's palette makes of two is unknown."""
        return self.tier == "truecolor" and not self.ascii_only

    @property
    def least_contrast(self) -> float:
        """What text has to reach."""
        return HIGH if self.high_contrast else ENOUGH

    def role(self, name: str) -> Role:
        """The look of a meaning; an unknown name looks like text, for a pane must never fail to draw."""
        return self._roles.get(name) or self._roles["text"]

    def glyph(self, name: str) -> str:
        """The one-cell sign of a meaning on this terminal."""
        role = self.role(name)
        return role.ascii if self.ascii_only else role.glyph

    def plain(self, text: str) -> str:
        """The text as this terminal can show it: our own signs in ASCII where it has nothing else."""
        return text if not self.ascii_only or text.isascii() else in_ascii(text)

    def style(self, name: str, paper: str = "text") -> Style:
        """A meaning written on the ground of another one, for example on the selection, readable there."""
        known = self._styles.get((name, paper))
        if known is None:
            known = self._styles[name, paper] = self._written(self.role(name), self.role(paper))
        return known

    def _written(self, role: Role, paper: Role) -> Style:
        if role.name == paper.name or (role.ground and role.name != "text"):
            return role.style
        if role.name == "text":
            return paper.style
        if role.color is None or paper.color is None or paper.background is None:
            return _on(role.style, paper.style if paper.name != "text" else Style())
        colour = readable(
            role.color,
            paper.background,
            towards=paper.color,
            least=self.least_contrast,
            shown=self._shown,
        )
        return role.style + Style(color=paint(colour, limited=self.limited), bgcolor=paper.style.bgcolor)

    def _shown(self, colour: RGB) -> RGB:
        return shown(nearest(colour)) if self.limited else colour


def paint(colour: RGB, *, limited: bool) -> Color:
    """A colour as it is sent; ``limited`` to the fixed ones of a terminal of 256."""
    return Color.from_ansi(nearest(colour)) if limited else Color.from_rgb(*colour)


def _on(style: Style, paper: Style) -> Style:
    # Reversed on reversed ground would vanish; it is seen by standing upright there.
    return paper + style + Style(reverse=bool(style.reverse) != bool(paper.reverse))
