"""Pieces of the sentences a plan and a verdict are made of."""

import re
from collections.abc import Iterable, Sequence

from warroom.model.requests import Acknowledge, Request, SilenceAlerts
from warroom.model.text import Safe, neutral

LISTED = 12
"""Sentences of one kind shown in full; the rest is counted."""
TYPED = 12
"""Characters of a name that are typed to confirm; of a longer one its last word is."""
WORD_ENDS = re.compile(r"[^0-9A-Za-z]+")


def names(words: Iterable[str], most: int = 6) -> str:
    """A few names and how many more: ``a1, a2 and 12 more``."""
    every = list(words)
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")


def counted(number: int, noun: str) -> str:
    """``1 instance``, ``3 instances``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def placed(kind: str, value: str) -> str:
    """A rack, zone or switch as people say it: ``rack 7``, but ``rack7`` and not ``rack rack7``."""
    return value if value.lower().startswith(kind.lower()) else f"{kind} {value}"


def short(sentences: Iterable[str]) -> tuple[Safe, ...]:
    """The first sentences, and how many more there are."""
    every = [neutral(sentence) for sentence in sentences]
    if len(every) <= LISTED:
        return tuple(every)
    return (*every[:LISTED], Safe(f"... and {len(every) - LISTED} more"))


def span(seconds: int) -> str:
    """A length of time as people say it: ``45 s``, ``10 min``, ``2 h``, ``1 h 30 min``."""
    if seconds % 60 or seconds <= 0:
        return f"{seconds} s"
    hours, minutes = divmod(seconds // 60, 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{minutes} min"] if minutes else [])
    return " ".join(parts)


def typed(targets: Sequence[str]) -> str:
    """What must be typed to confirm: the one target's name, the last word of a long one, or how many targets."""
    if len(targets) != 1:
        return str(len(targets)) if targets else ""
    name = targets[0]
    words = [word for word in WORD_ENDS.split(name) if word]
    word = name if len(name) <= TYPED else words[-1][-TYPED:] if words else ""
    # A name may hold what no keyboard has; the number one can be typed by everybody.
    return word if word.isascii() and word.isprintable() and word.strip() == word and word else "1"


def operator(*, is_regex: bool, is_equal: bool) -> str:
    """The sign of a matcher, as Alertmanager writes it."""
    return ("=~" if is_equal else "!~") if is_regex else ("=" if is_equal else "!=")


def matchers_text(request: SilenceAlerts) -> str:
    """The matchers of a silence in one line."""
    return names(
        f"{m.name}{operator(is_regex=m.is_regex, is_equal=m.is_equal)}{m.value}" for m in request.matchers
    )


def reason_of(request: Request) -> str:
    """Why, in the words of who asked."""
    if isinstance(request, SilenceAlerts):
        return str(request.comment)
    return str(request.note) if isinstance(request, Acknowledge) else str(getattr(request, "reason", ""))
