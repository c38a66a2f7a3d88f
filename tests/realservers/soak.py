"""``make soak``: the sample cluster calm, and real servers under ordinary work, watched for a finding that is none.

``SOAK_S`` is how long (600). It prints what was done and seen, and fails when a finding was raised: a room that cries
wolf on a good day is not read on a bad one.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from tests.conftest import REAL_SERVERS, missing_programs, missing_sentence
from tests.driver.program import warroom
from tests.realservers.asking import source_status, told, wait_synced
from tests.realservers.cluster import NAME, Cluster
from tests.realservers.daemons import NotStarted
from tests.realservers.live import ENDINGS, Ended, end_by_signal, start_guard, tell
from tests.realservers.ordinary_work import ROUND_S, Work

LONG_S = 600.0
BEFORE = 20
"""Lines of the timeline that are shown before the first finding."""
CALM = "calm"
CALM_SPEED = 4
"""Simulated seconds a second: ten minutes show the whole afternoon of the sample cluster."""


class Report(NamedTuple):
    """What a soak did and saw."""

    seconds: float
    done: dict[str, int]
    seen: dict[str, dict[str, int]]
    """By room: how many lines of each kind its timeline has."""
    findings: tuple[str, ...]
    trouble: tuple[str, ...]
    """Why nothing could be concluded: a source that was not seen."""

    def lines(self) -> list[str]:
        """As people read it."""
        did = ", ".join(f"{number} {what}" for what, number in self.done.items())
        told = [f"soaked for {self.seconds:.0f} s: {did}"]
        for room, kinds in self.seen.items():
            told.append(f"{room} saw {', '.join(f'{number} {kind}' for kind, number in kinds.items())}")
        told += [f"TROUBLE {one}" for one in self.trouble]
        told += [f"FINDING {one}" for one in self.findings]
        return [*told, f"{len(self.findings) or 'no'} finding{'' if len(self.findings) == 1 else 's'} raised"]

    @property
    def code(self) -> int:
        """What the command answers."""
        return 1 if self.findings or self.trouble or not self.done else 0


def soak(cluster: Cluster, home: Path, calm_home: Path, *, seconds: float) -> Report:
    """Work for that long; the rooms are open. Ends early with the first finding."""
    begin = time.monotonic()
    work = Work(cluster, home)
    rooms = {NAME: home, CALM: calm_home}
    raised: list[str] = []
    while time.monotonic() - begin < seconds and not raised:
        start = time.monotonic()
        for at, step in work.round():
            _wait_until(start + at)
            step()
            raised = [line for name, where in rooms.items() for line in findings_of(name, where)]
            if raised or time.monotonic() - begin >= seconds:
                break
        else:
            _wait_until(min(start + ROUND_S, begin + seconds))
    raised = [line for name, where in rooms.items() for line in findings_of(name, where)]
    trouble = [
        f"{name}: source {source} {status}"
        for name, where in rooms.items()
        for source, status in source_status(where).items()
        if status != "synced"
    ]
    seen = {name: kinds_of(where) for name, where in rooms.items()}
    return Report(time.monotonic() - begin, dict(work.done), seen, tuple(raised), tuple(trouble))


def _wait_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def _timeline(home: Path, *more: str) -> list[dict[str, Any]]:
    return list(told(home, "timeline", "--limit", "10000", *more))


def findings_of(name: str, home: Path) -> list[str]:
    """Every finding a room raised, withdrawn or not; the first with what the room saw before it."""
    found = [_line(name, m) for m in _timeline(home, "--kind", "finding")]
    if found:
        lines = [_line("", m) for m in _timeline(home)]
        at = next(n for n, line in enumerate(lines) if line.endswith(found[0].partition(": ")[2]))
        found[0] += "".join(f"\n  before: {line}" for line in lines[max(0, at - BEFORE) : at])
    return found


def _line(room: str, moment: dict[str, Any]) -> str:
    return f"{room}: {moment['observed_time']} {moment['text']}"


def kinds_of(home: Path) -> dict[str, int]:
    """How many lines of each kind a room's timeline has."""
    counted: dict[str, int] = {}
    for moment in _timeline(home):
        counted[moment["kind"]] = counted.get(moment["kind"], 0) + 1
    return dict(sorted(counted.items()))


def open_rooms(cluster: Cluster, home: Path, calm_home: Path) -> None:
    """Open the room on the real cluster and the one on calm."""
    cluster.prometheus.wait_scraped()
    cluster.configure(home)
    for where, words in (
        (home, ("open", NAME)),
        (calm_home, ("demo", CALM, "--speed", str(CALM_SPEED))),
    ):
        opened = warroom(where, *words, "--headless")
        if opened.code:
            raise NotStarted(f"warroom {' '.join(words)}: {opened.err.strip()}")
        wait_synced(where)


def main() -> int:
    """Start, work, report, stop."""
    if missing := missing_programs((*REAL_SERVERS, "unshare")):
        tell(f"make soak: {missing_sentence(missing)}")
        return 1
    seconds = float(os.environ.get("SOAK_S") or LONG_S)
    for number in ENDINGS:
        signal.signal(number, end_by_signal)
    homes = [Path(tempfile.mkdtemp(prefix="wr-soak-", dir="/tmp")) for _ in range(2)]
    cluster = Cluster()
    guarding = start_guard([*homes, cluster.slurm.folder, cluster.prometheus.folder], homes=2)
    code = 1
    try:
        tell(f"starting Slurm ({len(cluster.slurm.names)} nodes), Prometheus and Alertmanager ...")
        cluster.start()
        open_rooms(cluster, *homes)
        tell(f"ordinary work for {seconds:.0f} s (SOAK_S=60 makes it short) ...")
        report = soak(cluster, *homes, seconds=seconds)
        print("\n".join(report.lines()), flush=True)
        code = report.code
    except NotStarted as wrong:
        tell(f"make soak: {wrong}")
    except Ended:
        tell("make soak: ended before its time; nothing is concluded")
    finally:
        for number in ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        _stop(cluster, homes)
        guarding.communicate(b"done")
    return code


def _stop(cluster: Cluster, homes: list[Path]) -> None:
    for home in homes:
        warroom(home, "stop", "--all", "--force")
    cluster.stop()
    for home in homes:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
