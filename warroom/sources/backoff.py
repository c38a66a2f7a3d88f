"""How long to wait before trying again: exponential with full jitter, the same for the same seed."""

import random

FIRST_S = 0.8
CAP_S = 30.0
FLOOR_S = 0.2
"""Never shorter, so that a lucky draw does not hammer a server that is down."""
ASKED_CAP_S = 300.0
"""A server that asks for more patience than this is tried again anyway."""


class Backoff:
    """The waits of one source."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self._failures = 0

    def next_s(self, asked_s: float | None = None) -> float:
        """The next wait; at least what the server asked for."""
        ceiling = min(CAP_S, FIRST_S * 2 ** min(self._failures, 16))
        self._failures += 1
        wait = max(FLOOR_S, self._random.uniform(0, ceiling))
        return max(wait, min(asked_s, ASKED_CAP_S)) if asked_s else wait

    def reset(self) -> None:
        """It answered."""
        self._failures = 0
