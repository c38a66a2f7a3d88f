"""What is found out of a terminal, and which theme it gets."""

from pathlib import Path

import pytest

from warroom.errors import WarroomError
from warroom.ui.looks import Looks, Wanted
from warroom.ui.terminal import Terminal, set_colours, terminal

BROKEN = 'schema = 1\nname = "mine"\n[roles]\nok = { color = "reddish" }\n'


def shows(colours: str, *, ascii_only: bool = False) -> Terminal:
    system = {"truecolor": "truecolor", "256": "256", "16": "standard"}.get(colours, "")
    environ = {"TERM": "xterm", "LANG": "C" if ascii_only else "C.UTF-8", "TEXTUAL_COLOR_SYSTEM": system}
    return terminal(environ if system else {**environ, "NO_COLOR": "1"})


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-kitty"}, "truecolor"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "tmux-256color"}, "256"),
        ({"TERM": "screen-256color", "COLORTERM": ""}, "256"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "vt100"}, "none"),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_COLOR_SYSTEM": "standard"}, "16"),
        ({"TERM": "linux", "TEXTUAL_COLOR_SYSTEM": "auto"}, "16"),
    ],
)
def test_a_terminal_has_the_colours_its_environment_says(environ: dict[str, str], colours: str) -> None:
    assert terminal(environ).colours == colours


@pytest.mark.parametrize(
    ("environ", "ascii_only"),
    [
        ({"LANG": "de_DE.UTF-8"}, False),
        ({"LANG": "C.utf8"}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "en_US.ISO-8859-1"}, True),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "POSIX"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LANG": "C", "LC_ALL": "", "LC_CTYPE": "en_GB.UTF-8"}, False),
        ({}, False),
    ],
)
def test_a_locale_without_utf_8_gets_ascii(environ: dict[str, str], ascii_only: bool) -> None:
    assert terminal({"TERM": "xterm", **environ}).ascii_only is ascii_only


def test_what_the_locale_says_can_be_overruled() -> None:
    assert terminal({"LANG": "C.UTF-8"}, ascii_wish="yes").ascii_only
    assert not terminal({"LANG": "C"}, ascii_wish="no").ascii_only


def test_tmux_is_asked_where_nothing_is_said_because_it_would_draw_underscores() -> None:
    """Inside a tmux that took its terminal for ASCII, every sign and frame of the screen was an underscore."""
    within = {"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}
    assert terminal(within, tmux_utf8=lambda: "0").ascii_only
    assert not terminal(within, tmux_utf8=lambda: "1").ascii_only
    assert not terminal({**within, "LANG": "C.UTF-8"}, tmux_utf8=lambda: "0").ascii_only


def test_textual_is_told_the_same() -> None:
    for colours, system in (
        ("truecolor", "truecolor"),
        ("256", "256"),
        ("16", "standard"),
        ("none", "standard"),
    ):
        environ: dict[str, str] = {}
        set_colours(shows(colours), environ)
        assert environ == {"TEXTUAL_COLOR_SYSTEM": system}


@pytest.mark.parametrize(
    ("colours", "wanted", "theme"),
    [
        ("truecolor", Wanted(), "warroom-dark"),
        ("256", Wanted(), "warroom-dark"),
        ("16", Wanted(), "warroom-16"),
        ("none", Wanted(), "warroom-mono"),
        ("truecolor", Wanted(preferred="warroom-cvd-light"), "warroom-cvd-light"),
        ("16", Wanted(preferred="warroom-cvd-light"), "warroom-16-light"),
        ("none", Wanted(preferred="warroom-light"), "warroom-mono"),
        ("16", Wanted(preferred="warroom-mono"), "warroom-mono"),
        ("16", Wanted(theme="warroom-dark", preferred="warroom-light"), "warroom-dark"),
        ("none", Wanted(theme="warroom-16"), "warroom-16"),
    ],
)
def test_the_config_says_what_is_preferred_and_the_option_what_is_taken(
    colours: str, wanted: Wanted, theme: str
) -> None:
    looks = Looks(shows(colours), wanted)
    assert (looks.theme.name, looks.theme.limited) == (theme, colours == "256")


def test_a_theme_asked_for_and_broken_is_refused_but_one_in_the_config_only_told(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(BROKEN, "utf-8")
    with pytest.raises(WarroomError, match=r"ok\.color must be a colour"):
        Looks(shows("truecolor"), Wanted(theme="mine", folder=tmp_path))
    looks = Looks(shows("truecolor"), Wanted(preferred="mine", folder=tmp_path))
    assert looks.theme.name == "warroom-dark"
    assert "ok.color must be a colour" in looks.warnings[0]
