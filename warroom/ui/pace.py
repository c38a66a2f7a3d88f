"""How often Textual paints: its settings, which it reads when it is first imported."""

import gc
from collections.abc import MutableMapping

SETTINGS = {
    # A key that falls just after a data frame would wait for a slot of Textual's own clock, 60 a second.
    "TEXTUAL_FPS": "500",
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_SMOOTH_SCROLL": "0",
}

SELDOM = (20_000, 20, 50)
"""How much is made between two collections of each generation."""


def set_pace(environ: MutableMapping[str, str]) -> None:
    """Textual reads its settings when it is first imported; what a person has set stays."""
    for name, value in SETTINGS.items():
        environ.setdefault(name, value)


def start_without_collecting() -> None:
    """What is loaded at the start is never garbage; to look through it again and again only takes time."""
    gc.disable()


def collect_seldom() -> None:
    """From here on collect what was made since, in few turns: a long one would hold up a key."""
    gc.freeze()
    gc.set_threshold(*SELDOM)
    gc.enable()
