"""A log file passes what every source that looks again and again must pass."""

from pathlib import Path
from typing import Self

import pytest

from warroom.events.logs import LogsAppended
from warroom.host.ports import Source
from warroom.sources.logfile.adapter import LogFile
from warroom.sources.settings import LogfileSettings
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.source_suite import LookingSuite
from warroom.testing.watcher import Watcher


class FileOnDisk:
    """A log that is written, moved away and put back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = 0

    async def __aenter__(self) -> Self:
        self.write()
        return self

    async def __aexit__(self, *_: object) -> None:
        return

    def write(self) -> None:
        self.written += 1
        with self.path.open("a") as file:
            file.write(f"2026-01-31T12:00:{self.written:02d}Z INFO line {self.written}\n")

    async def go(self) -> None:
        self.path.rename(self.path.with_suffix(".away"))

    async def come(self) -> None:
        self.path.with_suffix(".away").rename(self.path)


class TestLogFile(LookingSuite):
    away = ("cannot be read: No such file or directory",)
    loses_things = False

    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "service.log"

    def wire(self) -> FileOnDisk:
        return FileOnDisk(self.path)

    def source(self, wire: FileOnDisk, clock: LeapingClock) -> Source:
        return LogFile(LogfileSettings(path=str(wire.path)), clock=clock)

    def change(self, wire: FileOnDisk) -> None:
        wire.write()

    def shown(self, watcher: Watcher) -> object:
        return [str(line.text) for event in watcher.of(LogsAppended) for line in event.lines]

    async def test_what_is_written_while_the_file_was_away_is_told_once_when_it_is_back(self) -> None:
        async with self.rig() as (wire, seen):
            await seen.synced()
            await wire.go()
            await seen.lost()
            await wire.come()
            wire.write()
            await seen.until(lambda: len(self.shown(seen)) > 1, what="the new line")  # type: ignore[arg-type]
            texts = self.shown(seen)
            assert isinstance(texts, list)
            assert [text.rpartition(" ")[2] for text in texts] == ["1", "2"]
