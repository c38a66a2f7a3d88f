"""Asks the rules about a state made by hand."""

from collections.abc import Iterable
from datetime import timedelta

from tests.views.any_state import Tape, room
from warroom.events.base import Event
from warroom.events.logs import LogsAppended
from warroom.events.metrics import Indicator, IndicatorsWatched, SeriesSampled
from warroom.events.triage import FindingsMeasured
from warroom.model.nouns import LogLevel, LogLine, Sample
from warroom.model.response import Finding
from warroom.model.text import Safe
from warroom.response.book import Book
from warroom.response.triage.own_rules import OwnRule
from warroom.response.triage.picture import Picture
from warroom.response.triage.watch import findings, watch_triage
from warroom.response.watching import Memory, Moment

ERRORS = Indicator("error_rate", Safe("errors"), "ratio", 0.05)
LATENCY = Indicator("request_latency_p99", Safe("p99"), "s", 1.0)
TRAFFIC = Indicator("request_rate", Safe("traffic"), "per_second")
WATCHED = IndicatorsWatched((ERRORS, LATENCY, TRAFFIC))


def moment_of(
    tape: Tape, *, after_s: float = 0, memory: Memory | None = None, own: Iterable[OwnRule] = ()
) -> Moment:
    """The state some seconds after its last event."""
    now = tape.now + timedelta(seconds=after_s)
    return Moment(tape.state, now, tape.ms + int(after_s * 1000), Book(own_rules=tuple(own)), memory)


def found(tape: Tape, *, after_s: float = 0, own: Iterable[OwnRule] = ()) -> dict[str, Finding]:
    """What the rules come to at once, without patience."""
    moment = moment_of(tape, after_s=after_s, own=own)
    return {key: finding for key, (finding, _) in findings(moment, Picture(moment)).items()}


def rules_of(tape: Tape, *, after_s: float = 0) -> set[str]:
    return {f.rule for f in found(tape, after_s=after_s).values()}


def said(text: str, *, node: str = "", workload: str = "", level: LogLevel = LogLevel.ERROR) -> LogsAppended:
    """A line of log without a time of its own."""
    return LogsAppended(lines=(LogLine(None, level, Safe(text), node, workload),))


def measured(tape: Tape, metric: str, *values: float | None, every_s: float = 5) -> Tape:
    """Samples of an indicator, one after the other."""
    for value in values:
        tape.ms += int(every_s * 1000) - 1
        sample = Sample(metric, {}, tape.now, value)
        tape.add(SeriesSampled((sample,)), source="sample", after_ms=1)
    return tape


def watched(*events: Event) -> Tape:
    """A room that watches errors, latency and traffic, and saw these events."""
    return room(WATCHED, *events)


def looked(tape: Tape, memory: Memory, *, after_ms: int = 1000) -> list[str]:
    """Let the watcher look after a while, fold what it says, and tell by type and key what is not a mere figure."""
    tape.ms += after_ms
    told = []
    for followed in list(watch_triage(moment_of(tape, memory=memory))):
        event = followed.event
        tape.add(event, after_ms=0)
        if not isinstance(event, FindingsMeasured):
            key = getattr(event, "key", "") or event.finding.key  # type: ignore[attr-defined]
            told.append(f"{event.type} {key}")
    return told
