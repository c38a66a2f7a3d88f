"""Where the incident stands: its phase, what a phase asks for, its milestones."""

from collections.abc import Iterable, Sequence

from warroom.model.nouns import Phase
from warroom.model.response import Criterion, Milestone
from warroom.state.slices import Incident, State
from warroom.views.findings import higher_than_declared, higher_words
from warroom.views.lines import line
from warroom.views.rows import Cell, Column, Entry, Line, Row

MILESTONES = (
    Column("MILESTONE", 13, priority=9),
    Column("TIME", 21, priority=8),
    Column("EVENT", 8, align="right", priority=5),
    Column("BY WHICH FACT", None, priority=7),
)


def phase_line(incident: Incident) -> Line:
    """The six phases in a row: those behind, the present one, those ahead."""
    order = list(Phase)
    at = order.index(incident.phase)
    parts: list[str | tuple[str, str]] = []
    for number, phase in enumerate(order):
        role = "muted" if number > at else "ok" if number < at else "accent"
        mark = "✔ " if number < at else "▶ " if number == at else "· "
        parts.append((f"{mark}{phase.upper()}  ", role))
    return line(*parts)


def criteria_lines(criteria: Iterable[Criterion]) -> list[Line]:
    """What should hold, whether it does, and by which event."""
    return [_criterion(one) for one in criteria]


def _criterion(one: Criterion) -> Line:
    if not one.met:
        return line(("☐ ", "warning"), (one.text, "text"))
    seqs = " ".join(f"#{seq}" for seq in one.seqs[:3])
    proof = f"  {one.evidence}" if one.evidence else ""
    return line(("☑ ", "ok"), (one.text, "text"), (proof.replace("\n", " "), "muted"), (f" {seqs}", "muted"))


def milestone_rows(incident: Incident | None, known: Sequence[Milestone] = tuple(Milestone)) -> list[Row]:
    """One row a milestone, in the order in which they are expected; what is not known says so."""
    return [_milestone(incident, one) for one in known]


def _milestone(incident: Incident | None, milestone: Milestone) -> Row:
    reached = incident.milestones.get(milestone) if incident is not None else None
    if reached is None:
        cells = (
            Cell(milestone.value, "muted"),
            Cell("—", "muted"),
            Cell("", "muted"),
            Cell("not yet", "muted"),
        )
        return Row(milestone.value, cells, "muted")
    off = f" ±{reached.uncertain.total_seconds():.0f} s" if reached.uncertain else ""
    cells = (
        Cell(milestone.value, "text"),
        Cell(f"{reached.time:%Y-%m-%dT%H:%M:%S}Z{off}", "text"),
        Cell(f"#{reached.seq}", "muted"),
        Cell(str(reached.how).replace("\n", " "), "text"),
    )
    return Row(milestone.value, cells, "ok")


def severity_lines(state: State) -> list[Line]:
    """Each classification with its time, by whom and why; and a worse one that a finding suggests."""
    incident = state.incident.incident
    lines = [
        line(
            (f"{step.time:%H:%M:%S}Z ", "muted"),
            (f"{step.severity} ", step.severity.lower()),
            (f"by {step.person.name}", "text"),
            (f": {step.reason}".replace("\n", " ") if step.reason else "", "text"),
        )
        for step in (incident.history if incident is not None else ())
    ]
    higher = higher_than_declared(state)
    if higher is not None:
        lines.append(line(("▲ ", "warning"), (higher_words(higher), "warning"), ("  X, severity", "muted")))
    return lines


def phase_entry(incident: Incident, criteria: Iterable[Criterion]) -> Entry:
    """The phases, and under them what should hold before the next one."""
    return Entry("phase", (phase_line(incident), *(_under(one) for one in criteria_lines(criteria))))


def _under(one: Line) -> Line:
    return Line((Cell("    "), *one.spans))


def milestone_entries(incident: Incident | None) -> list[Entry]:
    """An entry a milestone."""
    return [
        Entry(
            f"milestone:{row.key}",
            (
                line(
                    (f"{row.cells[0].text:<13} ", row.cells[0].role),
                    (f"{row.cells[1].text} ", row.cells[1].role),
                    (row.cells[3].text, "muted"),
                ),
            ),
        )
        for row in milestone_rows(incident)
    ]
