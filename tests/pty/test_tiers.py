"""What a terminal gets is what it can show: by the bytes that reach it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.driver.program import COMMAND, warroom
from tests.driver.raw_terminal import RawTerminal
from tests.driver.terminal import Terminal
from warroom.ui.terminal_bytes import disallowed

BELL = re.compile(rb"(?<![a-z])\x07")
"""Not the end of a sequence that shapes the pointer."""
COLOUR = re.compile(rb"\x1b\[([0-9;:]+)m")
INKS = {
    "truecolor": r"(?:38|48);2;\d+;\d+;\d+",
    "256": r"(?:38|48);5;\d+",
    "16": r"(?:3|4|9|10)[0-7]|39|49",
    "none": r"(?!)",
}
STYLES = r"0|1|2|3|4|7|9|21|22|23|24|27|29|39|49"
TIERS: dict[str, tuple[str, ...]] = {
    "truecolor": ("TERM=xterm-256color", "COLORTERM=truecolor"),
    "256": ("TERM=screen-256color", "COLORTERM="),
    "16": ("TERM=linux", "COLORTERM="),
    "none": ("TERM=xterm-256color", "COLORTERM=truecolor", "NO_COLOR=1"),
}


def shown(home: Path, terminal: RawTerminal, *settings: str) -> bytes:
    """All that a terminal of these settings gets while a few screens are looked at."""
    terminal.start("attach", "--link", "fast", command=["env", *settings, *COMMAND])
    terminal.wait_for(r"1 HEALTH|2 ALERTS|2 Alerts")
    for key in b"37?":
        terminal.press(bytes([key]))
        terminal.settle()
    terminal.press(b"\x1b")
    terminal.settle()
    terminal.press(b"q")
    assert terminal.wait_ended() == 0
    return terminal.written


@pytest.mark.pty
@pytest.mark.parametrize("tier", TIERS)
def test_no_colour_is_sent_that_the_terminal_lacks(
    tier: str, home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    written = shown(home, raw_terminal(80, 24), *TIERS[tier])
    sent = {code.decode() for code in COLOUR.findall(written)}
    whole = re.compile(rf"(?:(?:{INKS[tier]}|{STYLES})(?:;|$))*")
    assert {code for code in sent if not whole.fullmatch(code)} == set()
    coloured = [code for code in sent if re.search(rf"(?:^|;)(?:{INKS[tier]})(?:;|$)", code)]
    assert bool(coloured) is (tier != "none")
    assert disallowed(written) == []


@pytest.mark.pty
def test_a_locale_without_utf_8_gets_bytes_of_ascii_alone(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    written = shown(home, raw_terminal(80, 24), "LC_ALL=C", "LANG=C")
    assert written.isascii()
    assert re.search(rb"#=+", written)
    assert b"signs are shown in ASCII: the locale LC_ALL=C has no UTF-8" in written


@pytest.mark.pty
def test_a_theme_that_is_misspelt_opens_no_screen(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    terminal = raw_terminal(120, 10)
    terminal.start("attach", "--theme", "warroom-drak")
    assert terminal.wait_ended() == 1
    assert b"there is no theme warroom-drak; did you mean warroom-dark?" in terminal.written
    assert b"\x1b" not in terminal.written


@pytest.mark.pty
@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_live_resizing_in_tmux_leaves_a_whole_screen(
    locale: str, home: Path, terminal: Callable[..., Terminal]
) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    screen = terminal(120, 40)
    screen.start("attach", command=["env", f"LC_ALL={locale}", *COMMAND])
    screen.wait_for("Alerts")
    left, right = ("[┃│└┗]", "[┃│┘┛]") if locale == "C.UTF-8" else ("[#|+]", "[#|+]")
    for width, height in ((80, 24), (200, 60), (60, 15), (40, 10), (120, 40), (40, 10), (80, 24)):
        screen.resize(width, height)
        # A frame reaches both edges, and below it stand the flash line and the footer.
        screen.wait_for(
            rf"(?s)\A no incident.*\n{left}[^\n]{{{width - 2}}}{right}\n[^\n]*\n \? keys[^\n]*\n*\Z"
        )
    screen.keys("?")
    screen.wait_for("in Alerts")
    for width, height in ((40, 10), (200, 60), (80, 24)):
        screen.resize(width, height)
        screen.wait_for("in Alerts")
    screen.keys("Escape")
    screen.wait_without("in Alerts")
    screen.keys("q")
    screen.wait_for("EXIT 0")


@pytest.mark.pty
def test_the_bell_rings_only_where_it_was_asked_for(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    rung = {}
    assert warroom(home, "demo", "rack-switch", "--headless", "--speed", "4").code == 0
    for wished in (False, True):
        (home / "config.toml").write_text(f"[ui]\nbell = {str(wished).lower()}\n", "utf-8")
        terminal = raw_terminal(80, 24)
        terminal.start("attach")
        terminal.wait_for("2 ALERTS")
        words = ("alert-create", f"later-{wished}", "--severity", "critical", "--message", "worse", "--yes")
        assert warroom(home, *words).code == 0
        terminal.wait_for(f"later-{wished}")
        terminal.press(b"q")
        assert terminal.wait_ended() == 0
        rung[wished] = BELL.findall(terminal.written)
    assert rung[False] == []
    assert rung[True]
