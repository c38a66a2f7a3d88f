"""A key that was refused before it could ask anything: what was typed on for its question presses no other keys."""

from warroom.clock import monotonic_s
from warroom.ui.parts import Part

DEAF_S = 0.4
"""How long after a refusal, or after the last key that was dropped, the next key belongs to what was typed on."""


class Refusing(Part):
    """Refuses, and drops the words that were meant for what was refused."""

    _refused = ""
    _deaf_until_s = 0.0

    def refuse(self, text: str) -> None:
        """Say why nothing is asked."""
        self.tell(text, "warning")
        self._refused, self._deaf_until_s = text, monotonic_s() + DEAF_S

    def drops(self, action: str) -> bool:
        """Whether a key belongs to words that nobody asked for; Esc ends them at once."""
        now_s = monotonic_s()
        if now_s > self._deaf_until_s:
            return False
        if action == "back":
            self._deaf_until_s = 0.0
            return True
        self._deaf_until_s = now_s + DEAF_S
        self.tell(f"what you typed on was dropped; {self._refused}", "warning")
        return True
