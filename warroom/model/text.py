"""Makes untrusted text safe to show, once, at ingestion: what could steer a terminal becomes visible."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NewType, cast

from rich.cells import get_character_cell_size

from warroom.errors import WarroomError

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
_CONTROLS_BUT_LF = bytes((*range(0x0A), *range(0x0B, 0x20), 0x7F))
_NOT_PLAIN = re.compile(r"[^ -~]+")
_SAYS_A_POINT = re.compile(r"<(?=U\+[0-9A-F]{4,6}>|0x[0-9A-F]{2}>)")
_ZERO_JOINER = 0x200D
_PICTURES = frozenset(map(chr, range(0x2400, 0x2422)))
_TONES = range(0x1F3FB, 0x1F400)
_VARIATION = ("\ufe0e", "\ufe0f")

# Code points that show nothing or more than they take: Default_Ignorable_Code_Point and lookalikes of blanks.
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


class Unconfirmable(WarroomError):
    """A target that is too long to be shown whole: what cannot be read cannot be approved."""


def neutral(raw: str | bytes, mode: Mode = "cell") -> Safe:
    """Make text safe to show.

    ``cell``: one line of at most 256 terminal cells. ``log``: a record of at most 64 lines of 2,048 cells.
    ``confirm``: for what a person approves. Every non-ASCII character is shown as its code point and nothing
    is left out, so two targets that differ never look alike; what does not fit raises ``Unconfirmable``.
    Bytes are read as UTF-8; a bad byte becomes ``<0xNN>``.
    """
    text = raw.decode("utf-8", "surrogateescape") if isinstance(raw, bytes) else raw
    if mode == "confirm":
        return _confirmed(text)
    width = LOG_WIDTH if mode == "log" else CELL_WIDTH
    if len(text) <= width and text.isascii() and text.isprintable():
        return Safe(text)
    over = max(0, len(text) - CAP)
    note = f", {over} cut at ingest" if over else ""
    shown = _shown(_unstyled(text[:CAP]), mode)
    if mode == "cell":
        return Safe(_cut(shown, CELL_WIDTH, note))
    lines = shown.split("\n")
    if len(lines) > LOG_LINES:
        lines = [*lines[:LOG_LINES], f"{GUTTER}…(+{len(lines) - LOG_LINES} lines{note})"]
        note = ""
    last = len(lines) - 1
    return Safe("\n".join(_cut(line, LOG_WIDTH, note if n == last else "") for n, line in enumerate(lines)))


def neutral_lines(chunk: bytes) -> list[Safe]:
    """The lines of a chunk of a log, split at LF (or CRLF) only; a clean chunk costs one look as a whole."""
    if not chunk:
        return []
    whole = chunk.replace(b"\r\n", b"\n").removesuffix(b"\n").removesuffix(b"\r")
    text = whole.decode("utf-8", "surrogateescape")
    if len(text) > CAP and max(map(len, text.split("\n"))) > CAP:
        return [neutral(line, "log") for line in text.split("\n")]
    text = _unstyled(text)
    lines = text.split("\n")
    plain = text.isascii() and len(text.encode().translate(None, _CONTROLS_BUT_LF)) == len(text)
    if plain and max(map(len, lines)) <= LOG_WIDTH:
        return cast("list[Safe]", lines)
    # In a log record only a line feed brings the gutter, so the gutter parts the lines again.
    shown = _shown(text, "log").split("\n" + GUTTER)
    return [Safe(line if 2 * len(line) <= LOG_WIDTH else _cut(line, LOG_WIDTH, "")) for line in shown]


def showable(text: str) -> bool:
    """Whether text holds nothing invisible, unassigned or able to steer a terminal; not even a line feed."""
    return all(
        c not in _HIDDEN and c != _ZERO_JOINER and unicodedata.category(chr(c)) not in _UNSHOWABLE
        for c in map(ord, set(text))
    )


def _confirmed(text: str) -> Safe:
    if len(text) <= CELL_WIDTH:
        # A name that spells a code point out must not look like one that holds it.
        shown = _shown(_SAYS_A_POINT.sub("<U+003C>", text), "confirm")
        if len(shown) <= CELL_WIDTH:
            return Safe(shown)
    start = _shown(text[:40], "confirm")
    raise Unconfirmable(
        f"cannot ask about {start}…: written out in full it does not fit a dialog; choose it by a short name"
    )


def _unstyled(text: str) -> str:
    """Without colours and without the choice between text and emoji form, taken out once."""
    for selector in _VARIATION:
        text = text.replace(selector, "")
    return _COLOUR.sub("", text)


def _point(code: int) -> str:
    return f"<0x{code - 0xDC00:02X}>" if 0xDC80 <= code <= 0xDCFF else f"<U+{code:04X}>"


def _shown(text: str, mode: Mode) -> str:
    return _NOT_PLAIN.sub(lambda run: _spelled(run[0], mode), text)


def _spelled(run: str, mode: Mode) -> str:
    """A run of anything but printable ASCII, as it is shown."""
    out: list[str] = []
    marks = 0
    for place, char in enumerate(run):
        alone = _alone(char, mode)
        if alone is not None:
            marks = 0
            out.append(alone)
        elif _is_mark(char):
            marks += 1
            if marks <= MARKS:
                out.append(char)
            elif _mark_ends(run, place):
                out.append(f"<+{marks - MARKS} marks>")
        else:
            marks = 0
            out.append(_beside(run, place))
    return "".join(out)


@lru_cache(maxsize=16_384)
def _alone(char: str, mode: Mode) -> str | None:
    """What a character is shown as wherever it stands; None when that depends on its neighbours."""
    code = ord(char)
    if mode == "log" and char in "\n\r\t":
        return {"\n": "\n" + GUTTER, "\t": "    "}.get(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if mode == "confirm":
        return _point(code)
    category = unicodedata.category(char)
    if code in _HIDDEN or 0x1F1E6 <= code <= 0x1F1FF:
        return _point(code)
    if category in ("Mn", "Me") or code == _ZERO_JOINER or code in _TONES:
        return None
    if category in _UNSHOWABLE:
        return _point(code)
    return " " if category == "Zs" else char


def _beside(run: str, place: int) -> str:
    """What a carriage return (of a log), a joiner or a skin tone is shown as between its neighbours."""
    if run[place] == "\r":
        return "" if run[place + 1 : place + 2] == "\n" else "␍"
    if _joins_emoji(run, place):
        return ""
    return _point(_ZERO_JOINER) if ord(run[place]) == _ZERO_JOINER else run[place]


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me")


def _mark_ends(text: str, place: int) -> bool:
    return place + 1 == len(text) or not _is_mark(text[place + 1])


def _joins_emoji(text: str, place: int) -> bool:
    """Joiners and skin tones between emoji are dropped, so that widths agree between terminals."""
    if ord(text[place]) == _ZERO_JOINER:
        return 0 < place < len(text) - 1 and _is_emoji(text[place - 1]) and _is_emoji(text[place + 1])
    before = text[place - 1] if place else ""
    if place > 1 and ord(before) == _ZERO_JOINER:
        before = text[place - 2]
    return _is_emoji(before)


def _is_emoji(char: str) -> bool:
    """Whether tones and joiners can belong to it; the pictures of controls are of our own making."""
    if not char or char in _PICTURES:
        return False
    return unicodedata.category(char) == "So" or 0x1F000 <= ord(char) <= 0x1FAFF


def _cut(text: str, cells: int, note: str) -> str:
    """The longest beginning that fits together with the words that say how much is missing."""
    if not note and 2 * len(text) <= cells:
        return text
    widths = _widths(text[: cells * 6], cells)
    fits = len(widths) - 1
    if fits == len(text) and not note:
        return text
    while fits and widths[fits] + len(f"…(+{len(text) - fits} chars{note})") > cells:
        fits -= 1
    return f"{text[:fits]}…(+{len(text) - fits} chars{note})"


def _widths(text: str, cells: int) -> Sequence[int]:
    """The width of each beginning of a text, from the empty one to the last that fits."""
    if text.isascii():
        return range(min(len(text), cells) + 1)
    widths = [0]
    for char in text:
        # The newest table by name: a record must not depend on the terminal of the machine it was made on.
        width = widths[-1] + get_character_cell_size(char, "latest")
        if width > cells:
            break
        widths.append(width)
    return widths
