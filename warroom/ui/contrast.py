"""How well one colour can be read on another, and how far apart two look, to those who see fewer colours too."""

from collections.abc import Callable, Sequence
from itertools import combinations

RGB = tuple[int, int, int]

ENOUGH = 4.5
"""The least contrast of text, after the web's accessibility guidelines."""
HIGH = 7.0
"""The least contrast of text in a theme of high contrast."""
APART = 30.0
"""The least distance between two colours that mean different states."""

ALL = "all colours"
SIGHTS: dict[str, tuple[tuple[float, float, float], ...]] = {
    ALL: ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""What reaches whom of linear red, green and blue (Machado, Oliveira and Fernandes 2009, full severity)."""

_WHITE = (0.95047, 1.0, 1.08883)
_TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)


def parse_rgb(text: str) -> RGB | None:
    """``#rrggbb`` as numbers; None for anything else."""
    digits = text[1:]
    if len(text) != 7 or text[0] != "#" or not set(digits) <= set("0123456789abcdefABCDEF"):
        return None
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def contrast(one: RGB, other: RGB) -> float:
    """From 1, the same, to 21, black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(
    colour: RGB,
    background: RGB,
    *,
    towards: RGB,
    least: float = ENOUGH,
    shown: Callable[[RGB], RGB] = lambda colour: colour,
) -> RGB:
    """The colour, mixed with as little of another as makes it readable on this background.

    ``shown`` says what the terminal shows for a colour it does not have.
    """
    for tenths in range(11):
        mixed = shown(_mix(colour, towards, tenths / 10))
        if contrast(mixed, background) >= least:
            return mixed
    return shown(towards)


def separation(one: RGB, other: RGB, sight: str) -> float:
    """How far apart two colours look to that sight (CIE76)."""
    first, second = (lab(colour, sight) for colour in (one, other))
    return float(sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5)


def lab(colour: RGB, sight: str = ALL) -> tuple[float, float, float]:
    """Lightness and the two axes of colour (CIE 1976), as that sight sees them."""
    linear = _times(SIGHTS[sight], [_share(channel) for channel in colour])
    x, y, z = (
        _root(sum(a * b for a, b in zip(row, linear, strict=True)) / white)
        for row, white in zip(_TO_XYZ, _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def least_separation(colours: Sequence[RGB]) -> dict[str, float]:
    """For each sight, how far apart the two nearest of these colours look."""
    pairs = list(combinations(colours, 2))
    return {sight: min(separation(one, other, sight) for one, other in pairs) for sight in SIGHTS}


def _mix(one: RGB, other: RGB, share: float) -> RGB:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: RGB) -> float:
    red, green, blue = map(_share, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _share(channel: int) -> float:
    """A channel as its share of linear light."""
    part = channel / 255
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _times(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    return [min(1.0, max(0.0, sum(a * b for a, b in zip(row, vector, strict=True)))) for row in matrix]


def _root(part: float) -> float:
    return float(part ** (1 / 3)) if part > 216 / 24389 else (part * 24389 / 27 + 16) / 116
