"""One pass over a record: the state at its end, every line of the timeline, and what the state forgets."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from warroom.errors import Unreadable
from warroom.events.base import Event
from warroom.events.codec import decode_event
from warroom.events.envelope import Envelope
from warroom.events.incident import IncidentReopened
from warroom.events.inquiry import EvidencePinned, HypothesisEliminated, HypothesisSupported
from warroom.events.metrics import IndicatorsWatched, SeriesSampled
from warroom.events.room import BaselineRecorded, ClientAttached, ClientDetached
from warroom.events.triage import ClockBreached, FindingRaised, FindingUpdated, FindingWithdrawn
from warroom.events.updates import UpdateSent
from warroom.model.response import Confidence, Finding
from warroom.postmortem.worst import WorstReader
from warroom.state.changes import Change
from warroom.state.fold import apply
from warroom.state.slices import Moment, State
from warroom.state.spells import Spell

READ = (
    FindingRaised,
    FindingUpdated,
    FindingWithdrawn,
    ClockBreached,
    HypothesisSupported,
    HypothesisEliminated,
    EvidencePinned,
    IncidentReopened,
    UpdateSent,
)
"""Of these events more is kept than the state keeps."""
READ_TYPES = frozenset(cls.type for cls in READ)
COMING_AND_GOING = (ClientAttached.type, ClientDetached.type)
SURENESS = {Confidence.LOW: 0, Confidence.MEDIUM: 1, Confidence.HIGH: 2}


class Told(NamedTuple):
    """A finding over its life."""

    finding: Finding
    """As it was when it was surest."""
    raised: datetime
    seq: int
    surest: datetime
    surest_seq: int
    first: Finding
    """As it was raised."""
    withdrawn: FindingWithdrawn | None = None
    over: datetime | None = None
    over_seq: int = 0

    @property
    def refuted(self) -> bool:
        """It turned out to be wrong."""
        return self.withdrawn is not None and self.withdrawn.refuted


class Seen(NamedTuple):
    """A change, and when it was seen: a cluster's own word for when a workload changed may be its last start."""

    change: Change
    time: datetime


class Reading:
    """What one pass over the events gathers besides the state."""

    def __init__(self) -> None:
        self.state = State()
        self.moments: list[Moment] = []
        self.changes: list[Seen] = []
        self.spells: list[Spell] = []
        """Spells, those that are over first."""
        self.worst = WorstReader()
        self.findings: list[Told] = []
        self.breaches: list[tuple[ClockBreached, Envelope]] = []
        self.judged: list[tuple[str, Envelope]] = []
        """Hypotheses that were judged, by name, and the event that did."""
        self.pinned: list[Envelope] = []
        self.reopened: list[tuple[IncidentReopened, Envelope]] = []
        self.sent: list[tuple[UpdateSent, Envelope]] = []
        self.watched: list[Envelope] = []
        """The events that say which figures are watched, and their limits."""
        self.said: list[tuple[str, Envelope]] = []
        """What people did, by name."""
        self.begins: Envelope | None = None
        """The first event of the record; lines of earlier ones come from the baseline it begins with."""
        self.last: Envelope | None = None
        self.holes: list[range] = []
        """Events that are not in the record although later ones are."""

    def take(self, envelope: Envelope) -> None:
        """Read one event."""
        if self.begins is None or self.last is None:
            self.begins = envelope
        elif envelope.seq != self.last.seq + 1:
            self.holes.append(range(self.last.seq + 1, envelope.seq))
        self.last = envelope
        fresh_state = self.state.seq == 0 and envelope.type == BaselineRecorded.type
        before = (0, 0, 0) if fresh_state else _counts(self.state)
        self.state = apply(self.state, envelope)
        self._gather(before, envelope)
        if envelope.type == SeriesSampled.type:
            self.worst.take(envelope, self.state)
        elif envelope.type == IndicatorsWatched.type:
            self.watched.append(envelope)
        if envelope.type in READ_TYPES:
            self._keep(envelope)
        person = envelope.actor
        if person is not None and person.via != "room" and envelope.type not in COMING_AND_GOING:
            self.said.append((str(person.name), envelope))

    def _gather(self, before: tuple[int, int, int], envelope: Envelope) -> None:
        state = self.state
        moments, changes, spells = (now - old for now, old in zip(_counts(state), before, strict=True))
        # A baseline in the middle may know less than was read: what came before it is here already.
        if moments > 0:
            self.moments += state.timeline.moments[-moments:]
        if changes > 0:
            fresh = state.changes.changes[-changes:]
            self.changes += [Seen(c, envelope.time if c.seq == envelope.seq else c.time) for c in fresh]
        if spells > 0:
            self.spells += state.spells.over[-spells:]

    def _keep(self, envelope: Envelope) -> None:
        try:
            event = decode_event(envelope)
        except Unreadable:
            return
        match event:
            case ClockBreached():
                self.breaches.append((event, envelope))
            case FindingRaised() | FindingUpdated() | FindingWithdrawn():
                self._triage(event, envelope)
            case HypothesisSupported() | HypothesisEliminated():
                self.judged.append((event.hypothesis, envelope))
            case EvidencePinned():
                self.pinned.append(envelope)
            case IncidentReopened():
                self.reopened.append((event, envelope))
            case UpdateSent():
                self.sent.append((event, envelope))
            case _:
                return

    def _triage(self, event: Event, envelope: Envelope) -> None:
        time, seq = envelope.time, envelope.seq
        if isinstance(event, FindingWithdrawn):
            place = self._standing(event.key)
            if place is not None:
                told = self.findings[place]
                self.findings[place] = told._replace(withdrawn=event, over=time, over_seq=seq)
        elif isinstance(event, FindingUpdated) and (place := self._standing(event.finding.key)) is not None:
            told = self.findings[place]
            if SURENESS[event.finding.confidence] > SURENESS[told.finding.confidence]:
                self.findings[place] = told._replace(finding=event.finding, surest=time, surest_seq=seq)
        elif isinstance(event, FindingRaised | FindingUpdated):
            self.findings.append(Told(event.finding, time, seq, time, seq, event.finding))

    def _standing(self, key: str) -> int | None:
        for place in reversed(range(len(self.findings))):
            told = self.findings[place]
            if told.finding.key == key:
                return place if told.withdrawn is None else None
        return None

    def end(self) -> None:
        """After the last event: keep what belongs to the incident, in the order in which it was known."""
        incident = self.state.incident.incident
        after = incident.after_seq if incident is not None else 0
        self.moments = [m for m in self.moments if m.seq > after]
        self.spells += self.state.spells.open.values()
        self.findings = sorted([*self._from_before(), *self.findings], key=lambda told: told.seq)
        # A finding that still stood when the earlier incident ended may be of this one.
        self.findings = [t for t in self.findings if max(t.seq, t.over_seq) > after or t.withdrawn is None]
        self.breaches = [breach for breach in self.breaches if breach[1].seq > after]
        self.judged = [one for one in self.judged if one[1].seq > after]
        self.pinned = [envelope for envelope in self.pinned if envelope.seq > after]
        self.said = [one for one in self.said if one[1].seq > after]

    def _from_before(self) -> Iterator[Told]:
        """Findings that were raised before the record begins, as far as the state still has them."""
        known = {told.seq for told in self.findings}
        for standing in self.state.findings.standing.values():
            if standing.seq not in known:
                finding, time, seq = standing.finding, standing.raised, standing.seq
                yield Told(finding, time, seq, time, standing.changed_seq, finding)

    def recorded(self, *seqs: int) -> tuple[int, ...]:
        """Those events that are in this record, and not only in the state it begins with; each once."""
        if self.begins is None or self.last is None:
            return ()
        within = range(self.begins.seq, self.last.seq + 1)
        kept = (seq for seq in seqs if seq in within and not any(seq in hole for hole in self.holes))
        return tuple(dict.fromkeys(kept))

    def limits_at(self, seq: int) -> tuple[int, ...]:
        """The event that set the limits by which one was judged; none where that was before the record."""
        return tuple(e.seq for e in self.watched if e.seq <= seq)[-1:]

    @property
    def was_closed(self) -> bool:
        """Whether the room was ended in an orderly way; else it is still open, or its host was killed."""
        return self.state.room.closed


def _counts(state: State) -> tuple[int, int, int]:
    """How many moments, changes and spells there have been."""
    timeline, changes, spells = state.timeline, state.changes, state.spells
    return (
        timeline.older + len(timeline.moments),
        changes.older + len(changes.changes),
        spells.older + len(spells.over),
    )
