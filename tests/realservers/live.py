"""``make live``: a real Slurm of 16 nodes, Prometheus and Alertmanager, and the war room on them; stopped afterwards.

With ``--headless``, or without a terminal, it says how to enter the room and waits for a signal.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType

from tests.conftest import REAL_SERVERS, missing_programs, missing_sentence
from tests.realservers.cluster import NAME, Cluster, environment_lines
from tests.realservers.daemons import NotStarted
from tests.realservers.jobs import submit_all

NEEDED = (*REAL_SERVERS, "unshare")
WARROOM = (sys.executable, "-m", "warroom")
PROGRAM = Path(sys.executable).with_name("warroom")
ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

HINTS = """\
In another terminal:
  . {file}
  warroom attach                # the room; also `warroom timeline`, `warroom node-list`, ...
  sinfo; squeue; sbatch ...     # the cluster behind it
  kill -9 $gpu03                # a node loses its power; `kill -USR1 $live` switches it on again
  echo '{{"gpu07": {{"gpu_temperature": 97}}, "gpu05": {{"down": true}}}}' >$WARROOM_FAULTS
  echo '{{}}' >$WARROOM_FAULTS    # mends what was broken there
Prometheus {prometheus.url}   Alertmanager {prometheus.alertmanager_url}   slurmrestd {slurm.url}
"""


class Ended(BaseException):
    """A signal asks for the end."""


def main() -> int:
    """Start, show, stop."""
    words = argparse.ArgumentParser(prog="make live", description=__doc__)
    words.add_argument("--headless", action="store_true", help="no screen: say how to enter and wait")
    words.add_argument("--guard", nargs="+", metavar="FOLDER", help=argparse.SUPPRESS)
    words.add_argument("--homes", type=int, default=1, help=argparse.SUPPRESS)
    given = words.parse_args()
    if given.guard:
        folders = [Path(folder) for folder in given.guard]
        return guard(folders[: given.homes], folders[given.homes :])
    if missing := missing_programs(NEEDED):
        tell(f"make live: {missing_sentence(missing)}")
        return 1
    headless = given.headless or not (sys.stdin.isatty() and sys.stdout.isatty())
    for number in ENDINGS:
        signal.signal(number, end_by_signal)
    home = Path(tempfile.mkdtemp(prefix="wr-live-", dir="/tmp"))
    cluster = Cluster()
    guarding = start_guard([home, cluster.slurm.folder, cluster.prometheus.folder])
    code = 0
    try:
        _run(cluster, home, headless=headless)
    except NotStarted as wrong:
        tell(f"make live: {wrong}")
        code = 1
    except Ended:
        pass
    finally:
        for number in ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        _stop(cluster, home)
        guarding.communicate(b"done")
    return code


def end_by_signal(number: int, _: FrameType | None) -> None:
    """Turn a signal into the end of what is under way."""
    raise Ended(number)


def tell(text: str) -> None:
    """What happens goes to standard error."""
    print(text, file=sys.stderr, flush=True)


def _run(cluster: Cluster, home: Path, *, headless: bool) -> None:
    tell(f"starting Slurm ({len(cluster.slurm.names)} nodes), Prometheus and Alertmanager on loopback ...")
    cluster.start()
    cluster.configure(home)
    submit_all(cluster.slurm)
    file = home / "env"
    pids = "".join(f"{name}={cluster.slurm.daemons.pid(name)}\n" for name in cluster.slurm.names)
    file.write_text(environment_lines(cluster, home) + pids + f"live={os.getpid()}\n")
    signal.signal(signal.SIGUSR1, lambda *_: _boot_dead(cluster))
    _warroom(home, "open", NAME, "--headless")
    print(HINTS.format(file=file, prometheus=cluster.prometheus, slurm=cluster.slurm), flush=True)
    if headless:
        tell("the room is open; Ctrl-C or SIGTERM stops everything")
        while True:
            signal.pause()
    _warroom(home, "note", f"another terminal reaches this cluster after: . {file}")
    # The screen must not outlive its servers, even if this process is killed.
    screen = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *WARROOM, "attach"], env=_environ(home))
    try:
        screen.wait()
    finally:
        if screen.poll() is None:
            screen.terminate()
            screen.wait(10)


def _boot_dead(cluster: Cluster) -> None:
    for name in cluster.slurm.names:
        if not cluster.slurm.daemons.alive(name):
            cluster.slurm.boot(name)


def _environ(home: Path) -> dict[str, str]:
    return {**os.environ, "WARROOM_HOME": str(home)}


def _warroom(home: Path, *words: str) -> None:
    done = subprocess.run(
        [*WARROOM, *words], env=_environ(home), capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode:
        raise NotStarted(f"warroom {' '.join(words)}: {done.stderr.strip()}")


def _declared(home: Path) -> bool:
    done = subprocess.run(
        [*WARROOM, "incidents", "--json"], env=_environ(home), capture_output=True, text=True, check=False
    )
    return any(one.get("incident") for one in json.loads(done.stdout or "[]"))


def _stop(cluster: Cluster, home: Path) -> None:
    tell("stopping everything ...")
    _stop_rooms(home)
    cluster.stop()
    if _declared(home):
        tell(
            f"the incident's record is kept: WARROOM_HOME={home} {PROGRAM} incidents; delete {home} when done"
        )
    else:
        shutil.rmtree(home, ignore_errors=True)
    tell("all stopped")


def _stop_rooms(home: Path) -> None:
    words = [*WARROOM, "stop", "--all", "--force"]
    subprocess.run(words, env=_environ(home), capture_output=True, timeout=60, check=False)


def start_guard(folders: list[Path], *, homes: int = 1) -> subprocess.Popen[bytes]:
    """A process that cleans up if this one is killed: the servers end with us, but a room outlives its opener.

    The first folders are homes of rooms.
    """
    module = "tests.realservers.live"
    words = [sys.executable, "-m", module, "--homes", str(homes), "--guard", *map(str, folders)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, start_new_session=True)


def guard(homes: list[Path], servers: list[Path]) -> int:
    """Wait for the end of who started us; what is left then is ended and removed, but no record of an incident."""
    if sys.stdin.read() == "done":
        return 0
    for home in homes:
        _stop_rooms(home)
    for folder in [*servers, *(home for home in homes if not _declared(home))]:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
