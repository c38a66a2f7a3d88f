"""What comes back from the terminal: keys and pastes go on, answers nobody asked for do not.

Textual types what it cannot read as if a person had pressed those keys, so an answer the terminal gives to a
query that something else sent could press keys here. What is passed on is therefore what is known to be input.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

PASTE_BEGINS = "\x1b[200~"
PASTE_ENDS = "\x1b[201~"

_STRING = r"(?:\x1b[P\]_^X]|[\x90\x98\x9d-\x9f])[^\x07\x18\x1a\x1b\x9c]*"
_CSI = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*"
_CONSOLE = r"\x1b\[\["  # F1 to F5 on the console of Linux are this and a letter
_TOKEN = re.compile(
    r"(?P<plain>[^\x1b\x80-\x9f]+)"
    rf"|(?P<answer>{_STRING}(?:[\x07\x18\x1a\x9c]|\x1b\\))"  # OSC, DCS, APC, PM, SOS
    r"|(?P<mouse>\x1b\[M...)"  # a mouse another program left on, in its oldest form: any three characters
    rf"|(?P<sequence>{_CONSOLE}[A-E]|{_CSI}[@-~])"
    r"|(?P<key>\x1bO[ -~]|\x1b[^\x1b\[O\]P_^X\x80-\x9f])"
    rf"|(?P<broken>(?:{_STRING}|{_CSI}|\x1bO?)(?=.))"  # what follows can belong to neither
    r"|(?P<stray>[\x80-\x9f])",
    re.DOTALL,
)
_UNFINISHED = re.compile(rf"(?:{_STRING}\x1b?|{_CSI}|{_CONSOLE}|\x1bO?|\x1b\[M.{{0,2}})\Z", re.DOTALL)
_CERTAIN = re.compile(
    r"(?:\x1b\[|\x9b)[<>?=0-9M\[]|(?:\x1bP|\x90)[0-9>!+$|]|(?:\x1b\]|\x9d)[0-9lL]|(?:\x1b_|\x9f)G"
)
"""How an answer begins that no person types, however it goes on."""

ESC_THEN_COLON = "\x1b:"
"""Esc and the key of the command line in one go, which is also what Alt+: sends; nobody means that by it."""
KEY_WAIT_S = 0.05
"""How long what may still be a key, as a lone Escape or Alt+], is held back."""
REPLY_WAIT_S = 1.0
"""How long the rest of what can only be an answer is waited for after its last part."""
LONGEST_HELD = 4_096
LONGEST_PASTE = 65_536
"""Characters of one paste that are passed on; nobody types a note longer than that."""

_NOT_PASTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass
class InputFilter:
    """Takes what was read from the terminal and gives the pieces a key parser may have, each of them whole."""

    understood: Callable[[str], bool]
    """Whether the key parser knows a control sequence (CSI); one that it does not know would be typed."""
    dropped: int = 0
    """Answers and fragments taken out so far."""
    _held: str = field(default="", init=False)
    _since_s: float = field(default=0.0, init=False)
    _pasted: int | None = field(default=None, init=False)
    """Characters of the paste that is under way."""

    def feed(self, text: str, now_s: float) -> list[str]:
        """The pieces of the input that may go on now; ``now_s`` is a monotonic time."""
        early = self.due(now_s)
        held, self._held = self._held, ""
        pieces = list(self._pieces(held + text))
        if self._held:
            self._since_s = now_s
        return early + pieces

    def due(self, now_s: float) -> list[str]:
        """What was held long enough without becoming an answer; call it when ``deadline_s`` has passed."""
        deadline_s = self.deadline_s
        if deadline_s is None or now_s < deadline_s:
            return []
        held, self._held = self._held, ""
        if self._pasted is not None:
            # Esc, and nothing after it: a person ends a paste whose end was lost.
            self._pasted = None
            return [PASTE_ENDS]
        return list(self._keys(held))

    @property
    def deadline_s(self) -> float | None:
        """When ``due`` has something to decide; None while nothing is held."""
        if not self._held or (self._pasted is not None and self._held != "\x1b"):
            return None
        slow = self._pasted is not None or (_CERTAIN.match(self._held) and not self.understood(self._held))
        return self._since_s + (REPLY_WAIT_S if slow else KEY_WAIT_S)

    def _pieces(self, text: str) -> Iterator[str]:
        at = 0
        while at < len(text):
            if self._pasted is not None:
                end, pasted = self._paste(text, at)
                yield from pasted
                at = end
                continue
            if _UNFINISHED.match(text, at):
                # The beginning of a long answer is enough to know its end by.
                self._held = text[at:] if len(text) - at <= LONGEST_HELD else text[at : at + 16]
                return
            token = _TOKEN.match(text, at)
            assert token is not None, "every character belongs to a token"
            at = token.end()
            yield from self._passed(str(token.lastgroup), token[0])

    def _passed(self, kind: str, piece: str) -> Iterator[str]:
        match kind:
            case "key" if piece == ESC_THEN_COLON:
                yield from piece
            case "plain" | "key":
                yield piece
            case "sequence" if piece == PASTE_BEGINS:
                self._pasted = 0
                yield piece
            case "sequence" if piece != PASTE_ENDS and self.understood(piece):
                yield piece
            case "broken":
                yield from self._keys(piece)
            case _:
                self.dropped += 1

    def _keys(self, held: str) -> Iterator[str]:
        """What turned out to be no whole sequence: keys, unless no person types it."""
        if self.understood(held):
            yield held
            return
        if _CERTAIN.match(held) or held[0] > "\x7f":
            self.dropped += 1
            return
        # Escape, or Alt and a character, and what was typed after it.
        yield held[:2]
        if held[2:]:
            yield held[2:]

    def _paste(self, text: str, at: int) -> tuple[int, list[str]]:
        """Pass on pasted text without its control characters, up to the paste's end."""
        assert self._pasted is not None
        end = text.find(PASTE_ENDS, at)
        stop = end if end >= 0 else len(text) - _overlap(text[at:], PASTE_ENDS)
        clean = _NOT_PASTED.sub("", text[at:stop])[: LONGEST_PASTE - self._pasted]
        pieces = [clean] if clean else []
        if end >= 0:
            self._pasted = None
            return end + len(PASTE_ENDS), [*pieces, PASTE_ENDS]
        self._pasted += len(clean)
        self._held = text[stop:]
        return len(text), pieces


def _overlap(text: str, mark: str) -> int:
    """How many of the last characters of the text may be the beginning of a mark."""
    return next((n for n in range(len(mark) - 1, 0, -1) if text.endswith(mark[:n])), 0)
