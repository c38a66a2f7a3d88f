"""Judges whether a theme can be read, by those who see fewer colours too, and on terminals with fewer."""

from collections.abc import Iterator

from rich.style import Style

from warroom.ui.contrast import APART, RGB, contrast, least_separation
from warroom.ui.theme import Theme
from warroom.views.rows import ROLES

PAPERS = ("text", "selection", "bar")
"""The grounds that meanings are written on."""
STATES = ("ok", "warning", "critical")
"""What must be told apart at a glance, by colour too."""
SHAPES = ("ok", "warning", "critical", "lost", "unknown", "stale")
"""What must be told apart by its glyph alone."""
EDGE = 3.0
"""Lines that part one thing from another need less than text."""
BORDERS = ("border", "border_focus")


def faults(theme: Theme) -> list[str]:
    """Each thing in a theme that somebody could not read or would take for another; none when it is good."""
    return [*_contrasts(theme), *_separations(theme), *_shapes(theme), *_visible(theme)]


def measures(theme: Theme) -> list[str]:
    """The figures of a theme, for people."""
    if theme.tier != "truecolor":
        return ["contrast: the terminal decides" if theme.coloured else "contrast: the terminal's own"]
    ground = theme.role("text").background
    assert ground is not None
    said = [
        f"contrast of {name}: {contrast(role.color, ground):.1f}"
        for name in (*SHAPES, "info", "muted", "accent")
        if (role := theme.role(name)).color is not None
    ]
    apart = least_separation(_states(theme))
    return [
        *said,
        *(f"ok, warning, critical apart for {sight}: {least:.0f}" for sight, least in apart.items()),
    ]


def _contrasts(theme: Theme) -> Iterator[str]:
    if theme.tier != "truecolor":
        return
    for paper in PAPERS:
        for name in ROLES:
            least = EDGE if name in BORDERS else theme.least_contrast
            # What is written as it is asked for, elsewhere mixed until it can be read.
            asked = paper == "text" and not theme.limited
            style = theme.role(name).style if asked else theme.style(name, paper)
            found = contrast(*_seen(theme, style))
            if found < least:
                yield f"{name} on {paper}: contrast {found:.2f}, less than {least:g}"


def _seen(theme: Theme, style: Style) -> tuple[RGB, RGB]:
    """Ink and ground."""
    plain = theme.style("text")
    ink, ground = style.color or plain.color, style.bgcolor or plain.bgcolor
    assert ink is not None
    assert ground is not None
    first, second = (ink.get_truecolor(), ground.get_truecolor())
    return (second, first) if style.reverse else (first, second)


def _states(theme: Theme) -> list[RGB]:
    return [role.color for name in STATES if (role := theme.role(name)).color is not None]


def _separations(theme: Theme) -> Iterator[str]:
    states = _states(theme)
    if theme.tier != "truecolor" or len(states) < 2:
        return
    for sight, least in least_separation(states).items():
        if least < APART:
            yield f"{', '.join(STATES)} look alike for {sight}: {least:.1f} apart, less than {APART:g}"


def _shapes(theme: Theme) -> Iterator[str]:
    for key in ("glyph", "ascii"):
        signs = [getattr(theme.role(name), key) for name in SHAPES]
        for name, sign in zip(SHAPES, signs, strict=True):
            if signs.count(sign) > 1:
                yield f"{name} shares its {key} {sign!r} with another state"


def _visible(theme: Theme) -> Iterator[str]:
    """What a terminal's own palette or no colour at all leaves to tell."""
    for name in ROLES:
        role = theme.role(name)
        if role.ink and role.ink == role.ground != "ansi_default":
            yield f"{name} is written in the colour of its own ground, {role.ink}"
    if theme.style("text", "selection") == theme.style("text"):
        yield "selection looks like text: the cursor cannot be seen"
    if theme.style("replay") == theme.style("live"):
        yield "replay looks like live: what was recorded could be taken for what is"
