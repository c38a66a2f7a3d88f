"""What a theme looks like, on a few lines: each meaning on each ground."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from warroom.ui.terminal import Colours
from warroom.ui.theme import Theme
from warroom.ui.theme_check import PAPERS
from warroom.views.rows import ROLES

SYSTEMS = {
    "truecolor": ColorSystem.TRUECOLOR,
    "256": ColorSystem.EIGHT_BIT,
    "16": ColorSystem.STANDARD,
}
NAME = 14
PLACE = 20


def preview(theme: Theme) -> list[list[Segment]]:
    """A line for the theme, and one for each meaning: its name, and how it stands on each ground."""
    heading = f"{theme.name}: {theme.label}"
    lines = [[Segment(theme.plain(heading), theme.style("text"))], []]
    lines[1].append(Segment(" " * NAME, theme.style("text")))
    lines[1] += [Segment(f"{'on ' + paper:<{PLACE}}", theme.style("muted")) for paper in PAPERS]
    return lines + [_line(theme, name) for name in ROLES]


def _line(theme: Theme, name: str) -> list[Segment]:
    drawn = [Segment(f"{name:<{NAME}}", theme.style("text"))]
    for paper in PAPERS:
        words = f" {theme.glyph(name)} {name} "
        blank = " " * (PLACE - 1 - cell_len(words))
        drawn += [
            Segment(words, theme.style(name, paper)),
            Segment(blank, theme.style("text", paper)),
            Segment(" ", theme.style("text")),
        ]
    return drawn


def written(line: Sequence[Segment], colours: Colours | None) -> str:
    """The line as it is sent to a terminal; to anything else (None) it is plain text."""
    if colours is None:
        return "".join(text for text, _, _ in line).rstrip()
    system = SYSTEMS.get(colours, ColorSystem.STANDARD)
    styled = [(text, style or Style()) for text, style, _ in line]
    return "".join(
        (style.without_color if colours == "none" else style).render(text, color_system=system)
        for text, style in styled
    )
