"""The post-mortem as values: every line with the events it rests on; what is not known says so."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from warroom.events.envelope import Envelope
from warroom.events.metrics import SeriesSampled
from warroom.model.requests import Verdict
from warroom.postmortem.gaps import Blind, GapReader
from warroom.state.fold import apply
from warroom.state.slices import Action, Incident, Moment, State


class ExportHeader(msgspec.Struct, frozen=True):
    """Which record it is."""

    recording: str
    meta: dict[str, str]
    events: int
    head: str
    links: int


class Milestone(msgspec.Struct, frozen=True):
    """One of the named times; None when the record does not show it."""

    name: str
    time: datetime | None
    seq: int | None
    how: str
    """By which fact, or what is missing."""


class Sentence(msgspec.Struct, frozen=True):
    """A line and the events it rests on."""

    text: str
    evidence: tuple[int, ...] = ()
    time: datetime | None = None


class Document(msgspec.Struct, frozen=True):
    """A post-mortem."""

    header: ExportHeader
    title: str
    date: datetime | None
    severity: str
    history: tuple[Sentence, ...]
    impact: str
    duration: timedelta | None
    milestones: tuple[Milestone, ...]
    durations: tuple[Sentence, ...]
    timeline: tuple[Sentence, ...]
    actions: tuple[Sentence, ...]
    causes: tuple[Sentence, ...]
    evidence: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]
    blind: tuple[Blind, ...]
    prevention: tuple[Sentence, ...]
    lessons: tuple[Sentence, ...]


class Reading:
    """What one pass over the events gathers besides the state."""

    def __init__(self) -> None:
        self.state = State()
        self.moments: list[Moment] = []
        self.first_alert: Moment | None = None
        self.restored: Envelope | None = None
        """The event after which, for good, no watched figure was beyond its threshold."""
        self.was_broken = False
        self.lines_dropped = 0

    def take(self, envelope: Envelope) -> None:
        """Read one event."""
        before = self.state.timeline.older + len(self.state.timeline.moments)
        self.state = apply(self.state, envelope)
        timeline = self.state.timeline
        fresh = timeline.older + len(timeline.moments) - before
        new = timeline.moments[-fresh:] if fresh > 0 else []
        self.moments += new
        for moment in new:
            if moment.kind == "alert" and self.first_alert is None and " firing (" in moment.text:
                self.first_alert = moment
        if envelope.type == SeriesSampled.type:
            if figures_are_bad(self.state):
                self.was_broken, self.restored = True, None
            elif self.was_broken and self.restored is None:
                self.restored = envelope


def figures_are_bad(state: State) -> bool:
    """Whether a watched figure is beyond its threshold."""
    for indicator in state.metrics.indicators:
        series = state.metrics.series.get(indicator.metric)
        value = series.points[-1].value if series and series.points else None
        if indicator.threshold is not None and value is not None and value > indicator.threshold:
            return True
    return False


def build(envelopes: Iterable[Envelope], header: ExportHeader) -> Document:
    """Read the whole record once and compute the post-mortem of its incident."""
    reading = Reading()
    gaps = GapReader()
    for envelope in envelopes:
        reading.take(envelope)
        gaps.take(envelope, reading.state)
    state, incident = reading.state, reading.state.incident.incident
    milestones = _milestones(reading, incident)
    begin = next((m.time for m in milestones if m.time is not None), None)
    end = incident.resolved if incident else None
    said = [m for m in reading.moments if m.kind == "note"]
    return Document(
        header,
        title=str(incident.title) if incident else "",
        date=incident.declared if incident else begin,
        severity=str(incident.severity) if incident else "",
        history=tuple(
            Sentence(
                f"{s.severity} by {s.person.name}" + (f": {s.reason}" if s.reason else ""), (s.seq,), s.time
            )
            for s in (incident.history if incident else ())
        ),
        impact=str(incident.impact) if incident else "",
        duration=end - begin if begin and end else None,
        milestones=milestones,
        durations=_durations(milestones),
        timeline=tuple(
            Sentence(f"{m.actor}: {m.text}", (m.seq,), m.time)
            for m in sorted(reading.moments, key=lambda m: (m.time, m.seq))
        ),
        actions=tuple(_action(a) for a in state.actions.actions.values()),
        causes=_said(said, "root cause:"),
        evidence=tuple(
            Sentence(str(m.text), (m.seq,), m.time) for m in reading.moments if m.kind == "evidence"
        ),
        notes=tuple(Sentence(f"{m.actor}: {m.text}", (m.seq,), m.time) for m in said),
        blind=gaps.spots(state),
        prevention=_said(said, "action item:") + _said(said, "prevention:"),
        lessons=_said(said, "lesson:"),
    )


def _said(notes: list[Moment], begin: str) -> tuple[Sentence, ...]:
    """Notes that begin with a word for it; nobody's mouth is filled."""
    return tuple(
        Sentence(str(m.text)[len(begin) :].strip(), (m.seq,), m.time)
        for m in notes
        if str(m.text).casefold().startswith(begin)
    )


def _milestones(reading: Reading, incident: Incident | None) -> tuple[Milestone, ...]:
    first, actions = reading.first_alert, list(reading.state.actions.actions.values())
    started = next((s for a in actions if (s := a.step("started")) is not None), None)
    cause = next(
        (m for m in reading.moments if m.kind == "note" and str(m.text).casefold().startswith("root cause:")),
        None,
    )
    restored = reading.restored
    missing = "not in the record"
    return (
        Milestone(
            "First alert fired",
            first.time if first else None,
            first.seq if first else None,
            str(first.text) if first else missing,
        ),
        Milestone(
            "Incident declared",
            incident.declared if incident else None,
            incident.declared_seq if incident else None,
            f"by {incident.declared_by.name}" if incident else "no incident was declared",
        ),
        Milestone(
            "Mitigation started",
            started.time if started else None,
            started.seq if started else None,
            "first action started" if started else "no action was started",
        ),
        Milestone(
            "Service restored",
            restored.time if restored else None,
            restored.seq if restored else None,
            "from here on every watched figure is within its threshold"
            if restored
            else "no watched figure was beyond its threshold"
            if not reading.was_broken
            else "a watched figure is still beyond its threshold",
        ),
        Milestone(
            "Root cause identified",
            cause.time if cause else None,
            cause.seq if cause else None,
            str(cause.text) if cause else "no note begins with `root cause:`",
        ),
        Milestone(
            "Incident resolved",
            incident.resolved if incident else None,
            incident.resolved_seq if incident else None,
            (
                f"by {incident.resolved_by.name}"
                if incident and incident.resolved_by
                else "the incident is still open"
            ),
        ),
    )


def _durations(milestones: tuple[Milestone, ...]) -> tuple[Sentence, ...]:
    by_name = {m.name: m for m in milestones}
    pairs = (
        ("to declare", "First alert fired", "Incident declared"),
        ("to mitigate", "Incident declared", "Mitigation started"),
        ("to restore", "First alert fired", "Service restored"),
        ("to resolve", "First alert fired", "Incident resolved"),
    )
    found: list[Sentence] = []
    for name, first, last in pairs:
        a, b = by_name[first], by_name[last]
        if a.time and b.time and a.seq and b.seq:
            found.append(
                Sentence(
                    f"time {name} ({first.lower()} to {last.lower()}): {spoken(b.time - a.time)}",
                    (a.seq, b.seq),
                )
            )
    return tuple(found)


def spoken(span: timedelta) -> str:
    """``1 hours 4 minutes``, or seconds below ten minutes."""
    total = int(span.total_seconds())
    sign = "-" if total < 0 else ""
    total = abs(total)
    if total < 600:
        return (
            f"{sign}{total // 60} minutes {total % 60} seconds" if total >= 60 else f"{sign}{total} seconds"
        )
    return f"{sign}{total // 3600} hours {total % 3600 // 60} minutes"


def _action(action: Action) -> Sentence:
    first = action.steps[0]
    parts = [f"{action.person.name}: {action.plan.title}"]
    if action.request_reason:
        parts.append(f"because {action.request_reason}")
    approved = action.step("approved")
    if approved and approved.detail:
        parts.append(f"confirmed by {approved.detail}")
    if (
        answered := action.step("succeeded")
        or action.step("failed")
        or action.step("refused")
        or action.step("unknown")
    ):
        parts.append(f"{answered.stage}: {answered.detail or 'no words'}")
    if reconciled := action.step("reconciled"):
        parts.append(f"reconciled: {reconciled.detail}")
    verified = action.step("verified")
    if verified and action.verdict:
        took = timedelta(milliseconds=verified.room_ms - first.room_ms)
        parts.append(f"VERDICT {action.verdict.value} after {spoken(took)}: {verified.detail}")
    elif action.stage not in ("refused", "failed", "expired"):
        parts.append(f"VERDICT {Verdict.UNKNOWN.value}: the record ends before one was found")
    return Sentence("; ".join(parts), tuple(dict.fromkeys(s.seq for s in action.steps)), first.time)
