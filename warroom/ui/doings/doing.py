"""One choice for an entry of the response board."""

import re
from typing import NamedTuple

from warroom.errors import WarroomError
from warroom.model.text import Safe, neutral

SEQ = re.compile(r"#(\d{1,9})\b")


class Doing(NamedTuple):
    """One choice: what it is called, what must be answered first, or why it cannot be."""

    id: str
    words: str
    asks: str = ""
    """The question before it; empty when there is none."""
    begin: str = ""
    """What stands in the answer already."""
    refused: str = ""
    """Why it is not possible; empty when it is."""
    needs_words: bool = True
    """Whether an empty answer is none."""
    replaced: bool = False
    """Whether the first character that is typed takes the place of what stands in the answer; else it goes on there."""


def said(answer: str, doing: Doing) -> Safe:
    """The answer as it is recorded; raises ``WarroomError`` for an empty one that must not be."""
    text = neutral(answer.strip())
    if doing.asks and doing.needs_words and not text:
        raise WarroomError(f"nothing was done: {doing.words.split(':')[0]} needs words")
    return text


def seqs_in(answer: str) -> tuple[int, ...]:
    """The events an answer names, such as ``#123``."""
    return tuple(int(number) for number in SEQ.findall(answer))
