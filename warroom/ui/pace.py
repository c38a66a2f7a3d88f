"""How often Textual paints: its settings, which it reads when it is first imported."""

from collections.abc import MutableMapping

SETTINGS = {
    # A key that falls just after a data frame would wait for a slot of Textual's own clock, 60 a second.
    "TEXTUAL_FPS": "240",
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_SMOOTH_SCROLL": "0",
}


def set_pace(environ: MutableMapping[str, str]) -> None:
    """Textual reads its settings when it is first imported; what a person has set stays."""
    for name, value in SETTINGS.items():
        environ.setdefault(name, value)
