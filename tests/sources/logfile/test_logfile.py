"""A log file as a source: its tail at once, what is added, rotation, truncation, and all that stood in it before."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from warroom.clock import RealClock
from warroom.errors import WarroomError
from warroom.events.base import Event
from warroom.events.logs import LogsAppended
from warroom.events.sources import SourceLost, SourceSynced
from warroom.host.logs import read_logs
from warroom.model.commands import ReadLogs
from warroom.model.nouns import LogLevel
from warroom.sources.assembly import assemble
from warroom.sources.logfile.adapter import LogFile
from warroom.sources.logfile.file import TAIL_BYTES
from warroom.sources.logfile.index import BLOCK, BlockIndex
from warroom.sources.settings import LogfileSettings, settings_of
from warroom.testing.memory_recorder import MemoryRecorder
from warroom.views.logpages import BEGIN

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


def line(number: int) -> str:
    time = START + timedelta(seconds=number)
    level = "ERROR" if number % 100 == 0 else "INFO"
    return f"{time:%Y-%m-%dT%H:%M:%SZ} {level} request {number} took 3 ms\n"


def written(path: Path, first: int, last: int) -> None:
    with path.open("a") as file:
        file.writelines(line(n) for n in range(first, last))


class Watched:
    """A source and what it told."""

    def __init__(self, source: LogFile) -> None:
        self.source = source
        self.events: list[Event] = []

    @property
    def lines(self) -> list[str]:
        told = [event for event in self.events if isinstance(event, LogsAppended)]
        return [
            str(entry.text).partition(" request ")[2].partition(" ")[0] for e in told for entry in e.lines
        ]

    async def until(self, done: object) -> None:
        """Wait for what the source tells; fails when it takes longer than people would."""
        async with asyncio.timeout(10):
            while not done():  # type: ignore[operator]
                await asyncio.sleep(0.01)


@asynccontextmanager
async def watching(path: Path) -> AsyncIterator[Watched]:
    watched = Watched(LogFile(LogfileSettings(path=str(path), interval_s=0.5), clock=RealClock()))

    async def follow() -> None:
        async for seen in watched.source.observe():
            watched.events.append(seen.event)

    task = asyncio.ensure_future(follow())
    try:
        yield watched
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=0.25)
        assert task.done(), "a room that closes waits no longer than a frame"
        await watched.source.close()


async def test_the_tail_comes_first_and_then_what_is_added(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    written(path, 0, 5000)
    async with watching(path) as seen:
        await seen.until(lambda: any(isinstance(e, SourceSynced) for e in seen.events))
        assert seen.lines[-1] == "4999"
        assert len(seen.lines) == pytest.approx(TAIL_BYTES / len(line(4999)), abs=2)
        written(path, 5000, 5003)
        await seen.until(lambda: seen.lines[-3:] == ["5000", "5001", "5002"])


async def test_half_a_line_waits_for_its_end(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    written(path, 0, 1)
    async with watching(path) as seen:
        await seen.until(lambda: seen.lines == ["0"])
        whole = line(1)
        with path.open("a") as file:
            file.write(whole[:30])
            file.flush()
            await asyncio.sleep(0.6)
            assert seen.lines == ["0"]
            file.write(whole[30:])
        await seen.until(lambda: seen.lines == ["0", "1"])


async def test_a_rotated_file_is_read_to_its_end_and_then_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    written(path, 0, 10)
    async with watching(path) as seen:
        await seen.until(lambda: len(seen.lines) == 10)
        written(path, 10, 12)
        path.rename(tmp_path / "app.log.1")
        written(path, 12, 15)
        await seen.until(lambda: seen.lines == [str(n) for n in range(15)])
        details = [str(e.detail) for e in seen.events if isinstance(e, SourceSynced)]
        assert "rotated" in details[-1]


async def test_a_truncated_file_is_read_from_its_begin(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    written(path, 0, 10)
    async with watching(path) as seen:
        await seen.until(lambda: len(seen.lines) == 10)
        os.truncate(path, 0)
        written(path, 20, 22)
        await seen.until(lambda: seen.lines[-2:] == ["20", "21"])
        assert len(seen.lines) == 12


async def test_a_file_that_is_missing_is_lost_in_clear_words_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    async with watching(path) as seen:
        await seen.until(lambda: any(isinstance(e, SourceLost) for e in seen.events))
        lost = next(e for e in seen.events if isinstance(e, SourceLost))
        assert "No such file" in lost.reason
        assert lost.retry_s
        written(path, 0, 3)
        await seen.until(lambda: seen.lines == ["0", "1", "2"])


async def test_a_folder_or_a_pipe_is_no_log_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        async with watching(path) as seen:
            await seen.until(lambda seen=seen: any(isinstance(e, SourceLost) for e in seen.events))
            assert "no ordinary file" in next(e for e in seen.events if isinstance(e, SourceLost)).reason


async def read_back(source: LogFile, query: ReadLogs) -> list[str]:
    recorder = MemoryRecorder()
    found: list[str] = []
    for _ in range(1000):
        read = await read_logs(recorder, [source], query)
        found[:0] = [str(e.line.text).partition(" request ")[2].partition(" ")[0] for e in read.lines]
        if not read.older:
            return found
        query = ReadLogs(before=read.begin, level=query.level, limit=query.limit)
    raise AssertionError("it never ends")


async def test_what_stood_in_the_file_before_is_read_backwards_without_a_line_twice_or_missing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "app.log"
    written(path, 0, 20_000)
    async with watching(path) as seen:
        await seen.until(lambda: seen.lines)
        told = int(seen.lines[0])
        assert await read_back(seen.source, ReadLogs(limit=777)) == [str(n) for n in range(told)]
        errors = await read_back(seen.source, ReadLogs(limit=777, level="error"))
        assert errors == [str(n) for n in range(0, told, 100)]


async def test_from_the_first_line_of_the_file_one_reads_on_to_the_record(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    written(path, 0, 5000)
    async with watching(path) as seen:
        await seen.until(lambda: seen.lines)
        recorder, after, found = MemoryRecorder(), BEGIN, []
        for _ in range(100):
            read = await read_logs(recorder, [seen.source], ReadLogs(after=after, limit=500))
            found += [str(e.line.text).partition(" request ")[2].partition(" ")[0] for e in read.lines]
            if not read.newer:
                break
            after = read.end
        assert found == [str(n) for n in range(int(seen.lines[0]))]


async def test_a_time_is_found_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    written(path, 0, 60_000)
    async with watching(path) as seen:
        await seen.until(lambda: seen.lines and seen.source.indexed[0] == seen.source.indexed[1])
        assert seen.source.lines_before == int(seen.lines[0])
        aim = START + timedelta(seconds=40_000)
        read = await read_logs(MemoryRecorder(), [seen.source], ReadLogs(around=aim, limit=100))
        times = [entry.at for entry in read.lines]
        assert aim in times
        assert (read.older, read.newer) == (True, True)


def test_the_index_counts_every_line_across_its_blocks(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    written(path, 0, 50_000)
    index, number = BlockIndex(), os.open(path, os.O_RDONLY)
    size = os.fstat(number).st_size
    assert size > 2 * BLOCK
    while index.step(number, size):
        pass
    os.close(number)
    assert (index.lines, index.size) == (50_000, size)
    assert index.place_of(START) == 0
    assert index.place_of(START + timedelta(days=2)) == size // BLOCK * BLOCK


async def test_levels_and_control_characters_are_seen_for_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(b"2026-01-31T12:00:00Z ERROR \x1b]0;pwned\x07 boom\n")
    async with watching(path) as seen:
        await seen.until(lambda: any(isinstance(e, LogsAppended) for e in seen.events))
        told = next(e for e in seen.events if isinstance(e, LogsAppended)).lines[0]
        assert told.level is LogLevel.ERROR
        assert "\x1b" not in told.text


def test_a_table_of_the_config_makes_the_source_and_a_mistake_is_named() -> None:
    (source,) = assemble({"logfile": {"path": "/var/log/app.log"}}, RealClock())
    assert source.announce().roles == ("logs",)
    with pytest.raises(WarroomError, match="logfile"):
        settings_of("logfile", {})
    with pytest.raises(WarroomError, match="path must name a file"):
        settings_of("logfile", {"path": ""})
