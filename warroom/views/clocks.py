"""The clocks of the response: short cells for the severity bar, rows for a table."""

from collections.abc import Sequence
from datetime import datetime

from warroom.model.response import Clock, Urgency
from warroom.views.ages import age
from warroom.views.lines import line
from warroom.views.rows import Cell, Column, Entry, Row

ROLES = {Urgency.GREEN: "ok", Urgency.AMBER: "warning", Urgency.RED: "critical"}
COLUMNS = (
    Column("CLOCK", 14, priority=9),
    Column("STATE", 8, priority=9),
    Column("DUE", 9, priority=7),
    Column("LEFT", 9, align="right", priority=8),
    Column("WHAT", None, priority=9),
)


def clock_cells(clocks: Sequence[Clock], now: datetime, most: int = 3) -> list[Cell]:
    """The most urgent clocks that are amber or red, a few words each; how many more there are."""
    urgent = [c for c in clocks if not c.met and c.urgency is not Urgency.GREEN]
    cells = [Cell(f"{c.label} {left(c.due, now)}", ROLES[c.urgency]) for c in urgent[:most]]
    if len(urgent) > most:
        cells.append(Cell(f"+{len(urgent) - most}", ROLES[urgent[most].urgency]))
    return cells


def left(due: datetime, now: datetime) -> str:
    """``4m`` until then, ``+3m`` since then; seconds are counted below two minutes."""
    return age(due - now, seconds=True) if due > now else f"+{age(now - due, seconds=True)}"


def clock_rows(clocks: Sequence[Clock], now: datetime) -> list[Row]:
    """One row a clock, the most urgent first."""
    return [_row(clock, now) for clock in clocks]


def _row(clock: Clock, now: datetime) -> Row:
    role = ROLES[clock.urgency]
    state = ("kept" if clock.urgency is Urgency.GREEN else "too late") if clock.met else clock.urgency.value
    cells = (
        Cell(clock.label, "text"),
        Cell(state, role),
        Cell(f"{clock.due:%H:%M:%S}Z", "muted"),
        Cell("—" if clock.met else left(clock.due, now), role),
        Cell(str(clock.text), "text"),
    )
    return Row(clock.clock, cells, role)


def clock_entries(clocks: Sequence[Clock], now: datetime) -> list[Entry]:
    """An entry a clock, the most urgent first; none can be chosen."""
    return [
        Entry("", (line((f"◔ {left(one.due, now):>5} ", ROLES[one.urgency]), (str(one.text), "text")),))
        for one in clocks
        if not one.met
    ]
