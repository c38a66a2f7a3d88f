"""What is copied: plain text of rows and lines, and a block for a chat that says by itself what it is."""

import pytest

from tests.hostile import CORPUS, raw_of
from tests.views.any_state import START
from warroom.model.text import showable
from warroom.views.copying import Copied, chat_block, copied_lines, copied_rows
from warroom.views.lines import line
from warroom.views.rows import Cell, Column, Row

COLUMNS = (Column("NODE", 8), Column("N", 3, align="right"), Column("WHY", None))


def row(*texts: str) -> Row:
    return Row(texts[0], tuple(map(Cell, texts)))


def test_one_row_is_its_cells_with_nothing_cut() -> None:
    why = "no heartbeat since the switch of rack 1 went away"
    assert copied_rows(COLUMNS, [row("gpu-01", "4", why)]).text == f"gpu-01  4  {why}"


def test_several_rows_stand_under_their_titles() -> None:
    copied = copied_rows(COLUMNS, [row("gpu-01", "4", "dead"), row("机-2", "12", "")])
    assert copied.text == "NODE     N  WHY\ngpu-01   4  dead\n机-2    12"
    assert copied.words == "2 rows"


def test_entries_are_counted_not_their_lines() -> None:
    copied = copied_lines("entry", [[line("a"), line(("b", "critical"))], [line("c  ")]])
    assert (copied.text, copied.words) == ("a\nb\nc", "2 entries")
    assert copied_lines("line", []).number == 0


def test_a_block_for_a_chat_says_what_from_where_when_and_which_room() -> None:
    copied = copied_rows(COLUMNS, [row("gpu-01", "4", "dead")])
    block = chat_block(copied, where="Nodes › rack1", source="slurm", now=START, room="prod")
    assert block == (
        f"```\nNodes › rack1 · from slurm · {START:%Y-%m-%d %H:%M:%S}Z · room prod\n"
        "NODE    N  WHY\ngpu-01  4  dead\n```\n"
    )


def test_a_name_with_a_fence_in_it_does_not_end_the_block() -> None:
    block = chat_block(
        Copied("line", 1, ("```` @here",)), where="Logs", source="", now=START, room="prod"
    ).splitlines()
    assert block[0] == block[-1] == "`" * 5
    assert "```` @here" in block[1:-1]


@pytest.mark.parametrize("raw", [pytest.param(raw_of(entry), id=entry["id"]) for entry in CORPUS])
def test_nothing_hostile_is_copied_even_if_a_view_let_it_through(raw: str | bytes) -> None:
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    rows = copied_rows(COLUMNS, [row(text, text, text)])
    lines = copied_lines("line", [[line(text)]])
    for copied in (rows, lines):
        block = chat_block(copied, where=text, source=text, now=START, room="prod")
        assert all(showable(part) for part in (*copied.text.split("\n"), *block.split("\n")))
