"""Names of nodes as different systems write them: hostlists, racks, scrape targets."""

import re
from collections.abc import Iterable

from warroom.model.text import Safe, neutral

MOST = 100_000
"""Names a hostlist may stand for; a longer one is taken for an attack."""
MOST_BRACKETS = 8
"""In one name; Slurm's own topologies have up to five."""
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}")
RACK = re.compile(r"rack[-_]?\w+", re.IGNORECASE)
PORT = re.compile(r":\d{1,5}$")
OPERATION = re.compile(r"\s*\[warroom:([^\]\s]{1,120})\]")


def is_plain(name: str) -> bool:
    """Whether a name may be handed to a program: no blank, comma, bracket or option."""
    return PLAIN.fullmatch(name) is not None


def expand_hostlist(text: str) -> tuple[str, ...]:
    """``gpu[01-03,07],login1`` as its names, padded as written; raises ``ValueError``."""
    names: list[str] = []
    for part in _parts(text):
        names += _expanded(part, MOST - len(names))
    return tuple(names)


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    depth = start = 0
    for place, char in enumerate(text):
        depth += (char == "[") - (char == "]")
        if depth not in (0, 1):
            raise ValueError("brackets do not match")
        if char == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    if depth:
        raise ValueError("brackets do not match")
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _expanded(part: str, most: int) -> list[str]:
    """The names of one part; the first bracket is the slowest to change, as Slurm does it."""
    before, bracket, rest = part.partition("[")
    if most < 1 or part.count("[") > MOST_BRACKETS:
        raise ValueError("too many names")
    if not bracket:
        return [part]
    inside, _, after = rest.partition("]")
    numbers: list[str] = []
    for piece in inside.split(","):
        numbers += _numbers(piece.strip(), most - len(numbers))
    tails = _expanded(after, most) if after else [""]
    if len(numbers) * len(tails) > most:
        raise ValueError("too many names")
    return [f"{before}{number}{tail}" for number in numbers for tail in tails]


def _numbers(piece: str, most: int) -> list[str]:
    first, dash, last = piece.partition("-")
    last = last if dash else first
    if not (first.isascii() and first.isdigit() and last.isascii() and last.isdigit()) or len(last) > 18:
        raise ValueError(f"not a range of numbers: {piece[:40]!r}")
    if int(last) < int(first) or int(last) - int(first) >= most:
        raise ValueError(f"not a range of numbers: {piece[:40]!r}")
    return [f"{number:0{len(first)}d}" for number in range(int(first), int(last) + 1)]


def rack_of(features: tuple[str, ...]) -> str:
    """The first feature that names a rack, such as ``rack1``; empty when none does."""
    return next((feature for feature in features if RACK.fullmatch(feature)), "")


def node_of_target(instance: str) -> str:
    """The node of a scrape target: ``gpu07:9100`` and ``gpu07`` are ``gpu07``; addresses stay as they are."""
    if instance.count(":") > 1 and not instance.startswith("["):
        return instance
    return PORT.sub("", instance).strip("[]")


def distinct(raw_names: Iterable[str]) -> dict[str, Safe]:
    """The shown form of each raw name: neutral, and numbered where two names would look alike."""
    shown: dict[str, Safe] = {}
    taken: set[str] = set()
    for raw in sorted(set(raw_names), key=lambda raw: (neutral(raw) != raw, raw)):
        name, number = neutral(raw), 1
        while name in taken:
            number += 1
            name = Safe(f"{neutral(raw)} #{number}")
        taken.add(name)
        shown[raw] = name
    return shown


def signed(text: str, operation: str) -> str:
    """The text with the operation's id at its end, by which the target can be asked about it later."""
    return f"{text} [warroom:{operation}]".strip()


def operation_in(text: str) -> str:
    """The operation's id a text ends in; empty when there is none."""
    found = OPERATION.search(text)
    return found[1] if found else ""


def unsigned(text: str) -> str:
    """The text without an operation's id."""
    return OPERATION.sub("", text)
