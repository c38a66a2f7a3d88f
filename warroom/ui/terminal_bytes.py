"""What may go to the terminal: the grammar of what Textual and warroom emit, as pure functions of text."""

import base64
import re
from collections.abc import Iterator

from warroom.model.text import showable

_SEQUENCE = (
    rb"\x1b\[[0-9;:]*m"  # colours
    rb"|\x1b\[[0-9]+;[0-9]+H|\x1b\[[0-9]*C"  # the cursor to a place, and to the right
    rb"|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
    rb"|\x1b\[\?(?:2026|2048)\$p"  # does the terminal know these two modes?
    rb"|\x1b\[6n"  # where is the cursor: the terminal's acknowledgement of a frame
    rb"|\x1b\[8l"  # no implicit reordering of right-to-left text
    rb"|\x1b\[>[0-9]+u|\x1b\[<u"  # the keyboard protocol of kitty, on and off
    rb"|\x1b\]22;[a-z-]+\x07"  # the shape of the pointer
)
BELL = "\x07"
"""Only ever sent alone, and only where a person asked for it: nothing that is shown holds one."""
_COPY = rb"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"
MOST_COPIED = 74_994
"""Encoded bytes that terminals take into their clipboard at once; many drop more without a word."""
_ALLOWED = re.compile(_SEQUENCE)
_ALLOWED_WITH_COPY = re.compile(_SEQUENCE + _COPY)
_SUSPECT = re.compile(rb"[^ -~\r\n]")
_FOREIGN = re.compile(
    r"\x1b[P\]_^X][^\x07\x1b]*(?:\x07|\x1b\\)?"
    r"|\x1b\[[0-?]*[ -/]*[@-~]?"
    r"|\x1b.?"
    r"|.",
    re.DOTALL,
)


def disallowed(output: bytes, *, copying: bool = False) -> list[bytes]:
    """Each sequence and character of a whole output that does not match the grammar, in order.

    ``copying`` admits the clipboard sequence; only right after a person's copy command is that true.
    """
    allowed = _ALLOWED_WITH_COPY if copying else _ALLOWED
    # A line feed in the place of a sequence keeps its neighbours from joining to something new.
    if _all_shown(allowed.sub(b"\n", output)):
        return []
    return [part for part, is_allowed in _parts(output, allowed) if not is_allowed]


def copying_sequence(text: str) -> str | None:
    """What puts text into the terminal's clipboard (OSC 52); None when that is more than terminals take."""
    encoded = base64.b64encode(text.encode("utf-8", "replace"))
    return f"\x1b]52;c;{encoded.decode('ascii')}\x07" if len(encoded) <= MOST_COPIED else None


def only_allowed(output: str) -> tuple[str, list[bytes]]:
    """An output without what does not match the grammar, and what that was."""
    raw = output.encode("utf-8", "surrogatepass")
    if not (found := disallowed(raw)):
        return output, []
    kept = b"".join(part for part, is_allowed in _parts(raw, _ALLOWED) if is_allowed)
    return kept.decode("utf-8"), found


def _parts(output: bytes, allowed: re.Pattern[bytes]) -> Iterator[tuple[bytes, bool]]:
    begin = 0
    for sequence in allowed.finditer(output):
        yield from _between(output[begin : sequence.start()])
        yield sequence[0], True
        begin = sequence.end()
    yield from _between(output[begin:])


def _between(output: bytes) -> Iterator[tuple[bytes, bool]]:
    if _all_shown(output):
        yield output, True
        return
    for part in _FOREIGN.finditer(output.decode("utf-8", "surrogateescape")):
        yield part[0].encode("utf-8", "surrogateescape"), _is_shown(part[0])


def _all_shown(output: bytes) -> bool:
    return not _SUSPECT.search(output) or showable(
        output.translate(None, b"\r\n").decode("utf-8", "surrogateescape")
    )


def _is_shown(part: str) -> bool:
    return part in "\r\n" or showable(part)
