"""What may go to the terminal and what may come back from it: the two grammars, as pure functions of text.

Everything written must match the grammar of what Textual and warroom emit. What the terminal answers to a
query that was never ours must not reach the key parser, which would take an unknown answer for typing.
"""

import re
from dataclasses import dataclass, field

from warroom.model.text import showable

_SEQUENCE = (
    rb"\x1b\[[0-9;:]*m"  # colours
    rb"|\x1b\[[0-9]+;[0-9]+H"  # the cursor to a place
    rb"|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
    rb"|\x1b\[\?(?:2026|2048)\$p"  # does the terminal know these two modes?
    rb"|\x1b\[6n"  # where is the cursor: the terminal's acknowledgement of a frame
    rb"|\x1b\[8l"  # no implicit reordering of right-to-left text
    rb"|\x1b\[>[0-9]+u|\x1b\[<u"  # the keyboard protocol of kitty, on and off
    rb"|\x1b\]22;[a-z-]+\x07"  # the shape of the pointer
)
_COPY = rb"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"
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
    if not _SUSPECT.search(allowed.sub(b"\n", output)):
        return []
    found: list[bytes] = []
    begin = 0
    for sequence in allowed.finditer(output):
        found += _violations(output[begin : sequence.start()])
        begin = sequence.end()
    return found + _violations(output[begin:])


def _violations(between: bytes) -> list[bytes]:
    if not _SUSPECT.search(between):
        return []
    text = between.decode("utf-8", "surrogateescape")
    parts = (part[0] for part in _FOREIGN.finditer(text))
    return [part.encode("utf-8", "surrogateescape") for part in parts if not _is_shown(part)]


def _is_shown(part: str) -> bool:
    return part in "\r\n" or showable(part)


_REPLY = re.compile(
    r"(?:\x1b\[|\x9b)(?:"
    r"(?:[?>=][0-9;:]*|[0-9;:]+)[cn]"  # device attributes, status; bare `ESC [ c` is a key
    r"|(?!48;|1;[5-8]t)[0-9;:]+t"  # window reports, but Textual's resize and Ctrl+4
    r"|\??(?!(?:2026|2048);)[0-9;]*\$y"  # mode reports, but the two Textual asks for
    r"|\?[0-9;:]*[uR])"  # keyboard flags, extended cursor position
    r"|(?:\x1b[P\]_^X]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # strings of any kind
)
_UNFINISHED = re.compile(
    r"(?:\x1b(?:\[[0-?]*[ -/]*)?|\x9b[0-?]*[ -/]*"
    r"|(?:\x1b[P\]_^X]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*\x1b?)\Z"
)
_CERTAIN = re.compile(
    r"(?:\x1b\[|\x9b)[<>?=0-9]|(?:\x1bP|\x90)[0-9>!+$|]|(?:\x1b\]|\x9d)[0-9lL]|(?:\x1b_|\x9f)G"
)
"""How an answer begins that no person types, however it goes on."""

KEY_WAIT_S = 0.1
"""How long what may still be a key, as a lone Escape or Alt+], is held back."""
REPLY_WAIT_S = 1.0
"""How long the rest of what can only be an answer is waited for; then its beginning is dropped."""
LONGEST_HELD = 4_096


def strip_replies(text: str) -> str:
    """Input without the terminal's complete answers; keys, mouse, paste, focus and resize stay."""
    return _REPLY.sub("", text)


@dataclass
class ReplyFilter:
    """Keeps the terminal's answers from the key parser, also when a read ends in the middle of one."""

    dropped: int = 0
    """Answers taken out so far, unfinished ones included."""
    _held: str = field(default="", init=False)
    _since_s: float = field(default=0.0, init=False)

    def feed(self, text: str, now_s: float) -> str:
        """What of the input may go on to the key parser now; ``now_s`` is a monotonic time."""
        early = self.due(now_s)
        begun = self._held
        passed, answers = _REPLY.subn("", begun + text)
        self.dropped += answers
        rest = _UNFINISHED.search(passed)
        self._held = rest[0] if rest else ""
        if self._held and (not begun or not self._held.startswith(begun)):
            self._since_s = now_s
        if len(self._held) > LONGEST_HELD:
            # The beginning is enough to know its end by.
            self._held = self._held[:16]
        return early + (passed[: rest.start()] if rest else passed)

    def due(self, now_s: float) -> str:
        """What was held long enough without becoming an answer; call it when ``deadline_s`` has passed."""
        deadline_s = self.deadline_s
        if deadline_s is None or now_s < deadline_s:
            return ""
        held, self._held = self._held, ""
        if _CERTAIN.match(held):
            self.dropped += 1
            return ""
        return held

    @property
    def deadline_s(self) -> float | None:
        """When ``due`` has something to decide; None while nothing is held."""
        if not self._held:
            return None
        return self._since_s + (REPLY_WAIT_S if _CERTAIN.match(self._held) else KEY_WAIT_S)
