"""What is copied, as plain text: of rows and lines, alone or as a block for a chat."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from rich.cells import cell_len

from warroom.model.text import neutral, showable
from warroom.views.rows import Column, Line, Row

GAP = "  "


class Copied(NamedTuple):
    """What the cursor is on, or what is selected, as text."""

    what: str
    """What one of it is called: ``row``, ``line``, ``moment``."""
    number: int
    lines: tuple[str, ...]
    head: str = ""
    """The titles of the columns."""

    @property
    def words(self) -> str:
        """``1 row``, ``3 marked lines``."""
        return f"{self.number:,} {self.what if self.number == 1 else f'{self.what}s'.replace('ys', 'ies')}"

    @property
    def text(self) -> str:
        """The text alone; several rows stand under the titles of their columns."""
        return "\n".join([self.head, *self.lines] if self.head and self.number > 1 else self.lines)


NOTHING = Copied("row", 0, ())


def plain(shown: Line) -> str:
    """A line without its meanings. All shown is neutral already; what steers a terminal never leaves here."""
    return _safe("".join(cell.text for cell in (*shown.spans, *shown.right)))


def copied_lines(what: str, entries: Iterable[Iterable[Line]]) -> Copied:
    """Entries of one or several lines."""
    made = [[plain(one) for one in entry] for entry in entries]
    return Copied(what, len(made), tuple(text for entry in made for text in entry))


def copied_rows(columns: Sequence[Column], rows: Sequence[Row]) -> Copied:
    """Rows with every column, also those there was no room for on the screen."""
    table = [[_safe(cell.text.strip()) for cell in row.cells] for row in rows]
    if not table:
        return NOTHING
    titles = [column.title for column in columns]
    widths = [max(map(cell_len, cells)) for cells in zip(titles, *table, strict=False)]
    head, *lines = (_spaced(columns, cells, widths) for cells in (titles, *table))
    return Copied("row", len(rows), tuple(lines), head)


def chat_block(copied: Copied, *, where: str, source: str, now: datetime, room: str) -> str:
    """A fenced block that says by itself what it shows, from where, when and in which room.

    All of it stands inside the fence, where no chat takes a name of the cluster for a mention or a link.
    """
    known = [where, f"from {source}" if source else "", f"{now:%Y-%m-%d %H:%M:%S}Z", f"room {room}"]
    told = _safe(" · ".join(part for part in known if part))
    body = "\n".join([told, *([copied.head] if copied.head else []), *copied.lines])
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
    return f"{fence}\n{body}\n{fence}\n"


def _spaced(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for column, cell, width in zip(columns, cells, widths, strict=False):
        blank = " " * (width - cell_len(cell))
        padded.append(f"{blank}{cell}" if column.align == "right" else f"{cell}{blank}")
    return GAP.join(padded).rstrip()


def _safe(text: str) -> str:
    text = text.rstrip()
    return text if (text.isascii() and text.isprintable()) or showable(text) else neutral(text, "log")
