"""How often the terminal is painted: settings for Textual, and waiting for a terminal that is slow to show."""

from collections.abc import MutableMapping

SETTINGS = {
    # A key that falls just after a data frame would wait for a slot of Textual's own clock, 60 a second.
    "TEXTUAL_FPS": "240",
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_SMOOTH_SCROLL": "0",
}
ASK = "\x1b[6n"
"""Where is the cursor? Every terminal answers, tmux too, and only after it has taken what came before."""
LONGEST_S = 3.0
"""A frame that was not acknowledged by then is given up."""


def set_pace(environ: MutableMapping[str, str]) -> None:
    """Textual reads its settings when it is first imported; what a person has set stays."""
    for name, value in SETTINGS.items():
        environ.setdefault(name, value)


class Acknowledged:
    """Lets the next data frame wait until the terminal has shown the last one; a key never waits."""

    def __init__(self) -> None:
        self._asked_s: float | None = None
        self._answers = False
        self._mute = False

    def free(self, now_s: float) -> bool:
        """Whether a data frame may be painted."""
        if self._asked_s is None:
            return True
        if now_s - self._asked_s < LONGEST_S:
            return False
        # A terminal that never answered is not asked again; it would only be held up.
        self._asked_s, self._mute = None, not self._answers
        return True

    def asks(self, now_s: float) -> bool:
        """Whether to ask now, after a data frame was painted."""
        if self._mute or self._asked_s is not None:
            return False
        self._asked_s = now_s
        return True

    def answered(self) -> None:
        """The terminal has shown what was painted before it was asked."""
        self._asked_s, self._answers, self._mute = None, True, False
