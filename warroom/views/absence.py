"""What is said of a room whose host does not answer: since when, why, and what that means for whoever looks."""

from datetime import datetime
from typing import NamedTuple

from warroom.views.rows import Cell, Line


class Absence(NamedTuple):
    """Nobody runs the room any more, as far as this client can tell."""

    since: datetime
    """The room's time as it was last told."""
    closed: str = ""
    """How the host says the room was closed, such as *stopped by maya*; empty when it went without a word."""
    why: str = ""
    """What the newest look for it was answered."""
    tries: int = 0
    """How often it was looked for."""


def absence_cells(absence: Absence) -> list[tuple[int, tuple[str, str]]]:
    """Cells of the severity bar, each with how early it is left out."""
    if absence.closed:
        gone = f"CLOSED {absence.since:%H:%M:%S}Z"
        return [(0, (gone, "lost")), (2, (absence.closed, "text")), *_LOST]
    tries = [(3, (f"try {absence.tries}", "muted"))] if absence.tries else []
    return [(0, (f"HOST LOST {absence.since:%H:%M:%S}Z", "lost")), *tries, *_LOST]


_LOST = [(1, ("NOT RECORDING", "critical"))]


def absence_line(absence: Absence) -> Line:
    """What it means, as a sentence: the first words are what must be read."""
    gone = f"closed ({absence.closed})" if absence.closed else f"no host since {absence.since:%H:%M:%S}Z"
    times = "once" if absence.tries == 1 else f"{absence.tries} times"
    looked = f"looked for it {times}, goes on" if absence.tries else ""
    end = "; q leaves" if absence.closed else f"; {looked}" if looked else ""
    known = f" ({absence.why})" if absence.why and not absence.closed else ""
    words = Cell(f"{gone}: nothing is recorded, keys that act are refused", "lost", glyph=True)
    return Line((Cell(" "), words, Cell(f"{end}{known}")))


def refusal_of(absence: Absence) -> str:
    """Why a key that acts does nothing."""
    if absence.closed:
        return (
            f"refused: the room was closed at {absence.since:%H:%M:%S}Z ({absence.closed}); nothing was sent"
        )
    return f"refused: the host is lost since {absence.since:%H:%M:%S}Z; nothing was sent"
