"""Searches of recorded lines go by the same grammar as the filter of the Logs pane."""

from time import perf_counter

import pytest

from warroom.errors import WarroomError
from warroom.model.nouns import LogLevel, LogLine
from warroom.model.text import Safe
from warroom.views.filtering import checker, parse_filter
from warroom.views.logquery import line_test
from warroom.views.subjects import log_subject

LINES = [
    LogLine(None, LogLevel.ERROR, Safe("upstream timeout seq=1"), node="gpu-01", workload="chat"),
    LogLine(None, LogLevel.INFO, Safe("heartbeat ok seq=2"), node="gpu-02", workload=""),
    LogLine(
        None, LogLevel.WARN, Safe("NVRM: Xid 79, GPU has fallen off the bus"), node="gpu-02", workload=""
    ),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [0, 1, 2]),
        ("timeout", [0]),
        ("error OR heartbeat", [0, 1]),
        ("timeout|xid", [0, 2]),
        ("!heartbeat node=gpu-02", [2]),
        ("level=error", [0]),
        ("level=warn|error", [0, 2]),
        ("node~gpu-0[12] workload=chat", [0]),
        (r"/xid \d+/", [2]),
        ('"seq=1"', [0]),
        ('"fallen off"', [2]),
    ],
)
def test_a_search_finds_what_the_filter_of_the_pane_shows(text: str, found: list[int]) -> None:
    assert [n for n, one in enumerate(LINES) if line_test(text)(one)] == found
    passes = checker(parse_filter(text))
    assert [n for n, one in enumerate(LINES) if passes(log_subject(one))] == found


@pytest.mark.parametrize("text", ["OR a", "/(/", '"open', "!", "a ! b", "key~"])
def test_what_cannot_be_read_is_refused_and_not_guessed(text: str) -> None:
    with pytest.raises(WarroomError):
        line_test(text)


def test_a_hostile_pattern_does_not_hold_up_a_search() -> None:
    line = LogLine(None, LogLevel.INFO, Safe("a" * 4_000 + "!"), node="n", workload="")
    begin = perf_counter()
    assert not line_test("/(a+)+$/")(line)
    assert perf_counter() - begin < 2
