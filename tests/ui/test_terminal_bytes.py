"""The grammar of what may be written, and that nothing else passes the driver's check."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import CORPUS, raw_of
from warroom.model.text import neutral
from warroom.ui.terminal_bytes import disallowed, only_allowed

OURS = (
    "\x1b[?1049h\x1b[?25l\x1b[?1004h\x1b[>25u\x1b[?2026$p\x1b[?2048$p\x1b[?2004h\x1b[?7l\x1b[6n"
    "\x1b[?2026h\x1b[12;40H\x1b[1;38;2;10;20;30m┏━ ✔ Knoten gültig 漢字 é ━┓\x1b[0m\r\n\x1b[?2026l"
    "\x1b[?2004l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
FOREIGN = {
    "clear": "\x1b[2J",
    "clipboard": "\x1b]52;c;ZG8=\x07",
    "title": "\x1b]0;fine\x07",
    "link": "\x1b]8;;http://evil\x1b\\",
    "query": "\x1b[c",
    "status": "\x1b[5n",
    "string": "\x1bP$q\x1b\\",
    "keypad": "\x1b=",
    "alone": "\x1b",
    "bell": "\x07",
    "eight bits": "\x9b",
    "reordered": "\u202e",
    "invisible": "\u200b",
    "tab": "\t",
}


def test_what_textual_and_warroom_write_matches() -> None:
    assert disallowed(OURS.encode()) == []
    assert only_allowed(OURS) == (OURS, [])


@pytest.mark.parametrize("foreign", FOREIGN.values(), ids=FOREIGN)
def test_what_is_foreign_is_found_and_dropped_and_the_rest_stays(foreign: str) -> None:
    assert disallowed(f"a{foreign}b".encode())
    assert disallowed(OURS.encode() + foreign.encode() + OURS.encode())
    kept, dropped = only_allowed(OURS + foreign + OURS)
    assert (kept, b"".join(dropped)) == (OURS + OURS, foreign.encode())


def test_sequences_that_are_dropped_do_not_join_to_new_ones() -> None:
    kept, _ = only_allowed("\x1b\x1b[0m[2Jx")
    assert disallowed(kept.encode()) == []


def test_the_clipboard_may_be_written_only_right_after_a_copy() -> None:
    assert disallowed(b"\x1b]52;c;ZG8=\x07", copying=True) == []
    assert disallowed(b"\x1b]52;c;?\x07", copying=True)


@pytest.mark.parametrize("raw", [pytest.param(raw_of(entry), id=entry["id"]) for entry in CORPUS])
def test_a_neutral_string_matches_whatever_it_was(raw: str | bytes) -> None:
    assert disallowed(neutral(raw).encode()) == []


@given(
    st.lists(st.one_of(st.sampled_from([*FOREIGN.values(), "\x1b[0m", "\x1b[1;1H", "[", "2J"]), st.text()))
)
def test_what_is_left_always_matches(parts: list[str]) -> None:
    kept, _ = only_allowed("".join(parts))
    assert disallowed(kept.encode("utf-8", "surrogatepass")) == []
