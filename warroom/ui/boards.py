"""The response board: its tabs, and the entries of each; pure."""

from typing import NamedTuple

from warroom.model.response import Criterion
from warroom.response.clocks import clocks
from warroom.response.phases import between, leaving, next_phase
from warroom.state.slices import Incident, State
from warroom.ui.frame import Frame
from warroom.ui.offers import plan_lines
from warroom.views.actions import action_entries, action_lines
from warroom.views.checklist import checklist_count, checklist_entries
from warroom.views.clocks import clock_entries
from warroom.views.findings import finding_entries, finding_lines, gone_entries
from warroom.views.inquiry import inquiry_entries
from warroom.views.lines import line
from warroom.views.phases import milestone_entries, phase_entry, severity_lines
from warroom.views.roles import brief_lines, role_entries
from warroom.views.rows import Cell, Entry, Line
from warroom.views.runbooks import run_lines, runbook_entries, running
from warroom.views.updates import update_entries, update_lines

TABS = ("findings", "command", "checklist", "inquiry", "runbooks", "actions", "updates")
"""In the order of their digits."""


SHORT = {
    "findings": "found",
    "checklist": "list",
    "runbooks": "runs",
    "actions": "acts",
    "updates": "told",
}
"""Names of tabs where there is little room."""
ROOMY, NARROW = 100, 72


class Shown(NamedTuple):
    """Where the board stands: which tab, and the entry under the cursor."""

    tab: str = "command"
    key: str = ""


def tabs_line(state: State, tab: str, width: int) -> Line:
    """Every tab with its digit and what is open in it."""
    done, asked = checklist_count(state)
    waiting = sum(action.stage == "waiting" for action in state.actions.actions.values())
    counts = {
        "findings": str(len(state.findings.standing) or ""),
        "checklist": f"{done}/{asked}" if asked else "",
        "runbooks": str(len(running(state)) or ""),
        "actions": str(waiting or ""),
    }
    cells = []
    for number, name in enumerate(TABS, 1):
        count = f" {counts[name]}" if counts.get(name) else ""
        short = name if width >= ROOMY else SHORT.get(name, name)
        words = f"{number} {name.upper() if name == tab else short.capitalize()}{count}"
        if width < NARROW and name != tab:
            words = str(number)
        cells.append(Cell(f"{words} ", "accent" if name == tab else "muted"))
    return Line(tuple(cells))


def board_entries(frame: Frame, tab: str) -> list[Entry]:
    """What a tab shows."""
    state, now = frame.state, frame.now
    match tab:
        case "findings":
            none = Entry("", (line(("no finding stands", "ok")),))
            return [*(finding_entries(state) or [none]), *gone_entries(state)]
        case "command":
            return _command(frame)
        case "checklist":
            return checklist_entries(state)
        case "inquiry":
            return inquiry_entries(state)
        case "runbooks":
            return runbook_entries(state)
        case "actions":
            none = Entry("", (line(("nothing was done yet", "muted")),))
            return action_entries(state, now) or [none]
        case _:
            return update_entries(state, now)


def _command(frame: Frame) -> list[Entry]:
    state, now = frame.state, frame.now
    incident = state.incident.incident
    if incident is None:
        return [Entry("", (line(("no incident was declared; :declare 2 TITLE declares one", "muted")),))]
    return [
        phase_entry(incident, _criteria(state, incident)),
        *clock_entries(clocks(state, now), now),
        *role_entries(state, now),
        *milestone_entries(incident),
        *(Entry("", (one,)) for one in severity_lines(state)),
    ]


def _criteria(state: State, incident: Incident) -> tuple[Criterion, ...]:
    after = next_phase(incident)
    if after is None:
        return leaving(state, incident, incident.phase)
    return between(state, incident, after)


def entry_lines(frame: Frame, key: str) -> list[Line]:
    """Everything known of an entry, above what can be done to it."""
    state = frame.state
    kind, _, name = key.partition(":")
    if kind == "finding" and name in state.findings.standing:
        return finding_lines(state.findings.standing[name], frame.now)
    if kind == "run" and name in state.procedure.runs:
        return run_lines(state.procedure.runs[name])
    if kind == "action":
        action = state.actions.actions.get(name)
        waits = action is not None and action.stage == "waiting"
        plan = [line(), *plan_lines([action.plan])] if action is not None and waits else []
        return [*action_lines(state, name), *plan]
    if kind == "handoff" and name in state.team.handoffs:
        return brief_lines(state.team.handoffs[name])
    if kind == "update" and name in state.updates.updates:
        return update_lines(state.updates.updates[name])
    every = (entry for tab in TABS for entry in board_entries(frame, tab))
    return [one for entry in every if entry.key == key for one in entry.lines]
