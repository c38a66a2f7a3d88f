"""Findings: what triage concludes, what that rests on, and what it took back."""

from datetime import datetime

from warroom.model.response import Confidence, Fact, Finding
from warroom.state.findings import Standing, Withdrawn
from warroom.state.slices import State
from warroom.views.ages import age
from warroom.views.lines import line
from warroom.views.rows import Cell, Entry, Line

SURENESS = tuple(Confidence)
MARKS = {
    Confidence.HIGH: ("◆", "critical"),
    Confidence.MEDIUM: ("◈", "warning"),
    Confidence.LOW: ("◇", "info"),
}
"""Glyph and role of a finding."""
FIRST_FACTS = 3
"""Facts named beside a finding; its detail has them all."""
MOST_GONE = 5


def ordered(state: State) -> list[Standing]:
    """The standing findings: what costs most now first, a wrong turn before what else costs as much; guesses last."""
    return sorted(state.findings.standing.values(), key=lambda s: _rank(s.finding))


def _rank(found: Finding) -> tuple[bool, str, bool, int, str]:
    costs, sure = str(found.severity or "~"), SURENESS.index(found.confidence)
    return found.confidence is Confidence.LOW, costs, found.rule != "wrong-turn", -sure, found.key


def higher_than_declared(state: State) -> Finding | None:
    """The finding that suggests a worse severity than was declared: what users feel before others; else None."""
    incident = state.incident.incident
    if incident is None or not incident.open:
        return None
    found = [one.finding for one in ordered(state) if one.finding.confidence is not Confidence.LOW]
    worse = [one for one in found if one.severity is not None and one.severity < incident.severity]
    return min(worse, key=lambda one: (str(one.severity), one.rule != "user-impact"), default=None)


def higher_words(found: Finding) -> str:
    """What it suggests, and by what."""
    return f"worse than declared, {found.severity} by what is found: {found.title}"


def finding_entries(state: State) -> list[Entry]:
    """An entry a standing finding: what it is, what it rests on, what would refute it."""
    return [Entry(f"finding:{one.finding.key}", _short(one.finding)) for one in ordered(state)]


def _short(found: Finding) -> tuple[Line, ...]:
    glyph, role = MARKS[found.confidence]
    facts = "; ".join(_timed(fact) for fact in found.facts[:FIRST_FACTS])
    return (
        line((f"{glyph} {found.title}", role), (f"  {found.confidence} confidence", "muted")),
        line((f"    {facts}", "text"), (f"  refuted by: {found.refuted_by}", "muted")),
    )


def _timed(fact: Fact) -> str:
    return f"{fact.text} ({fact.time:%H:%M:%S}Z)" if fact.time is not None else str(fact.text)


def gone_entries(state: State) -> list[Entry]:
    """The findings that were taken back last, and why."""
    newest = reversed(state.findings.withdrawn[-MOST_GONE:])
    return [Entry("", (_gone(one),)) for one in newest]


def _gone(one: Withdrawn) -> Line:
    how = "refuted" if one.refuted else "over"
    return line(
        (f"{one.at:%H:%M:%S}Z ", "muted"),
        (f"{one.finding.title} ", "muted"),
        (f"{how}: ", "warning" if one.refuted else "muted"),
        (str(one.reason), "text"),
    )


def finding_lines(standing: Standing, now: datetime) -> list[Line]:
    """Everything a finding says."""
    found = standing.finding
    glyph, role = MARKS[found.confidence]
    since = age(now - standing.raised, seconds=True)
    lines = [
        line((f"{glyph} {found.title}", role)),
        line((f"{found.confidence} confidence, stands for {since}, rule {found.rule}", "muted")),
    ]
    for fact in found.facts:
        when = f"{fact.time:%H:%M:%S}Z" if fact.time is not None else "        —"
        shown = f"  #{fact.seq}" if fact.seq else ""
        lines.append(line((f"{when}  ", "muted"), (str(fact.text), "text"), (shown, "muted")))
    lines.append(line(("refuted by  ", "muted"), (str(found.refuted_by), "text")))
    if found.severity is not None:
        lines.append(line(("suggests    ", "muted"), (found.severity, found.severity.lower())))
    if about := _about(found):
        lines.append(Line((Cell("about       ", "muted"), Cell(about, "text"))))
    advice = [str(p.text) for p in found.proposals if p.request is None]
    return [*lines, *(line(("advice      ", "muted"), (text, "text")) for text in advice)]


def _about(found: Finding) -> str:
    targets = found.targets
    named = [*targets.nodes, *targets.workloads]
    said = ", ".join(str(one) for one in named)
    if targets.selector:
        said += f"; room is at {','.join(f'{k}={v}' for k, v in sorted(targets.selector.items()))}"
    return said + (f"; the image before: {targets.image}" if targets.image else "")
