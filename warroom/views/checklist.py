"""The checklist of the incident: what is done, by which evidence, and what is left."""

from warroom.model.response import ItemState
from warroom.state.procedure import Ticked
from warroom.state.slices import State
from warroom.views.lines import line
from warroom.views.rows import Cell, Column, Entry, Line, Row

MARKS = {ItemState.OPEN: "☐", ItemState.DONE: "☑", ItemState.SKIPPED: "☒"}
MEANINGS = {ItemState.OPEN: "warning", ItemState.DONE: "ok", ItemState.SKIPPED: "muted"}
COLUMNS = (
    Column("", 3, align="right", priority=6),
    Column("", 1, priority=9),
    Column("ID", 16, priority=5),
    Column("ITEM", 40, priority=9),
    Column("BY", 10, priority=6),
    Column("EVIDENCE", None, priority=7),
)


def asked(state: State, ticked: Ticked) -> bool:
    """Whether an item is asked of the incident, by its severity."""
    incident = state.incident.incident
    return not ticked.item.when or incident is None or incident.severity in ticked.item.when


def checklist_rows(state: State) -> list[Row]:
    """One row an item, in the list's own order."""
    return [_row(state, n, ticked) for n, ticked in enumerate(state.procedure.items.values(), 1)]


def _row(state: State, number: int, ticked: Ticked) -> Row:
    role = MEANINGS[ticked.state] if asked(state, ticked) else "muted"
    return Row(
        ticked.item.id,
        (
            Cell(str(number), "muted"),
            Cell(MARKS[ticked.state], role),
            Cell(ticked.item.id, "muted"),
            Cell(str(ticked.item.text), "text" if asked(state, ticked) else "muted"),
            Cell(_by(ticked), "muted"),
            Cell(evidence(state, ticked), "muted"),
        ),
        role,
    )


def _by(ticked: Ticked) -> str:
    if ticked.state is ItemState.OPEN:
        return ""
    return str(ticked.by.name) if ticked.by is not None else "the record"


def evidence(state: State, ticked: Ticked) -> str:
    """By what an item is done, with the numbers of the events; or why it is open."""
    if ticked.state is ItemState.OPEN and not asked(state, ticked):
        return f"not asked of {state.incident.incident.severity}" if state.incident.incident else ""
    if ticked.state is ItemState.OPEN and ticked.time is not None:
        return f"taken back: {ticked.evidence}".replace("\n", " ").removesuffix(": ")
    seqs = " ".join(f"#{seq}" for seq in ticked.seqs[:3]) if ticked.state is ItemState.DONE else ""
    return f"{ticked.evidence} {seqs}".replace("\n", " ").strip()


def checklist_lines(state: State) -> list[Line]:
    """How many are done, then a line an item."""
    items = [t for t in state.procedure.items.values() if asked(state, t)]
    if not items:
        return [line(("no checklist: no incident was declared", "muted"))]
    over = sum(t.state is not ItemState.OPEN for t in items)
    lines = [line((f"{over} of {len(items)} done", "ok" if over == len(items) else "warning"))]
    for ticked in items:
        role = MEANINGS[ticked.state]
        words = evidence(state, ticked)
        lines.append(
            line(
                (f"{MARKS[ticked.state]} ", role),
                (str(ticked.item.text), "text"),
                (f"  {words}" if words else "", "muted"),
            )
        )
    return lines


def checklist_count(state: State) -> tuple[int, int]:
    """How many items of those that are asked are done or skipped, and how many are asked."""
    items = [t for t in state.procedure.items.values() if asked(state, t)]
    return sum(t.state is not ItemState.OPEN for t in items), len(items)


def checklist_entries(state: State) -> list[Entry]:
    """An entry an item; what is not asked of this severity says so."""
    entries = [Entry("", (line(("no checklist: no incident was declared", "muted")),))]
    for ticked in state.procedure.items.values():
        role = MEANINGS[ticked.state] if asked(state, ticked) else "muted"
        by = f"{_by(ticked)}: " if _by(ticked) else ""
        words = evidence(state, ticked)
        spans = line(
            (f"{MARKS[ticked.state]} ", role),
            (str(ticked.item.text), "text" if asked(state, ticked) else "muted"),
            (f"  {by}{words}" if words else "", "muted"),
        )
        entries.append(Entry(f"item:{ticked.item.id}", (spans,)))
    return entries[1:] or entries
