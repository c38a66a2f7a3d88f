"""A listing of recordings as rows, newest as they come; knows nothing of files."""

from collections.abc import Iterable
from typing import Protocol

from warroom.views.rows import Cell, Column, Row

COLUMNS = (
    Column("INCIDENT", 26, priority=9),
    Column("SEV", 5, priority=8),
    Column("CLUSTER", 14, priority=7),
    Column("STATE", 12, priority=9),
    Column("EVENTS", 8, align="right", priority=5),
    Column("TITLE", None, priority=9),
)


class Listed(Protocol):
    """What a catalogue knows of one recording; empty where it does not."""

    @property
    def id(self) -> str:
        """The recording's name."""

    @property
    def severity(self) -> str:
        """``SEV1`` and so on."""

    @property
    def cluster(self) -> str:
        """What it watched."""

    @property
    def declared(self) -> str:
        """When it became an incident."""

    @property
    def resolved(self) -> str:
        """When that was over."""

    @property
    def events(self) -> int:
        """How much was recorded."""

    @property
    def title(self) -> str:
        """The incident's own words."""

    @property
    def trouble(self) -> str:
        """Why it cannot be read."""


def incident_rows(listings: Iterable[Listed]) -> list[Row]:
    """One row a recording."""
    return [_row(one) for one in listings]


def state_of(one: Listed) -> tuple[str, str]:
    """Unreadable, resolved, open or never declared, and what that means."""
    if one.trouble:
        return one.trouble, "critical"
    if one.resolved:
        return "resolved", "ok"
    return ("open", "warning") if one.declared else ("not declared", "muted")


def _row(one: Listed) -> Row:
    words, role = state_of(one)
    cells = (
        Cell(one.id, "text"),
        Cell(one.severity or "—", one.severity.lower() or "muted"),
        Cell(one.cluster, "text"),
        Cell(words, role),
        Cell(str(one.events), "muted"),
        Cell(one.title, "text"),
    )
    return Row(one.id, cells, role)
