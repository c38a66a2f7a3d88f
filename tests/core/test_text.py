"""Untrusted text becomes safe once: every string of the corpus, in every mode."""

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.hostile import CORPUS, expecting, raw_of
from warroom.model.text import (
    CELL_WIDTH,
    LOG_LINES,
    LOG_WIDTH,
    Unconfirmable,
    neutral,
    neutral_lines,
    showable,
)

NASTY = st.text(
    st.characters()
    | st.sampled_from(
        "ab<U+0 [m;31>\n\r\t\x1b\x07\x7f\u0301\u20dd\u200d\ufe0e\ufe0f\u202e\udc80\u4e2d\u2407\u2764"
    )
    | st.sampled_from("\U0001f468\U0001f3fb\U0001f1e6")
)


def asked(target: str | bytes) -> str:
    """What a dialog would ask about, empty when it refuses to."""
    try:
        return neutral(target, "confirm")
    except Unconfirmable:
        return ""


EVERY_ENTRY = pytest.mark.parametrize("entry", CORPUS, ids=[entry["id"] for entry in CORPUS])


@EVERY_ENTRY
@pytest.mark.parametrize("mode", ["cell", "log"])
def test_a_hostile_string_is_shown_as_the_corpus_says(entry: dict[str, Any], mode: Any) -> None:
    assert neutral(raw_of(entry), mode) == entry[f"expect_{mode}"]


@pytest.mark.parametrize(("raw", "expected"), expecting("expect_confirm"))
def test_a_target_is_confirmed_as_the_corpus_says(raw: str, expected: str) -> None:
    assert neutral(raw, "confirm") == expected


@EVERY_ENTRY
def test_nothing_unshowable_is_left_of_a_hostile_string(entry: dict[str, Any]) -> None:
    assert showable(neutral(raw_of(entry)))
    assert all(showable(line) for line in neutral(raw_of(entry), "log").split("\n"))


@EVERY_ENTRY
def test_a_hostile_target_is_shown_whole_or_not_asked_about(entry: dict[str, Any]) -> None:
    shown = asked(raw_of(entry))
    assert showable(shown)
    assert "…" not in shown
    assert len(shown) <= CELL_WIDTH


@EVERY_ENTRY
def test_a_hostile_string_once_neutral_stays_as_it_is(entry: dict[str, Any]) -> None:
    once = neutral(raw_of(entry))
    assert neutral(once) == once


@given(NASTY | st.binary())
@example("\x07\U0001f3fb")  # a skin tone after the picture of a bell
@example("\U0001f468\u200d\U0001f3fb")
@example("\u2764\ufe0f\U0001f3fb")
@example("e" + "\u0301" * 3 + "\ufe0f" + "\u0301" * 3)
def test_neutral_text_stays_as_it_is(raw: str | bytes) -> None:
    once = neutral(raw)
    assert neutral(once) == once


@given(NASTY, st.integers(1, 400))
def test_a_cell_is_one_showable_line_of_bounded_width(raw: str, times: int) -> None:
    shown = neutral(raw * times)
    assert showable(shown)
    assert cell_len(shown) <= CELL_WIDTH
    assert neutral(shown) == shown


@given(NASTY, st.integers(1, 400))
def test_a_log_record_is_bounded_and_only_its_first_line_stands_in_the_first_column(
    raw: str, times: int
) -> None:
    lines = neutral(raw * times, "log").split("\n")
    assert len(lines) <= LOG_LINES + 1
    assert all(cell_len(line) <= LOG_WIDTH and showable(line) for line in lines)
    assert all(line.startswith("┆ ") for line in lines[1:])


def named(shown: str) -> str:
    """The target that a confirm dialog shows, read back from what it shows."""

    def character(match: re.Match[str]) -> str:
        if match["byte"]:
            return chr(0xDC00 + int(match["byte"], 16))
        return chr(int(match["point"], 16))

    pictures = {ord(p): chr(ord(p) - 0x2400) for p in map(chr, range(0x2400, 0x2420))} | {0x2421: "\x7f"}
    parts = re.split(r"(<U\+[0-9A-F]{4,6}>|<0x[0-9A-F]{2}>)", shown)
    point = re.compile(r"<(?:U\+(?P<point>[0-9A-F]{4,6})|0x(?P<byte>[0-9A-F]{2}))>")
    return "".join(point.sub(character, p) if n % 2 else p.translate(pictures) for n, p in enumerate(parts))


@given(NASTY.map(lambda text: text[:25]))
@example("pr\u043ed")
@example("pr<U+043E>d")
@example("<0x80>")
@example("\udc80")
@example("<<U+0041>")
@example("gpu-1\x1b[0m")
def test_two_targets_that_differ_never_look_alike(target: str) -> None:
    assert named(neutral(target, "confirm")) == target


@EVERY_ENTRY
def test_a_refusal_to_ask_is_itself_a_short_showable_sentence(entry: dict[str, Any]) -> None:
    with pytest.raises(Unconfirmable) as refusal:
        neutral(str(raw_of(entry)) + "n" * CELL_WIDTH, "confirm")
    assert showable(str(refusal.value))
    assert len(str(refusal.value)) < 500


def test_a_target_too_long_to_be_read_is_not_asked_about() -> None:
    assert neutral("n" * CELL_WIDTH, "confirm") == "n" * CELL_WIDTH
    with pytest.raises(Unconfirmable, match="cannot ask about nnn"):
        neutral("n" * (CELL_WIDTH + 1), "confirm")
    with pytest.raises(Unconfirmable):
        neutral("\u043e" * 40, "confirm")


def test_nothing_of_a_flood_is_looked_at_beyond_the_cap() -> None:
    shown = neutral("\u200b" * 1_000_000)
    assert shown.endswith(", 934464 cut at ingest)")
    assert cell_len(shown) <= CELL_WIDTH


@given(
    st.lists(
        st.binary(max_size=80).filter(lambda b: b"\n" not in b and b"\r" not in b), min_size=1, max_size=9
    )
)
def test_a_chunk_gives_each_line_as_if_it_had_come_alone(lines: list[bytes]) -> None:
    expected = [neutral(line, "log") for line in lines]
    assert neutral_lines(b"\n".join(lines) + b"\n") == expected
    assert neutral_lines(b"\r\n".join(lines) + b"\r\n") == expected


@given(st.lists(NASTY.map(lambda t: re.sub("[\r\n]", "", t)), min_size=1, max_size=9), st.integers(1, 300))
def test_long_lines_of_a_chunk_are_cut_as_if_they_had_come_alone(lines: list[str], times: int) -> None:
    coded = [(line * times).encode("utf-8", "replace") for line in lines]
    assert neutral_lines(b"\n".join(coded) + b"\n") == [neutral(line, "log") for line in coded]


def test_a_chunk_is_split_at_line_feeds_alone() -> None:
    forged = "GET /\u2028approved by alice\x0bagain\x85and\x1cagain".encode()
    assert len(neutral_lines(forged + b"\nnext\n")) == 2


def test_a_chunk_of_one_giant_line_is_one_short_line() -> None:
    (line,) = neutral_lines(b"\x1b[" * 500_000)
    assert cell_len(line) <= LOG_WIDTH
    assert "cut at ingest" in line


def test_nothing_gives_no_line_and_a_line_feed_gives_an_empty_one() -> None:
    assert neutral_lines(b"") == []
    assert neutral_lines(b"\n") == [""]
    assert neutral_lines(b"a\n\nb") == ["a", "", "b"]


@given(st.characters())
def test_what_is_showable_is_no_control_format_or_unassigned_character(char: str) -> None:
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        assert not showable(char)
    assert showable(neutral(char))


def test_variation_selectors_beyond_the_first_plane_are_not_taken_for_accents() -> None:
    assert not showable("\U000e0100")
    assert neutral("ok\U000e0100") == "ok<U+E0100>"
