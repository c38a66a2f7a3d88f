"""Actions as rows and lines: what was wished, how far it came, and whether the cluster changed."""

from datetime import datetime, timedelta

from warroom.model.requests import Aim, Verdict
from warroom.state.roomtime import room_ms_at
from warroom.state.slices import Action, State
from warroom.views.ages import age, figure, since
from warroom.views.lines import line
from warroom.views.rows import Cell, Column, Entry, Line, Row

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
    "proposed": "is proposed",
    "waiting": "waits for a second person",
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
    lines += [line(("for       ", "muted"), aim_words(aim)) for aim in action.aims]
    if action.overridden:
        lines.append(line(("OVERRIDE  ", "critical"), (str(action.overridden), "critical")))
    for step in action.steps:
        detail = step.detail.replace("\n", " ")
        lines.append(line((f"{step.time:%H:%M:%S}Z ", "muted"), f"{step.stage}  ", (detail, "muted")))
    if action.goal is not None:
        lines.append(_goal(action))
    return [*lines, line(standing(action))]


def aim_words(aim: Aim, when: str = "before") -> str:
    """``errors ≤ 5.0% within 180 s (42.0% before)``."""
    before = "" if aim.before is None else f" ({figure(aim.before, aim.unit)} {when})"
    return f"{aim.title} ≤ {figure(aim.at_most, aim.unit)} within {aim.within_s} s{before}"


def _goal(action: Action) -> Line:
    assert action.goal is not None
    glyph, role = VERDICTS[action.goal.verdict]
    unit = action.plan.aims[0].unit if action.plan.aims else ""
    both = ""
    if action.goal.before is not None or action.goal.after is not None:
        both = f"  before {figure(action.goal.before, unit)} | after {figure(action.goal.after, unit)}"
    words = f"{glyph} goal {action.goal.verdict.value}: {action.goal.detail}".replace("\n", " ")
    return line((words, role), (both, "text"))


def action_entries(state: State, now: datetime) -> list[Entry]:
    """An entry an action: what waits for somebody first, then the newest."""
    every = list(reversed(state.actions.actions.values()))
    every.sort(key=lambda action: action.stage != "waiting")
    return [Entry(f"action:{one.action}", _entry(state, one, now)) for one in every]


def _entry(state: State, action: Action, now: datetime) -> tuple[Line, ...]:
    words, role = standing(action)
    goal = ""
    if action.goal is not None:
        goal = f"  goal {action.goal.verdict.value}"
    elif action.verdict is Verdict.SEEN and action.aims:
        goal = "  goal not judged yet"
    begun = action.steps[0].time if action.steps else None
    head = line(
        (f"{action.action:<4} {since(begun, now):>4}  ", "muted"),
        (f"{words}{goal}  ", role),
        (str(action.plan.title), "text"),
        (f"  {action.person.name}", "accent"),
    )
    if action.awaits is None or action.stage != "waiting":
        return (head,)
    left = timedelta(milliseconds=action.awaits.expires_ms - room_ms_at(state, now))
    why = f"           {action.awaits.why}; void in {age(left, seconds=True)}"
    return head, line((why, "warning"))


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
