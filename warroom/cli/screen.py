"""What stands between the command line and the screen: a terminal that can show it, and its looks."""

import argparse
import os
import sys
from functools import cache

from warroom.cli.hosting import log_to_file
from warroom.cli.output import tell
from warroom.cli.places import here, settings
from warroom.cli.verb import Usage, arg
from warroom.config import Config
from warroom.errors import WarroomError
from warroom.ui.looks import Looks, Wanted
from warroom.ui.pace import set_pace, start_without_collecting
from warroom.ui.preferences import Preferences, preferences
from warroom.ui.terminal import own_terminal, set_colours
from warroom.ui.wire.link import AUTO, CHOICES, Link

THEME = arg(
    "--theme", default="", metavar="NAME", help="theme by name or file (WARROOM_THEME, or [ui] theme)"
)
LINK = arg(
    "--link", choices=CHOICES, help="what may be sent to this terminal (default: found out, or [ui] link)"
)
ASCII_WISHES = ("auto", "yes", "no")


def need_terminal(instead: str) -> None:
    """Refuse a screen where there is no terminal that can show one; ``instead`` is what to type there."""
    if not sys.stdout.isatty() or not sys.stdin.isatty():
        raise WarroomError(f"the screen needs a terminal; {instead}")
    if own_terminal(os.environ).dumb:
        term = os.environ.get("TERM", "")
        raise WarroomError(f"this terminal cannot show the screen (TERM={term}); {instead}")


def looks(arguments: argparse.Namespace) -> Looks:
    """The theme for this terminal and this person; sets what Textual reads when it is first imported."""
    config = _lenient_settings()
    ascii_wish = str(config.get("ui", "ascii")) if config else "auto"
    if ascii_wish not in ASCII_WISHES:
        raise Usage(f"{config.origin('ui', 'ascii') if config else ''}: ui.ascii is auto, yes or no")
    found = own_terminal(os.environ, ascii_wish=ascii_wish)
    wanted = Wanted(
        theme=arguments.theme or os.environ.get("WARROOM_THEME", ""),
        preferred=str(config.get("ui", "theme")) if config else "",
        folder=here().themes,
    )
    chosen = Looks(found, wanted)
    chosen.bell = bool(config and config.get("ui", "bell"))
    log_to_file(here().logs, "screen")
    set_pace(os.environ)
    start_without_collecting()
    set_colours(found, os.environ)
    return chosen


def link(arguments: argparse.Namespace, chosen: Looks) -> Link:
    """What may be sent to this terminal; the looks follow where that is said beforehand."""
    config = _lenient_settings()
    wish = arguments.link or (str(config.get("ui", "link")) if config else AUTO)
    if wish not in CHOICES:
        raise Usage(f"{config.origin('ui', 'link') if config else ''}: ui.link is {', '.join(CHOICES)}")
    found = Link(wish, os.environ)
    if not found.found:
        chosen.fit(found.profile.colours)
    return found


def own() -> Preferences:
    """What this person set for the screen; what of it is wrong the screen says."""
    return preferences(_lenient_settings(), os.environ, here().typed)


@cache
def _lenient_settings() -> Config | None:
    """The configuration; a broken one keeps nobody out of a room that is open."""
    try:
        return settings()
    except WarroomError as broken:
        tell(f"warroom: {broken}; the screen goes on without it")
        return None
