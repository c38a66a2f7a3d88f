"""Checks a post-mortem against the record it was made from: every number it gives is said by the events it points at.

Knows nothing of how the document is made. Of a line it takes every word with a digit in it (times, figures, names
such as ``A1`` or ``gpu-02``); each must be found in what the referenced events hold, be a time of theirs, a figure of
theirs in one of the forms people read, or a length of time between two of theirs.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from warroom.errors import Unreadable
from warroom.events.codec import decode_event
from warroom.events.envelope import Envelope
from warroom.postmortem.document import Document
from warroom.postmortem.sentences import Sentence, all_of, spoken
from warroom.views.ages import figure

WORD = re.compile(r"[^\s()\[\],;:]*\d[^\s()\[\],;]*")
LENGTH = re.compile(r"\d+ (?:hour|minute|second)s?(?: \d+ (?:minute|second)s?)?")
CLOCK = re.compile(r"\d\d:\d\d")
UNITS = ("", "ratio", "s", "percent", "celsius", "per_second")
COUNTED = re.compile(
    r"\d+ (?:entr(?:y|ies)|times?|more times?|more|earlier ones) |\breopened \d+ times?|step \d+ |\d+ of \d+$"
    r"| x\d+ |after \d+m\d\ds (?:lost|stale)"
)
"""What is counted over many events, and no single one holds."""


class Witness:
    """What some events hold, in the forms in which a document may say it."""

    def __init__(self, envelopes: Iterable[Envelope]) -> None:
        self.words: set[str] = {"0"}  # What is 0 is left out of an event.
        self.text = ""
        self.times: set[datetime] = set()
        self.millis: set[int] = set()
        for envelope in envelopes:
            self.times |= {envelope.time, envelope.observed_time}
            self.millis.add(envelope.room_ms)
            self._take(str(envelope.actor.name) if envelope.actor else envelope.source)
            with suppress(Unreadable):
                event = decode_event(envelope)
                self._take(msgspec.to_builtins(event, builtin_types=(datetime, timedelta, bytes)))

    def _take(self, held: Any) -> None:
        match held:
            case str():
                self.text += f"\n{held}"
                self.words.update(_words(held))
            case datetime():
                self.times.add(held)
            case timedelta():
                self.words |= {f"{held.total_seconds():.0f}", *_words(spoken(held))}
            case bool() | None | bytes():
                return
            case int() | float():
                self.words |= {figure(float(held), unit) for unit in UNITS} | {str(held)}
            case Mapping():
                for key, value in held.items():
                    self._take(key)
                    self._take(value)
            case list() | tuple():
                self.words.add(str(len(held)))
                for value in held:
                    self._take(value)

    def lacks(self, text: str) -> Iterator[str]:
        """Words with a digit that these events do not hold."""
        lengths = self._lengths()
        rest = LENGTH.sub(lambda found: "" if found[0] in lengths else found[0], COUNTED.sub(" ", text))
        clocks = self._clocks()
        for word in _words(rest):
            known = word in clocks or word in self.text
            if not known and not CLOCK.search(word):
                known = all(atom in self.words or atom in self.text for atom in (_atoms(word) or [word]))
            if not known:
                yield word

    def _lengths(self) -> set[str]:
        times = [*self.times, *(datetime.fromtimestamp(ms / 1000, UTC) for ms in self.millis)]
        return {spoken(abs(a - b)) for a in times for b in times}

    def _clocks(self) -> set[str]:
        forms = ("%H:%M:%SZ", "%Y-%m-%d", "%H:%MZ")
        return {f"{time:{form}}" for time in self.times for form in forms}


def _words(text: str) -> list[str]:
    return [word.strip(".:'\"") for word in WORD.findall(text) if not word.startswith("#")]


def _atoms(word: str) -> list[str]:
    """The parts of ``rack=rack1`` and ``120x40`` that have a digit."""
    size = re.fullmatch(r"(\d+)x(\d+)", word)
    parts = list(size.groups()) if size else re.split(r"[=!~/:]+", word)
    return [part for part in parts if re.search(r"\d", part)]


def lines_of(document: Document) -> Iterator[tuple[str, Sentence]]:
    """Every line with the part it stands in, and the milestones as lines."""
    for name in Document.__struct_fields__:
        value = getattr(document, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Sentence):
                yield from ((name, line) for line in all_of(one))
    for milestone in document.milestones:
        if milestone.time is not None:
            seqs = () if milestone.seq is None else (milestone.seq,)
            yield "milestones", Sentence(milestone.how, seqs, milestone.time)


WITH_EARLIER = frozenset(("timeline", "evidence", "milestones", "changes"))
"""Parts whose lines say with the event what was known before: an action's title, the image that was replaced."""


def wrongs(document: Document, envelopes: list[Envelope]) -> list[str]:
    """Every line that points at nothing that exists, or says what its events do not."""
    by_seq = {envelope.seq: envelope for envelope in envelopes}
    known = _first_said(envelopes)
    found = []
    for part, line in lines_of(document):
        missing = [seq for seq in line.evidence if seq not in by_seq]
        if missing:
            found.append(f"{part}: {line.text!r} points at {missing}, which the record does not have")
            continue
        if not line.evidence:
            continue
        witness = Witness(by_seq[seq] for seq in line.evidence)
        if line.time is not None and line.time not in witness.times:
            found.append(f"{part}: {line.text!r} is said to be of {line.time}, {line.evidence} is not")
        last = max(line.evidence)
        lacking = [
            w for w in witness.lacks(line.text) if part not in WITH_EARLIER or known.get(w, last + 1) > last
        ]
        found += [f"{part}: {word!r} of {line.text!r} not in {line.evidence}" for word in lacking]
    lost = [blind for blind in document.blind if not by_seq.keys() >= set(blind.evidence)]
    return found + [f"blind: {blind.what!r} points at {blind.evidence}" for blind in lost]


def _first_said(envelopes: list[Envelope]) -> dict[str, int]:
    """Which event said a word first."""
    found: dict[str, int] = {}
    for envelope in envelopes:
        for word in Witness([envelope]).words:
            for said in (word, *re.findall(r"[\w.]+", word)):
                found.setdefault(said, envelope.seq)
    return found


def unproven(document: Document) -> list[str]:
    """Lines with a number in them that point at no event."""
    return [f"{part}: {s.text!r}" for part, s in lines_of(document) if not s.evidence and _words(s.text)]
