"""The 240 fixed colours of a terminal of 256: the first sixteen are the terminal's own and not used."""

from functools import cache, lru_cache

from warroom.ui.contrast import RGB, lab

FIRST = 16
_LEVELS = (0, 95, 135, 175, 215, 255)
COLOURS: tuple[RGB, ...] = (
    *((red, green, blue) for red in _LEVELS for green in _LEVELS for blue in _LEVELS),
    *((8 + 10 * n, 8 + 10 * n, 8 + 10 * n) for n in range(24)),
)
"""The cube, then the greys."""


@lru_cache(maxsize=1_024)
def nearest(colour: RGB) -> int:
    """The number of the colour that looks most like this one."""
    wanted = lab(colour)
    distances = [sum((a - b) ** 2 for a, b in zip(wanted, one, strict=True)) for one in _labs()]
    return FIRST + distances.index(min(distances))


def shown(number: int) -> RGB:
    """What the terminal shows for that number."""
    return COLOURS[number - FIRST]


@cache
def _labs() -> list[tuple[float, float, float]]:
    return [lab(colour) for colour in COLOURS]
