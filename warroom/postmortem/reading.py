"""One pass over a record: the state at its end, every line of the timeline, and what the state forgets."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from warroom.errors import Unreadable
from warroom.events.codec import decode_event
from warroom.events.envelope import Envelope
from warroom.events.metrics import SeriesSampled
from warroom.events.room import BaselineRecorded
from warroom.events.triage import ClockBreached, FindingRaised, FindingWithdrawn
from warroom.model.response import Finding
from warroom.state.fold import apply
from warroom.state.slices import Moment, State


class Told(NamedTuple):
    """A finding over its life."""

    finding: Finding
    raised: datetime
    seq: int
    withdrawn: FindingWithdrawn | None = None
    over: datetime | None = None
    over_seq: int = 0


class Reading:
    """What one pass over the events gathers besides the state."""

    def __init__(self) -> None:
        self.state = State()
        self.moments: list[Moment] = []
        self.first_alert: Moment | None = None
        self.restored: Envelope | None = None
        """The event after which, for good, no watched figure was beyond its threshold."""
        self.was_broken = False
        self.findings: list[Told] = []
        self.breaches: list[tuple[ClockBreached, Envelope]] = []
        self.begins: int | None = None
        """The first event of the record; lines of earlier ones come from the baseline it begins with."""

    def take(self, envelope: Envelope) -> None:
        """Read one event."""
        if self.begins is None:
            self.begins = envelope.seq
        before = self.state.timeline.older + len(self.state.timeline.moments)
        fresh_state = self.state.seq == 0
        self.state = apply(self.state, envelope)
        timeline = self.state.timeline
        if envelope.type == BaselineRecorded.type and fresh_state:
            self.moments += timeline.moments
        else:
            fresh = timeline.older + len(timeline.moments) - before
            self.moments += timeline.moments[-fresh:] if fresh > 0 else []
        if envelope.type == SeriesSampled.type:
            self._figures(envelope)
        elif envelope.type in (FindingRaised.type, FindingWithdrawn.type, ClockBreached.type):
            self._triage(envelope)

    def _figures(self, envelope: Envelope) -> None:
        if figures_are_bad(self.state):
            self.was_broken, self.restored = True, None
        elif self.was_broken and self.restored is None:
            self.restored = envelope

    def _triage(self, envelope: Envelope) -> None:
        try:
            event = decode_event(envelope)
        except Unreadable:
            return
        if isinstance(event, ClockBreached):
            self.breaches.append((event, envelope))
        elif isinstance(event, FindingRaised):
            self.findings.append(Told(event.finding, envelope.time, envelope.seq))
        elif isinstance(event, FindingWithdrawn):
            for place in reversed(range(len(self.findings))):
                told = self.findings[place]
                if told.finding.key == event.key and told.withdrawn is None:
                    self.findings[place] = told._replace(
                        withdrawn=event, over=envelope.time, over_seq=envelope.seq
                    )
                    return

    def end(self) -> None:
        """After the last event: keep what belongs to the incident, in the order in which it was known."""
        incident = self.state.incident.incident
        after = incident.after_seq if incident is not None else 0
        self.moments = [m for m in self.moments if m.seq > after]
        self.findings = sorted([*self._from_before(), *self.findings], key=lambda told: told.seq)
        self.findings = [told for told in self.findings if told.seq > after]
        self.breaches = [breach for breach in self.breaches if breach[1].seq > after]
        self.first_alert = next(
            (m for m in self.moments if m.kind == "alert" and " firing (" in m.text), None
        )

    def _from_before(self) -> Iterator[Told]:
        """Findings that were raised before the record begins, as far as the state still has them."""
        known = {told.seq for told in self.findings}
        for standing in self.state.findings.standing.values():
            if standing.seq not in known:
                yield Told(standing.finding, standing.raised, standing.seq)

    def recorded(self, seq: int) -> bool:
        """Whether an event is in this record, and not only in the state it begins with."""
        return self.begins is not None and seq >= self.begins


def figures_are_bad(state: State) -> bool:
    """Whether a watched figure is beyond its threshold."""
    for indicator in state.metrics.indicators:
        series = state.metrics.series.get(indicator.metric)
        value = series.points[-1].value if series and series.points else None
        if indicator.threshold is not None and value is not None and value > indicator.threshold:
            return True
    return False
