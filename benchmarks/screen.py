"""The whole screen in a real terminal, with its host recording, beside the programs people use today."""

import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.flood_host import ROOM
from benchmarks.terminal import Measured

ROOT = Path(__file__).resolve().parents[1]
SIZES = ((80, 24), (120, 40), (200, 60))
NODES = 5_000
LINES, UPDATES, FEW = 20_000, 5_000, 83
STARTS = 5
PRESSES = 60
MISSES = 3
"""A program that shows so many keys in a row no effect is asked no more."""
REST_S = 5.0
SLOW_RATE = 16_000.0
WARROOM = (sys.executable, "-m", "warroom", "attach", ROOM)
ECHO = """
import os, tty
tty.setraw(0)
while True:
    os.write(1, os.read(0, 64))
"""
TEXTUAL = """
from textual.app import App
from textual.widgets import Static
class Least(App):
    def compose(self):
        yield Static("the least there is")
Least().run(mouse=False)
"""


class Peer(NamedTuple):
    """A program people use today."""

    name: str
    command: Sequence[str]
    shown: bytes | int
    """What its first useful screen has in it, or how many bytes that is."""
    keys: tuple[bytes, bytes]


def peers(log: Path) -> Iterator[Peer]:
    """Those that are installed."""
    known = (
        Peer("htop", ("htop", "-d", "10"), b"Load average", (b"\x1b[B", b"\x1b[A")),
        Peer("btop", ("btop",), 4_000, (b"\x1b[B", b"\x1b[A")),
        Peer("lnav", ("lnav", str(log)), b"line 99", (b"k", b"j")),
        Peer("toolong", ("tl", str(log)), 20_000, (b"\x1b[B", b"\x1b[A")),
    )
    yield from (peer for peer in known if shutil.which(peer.command[0]))


def absent() -> list[str]:
    return [name for name in ("htop", "btop", "lnav", "tl") if not shutil.which(name)]


@contextmanager
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="wb", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def host(folder: Path, nodes: int, updates: int, lines: int) -> Iterator[subprocess.Popen[str]]:
    """A recording host under that flood."""
    words = [sys.executable, "-m", "benchmarks.flood_host", str(folder), str(nodes), str(updates), str(lines)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def program(
    command: Sequence[str], folder: Path, size: tuple[int, int], *, rate: float | None = None
) -> Iterator[Measured]:
    terminal = Measured(*size, rate=rate)
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "WARROOM_HOME": str(folder)}
    terminal.start(command, {**environ, "PYTHONPATH": str(ROOT)})
    try:
        yield terminal
    finally:
        terminal.end()


def at(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


def ms(seconds: float) -> str:
    return (
        "none"
        if math.isinf(seconds)
        else f"{1000 * seconds:.1f}"
        if seconds < 0.1
        else f"{1000 * seconds:.0f}"
    )


# --- start -----------------------------------------------------------------------------------------------------------


def started(
    command: Sequence[str], marks: Sequence[bytes | int], folder: Path, size: tuple[int, int]
) -> list[float]:
    """Seconds until each mark was there."""
    with program(command, folder, size) as terminal:
        found = []
        for mark in marks:
            when = terminal.until_bytes(mark) if isinstance(mark, int) else terminal.until(mark)
            found.append(math.inf if when is None else when - terminal.began_s)
        return found


def start_lines(folder: Path, log: Path) -> Iterator[str]:
    """Rounds in turn, so that a loud moment hits all alike."""
    yield "| start, ms: median (least) | 80x24 | 120x40 | 200x60 |"
    yield "|---|---|---|---|"
    rows: dict[str, list[str]] = {}
    with host(folder, NODES, 0, 0):
        for size in SIZES:
            with program(WARROOM, folder, size) as terminal:
                terminal.until(b"5000")
                terminal.for_s(2.0)
            times: dict[str, list[float]] = {}
            for _ in range(STARTS):
                first, live = started(WARROOM, (FIRST_BYTES, b"5000/5000"), folder, size)
                times.setdefault("warroom attach: first frame", []).append(first)
                times.setdefault(LIVE, []).append(live)
                least = (sys.executable, "-c", TEXTUAL)
                times.setdefault(LEAST, []).extend(started(least, (b"the least",), folder, size))
                for peer in peers(log):
                    times.setdefault(peer.name, []).extend(started(peer.command, (peer.shown,), folder, size))
            for name, found in times.items():
                rows.setdefault(name, []).append(f"{ms(at(found, 0.5))} ({ms(min(found))})")
            live_s, least_s = times[LIVE], times[LEAST]
            ratios = at(live_s, 0.5) / at(least_s, 0.5), min(live_s) / min(least_s)
            rows.setdefault("live screen, of that", []).append(f"{ratios[0]:.1f} ({ratios[1]:.1f})")
    for name, cells in rows.items():
        yield f"| {name} | {' | '.join(cells)} |"


# --- keys ------------------------------------------------------------------------------------------------------------


class Pressed(NamedTuple):
    """What keys did, beside an echo of the same moments."""

    keys: list[float]
    echo: list[float]
    cpu: float
    bytes_s: float

    def cell(self) -> str:
        """``p50 / p95 / p99``, and how much of the last two is over the echo's."""
        found = [at(self.keys, share) for share in (0.5, 0.95, 0.99)]
        over = [ms(max(0.0, at(self.keys, share) - at(self.echo, share))) for share in (0.95, 0.99)]
        return f"{' / '.join(map(ms, found))} (+{over[0]}, +{over[1]})"


def pressed(
    command: Sequence[str],
    keys: Sequence[tuple[bytes, bytes | None]],
    ready: bytes | int,
    folder: Path,
    size: tuple[int, int],
    *,
    rate: float | None = None,
) -> Pressed:
    """Press keys in turn on a program and on an echo."""
    waits = random.Random(7)
    with (
        program(command, folder, size, rate=rate) as terminal,
        program((sys.executable, "-c", ECHO), folder, size) as echo,
    ):
        terminal.until_bytes(ready) if isinstance(ready, int) else terminal.until(ready)
        terminal.for_s(3.0)
        echo.for_s(0.2)
        cpu, before, began = terminal.cpu_s(), len(terminal.written), time.perf_counter()
        found: list[float] = []
        floor: list[float] = []
        for number in range(PRESSES):
            key, mark = keys[number % len(keys)]
            found.append(terminal.press(key, mark))
            if number >= MISSES and all(map(math.isinf, found[-MISSES:])):
                break
            terminal.for_s(waits.uniform(0.05, 0.15))
            floor.append(echo.press(b"x", b"x"))
        lasted = time.perf_counter() - began
        cpu, sent = terminal.cpu_s() - cpu, len(terminal.written) - before
        return Pressed(found, floor, cpu / lasted, sent / lasted)


# What comes with the keys: the title of the pane they lead to, drawn in another style.
LIVE, LEAST = "warroom attach: live screen of 5,000 nodes", "Textual, one word"
FIRST_BYTES = 1_000
"""The frames and names, which are shown before anything is loaded."""
KEYS = ((b"3", b"Nodes"), (b"5", b"Metrics"))


def key_lines(folder: Path, log: Path) -> Iterator[str]:
    yield "| key to paint, ms: p50 / p95 / p99 (p95 and p99 over the echo's) | 80x24 | 120x40 | 200x60 |"
    yield "|---|---|---|---|"
    with host(folder, NODES, 0, 0):
        cells = [pressed(WARROOM, KEYS, b"5000", folder, size).cell() for size in SIZES]
        yield f"| at rest, 5,000 nodes | {' | '.join(cells)} |"
    for peer in peers(log):
        keys = [(key, None) for key in peer.keys]
        cells = [pressed(peer.command, keys, peer.shown, folder, size).cell() for size in SIZES]
        yield f"| {peer.name}, first byte | {' | '.join(cells)} |"
    with host(folder, NODES, UPDATES, LINES):
        found = [pressed(WARROOM, KEYS, b"5000", folder, size) for size in SIZES]
        yield f"| in the flood | {' | '.join(one.cell() for one in found)} |"
        spent = [f"{one.cpu:.0%} of a core, {one.bytes_s / 1000:,.1f} kB/s" for one in found]
        yield f"| the client meanwhile | {' | '.join(spent)} |"
        over = [pressed(WARROOM, KEYS, b"5000", folder, size, rate=SLOW_RATE) for size in SIZES]
        yield f"| in the flood, over {SLOW_RATE / 1000:.0f} kB/s | {' | '.join(one.cell() for one in over)} |"
        spent = [f"{one.cpu:.0%} of a core, {one.bytes_s / 1000:,.1f} kB/s" for one in over]
        yield f"| the client meanwhile | {' | '.join(spent)} |"


# --- bytes and CPU ---------------------------------------------------------------------------------------------------


def quiet(
    command: Sequence[str],
    ready: bytes | int,
    folder: Path,
    size: tuple[int, int],
    *,
    seconds: float = REST_S,
) -> str:
    """Bytes a second and CPU of a program that nobody touches."""
    with program(command, folder, size) as terminal:
        terminal.until_bytes(ready) if isinstance(ready, int) else terminal.until(ready)
        terminal.for_s(3.0)
        before = terminal.cpu_s()
        sent = terminal.for_s(seconds)
        return f"{sent / seconds:,.0f} B/s, {(terminal.cpu_s() - before) / seconds:.1%}"


def quiet_lines(folder: Path, log: Path) -> Iterator[str]:
    yield "| nobody presses a key: bytes a second, CPU of the program | 80x24 | 120x40 | 200x60 |"
    yield "|---|---|---|---|"
    with host(folder, NODES, 0, 0):
        cells = [quiet(WARROOM, b"5000", folder, size) for size in SIZES]
        yield f"| at rest | {' | '.join(cells)} |"
        declare = [*WARROOM[:3], "incident", "declare", "benchmark", "--severity", "sev2"]
        environ = {**os.environ, "WARROOM_HOME": str(folder), "PYTHONPATH": str(ROOT)}
        subprocess.run(declare, env=environ, check=True, capture_output=True)
        cells = [quiet(WARROOM, b"5000", folder, size) for size in SIZES]
        yield f"| at rest, the clock of an incident runs | {' | '.join(cells)} |"
    with host(folder, NODES, FEW, 0):
        cells = [quiet(WARROOM, b"5000", folder, size) for size in SIZES]
        yield f"| {NODES:,} nodes, {FEW} changes a second | {' | '.join(cells)} |"
    for peer in peers(log):
        cells = [quiet(peer.command, peer.shown, folder, size) for size in SIZES]
        yield f"| {peer.name} | {' | '.join(cells)} |"


ABOUT = f"""\
## The screen

The installed command in a pseudo-terminal that answers as terminals do; the host records meanwhile. The time of a key:
from the byte written to the terminal until the title of the pane it leads to comes back in its new style, of a peer
until its first byte. The echo is a program that only sends back what it reads, between the same presses. The flood:
{LINES:,} log lines and {UPDATES:,} node updates a second, over a room's socket. {STARTS} starts, {PRESSES} presses,
{REST_S:.0f} s each. First frame: the first {FIRST_BYTES:,} bytes, the frames and names of the last screen; live
screen: the vitals show the 5,000 nodes. btop and toolong are up when 4,000 and 20,000 bytes are there, the others when
their words are; none: nothing came within two seconds.
"""


def report() -> str:
    """This section of docs/performance.md."""
    with home() as folder:
        log = folder / "benchmark.log"
        log.write_text("".join(f"2026-01-31 14:00:00 INFO line {n}\n" for n in range(100_000)), "utf-8")
        tables = [[*make(folder, log), ""] for make in (start_lines, key_lines, quiet_lines)]
    missing = absent()
    said = [f"Not installed here, and so not measured: {', '.join(missing)}.", ""] if missing else []
    return "\n".join([ABOUT, *said, *(line for table in tables for line in table)])
