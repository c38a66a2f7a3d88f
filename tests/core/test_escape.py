"""Text from the record shows itself in every export and is never markup, formula or path there."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.hostile import CORPUS, expecting, raw_of
from warroom.model.text import neutral
from warroom.postmortem.escape import csv_cell, html, markdown, markdown_block, slug, url_segment

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
LINES = st.text(st.characters() | st.sampled_from("*_`[]()<>#|~$&-+=.:!\\/ 019ahtpsw")).map(neutral)


@pytest.mark.parametrize(("raw", "expected"), expecting("expect_html"))
def test_html_is_escaped_as_the_corpus_says(raw: str, expected: str) -> None:
    assert html(raw) == expected


@pytest.mark.parametrize(("raw", "expected"), expecting("expect_markdown"))
def test_markdown_is_escaped_as_the_corpus_says(raw: str, expected: str) -> None:
    assert (markdown_block(raw) if "\n" in raw else markdown(raw)) == expected


@pytest.mark.parametrize(("raw", "expected"), expecting("expect_csv"))
def test_a_formula_is_kept_from_spreadsheets_as_the_corpus_says(raw: str, expected: str) -> None:
    assert csv_cell(raw) == expected


@pytest.mark.parametrize(("raw", "expected"), expecting("expect_url_segment"))
def test_a_path_segment_is_quoted_as_the_corpus_says(raw: str, expected: str) -> None:
    assert url_segment(raw) == expected


@pytest.mark.parametrize(("raw", "expected"), expecting("expect_slug"))
def test_a_file_name_is_made_as_the_corpus_says(raw: str, expected: str) -> None:
    assert slug(raw) == expected


def shown_by(source: str) -> tuple[set[str], str]:
    """What kinds of things a piece of markdown is made of, and the text a reader sees."""
    tokens = MARKDOWN.parse(source)
    inner = [child for token in tokens for child in token.children or []]
    return {token.type for token in [*tokens, *inner]}, "".join(t.content for t in inner if t.type == "text")


PLAIN = {"inline", "text", "paragraph_open", "paragraph_close"}


@given(LINES)
@example("1. one")
@example("12) two")
@example("- - three")
@example("+ four")
@example("===")
@example("<b>x</b> [x](http://evil) ![x](y) &amp; **b** `c` ~~d~~")
def test_a_line_of_markdown_is_text_and_says_what_it_said(line: str) -> None:
    kinds, text = shown_by(markdown(line))
    assert kinds <= PLAIN
    assert text.split() == line.split()


@given(LINES)
def test_a_line_in_a_list_or_a_heading_is_text_there_too(line: str) -> None:
    kinds, _ = shown_by(f"- {markdown(line)}")
    assert kinds <= PLAIN | {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"}
    kinds, _ = shown_by(f"# {markdown(line)}")
    assert kinds <= PLAIN | {"heading_open", "heading_close"}


@given(LINES)
def test_a_line_in_a_table_stays_in_its_cell(line: str) -> None:
    rows = MARKDOWN.parse(f"| a | b |\n|---|---|\n| {markdown(line)} | end |\n")
    cells = [token.type for token in rows].count("td_open")
    assert cells == 2


@pytest.mark.parametrize("entry", CORPUS, ids=[entry["id"] for entry in CORPUS])
def test_a_record_of_the_corpus_is_text_in_markdown(entry: dict[str, object]) -> None:
    kinds, _ = shown_by(markdown(neutral(raw_of(entry), "log")))
    assert kinds <= PLAIN


@given(st.text(st.sampled_from("`~a\n ")))
def test_a_block_of_markdown_cannot_be_left(text: str) -> None:
    tokens = MARKDOWN.parse(markdown_block(text) + "\n")
    assert [token.type for token in tokens] == ["fence"]
    assert tokens[0].content == text + "\n"


@given(st.text())
def test_escaped_html_holds_no_tag_and_ends_no_attribute(text: str) -> None:
    assert not set("<>\"'") & set(html(text))


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "  =1", "＝1", "\n=1", "-"]
)
def test_what_a_spreadsheet_would_compute_is_text(cell: str) -> None:
    assert csv_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "+3.25", "gpu-1", "a=b", "", "0"])
def test_numbers_and_plain_words_are_left_alone(cell: str) -> None:
    assert csv_cell(cell) == cell


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("./%?#&\r\n")))
def test_a_path_segment_is_one_segment_and_reads_back(text: str) -> None:
    quoted = url_segment(text)
    assert re.fullmatch(r"[A-Za-z0-9_.~%-]*", quoted)
    assert quoted not in (".", "..")
    assert unquote(quoted) == text


@given(st.text())
def test_a_file_name_is_short_plain_and_no_device(text: str) -> None:
    name = slug(text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-?", name)
    assert len(name) <= 61
    assert name not in ("con", "nul", "com1", "lpt9")


def test_accents_are_folded_and_nothing_is_named() -> None:
    assert slug("Ausfall Köln: GPU-Racks 7–9") == "ausfall-koln-gpu-racks-7-9"
    assert slug("障害") == "unnamed"
    assert slug("COM¹") == "com1-"
