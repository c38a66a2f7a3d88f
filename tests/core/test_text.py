"""Untrusted text becomes safe once: every string of the corpus, in every mode."""

import base64
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.model.text import CELL_WIDTH, neutral, neutral_lines

CORPUS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "data" / "hostile-strings.json").read_text("utf-8")
)["strings"]


def raw_of(entry: dict[str, Any]) -> str | bytes:
    """The hostile string as it arrives."""
    if "input_b64" in entry:
        return base64.b64decode(entry["input_b64"])
    if "input_gen" in entry:
        made = entry["input_gen"]
        return str(made.get("prefix", "") + made["unit"] * made["times"] + made.get("suffix", ""))
    return str(entry["input"])


@pytest.mark.parametrize("entry", CORPUS, ids=[entry["id"] for entry in CORPUS])
@pytest.mark.parametrize("mode", ["cell", "log", "confirm"])
def test_a_hostile_string_is_shown_as_the_corpus_says(entry: dict[str, Any], mode: Any) -> None:
    expected = entry.get(f"expect_{mode}")
    if expected is not None:
        assert neutral(raw_of(entry), mode) == expected


@pytest.mark.parametrize("entry", CORPUS, ids=[entry["id"] for entry in CORPUS])
def test_nothing_unshowable_is_left_of_a_hostile_string(entry: dict[str, Any]) -> None:
    for mode in ("cell", "log", "confirm"):
        shown = neutral(raw_of(entry), mode)  # type: ignore[arg-type]
        allowed = {"\n"} if mode == "log" else set()
        left = {c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")}
        assert left <= allowed


@given(st.text() | st.binary())
def test_neutral_text_stays_as_it_is(raw: str | bytes) -> None:
    once = neutral(raw)
    assert neutral(once) == once
    assert len(once) <= CELL_WIDTH * 7


@given(st.lists(st.binary(max_size=80).filter(lambda b: b"\n" not in b and b"\r" not in b), min_size=1, max_size=9))
def test_a_chunk_gives_one_record_per_line_feed(lines: list[bytes]) -> None:
    assert len(neutral_lines(b"\n".join(lines) + b"\n")) == len(lines)
