"""A log file of a gigabyte as a source, beside ``wc -l`` and lnav on the same file."""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time, sleep

from tests.ui.stage import StillRoom, on_screen, screen_text
from warroom.clock import RealClock
from warroom.events.logs import LogsAppended
from warroom.sources.logfile.adapter import LogFile
from warroom.sources.logfile.index import BlockIndex
from warroom.sources.settings import LogfileSettings

SIZES_MB = (10, 100, 1000)
RUNS = 3
START = datetime(2026, 1, 31, 12, tzinfo=UTC)
LAST = "the very last line"
FOREVER_S = 120


def make(path: Path, megabytes: int) -> None:
    """Lines of some 205 bytes, three in a hundred of them errors, times a millisecond apart."""
    with path.open("w") as file:
        size, number = 0, 0
        while size < megabytes * 1_000_000:
            block = "".join(line(n) for n in range(number, number + 10_000))
            number += 10_000
            size += len(block)
            file.write(block)
        file.write(f"2026-02-01T12:00:00Z INFO {LAST}\n")


def line(number: int) -> str:
    time = START + timedelta(milliseconds=number)
    level = "ERROR" if number % 33 == 0 else "INFO"
    words = (
        f"GET /v1/chat/completions 200 {number * 2654435761 % 2**32:08x} upstream=10.2.{number % 250}.17:8080"
    )
    return f"{time:%Y-%m-%dT%H:%M:%S}.{number % 1000:03d}Z {level} {words} {'x' * 96}\n"


def resident_kib() -> int:
    """What of this process is in memory."""
    for text in Path("/proc/self/status").read_text("utf-8").splitlines():
        if text.startswith("VmRSS"):
            return int(text.split()[1])
    return 0


async def opened(path: str) -> dict[str, float]:
    """Open the file on a screen that is there: the tail painted, then the index made."""
    async with on_screen(StillRoom(), width=120, height=40) as (screen, pilot):
        room = screen.feed
        assert isinstance(room, StillRoom)
        await pilot.press("6", "6")
        before = resident_kib()
        begun = perf_counter()
        source = LogFile(LogfileSettings(path=path), clock=RealClock())
        seeing = source.observe()
        first = await anext(seeing)
        assert isinstance(first.event, LogsAppended)
        told = perf_counter()
        room.add(first.event, source="logfile")
        screen.draw()
        assert LAST in screen_text(screen.app)
        painted = perf_counter()
        await asyncio.to_thread(wait_for, source)
        indexed = perf_counter()
        added = resident_kib() - before
        await source.close()
    return {
        "index_cpu_s": cpu_of_an_index(path),
        "told_ms": (told - begun) * 1000,
        "painted_ms": (painted - begun) * 1000,
        "indexed_s": indexed - begun,
        "added_mib": added / 1024,
        "lines": source.lines_before,
    }


def wait_for(source: LogFile) -> None:
    """Wait for the index, with the loop free."""
    while source.indexed[0] < source.indexed[1]:
        sleep(0.001)


def cpu_of_an_index(path: str) -> float:
    """CPU seconds of indexing the whole file, with nothing beside it."""
    with Path(path).open("rb") as file:
        index, size = BlockIndex(), os.fstat(file.fileno()).st_size
        begun = process_time()
        while index.step(file.fileno(), size):
            pass
        return process_time() - begun


def in_a_process(path: Path) -> dict[str, float]:
    """The same in a process of its own, so that memory is only its own."""
    words = [sys.executable, "-m", "benchmarks.logfile", str(path)]
    return dict(json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout))


def peak_of(words: list[str]) -> tuple[float, float, float]:
    """Seconds, peak memory in MiB and CPU seconds of a program."""
    begun = perf_counter()
    child = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    usage = os.wait4(child.pid, 0)[2]
    child.returncode = 0
    return perf_counter() - begun, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def lnav(path: Path, empty: Path) -> tuple[float, float] | None:
    """Seconds until lnav has read the file without a screen, and the memory that takes above an empty one."""
    program = shutil.which("lnav")
    if program is None:
        return None
    words = [program, "-n", "-c", ":filter-in the very last line"]
    _, floor, _ = peak_of([*words, str(empty)])
    seconds, peak, _ = peak_of([*words, str(path)])
    return seconds, peak - floor


def report() -> str:
    """The section of the page."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path, empty = Path(folder) / "app.log", Path(folder) / "empty.log"
        empty.write_text("2026-02-01T12:00:00Z INFO nothing\n", "utf-8")
        for megabytes in SIZES_MB:
            make(path, megabytes)
            counts = [peak_of(["wc", "-l", str(path)]) for _ in range(RUNS)]
            ours = [in_a_process(path) for _ in range(RUNS)]
            other = lnav(path, empty)
            row = {key: statistics.median(one[key] for one in ours) for key in ours[0]}
            wc, wc_cpu = (statistics.median(one[at] for one in counts) for at in (0, 2))
            theirs = f"{other[0]:.1f} s, {other[1]:.0f} MiB" if other else "not installed"
            rows.append(
                f"| {megabytes:,} MB, {row['lines']:,.0f} lines | {row['told_ms']:.1f} | {row['painted_ms']:.1f} | "
                f"{row['indexed_s']:.2f} | {wc:.2f} | "
                f"{row['index_cpu_s']:.3f} | {wc_cpu:.3f} | {wc_cpu / row['index_cpu_s']:.2f} | "
                f"{row['added_mib']:.1f} | {theirs} |"
            )
    return "\n".join([*HEAD, *rows, ""])


HEAD = (
    "## A log file as a source",
    "",
    "`[cluster.NAME.logfile]` on a screen of 120x40 that is already there; the file is in the page cache; median of",
    f"{RUNS} processes each. *Told*: the tail came out of the source. *Painted*: its last line stands on the screen.",
    "*Indexed*: every line in front of the tail is counted and every block's time known, with the screen running;",
    "*speed* is of the CPU seconds, which others on the machine disturb less.",
    "*Added*: resident memory over that of the same process before the file was opened. lnav reads the file without a",
    "screen (`-n`) and filters it to one line; its memory is over that for a file of one line.",
    "",
    "| file | told, ms | painted, ms | indexed, s | `wc -l`, s | index, CPU s | `wc -l`, CPU s | speed, of `wc -l`'s "
    "| added, MiB | lnav |",
    "|---|---|---|---|---|---|---|---|---|---|",
)

if __name__ == "__main__":
    print(json.dumps(asyncio.run(opened(sys.argv[1]))))
