"""A value stays a value in a query, whatever it holds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import expecting
from warroom.model.quoting import promql_string


@pytest.mark.parametrize(("raw", "expected"), expecting("expect_promql"))
def test_a_hostile_value_is_quoted_as_the_corpus_says(raw: str, expected: str) -> None:
    assert promql_string(raw) == expected


def unquoted(literal: str) -> str:
    """The value of a double-quoted literal, by the rules PromQL shares with JSON and its own for controls."""
    assert literal[0] == literal[-1] == '"'
    return str(json.loads(literal.replace("\\\\", "\\u005c").replace("\\x", "\\u00")))


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\`{}\nx0')))
def test_a_quoted_value_reads_back_as_itself(value: str) -> None:
    assert unquoted(promql_string(value)) == value


def test_a_lone_surrogate_cannot_keep_a_query_from_being_sent() -> None:
    assert promql_string("a\udc80").encode() == b'"a?"'
