"""Hostlists and other names, levels of log lines, the reflector, blocking calls."""

import asyncio
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.errors import SourceError
from warroom.model.nouns import LogLevel
from warroom.sources.blocking import in_thread
from warroom.sources.levels import NAMED, NAMES, PATTERNS, level_of, time_of
from warroom.sources.names import (
    MOST,
    distinct,
    expand_hostlist,
    is_plain,
    node_of_target,
    operation_in,
    rack_of,
    signed,
    unsigned,
)
from warroom.sources.reflector import Changed, Gone, difference, relist

HINTS = (
    *(
        "FATAL",
        "CRITICAL",
        "CRIT",
        "EMERG",
        "PANIC",
        "fatal:",
        "kernel panic",
        "panic:",
        "ERROR",
        "ERR",
        "SEVERE",
    ),
    *("Error:", "error:", "MyError", "Exception", "Traceback (", "Xid", "Out of memory", "out of memory"),
    *(
        "oom-kill",
        "OOM",
        "Segmentation fault",
        "core dumped",
        "WARN",
        "WARNING",
        "Warning:",
        "INFO",
        "NOTICE",
    ),
    *("DEBUG", "TRACE", "level=warn", "severity", "lvl", "info"),
)
TABLES = st.dictionaries(st.text("abc", max_size=2), st.integers(0, 3), max_size=6)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("gpu01", ("gpu01",)),
        ("gpu[01-03,07],login1", ("gpu01", "gpu02", "gpu03", "gpu07", "login1")),
        ("r[1-2]n[08-09]", ("r1n08", "r1n09", "r2n08", "r2n09")),
        ("a[1-2]-ib", ("a1-ib", "a2-ib")),
        ("n[9-11]", ("n9", "n10", "n11")),
    ],
)
def test_a_hostlist_is_expanded_as_slurm_does_it(text: str, names: tuple[str, ...]) -> None:
    assert expand_hostlist(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "n[1-",
        "n1]",
        "n[a]",
        "n[3-1]",
        "n[[1]]",
        "n[1-999999999]",
        "n[0-99999][0-99999]",
        "n" + "[1]" * 2000,
        "n[" + ",".join(["0-99999"] * 50) + "]",
    ],
)
def test_a_hostlist_made_to_fill_the_memory_is_refused(text: str) -> None:
    began = time.perf_counter()
    with pytest.raises(ValueError):
        expand_hostlist(text)
    assert time.perf_counter() - began < 2


def test_a_hostlist_may_be_as_long_as_it_may_be() -> None:
    assert len(expand_hostlist(f"n[1-{MOST}]")) == MOST


@pytest.mark.parametrize("name", ["gpu01", "a.b-c_d", "A"])
def test_plain_names_may_be_handed_to_programs(name: str) -> None:
    assert is_plain(name)


@pytest.mark.parametrize("name", ["", "-x", "a b", "a,b", "a[1]", "a\n", "é", "a" * 300, "$(x)", ".a"])
def test_other_names_may_not(name: str) -> None:
    assert not is_plain(name)


@pytest.mark.parametrize(
    ("target", "node"),
    [
        ("gpu07:9100", "gpu07"),
        ("gpu07", "gpu07"),
        ("10.0.0.1:9100", "10.0.0.1"),
        ("[fe80::1]:9100", "fe80::1"),
        ("fe80::1", "fe80::1"),
    ],
)
def test_a_scrape_target_is_a_node(target: str, node: str) -> None:
    assert node_of_target(target) == node


def test_the_first_feature_that_names_a_rack_is_the_rack() -> None:
    assert rack_of(("ib", "Rack-12", "rack2")) == "Rack-12"
    assert rack_of(("bracket1", "ib")) == ""


@given(st.text(max_size=30), st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True))
def test_what_is_signed_can_be_asked_for_its_operation(text: str, operation: str) -> None:
    assert operation_in(signed(text, operation)) in (operation, operation_in(text))
    assert operation_in(signed(unsigned(text), operation)) == operation


@given(st.lists(st.text(max_size=5) | st.sampled_from(["a\u200b", "a<U+200B>", "a" * 300, "a" * 301])))
def test_names_stay_distinct_when_they_are_shown(raw: list[str]) -> None:
    shown = distinct(raw)
    assert set(shown) == set(raw)
    assert len(set(shown.values())) == len(shown)
    assert distinct(reversed(raw)) == shown, "whatever their order"


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("2026-03-02 ERROR: x", LogLevel.ERROR),
        ("level=warn msg=ERROR", LogLevel.WARN),
        ('{"severity":"critical"}', LogLevel.FATAL),
        ("RuntimeError: CUDA error", LogLevel.ERROR),
        ("Traceback (most recent call last):", LogLevel.ERROR),
        ("NVRM: Xid 79: GPU has fallen off the bus", LogLevel.ERROR),
        ("kernel panic - not syncing", LogLevel.FATAL),
        ("WARNING: slow", LogLevel.WARN),
        ("INFO ok, 0 errors", LogLevel.INFO),
        ("DEBUG x", LogLevel.DEBUG),
        ("terror in the stderrs", LogLevel.NONE),
        ("step 12 loss=0.1", LogLevel.NONE),
        (" " * 300 + "ERROR", LogLevel.NONE),
    ],
)
def test_a_line_is_as_bad_as_it_says(line: str, level: LogLevel) -> None:
    assert level_of(line) is level


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("2026-03-02T14:00:01Z x", datetime(2026, 3, 2, 14, 0, 1, tzinfo=UTC)),
        ("[2026-03-02 14:00:01,250] x", datetime(2026, 3, 2, 14, 0, 1, 250_000, UTC)),
        ("2026-03-02T14:00:01.5+02:00 x", datetime(2026, 3, 2, 12, 0, 1, 500_000, UTC)),
        ("2026-03-02T14:00:01+0200 x", datetime(2026, 3, 2, 12, 0, 1, tzinfo=UTC)),
        ("2026-99-02T14:00:01Z x", None),
        ("0001-01-01T00:00:00+14:00 x", None),
        ("at 2026-03-02T14:00:01Z", None),
        ("", None),
    ],
)
def test_a_line_has_the_time_it_begins_with(line: str, moment: datetime | None) -> None:
    assert time_of(line) == moment


@given(TABLES, TABLES, st.booleans())
def test_folding_the_changes_gives_the_last_listing(
    known: dict[str, int], listed: dict[str, int], watching: bool
) -> None:
    believed = dict(known)
    for change in relist(known, listed, watching=watching):
        if isinstance(change, Changed):
            assert believed.get(change.key) != change.thing, "nothing is told twice"
            believed[change.key] = change.thing
        else:
            del believed[change.key]
    assert believed == listed
    told = difference(relist(known, listed, watching=watching))
    assert told.empty == (known == listed)
    assert told.witnessed is (watching or not told.gone)


def test_what_vanished_while_nobody_looked_on_is_unwitnessed() -> None:
    assert relist({"a1": 1}, {}) == [Gone("a1", witnessed=False)]
    assert relist({"a1": 1}, {}, watching=True) == [Gone("a1", witnessed=True)]


async def test_a_call_that_blocks_holds_up_nobody() -> None:
    assert await in_thread(lambda: 7, owner="x", deadline_s=5) == 7
    with pytest.raises(SourceError, match=r"a file did not answer within 0.05 s"):
        await in_thread(lambda: time.sleep(0.5), owner="x", deadline_s=0.05)
    with pytest.raises(FileNotFoundError):
        await in_thread(lambda: open("/nonexistent"), owner="x", deadline_s=5)  # noqa: PTH123, SIM115


async def test_a_blocking_call_can_be_cancelled() -> None:
    async with asyncio.TaskGroup() as crew:
        task = crew.create_task(in_thread(lambda: time.sleep(0.5), owner="x", deadline_s=5))
        await asyncio.sleep(0)
        began = time.perf_counter()
        task.cancel()
        await asyncio.wait([task])
    assert time.perf_counter() - began < 0.25


@given(st.lists(st.sampled_from([*HINTS, " ", ":", "x", "="]), max_size=12).map("".join))
def test_the_quick_look_for_a_level_never_misses_what_the_patterns_find(text: str) -> None:
    """A line of a hundred letters without a blank once took longer than reading a thousand others."""
    named = NAMED.search(text)
    if named and named[1].lower() in NAMES:
        assert level_of(text) is NAMES[named[1].lower()]
    else:
        slow = (level for level, pattern in PATTERNS if pattern.search(text))
        assert level_of(text) is next(slow, LogLevel.NONE)
