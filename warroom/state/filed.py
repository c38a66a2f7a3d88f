"""Folds what people file beside the incident: notes and markers, the causes they name, what they looked at."""

import msgspec

from warroom.events.base import Event
from warroom.events.envelope import Envelope
from warroom.events.incident import MarkerAdded, NoteAdded, QueryAnswered
from warroom.model.nouns import Person, Time
from warroom.model.text import Safe

NEWEST = 5
MOST_CAUSES = 20
MOST_LOOKS = 100
CAUSE = "root cause:"
"""A note that begins so names a cause."""


class Filed(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something a person said or looked at."""

    text: Safe
    seq: int
    time: Time
    by: Person


class FiledSlice(msgspec.Struct):
    """Counts, the newest few, and each kind of look by its first word."""

    revision: int = 0
    notes: int = 0
    markers: int = 0
    newest: list[Filed] = []
    causes: list[Filed] = []
    looks: dict[str, Filed] = {}
    """``cluster-status``, ``alert-list``, ``logs-search``, ...: the newest of each."""


def apply_filed(filed: FiledSlice, event: Event, envelope: Envelope) -> None:
    """Keep what a person filed; the host's own notes count for nothing."""
    by = envelope.actor
    if by is None or by.via == "room":
        return
    match event:
        case NoteAdded():
            filed.notes += 1
            said = Filed(event.text, envelope.seq, envelope.time, by)
            if str(event.text).casefold().startswith(CAUSE):
                filed.causes = [*filed.causes, said][-MOST_CAUSES:]
        case MarkerAdded():
            filed.markers += 1
            said = Filed(event.text, envelope.seq, envelope.time, by)
        case QueryAnswered():
            word = str(event.query).partition(" ")[0]
            filed.looks.pop(word, None)
            filed.looks[word] = Filed(event.query, envelope.seq, envelope.time, by)
            while len(filed.looks) > MOST_LOOKS:
                filed.looks.pop(next(iter(filed.looks)))
            filed.revision += 1
            return
        case _:
            return
    filed.newest = [*filed.newest, said][-NEWEST:]
    filed.revision += 1
