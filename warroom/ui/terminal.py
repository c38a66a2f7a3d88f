"""What the terminal can show: how many colours, and whether more than ASCII. Found out once, here."""

import os
import subprocess
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Literal

import msgspec

Colours = Literal["truecolor", "256", "16", "none"]
COLOURS: tuple[Colours, ...] = ("truecolor", "256", "16", "none")
"""The most first."""

SYSTEMS: dict[str, Colours] = {"truecolor": "truecolor", "256": "256", "standard": "16"}
"""What Textual's own variable may say."""
TRUE_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm")
COLOURLESS_TERMS = ("vt52", "vt100", "vt102", "vt220", "vt320")
LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")
ASK_TMUX = ("tmux", "display-message", "-p", "#{client_utf8}")
ASK_S = 1.0
INITIAL = Path("/proc/self/environ")


class Terminal(msgspec.Struct, frozen=True):
    """What one terminal can show."""

    colours: Colours
    ascii_only: bool
    dumb: bool
    """It cannot even move its cursor."""
    reason: str
    """What told us, for a person who wonders."""
    note: str = ""
    """What a person is told once; empty when all is as usual."""


def terminal(
    environ: Mapping[str, str], *, ascii_wish: str = "auto", tmux_utf8: Callable[[], str] | None = None
) -> Terminal:
    """What this environment says of its terminal; ``ascii_wish`` is the setting (auto, yes, no)."""
    colours, reason = _colours(environ)
    ascii_only = _ascii_only(environ, tmux_utf8) if ascii_wish == "auto" else ascii_wish == "yes"
    dumb = environ.get("TERM", "") in ("", "dumb", "unknown")
    return Terminal(colours, ascii_only, dumb, reason)


def _colours(environ: Mapping[str, str]) -> tuple[Colours, str]:
    term = environ.get("TERM", "")
    if environ.get("NO_COLOR"):
        return "none", "NO_COLOR is set"
    if wanted := SYSTEMS.get(environ.get("TEXTUAL_COLOR_SYSTEM", "")):
        return wanted, "TEXTUAL_COLOR_SYSTEM"
    if term in ("", "dumb", "unknown") or term in COLOURLESS_TERMS or term.endswith(("-m", "-mono")):
        return "none", f"TERM={term}"
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "truecolor", f"COLORTERM={environ['COLORTERM']}"
    if term.startswith(TRUE_TERMS) or term.endswith("-direct"):
        return "truecolor", f"TERM={term}"
    return ("256" if "256color" in term else "16"), f"TERM={term}"


def _ascii_only(environ: Mapping[str, str], tmux_utf8: Callable[[], str] | None) -> bool:
    """As the C library reads it: the first of the three that is set says the character set."""
    said = next((value for name in LOCALE if (value := environ.get(name))), "")
    if said:
        return not said.lower().replace("-", "").rpartition(".")[2].startswith("utf8")
    # Nothing is said. Terminals have been UTF-8 for long; tmux draws underscores unless it was told.
    return bool(environ.get("TMUX")) and tmux_utf8 is not None and tmux_utf8() == "0"


def own_terminal(environ: Mapping[str, str], *, ascii_wish: str = "auto") -> Terminal:
    """What the terminal of this process can show."""
    given = _as_given(environ)
    found = terminal(given, ascii_wish=ascii_wish, tmux_utf8=_ask_tmux)
    if not found.ascii_only or ascii_wish != "auto":
        return found
    locale = next((f"{name}={given[name]}" for name in LOCALE if given.get(name)), "")
    why = f"the locale {locale} has no UTF-8" if locale else "tmux took this terminal for one without UTF-8"
    return msgspec.structs.replace(found, note=f"signs are shown in ASCII: {why}")


def _as_given(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment before Python changed it: in the C locale it says UTF-8 for itself (PEP 538)."""
    try:
        began = dict(
            pair.split("=", 1) for pair in os.fsdecode(INITIAL.read_bytes()).split("\0") if "=" in pair
        )
    except OSError:
        return environ
    if environ.get("LC_CTYPE") and "LC_CTYPE" not in began:
        return {name: value for name, value in environ.items() if name != "LC_CTYPE"}
    return environ


def _ask_tmux() -> str:
    try:
        asked = subprocess.run(ASK_TMUX, capture_output=True, text=True, timeout=ASK_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip()


def set_colours(found: Terminal, environ: MutableMapping[str, str]) -> None:
    """Tell Textual, which reads this when it is first imported."""
    systems = {colours: system for system, colours in SYSTEMS.items()}
    environ["TEXTUAL_COLOR_SYSTEM"] = systems.get(found.colours, "standard")
