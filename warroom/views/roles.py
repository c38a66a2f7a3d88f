"""Who does what in the incident, and what is being handed over."""

from datetime import datetime

from warroom.model.response import Role
from warroom.state.slices import State
from warroom.state.team import Handoff
from warroom.views.ages import age
from warroom.views.lines import line
from warroom.views.rows import Cell, Column, Entry, Line, Row

NAMES = {
    Role.COMMANDER: "incident commander",
    Role.DEPUTY: "deputy",
    Role.SCRIBE: "scribe",
    Role.OPERATIONS: "operations lead",
    Role.COMMUNICATIONS: "communications lead",
}
COLUMNS = (
    Column("ROLE", 8, priority=9),
    Column("", 20, priority=5),
    Column("WHO", 16, priority=9),
    Column("FOR", 7, align="right", priority=6),
    Column("NOTE", None, priority=7),
)


def role_rows(state: State, now: datetime) -> list[Row]:
    """One row a role; an empty one says since when and why."""
    return [_row(state, role, now) for role in Role]


def _row(state: State, role: Role, now: datetime) -> Row:
    holder, left = state.team.roles.get(role), state.team.left.get(role)
    offer = pending_offer(state, role)
    note = (
        f"{offer.handoff}: offered to {offer.taker}, waits for {' and '.join(missing(offer))}"
        if offer
        else ""
    )
    if holder is not None:
        who, since, meaning = str(holder.person), age(now - holder.since, seconds=True), "ok"
    elif left is not None:
        who, since, meaning = "nobody", age(now - left.since, seconds=True), "critical"
        note = f"left: {left.reason}"
    else:
        who, since, meaning = "—", "", "muted"
    cells = (
        Cell(role.value, "text"),
        Cell(NAMES[role], "muted"),
        Cell(who, meaning),
        Cell(since, "muted"),
        Cell(note.replace("\n", " "), "warning" if note else "muted"),
    )
    return Row(role.value, cells, meaning)


def pending_offer(state: State, role: Role) -> Handoff | None:
    """The handover of a role that waits for a side."""
    return next((h for h in state.team.handoffs.values() if h.role is role and h.pending), None)


def missing(offer: Handoff) -> list[str]:
    """Which sides have not read the brief, by name; one login is said as such."""
    names = {"giver": str(offer.giver), "taker": str(offer.taker)}
    sides = [side for side in names if side not in offer.acknowledged]
    if offer.giver == offer.taker:
        return [f"{names[side]} as {side}" for side in sides]
    return [names[side] for side in sides]


def brief_lines(offer: Handoff) -> list[Line]:
    """The brief of a handover as it was recorded."""
    return [
        line((str(text).replace("\n", " "), "accent" if n == 0 else "text"))
        for n, text in enumerate(offer.brief)
    ]


def role_entries(state: State, now: datetime) -> list[Entry]:
    """An entry a role, and one a handover that waits for a side."""
    entries = [Entry(f"role:{row.key}", (_spread(row),)) for row in role_rows(state, now)]
    for offer in state.team.handoffs.values():
        if offer.pending:
            words = f"⇄ {offer.handoff} {offer.role}: {offer.giver} to {offer.taker}, "
            waits = f"waits for {' and '.join(missing(offer))}"
            entries.append(Entry(f"handoff:{offer.handoff}", (line((words, "accent"), (waits, "warning")),)))
    return entries


def _spread(row: Row) -> Line:
    name, long, who, since, note = row.cells
    return line(
        (f"{name.text:<7}", name.role),
        (f"{long.text:<20} ", "muted"),
        (f"{who.text} ", who.role),
        (f"{since.text}  ", "muted"),
        (note.text, note.role),
    )
