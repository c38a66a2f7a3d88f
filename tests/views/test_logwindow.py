"""The part of the log that is looked at: merged by time, filtered, read on in the record, never with a hole."""

from datetime import timedelta

from tests.views.any_state import START, Tape
from warroom.events.logs import LogsAppended
from warroom.model.commands import LogsRead, ReadLogs
from warroom.model.nouns import LogLevel, LogLine
from warroom.model.text import Safe
from warroom.state.logtail import LogTail
from warroom.testing.memory_recording import MemoryRecording
from warroom.views import logpages
from warroom.views.logwindow import LogWindow, Sieve
from warroom.views.stamps import Stamps, next_kind


def at(second: float, text: str, level: LogLevel = LogLevel.INFO, node: str = "") -> LogLine:
    return LogLine(START + timedelta(seconds=second), level, Safe(text), node)


class Log:
    """A record of log lines and its tail."""

    def __init__(self, tail: int = 2000) -> None:
        self.tape = Tape()
        self.tail = LogTail(tail)

    def add(self, *lines: LogLine, source: str = "journal") -> None:
        self.tape.add(LogsAppended(lines), source=source)
        self.tail.apply(self.tape.envelopes[-1])

    def numbered(self, count: int, *, chunk: int = 10) -> None:
        for first in range(0, count, chunk):
            self.add(*(at(n / 1000 - 100, f"line {n}") for n in range(first, first + chunk)))

    def read(self, query: ReadLogs) -> LogsRead:
        return MemoryRecording(self.tape.envelopes).read_logs(query)

    def take(self, window: LogWindow, *, follow: bool = True) -> list[str]:
        window.take(self.tail.lines, seq=self.tape.state.seq, follow=follow)
        return said(window)


def said(window: LogWindow) -> list[str]:
    return [str(entry.line.text) for entry in window.lines]


def test_lines_of_several_sources_stand_by_their_time() -> None:
    log, window = Log(), LogWindow()
    log.add(at(-5, "a five"), at(-1, "a one"))
    log.add(at(-4, "b four"), at(-2, "b two"), source="slurm")
    assert log.take(window) == ["a five", "b four", "b two", "a one"]


def test_a_source_whose_clock_is_ahead_does_not_keep_its_lines_below_what_is_newer() -> None:
    log, window = Log(), LogWindow()
    log.add(at(9000, "from the future"), source="wrong clock")
    log.add(at(1, "a second later"))
    assert log.take(window) == ["from the future", "a second later"]


def test_a_line_without_a_time_stays_with_the_one_before_it() -> None:
    log, window = Log(), LogWindow()
    log.add(at(-9, "begins"), LogLine(None, LogLevel.NONE, Safe("goes on")))
    log.add(at(-8, "other"), source="slurm")
    assert log.take(window) == ["begins", "goes on", "other"]


def test_the_whole_record_is_reached_page_by_page_without_a_line_twice_or_missing() -> None:
    log, window = Log(tail=50), LogWindow()
    log.numbered(1000)
    log.take(window)
    while not window.oldest:
        query = window.sieve.asks(before=window.begin, limit=64)
        window.page(query, log.read(query))
    assert said(window) == [f"line {n}" for n in range(1000)]


def test_from_the_begin_of_the_record_one_reads_on_to_what_comes_in() -> None:
    log, window = Log(tail=50), LogWindow()
    log.numbered(500)
    query = window.sieve.asks(after=logpages.BEGIN, limit=64)
    window.page(query, log.read(query))
    assert (said(window)[0], window.joined) == ("line 0", False)
    while not window.joined:
        query = window.sieve.asks(after=window.end, limit=64)
        window.page(query, log.read(query))
    log.add(at(0, "just now"))
    assert log.take(window, follow=False) == [*(f"line {n}" for n in range(500)), "just now"]


def test_a_tail_that_ran_ahead_of_a_held_log_leaves_no_hole_in_it() -> None:
    """A burst longer than the tail once stood as if the lines it pushed out had never come."""
    log, window = Log(tail=20), LogWindow()
    log.numbered(20)
    log.take(window)
    log.numbered(100)
    assert log.take(window, follow=False) == [f"line {n}" for n in range(20)]
    assert not window.joined
    query = window.sieve.asks(after=window.end)
    window.page(query, log.read(query))
    assert len(window.lines) == 120
    assert window.joined


def test_only_the_lines_that_are_asked_for_are_held_and_read() -> None:
    log, window = Log(tail=5), LogWindow(Sieve(level="error", node="a1"))
    log.add(at(-9, "old", LogLevel.ERROR, "a1"), at(-8, "other", LogLevel.ERROR, "a2"))
    log.numbered(30)
    log.add(at(-1, "fine", LogLevel.INFO, "a1"), at(0, "new", LogLevel.FATAL, "a1"))
    assert log.take(window) == ["new"]
    query = window.sieve.asks(before=window.begin)
    window.page(query, log.read(query))
    assert said(window) == ["old", "new"]


def test_a_time_is_found_wherever_it_is_in_the_record() -> None:
    log, window = Log(tail=20), LogWindow()
    log.numbered(1000)
    log.take(window)
    time = START + timedelta(seconds=0.5 - 100)
    assert not window.covers(time)
    query = window.sieve.asks(around=time, limit=100)
    window.page(query, log.read(query))
    assert window.covers(time)
    assert str(window.lines[window.place_at(time)].line.text) == "line 500"
    assert not window.joined


def test_errors_are_found_both_ways() -> None:
    log, window = Log(), LogWindow()
    log.add(at(-3, "x", LogLevel.ERROR), at(-2, "y"), at(-1, "z", LogLevel.FATAL))
    log.take(window)
    assert (window.error(1, 1), window.error(1, -1), window.error(2, 1)) == (2, 0, None)


def test_a_page_stops_looking_after_a_while_and_says_where() -> None:
    log = Log()
    log.numbered(logpages.MOST_LOOKED_AT + 1000, chunk=1000)
    read = log.read(ReadLogs(query="nowhere"))
    assert (read.lines, read.older) == ((), True)
    assert not log.read(ReadLogs(before=read.begin, query="nowhere")).older


def test_a_playhead_that_goes_back_shows_no_line_that_is_not_yet_recorded() -> None:
    log, window = Log(), LogWindow()
    log.numbered(30)
    log.take(window)
    earlier = LogTail(2000, [e for e in log.tail.lines if e.seq <= 2])
    window.take(earlier.lines, seq=2, follow=False)
    assert said(window) == [str(e.line.text) for e in earlier.lines]


def test_times_are_written_in_utc_local_and_from_the_start_of_the_incident() -> None:
    time = START + timedelta(minutes=12, seconds=7)
    assert Stamps().write(time) == "14:12:07 "
    assert Stamps("relative", origin=START).write(time) == "+00:12:07"
    assert Stamps("relative", origin=time).write(START) == "-00:12:07"
    zone = (START + timedelta(0)).tzinfo
    assert Stamps("local", zone=zone).write(time) == "14:12:07L"
    assert [next_kind(kind) for kind in ("utc", "local", "relative")] == ["local", "relative", "utc"]
