"""Runbooks: what is followed and how far, and what there is to follow."""

from warroom.model.response import StepKind, StepResult
from warroom.state.procedure import Run, RunStep
from warroom.state.slices import State
from warroom.views.lines import line
from warroom.views.rows import Entry, Line

MARKS = {
    None: ("·", "muted"),
    StepResult.DONE: ("✔", "ok"),
    StepResult.SKIPPED: ("⊘", "muted"),
    StepResult.FAILED: ("✖", "critical"),
}
WHAT = {
    StepKind.LOOK: "look",
    StepKind.ACT: "act",
    StepKind.ASK: "answer",
    StepKind.WAIT: "wait",
}


def running(state: State) -> list[Run]:
    """The runs that go on, oldest first."""
    return [run for run in state.procedure.runs.values() if run.result is None]


def place_words(run: Run) -> str:
    """``R1 node-failure 3/5 act: Close the nodes to new work``."""
    if run.at is None:
        return f"{run.run} {run.runbook}: every step has a result"
    step = run.steps[run.at].step
    return f"{run.run} {run.runbook} {run.at + 1}/{len(run.steps)} {WHAT[step.kind]}: {step.title}"


def running_entries(state: State) -> list[Entry]:
    """A line a run that goes on, with its step."""
    return [Entry(f"run:{run.run}", (line((f"▷ {place_words(run)}", "accent")),)) for run in running(state)]


def run_lines(run: Run) -> list[Line]:
    """A run, step by step."""
    result = run.result.value if run.result is not None else "goes on"
    role = MARKS[run.result][1] if run.result is not None else "accent"
    about = ", ".join(str(one) for one in (*run.targets.nodes, *run.targets.workloads))
    lines = [line((f"{run.run} {run.title}: {result}", role), (f"  by {run.by.name}", "muted"))]
    if about:
        lines.append(line((f"    about {about}", "muted")))
    lines += [_step(run, number, step) for number, step in enumerate(run.steps)]
    if run.detail:
        lines.append(line((f"    {run.detail}", role)))
    return lines


def _step(run: Run, number: int, step: RunStep) -> Line:
    present = run.result is None and run.at == number
    glyph, role = ("▶", "accent") if present else MARKS[step.result]
    detail = f"  {step.detail}".replace("\n", " ").rstrip()
    return line(
        (f"  {glyph} {number + 1} {WHAT[step.step.kind]}: ", role),
        (str(step.step.title), "text"),
        (detail, "critical" if step.result is StepResult.FAILED else "muted"),
    )


def runbook_entries(state: State) -> list[Entry]:
    """The runs that go on, the runbooks there are, the runs that are over, and files that could not be read."""
    procedure = state.procedure
    runs = list(reversed(procedure.runs.values()))
    entries = [Entry(f"run:{r.run}", tuple(run_lines(r))) for r in runs if r.result is None]
    entries += [
        Entry(f"book:{one.id}", (line((f"{one.id:<20} ", "text"), (str(one.title), "muted")),))
        for one in procedure.runbooks
    ]
    if not procedure.runbooks:
        entries.append(Entry("", (line(("this room has no runbook", "muted")),)))
    entries += [Entry(f"run:{r.run}", tuple(run_lines(r))) for r in runs if r.result is not None]
    return entries + [Entry("", (line((f"▲ {trouble}", "warning")),)) for trouble in procedure.troubles]
