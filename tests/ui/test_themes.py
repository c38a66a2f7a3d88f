"""Each shipped theme: what must be read can be read, and nothing is said by colour alone."""

from pathlib import Path

import pytest

from warroom.resources import theme_files
from warroom.ui.contrast import ENOUGH, contrast
from warroom.ui.theme import load_theme, textual_theme
from warroom.views.rows import ROLES

STATES = ("ok", "warning", "critical", "lost", "unknown", "stale")
PAPERS = ("text", "selection", "bar")
EDGE = 3.0
"""Lines that part one thing from another need less than text."""


@pytest.fixture(params=theme_files(), ids=lambda path: path.stem)
def theme_file(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_every_meaning_can_be_read_on_every_ground(theme_file: Path) -> None:
    theme = load_theme(theme_file)
    for paper in PAPERS if theme.coloured else ():
        for name in ROLES:
            style = theme.style(name, paper)
            ink, ground = style.color, style.bgcolor or theme.style("text").bgcolor
            assert ink is not None
            assert ground is not None
            assert ink.triplet is not None
            assert ground.triplet is not None
            least = EDGE if name.startswith("border") else ENOUGH
            assert contrast(tuple(ink.triplet), tuple(ground.triplet)) >= least, (name, paper)


def test_states_differ_in_shape_and_not_in_colour_alone(theme_file: Path) -> None:
    for ascii_only in (False, True):
        theme = load_theme(theme_file, ascii_only=ascii_only)
        assert len({theme.glyph(state) for state in STATES}) == len(STATES)


def test_the_row_under_the_cursor_is_seen_without_any_colour(theme_file: Path) -> None:
    theme = load_theme(theme_file)
    assert theme.style("text", "selection") != theme.style("text")
    assert theme.style("critical", "selection") != theme.style("critical")


def test_textual_can_show_it(theme_file: Path) -> None:
    theme = load_theme(theme_file)
    assert textual_theme(theme).name == theme.name


def test_a_terminal_of_ascii_gets_ascii(theme_file: Path) -> None:
    theme = load_theme(theme_file, ascii_only=True)
    assert all(theme.glyph(role).isascii() for role in ROLES)
    assert theme.plain("┏━┓┃┗┛─┌┐│└┘▌…▶✖").isascii()
