"""Makes untrusted text safe to show, once, at ingestion: what could steer a terminal becomes visible instead."""

import re
import unicodedata
from typing import Literal, NewType

from rich.cells import cell_len

Safe = NewType("Safe", str)
"""Text that went through ``neutral``: it may be shown, stored and exported."""

Mode = Literal["cell", "log", "confirm"]

CAP = 65_536
"""Characters looked at; what is longer is cut first, before any work per character."""
CELL_WIDTH = 256
LOG_WIDTH = 2_048
LOG_LINES = 64
GUTTER = "┆ "
"""Begins each further line of one log record, so that a forged record cannot start in the first column."""
MARKS = 4
"""Combining marks kept in a row; more are counted."""

_COLOUR = re.compile(r"\x1b\[[0-9;:]{0,64}m")
_PLAIN = re.compile(r"[ -~]*")
_ZERO_JOINER = 0x200D
_VARIATION = frozenset((0xFE0E, 0xFE0F))

# Code points that show nothing or more than they take (Unicode Default_Ignorable_Code_Point and lookalikes of blanks).
_HIDDEN_RANGES = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x20DD, 0x20E4),
    (0x2800, 0x2800),
    (0x2E3A, 0x2E3B),
    (0x3164, 0x3164),
    (0xFDFD, 0xFDFD),
    (0xFE00, 0xFE0D),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x1BCA0, 0x1BCA3),
    (0x1D159, 0x1D159),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
_HIDDEN = frozenset(c for first, last in _HIDDEN_RANGES for c in range(first, last + 1)) - {_ZERO_JOINER}
_UNSHOWABLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def neutral(raw: str | bytes, mode: Mode = "cell") -> Safe:
    """Make text safe to show.

    ``cell``: one line of at most 256 terminal cells. ``log``: a record of at most 64 lines of 2,048 cells.
    ``confirm``: like a cell, but every non-ASCII character as its code point, for what a person approves.
    Bytes are read as UTF-8; a bad byte becomes ``<0xNN>``.
    """
    text = raw.decode("utf-8", "surrogateescape") if isinstance(raw, bytes) else raw
    if len(text) <= CELL_WIDTH and text.isascii() and text.isprintable():
        return Safe(text)
    over = max(0, len(text) - CAP)
    note = f", {over} cut at ingest" if over else ""
    shown = _shown(_COLOUR.sub("", text[:CAP]), mode)
    if mode != "log":
        return Safe(_cut(shown, CELL_WIDTH, note))
    lines = shown.split("\n")
    if len(lines) > LOG_LINES:
        lines = [*lines[:LOG_LINES], f"{GUTTER}…(+{len(lines) - LOG_LINES} lines{note})"]
        note = ""
    last = len(lines) - 1
    return Safe("\n".join(_cut(line, LOG_WIDTH, note if n == last else "") for n, line in enumerate(lines)))


def neutral_lines(chunk: bytes) -> list[Safe]:
    """The lines of a chunk of a log, split at LF only; a clean chunk costs one look as a whole."""
    text = chunk.decode("utf-8", "surrogateescape")
    lines = text.removesuffix("\n").split("\n") if text else []
    if text.isascii() and _PLAIN.fullmatch(text.replace("\n", "")) and max(map(len, lines), default=0) <= LOG_WIDTH:
        return [Safe(line) for line in lines]
    return [neutral(line.removesuffix("\r"), "log") for line in lines]


def _point(code: int) -> str:
    return f"<0x{code - 0xDC00:02X}>" if 0xDC80 <= code <= 0xDCFF else f"<U+{code:04X}>"


def _shown(text: str, mode: Mode) -> str:
    if text.isascii() and text.isprintable():
        return text
    out: list[str] = []
    marks = 0
    for place, char in enumerate(text):
        category = unicodedata.category(char)
        code = ord(char)
        if mode != "confirm" and category in ("Mn", "Me") and code not in _VARIATION and code not in _HIDDEN:
            marks += 1
            if marks <= MARKS:
                out.append(char)
            elif _mark_ends(text, place):
                out.append(f"<+{marks - MARKS} marks>")
            continue
        marks = 0
        out.append(_one(text, place, category, mode))
    return "".join(out)


def _mark_ends(text: str, place: int) -> bool:
    return place + 1 == len(text) or unicodedata.category(text[place + 1]) not in ("Mn", "Me")


def _one(text: str, place: int, category: str, mode: Mode) -> str:
    char = text[place]
    code = ord(char)
    if mode == "log" and char in "\n\r\t":
        return _in_log(text, place)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if code < 0x7F:
        return char
    if mode == "confirm":
        return _point(code)
    if code in _VARIATION or _joins_emoji(text, place):
        return ""
    if code in _HIDDEN or 0x1F1E6 <= code <= 0x1F1FF or category in _UNSHOWABLE:
        return _point(code)
    return " " if category == "Zs" else char


def _in_log(text: str, place: int) -> str:
    char = text[place]
    if char == "\n":
        return "\n" + GUTTER
    if char == "\t":
        return "    "
    return "" if text[place + 1 : place + 2] == "\n" else "␍"


def _joins_emoji(text: str, place: int) -> bool:
    """Joiners and skin tones between emoji are dropped, so that widths agree between terminals."""
    code = ord(text[place])
    if code == _ZERO_JOINER and 0 < place < len(text) - 1:
        before = text[place - 1]
        if ord(before) in _VARIATION:
            before = text[place - 2] if place > 1 else ""
        return _is_emoji(before) and _is_emoji(text[place + 1])
    return 0x1F3FB <= code <= 0x1F3FF and place > 0 and _is_emoji(text[place - 1])


def _is_emoji(char: str) -> bool:
    return bool(char) and (unicodedata.category(char) == "So" or 0x1F000 <= ord(char) <= 0x1FAFF)


def _cut(text: str, cells: int, note: str) -> str:
    """The longest beginning that fits together with the words that say how much is missing."""
    if not note and len(text) <= cells * 6 and cell_len(text) <= cells:
        return text
    head = text[: cells * 6]
    low, high = 0, len(head)
    while low < high:
        middle = (low + high + 1) // 2
        rest = f"…(+{len(text) - middle} chars{note})" if middle < len(text) or note else ""
        if cell_len(head[:middle]) + len(rest) <= cells:
            low = middle
        else:
            high = middle - 1
    return f"{text[:low]}…(+{len(text) - low} chars{note})" if low < len(text) or note else text
