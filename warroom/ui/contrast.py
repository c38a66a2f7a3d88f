"""How well one colour can be read on another, after the web's accessibility guidelines."""

RGB = tuple[int, int, int]

ENOUGH = 4.5
"""The least contrast of text."""


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


def readable(colour: RGB, background: RGB, *, towards: RGB) -> RGB:
    """The colour, mixed with as little of another as makes it readable on this background."""
    for tenths in range(11):
        mixed = _mix(colour, towards, tenths / 10)
        if contrast(mixed, background) >= ENOUGH:
            return mixed
    return towards


def _mix(one: RGB, other: RGB, share: float) -> RGB:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: RGB) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
