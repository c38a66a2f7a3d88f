"""How much may be sent to the terminal: measured by its answers, or as a person says."""

from collections.abc import Mapping
from typing import NamedTuple

from warroom.ui.terminal import Colours

ASK = "\x1b[6n"
"""Where is the cursor? Every terminal answers, tmux too, and only after it has taken what came before."""
LONGEST_S = 3.0
"""An answer that did not come by then is not waited for."""
ENDLESS = 1 << 30
FIRST = 4_096
"""How much is sent over a link that may be slow before its rate is known."""
LEAST = 400
QUEUED_S = 0.05
"""How long a key's frame may have to wait behind the data that is under way."""
SHORT, TELLING, LONG = 256, 600, 2_000
"""Bytes that tell the round trip; from which on the rate is told; and where the round trip is not known."""
QUICK_S = 0.004
"""Differences below that are the machine's, not the link's."""
SLOW_RATE, SSH_RATE, FAST_RATE = 24_000.0, 48_000.0, 400_000.0
"""Bytes a second: below it is slow, above it is slow no more, above it is as good as none."""
NEAR_S, FAR_S = 0.03, 0.5
"""Round trips: as good as here; and so long that less is painted."""
SURE = 3
"""How often a measurement must say the same before the profile changes."""
KEPT = 0.7
"""How much of a rate that was measured before stays when another is measured."""


class Profile(NamedTuple):
    """What a kind of link is given."""

    name: str
    interval_s: float
    """Between data frames; what a key changes is painted at once."""
    colours: Colours
    """At most; a terminal may have fewer."""


PROFILES = {
    "fast": Profile("fast", 0.25, "truecolor"),
    "ssh": Profile("ssh", 0.25, "256"),
    "slow": Profile("slow", 1.0, "16"),
}
AUTO = "auto"
CHOICES = (AUTO, *PROFILES)


class Link:
    """The way to one terminal."""

    def __init__(self, wish: str = "fast", environ: Mapping[str, str] | None = None) -> None:
        """``wish`` is a profile, or ``auto`` for one that follows what is measured."""
        self.found = wish == AUTO
        over_ssh = bool(environ and (environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")))
        self.in_tmux = bool(environ and environ.get("TMUX"))
        self.profile = PROFILES[("ssh" if over_ssh else "fast") if self.found else wish]
        self.rate: float | None = None
        """Bytes a second."""
        self.round_trip_s: float | None = None
        self._asked_s: float | None = None
        self._size = 0
        self._answers = False
        self._mute = False
        self._votes: list[str] = []

    def free(self, now_s: float) -> bool:
        """Whether data may be sent; what a key changed never asks."""
        if self._asked_s is None:
            return True
        if now_s - self._asked_s < LONGEST_S:
            return False
        # A terminal that never answered is not asked again; it would only be held up.
        self._asked_s, self._mute = None, not self._answers
        return True

    @property
    def most(self) -> int:
        """How much data may be under way at once: what fills the link, and a key's wait more."""
        if self._mute:
            return ENDLESS
        if self.rate is None:
            return ENDLESS if self.profile.name == "fast" else FIRST
        return max(LEAST, int(self.rate * (QUEUED_S + (self.round_trip_s or 0.0))))

    def asks(self, size: int, now_s: float) -> bool:
        """Whether to ask after so many bytes of data."""
        if self._mute or self._asked_s is not None:
            return False
        self._asked_s, self._size = now_s, size
        return True

    def answered(self, now_s: float) -> bool:
        """The terminal has shown what was sent before it was asked; whether the profile changed by that."""
        asked_s, self._asked_s = self._asked_s, None
        self._answers, self._mute = True, False
        if asked_s is None:
            return False
        self._measured(self._size, now_s - asked_s)
        return self._judged()

    def _measured(self, size: int, took_s: float) -> None:
        known_s = self.round_trip_s
        if size < SHORT:
            # The least there was; it is forgotten slowly, for a route may become longer.
            self.round_trip_s = took_s if known_s is None else min(known_s * 1.02, took_s)
        elif size >= (LONG if known_s is None else TELLING):
            rate = size / max(took_s - (known_s or 0.0), QUICK_S)
            self.rate = rate if self.rate is None else KEPT * self.rate + (1 - KEPT) * rate

    def _judged(self) -> bool:
        if not self.found:
            return False
        said = self._fitting()
        self._votes = [*self._votes, said][-SURE:]
        if said == self.profile.name or self._votes.count(said) < SURE:
            return False
        self.profile = PROFILES[said]
        return True

    def _fitting(self) -> str:
        """The profile that suits what was measured; the one in force where that says nothing clear."""
        rate, name = self.rate, self.profile.name
        far = (self.round_trip_s or 0.0) > FAR_S
        if rate is None:
            return "slow" if far else name
        if far or rate < (SSH_RATE if name == "slow" else SLOW_RATE):
            return "slow"
        near = (self.round_trip_s or 0.0) < NEAR_S
        if rate > FAST_RATE and near:
            return "fast"
        return "ssh" if name == "slow" else name

    @property
    def words(self) -> str:
        """The profile and what was measured, for a person."""
        how = "measured" if self.found else "as told"
        facts = [f"{self.profile.interval_s:g} s between data frames", f"{self.profile.colours} colours"]
        if self.round_trip_s is not None:
            facts.append(f"round trip {self.round_trip_s * 1000:.0f} ms")
        if self.rate is not None:
            facts.append(f"about {self.rate / 1000:,.0f} kB/s")
        if self.in_tmux:
            facts.append("answers come from tmux, which may be nearer than its client")
        return f"link {self.profile.name} ({how}): {', '.join(facts)}"
