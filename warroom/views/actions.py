"""Actions as rows and lines: what was wished, how far it came, and whether the cluster changed."""

from datetime import datetime

from warroom.model.requests import Verdict
from warroom.state.slices import Action, State
from warroom.views.ages import since
from warroom.views.lines import line
from warroom.views.rows import Cell, Column, Line, Row

COLUMNS = (
    Column("ACTION", 7, priority=9),
    Column("AGE", 5, align="right", priority=8),
    Column("WHO", 10, priority=7),
    Column("WHAT", None, priority=9),
    Column("VERDICT", 24, priority=9),
)
VERDICTS = {Verdict.SEEN: ("✔", "ok"), Verdict.NOT_SEEN: ("✖", "critical"), Verdict.UNKNOWN: ("?", "unknown")}
ENDINGS = {"refused": ("⊘", "warning"), "expired": ("⊘", "warning"), "failed": ("✖", "critical")}
WAITING = {
    "proposed": "waits for approval",
    "approved": "is about to start",
    "started": "is being called",
    "succeeded": "was accepted, looking for its effect",
    "unknown": "got no answer, looking for its effect",
}


def standing(action: Action) -> tuple[str, str]:
    """Where an action stands, in words with a glyph, and what that means."""
    if action.verdict is not None:
        glyph, role = VERDICTS[action.verdict]
        return f"{glyph} {action.verdict.value}", role
    if action.stage in ENDINGS:
        glyph, role = ENDINGS[action.stage]
        return f"{glyph} {action.stage}", role
    share = f" {action.done}/{action.total}" if action.total else ""
    return f"◌ {action.stage}{share}", "info"


def action_rows(state: State, now: datetime) -> list[Row]:
    """One row an action, the newest first."""
    return [_row(action, now) for action in reversed(state.actions.actions.values())]


def _row(action: Action, now: datetime) -> Row:
    words, role = standing(action)
    begun = action.steps[0].time if action.steps else None
    cells = (
        Cell(action.action, "muted"),
        Cell(since(begun, now), "muted"),
        Cell(str(action.person.name), "accent"),
        Cell(str(action.plan.title), "text"),
        Cell(words, role),
    )
    return Row(action.action, cells, role)


def action_lines(state: State, name: str) -> list[Line]:
    """Everything known of one action, step by step."""
    action = state.actions.actions.get(name)
    if action is None:
        return [line((f"there is no action {name}", "unknown"))]
    lines = [
        line((f"{name} {action.plan.title}", "text"), ("  by ", "muted"), (str(action.person.name), "accent"))
    ]
    if action.request_reason:
        lines.append(line(("because ", "muted"), action.request_reason))
    lines.append(line(("seen when ", "muted"), str(action.plan.goal)))
    for step in action.steps:
        detail = step.detail.replace("\n", " ")
        lines.append(line((f"{step.time:%H:%M:%S}Z ", "muted"), f"{step.stage}  ", (detail, "muted")))
    return [*lines, line(standing(action))]


def waiting_lines(state: State, most: int = 3) -> list[Line]:
    """The newest actions that have no verdict yet, and how many more there are."""
    waiting = [a for a in state.actions.actions.values() if not a.over]
    lines = [line((_waiting(action), "info")) for action in waiting[-most:]]
    if len(waiting) > most:
        lines.append(line((f"  and {len(waiting) - most} more actions without a verdict", "info")))
    return lines


def _waiting(action: Action) -> str:
    share = f" ({action.done} of {action.total})" if action.total else ""
    detail = f": {action.detail}" if action.detail else ""
    words = f"◌ {action.action} {action.plan.title} {WAITING.get(action.stage, action.stage)}{share}{detail}"
    return words.replace("\n", " ")
