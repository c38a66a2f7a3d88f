"""The filter grammar: what it finds, what it refuses, and that no pattern holds the screen up."""

import re
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.errors import WarroomError
from warroom.views.filtering import Subject, checker, parse_filter
from warroom.views.lines import line
from warroom.views.patterns import Automaton, _parser, pattern
from warroom.views.subjects import lines_subject

GPU_1 = Subject(
    "gpu-1 not ready rack1 H100 team=ml dead switch",
    {"node": "gpu-1", "state": "not ready", "rack": "rack1", "team": "ml", "reason": "dead switch"},
    "critical",
)
GPU_10 = Subject(
    "gpu-10 ready rack2 A100 team=web", {"node": "gpu-10", "state": "ready", "rack": "rack2", "team": "web"}
)


def passing(text: str, *, faults: bool = False) -> list[str]:
    passes = checker(parse_filter(text, faults=faults))
    return [row.fields["node"] for row in (GPU_1, GPU_10) if passes(row)]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("", ["gpu-1", "gpu-10"]),
        ("SWITCH", ["gpu-1"]),
        ("gpu rack2", ["gpu-10"]),
        ("switch|web", ["gpu-1", "gpu-10"]),
        ("!switch", ["gpu-10"]),
        ("!switch|web", []),
        ("/gpu-1 /", ["gpu-1"]),
        ("/h100|a100/ !ml", ["gpu-10"]),
        ('"not ready"', ["gpu-1"]),
        ("node=gpu-1", ["gpu-1"]),
        ("rack=rack2|rack3", ["gpu-10"]),
        ("team!=ml", ["gpu-10"]),
        ("team!=ml|web", []),
        ("nosuch!=x", ["gpu-1", "gpu-10"]),
        ('state="not ready"', ["gpu-1"]),
        ("node~^gpu-\\d$", ["gpu-1"]),
        ("!node~^gpu-\\d$", ["gpu-10"]),
        ("reason~/dead .*tch/", ["gpu-1"]),
        ("reason=", ["gpu-10"]),
        ("TEAM=ML", ["gpu-1"]),
    ],
)
def test_a_filter_leaves_the_rows_it_describes(text: str, left: list[str]) -> None:
    assert passing(text) == left


def test_faults_only_joins_whatever_else_is_asked_for() -> None:
    assert passing("", faults=True) == ["gpu-1"]
    assert passing("gpu-10", faults=True) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/a(/", "cannot be read"),
        ("|a", "want a word"),
        ("a|", "want a word"),
        ("!", "want a word"),
        ("a|!b", "! stands before"),
        ('"open', "not closed"),
        ("key~", "wants a pattern"),
        ("//", "wants a pattern"),
        ("/(a)\\1/", "looks back"),
        ("/(((a{99}){99}){99})/", "repeats too much"),
        ("/[[:alpha:]]/", "cannot be read"),
        (f"/{'a' * 300}/", "longer than"),
        ("x" * 500, "longer than"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(text: str, said: str) -> None:
    with pytest.raises(WarroomError, match=re.escape(said)):
        parse_filter(text)


HOSTILE = ("a" * 4_000 + "!", "ab" * 2_000, "error timeout " * 290)


@pytest.mark.parametrize(
    "text",
    [
        *("(a+)+$", "(a|a)*b", "(a|aa)+c", "a*a*a*a*a*b", "(.*)*x", "error.*timeout.*db", "a*b", "\\w+:"),
        *("a?" * 30 + "a" * 30, "a{0,9}" * 8 + "b", "(a|b)(a|b)(a|ab)(a|b)(a|b)(a|b)c"),
    ],
)
def test_a_pattern_that_stops_other_programs_takes_milliseconds_here(text: str) -> None:
    search = pattern(text)
    began = perf_counter()
    for hostile in HOSTILE:
        search(hostile)
    # Python's own engine would take from seconds to longer than anybody lives.
    assert perf_counter() - began < 0.5


ATOMS = st.sampled_from(["a", "b", "B", ".", "[ab]", "[^a]", r"\w", r"\d", "1", r"\b", "^", "$", r"\s", " "])
REPEATED = st.sampled_from(["", "", "*", "+", "?", "{1,2}", "{2}", "*?"])


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(st.tuples(inner, REPEATED).map("".join), min_size=1, max_size=3).map("".join)
    grouped = st.lists(several, min_size=1, max_size=2).map(lambda some: f"({'|'.join(some)})")
    return st.one_of(several, grouped)


@given(st.recursive(ATOMS, _joined, max_leaves=8), st.text("abAB1 _", max_size=8))
def test_the_automaton_finds_what_python_finds(text: str, searched: str) -> None:
    try:
        tree, compiled = _parser.parse(text, re.IGNORECASE), re.compile(text, re.IGNORECASE)
        automaton = Automaton(tree, text)
    except (re.error, WarroomError):
        # Not a pattern, or one that only looks back could follow, such as a*+.
        return
    assert automaton.search(searched) == bool(compiled.search(searched))


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str, searched: str) -> None:
    try:
        passes = checker(parse_filter(text))
    except WarroomError:
        return
    assert passes(Subject(searched, {"key": searched})) in (True, False)


def test_the_empty_place_of_a_mark_is_no_fault() -> None:
    passes = checker(parse_filter("", faults=True))
    assert not passes(lines_subject([line(("traffic", "text"), ("  ", "critical"))]))
    assert passes(lines_subject([line(("errors", "text"), (" ✖", "critical"))]))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("switch OR web", ["gpu-1", "gpu-10"]),
        ("rack1 switch OR rack2 ml", ["gpu-1"]),
        ("nothing OR !switch rack=rack2", ["gpu-10"]),
        ("gpu AND rack1", ["gpu-1"]),
        ('"OR"', []),
        ("or", []),
        ("ORDER OR web", ["gpu-10"]),
    ],
)
def test_or_between_words_joins_all_that_stands_on_both_sides(text: str, left: list[str]) -> None:
    assert passing(text) == left


def test_only_what_is_wrong_holds_for_both_sides_of_an_or() -> None:
    assert passing("web OR switch", faults=True) == ["gpu-1"]
    assert parse_filter("a=1 OR b=2").keys == {"a", "b"}


@pytest.mark.parametrize("text", ["OR", "a OR", "OR a", "a OR OR b"])
def test_an_or_without_a_word_beside_it_is_refused(text: str) -> None:
    with pytest.raises(WarroomError, match="OR wants a word on both sides"):
        parse_filter(text)
