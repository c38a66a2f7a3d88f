"""What the record has on the cause: what people said, what the response acted on, what changed before it began."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from warroom.model.response import Confidence, HypothesisState, StepKind, StepResult
from warroom.postmortem.measures import Milestone
from warroom.postmortem.reading import Reading, Told
from warroom.postmortem.sentences import Sentence, clock, spoken
from warroom.state.changes import Change
from warroom.state.filed import CAUSE
from warroom.state.inquiry import Evidence, Hypothesis
from warroom.state.procedure import Run, RunStep
from warroom.state.slices import Incident, Moment

BEFORE = timedelta(hours=2)
"""How long before the begin a change is told."""
MADE = ("deploy", "selector", "config", "scale", "cordon", "uncordon")
LATER = ("deploy", "selector", "config")
"""What is told of changes after the declaration, where closing and scaling are the response itself."""
MOST = 40


def said(reading: Reading, notes: list[Moment]) -> tuple[Sentence, ...]:
    """What people named as the cause: notes that begin so, and hypotheses that were supported."""
    named = [
        Sentence(f"{m.actor}: {str(m.text)[len(CAUSE) :].strip()}", (m.seq,), m.time)
        for m in notes
        if str(m.text).casefold().startswith(CAUSE)
    ]
    return (*named, *hypotheses(reading, HypothesisState.SUPPORTED))


def hypotheses(reading: Reading, which: HypothesisState | None = None) -> Iterator[Sentence]:
    """Each hypothesis with what became of it, and by which evidence."""
    for one in reading.state.inquiry.hypotheses.values():
        if which is None or one.state is which:
            became = (
                f"{one.state}: {'; '.join(str(e.text) for e in one.evidence)}" if one.evidence else "open"
            )
            text = f"{one.hypothesis} {one.text} ({one.by.name}): {became}"
            judged = tuple(e.seq for name, e in reading.judged if name == one.hypothesis)
            seqs = reading.recorded(one.seq, *judged, *(seq for e in one.evidence for seq in e.seqs))
            yield Sentence(text, seqs, one.raised, parts=tuple(_judged(reading, one)))


def _judged(reading: Reading, one: Hypothesis) -> Iterator[Sentence]:
    judged = [e.seq for name, e in reading.judged if name == one.hypothesis]
    if len(judged) == len(one.evidence):
        for seq, evidence in zip(judged, one.evidence, strict=True):
            yield Sentence(
                f"{evidence.by.name}: {evidence.text}", _seqs(reading, seq, evidence), evidence.time
            )


def _seqs(reading: Reading, seq: int, evidence: Evidence) -> tuple[int, ...]:
    return reading.recorded(seq, *evidence.seqs)


def acted_on(reading: Reading) -> Iterator[Sentence]:
    """Findings from which a runbook was followed to its end, with the facts they rested on."""
    for run in reading.state.procedure.runs.values():
        told = started_from(reading, run)
        if told is None or run.result is not StepResult.DONE:
            continue
        last = run.steps[-1] if run.steps else None
        ended = f": {last.detail}" if last is not None and last.detail else ""
        words = (
            f"{told.finding.title} ({told.finding.confidence} confidence); "
            f"runbook {run.run}, {run.title}, was started from it and ended {run.result}{ended}"
        )
        seqs = reading.recorded(told.seq, told.surest_seq, run.seq, last.seq if last is not None else 0)
        yield Sentence(words, seqs, told.surest, parts=facts(reading, told))


def started_from(reading: Reading, run: Run) -> Told | None:
    """The finding a runbook was started from; None when it was started by hand."""
    found = [t for t in reading.findings if run.finding and t.finding.key == run.finding and t.seq <= run.seq]
    return found[-1] if found and not found[-1].refuted else None


def facts(reading: Reading, told: Told) -> tuple[Sentence, ...]:
    """What a finding rested on when it was surest: the event that says so, then the one that shows the fact."""
    return tuple(
        Sentence(str(fact.text), reading.recorded(told.surest_seq, fact.seq), fact.time)
        for fact in told.finding.facts
    )


def answers(reading: Reading, incident: Incident | None) -> Iterator[Sentence]:
    """What people answered or saw in the steps of runbooks."""
    after = incident.after_seq if incident is not None else 0
    for run in reading.state.procedure.runs.values():
        for number, step in enumerate(run.steps, 1):
            if step.seq > after and _is_answer(step):
                by = f" {step.by.name}" if step.by is not None else ""
                text = f"{run.run} step {number} {step.step.title}{by}: {step.detail}"
                yield Sentence(text, reading.recorded(step.seq), step.time)


def _is_answer(step: RunStep) -> bool:
    asked = step.step.kind in (StepKind.ASK, StepKind.LOOK)
    return asked and step.result is StepResult.DONE and bool(step.detail)


def changed(reading: Reading, incident: Incident | None, first: Milestone | None) -> tuple[Sentence, ...]:
    """Deploys and other changes before it began and until it was over, oldest first."""
    if first is None or first.time is None:
        return ()
    told = [c for c, _ in reading.changes if _is_told(c, incident, first.time)]
    lines = [
        _change(reading, c, first.time, first.seq or 0) for c in sorted(told, key=lambda c: (c.time, c.seq))
    ]
    if len(lines) > MOST:
        more = Sentence(f"{len(lines) - MOST} earlier ones stand in the timeline below")
        return (more, *lines[-MOST:])
    return tuple(lines)


def _is_told(change: Change, incident: Incident | None, begin: datetime) -> bool:
    if change.kind not in MADE or change.time < begin - BEFORE:
        return False
    if incident is None:
        return True
    if incident.resolved is not None and change.time > incident.resolved:
        return False
    return change.kind in LATER or change.time <= incident.declared


def _change(reading: Reading, change: Change, begin: datetime, begin_seq: int) -> Sentence:
    early = begin - change.time
    when = f"{spoken(early)} before {clock(begin, change.time)}" if early >= timedelta() else "after it began"
    moved = f"{change.before} → {change.after}" if change.before else str(change.after)
    words = f"{change.kind} {change.subject}" + (f": {moved}" if moved else "")
    seqs = reading.recorded(change.seq, *([begin_seq] if early >= timedelta() else []))
    return Sentence(f"{words} ({when})", seqs, change.time)


def findings(reading: Reading) -> Iterator[Sentence]:
    """What the rules concluded, and what became of it."""
    for told in reading.findings:
        finding, gone = told.finding, told.withdrawn
        fate = "it stood to the end"
        if gone is not None and told.over is not None:
            why = str(gone.reason).removeprefix("refuted: ").removeprefix("over: ")
            fate = f"{'REFUTED' if gone.refuted else 'over'} {clock(told.over, told.raised)}: {why}"
        first = told.first
        sure = f"{finding.confidence} confidence"
        if told.surest_seq != told.seq:
            sure += f" at {clock(told.surest, told.raised)}"
        if first.title != finding.title:
            sure += f"; raised as: {first.title}, {first.confidence} confidence"
        seqs = reading.recorded(told.seq, told.surest_seq, told.over_seq)
        parts = facts(reading, told) if finding.confidence is Confidence.HIGH else ()
        yield Sentence(f"{finding.title} ({sure}): {fate}", seqs, told.raised, parts=parts)
