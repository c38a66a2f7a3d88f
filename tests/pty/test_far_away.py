"""The worked SEV1 from far away: tmux inside ssh inside tmux, over a link that is slow in both ways."""

import shlex
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import needs
from tests.driver.program import warroom
from tests.driver.slow_link import SlowLink
from tests.driver.ssh import Sshd, far_line
from tests.driver.terminal import Terminal
from tests.pty.test_worked_sev1 import (
    announce_and_resolve,
    check_export,
    cordon_rack_1,
    declare,
    find_heartbeats,
    resubmit_on_rack_2,
    stop_critical,
)

pytestmark = [pytest.mark.pty, pytest.mark.slow, pytest.mark.timeout(420), needs("sshd", "ssh", "tmux")]

RTT_S = 0.2
BITS_PER_S = 64_000
SPEED = "2"


@pytest.fixture
def sshd() -> Iterator[Sshd]:
    """An sshd of the test's own."""
    one = Sshd()
    try:
        yield one.start()
    finally:
        one.stop()


@pytest.fixture
def far_tmux(home: Path) -> Iterator[str]:
    """The command of a tmux on the far side; it ends with the test."""
    command = ["tmux", "-S", str(home / "far"), "-f", "/dev/null"]
    yield shlex.join(command)
    subprocess.run([*command, "kill-server"], check=False, capture_output=True)


def seconds_to_see(screen: Terminal, key: str, shows: str) -> float:
    """From a key in the near tmux until the near tmux shows what it does."""
    begin = time.monotonic()
    screen.keys(key)
    screen.wait_for(shows)
    return time.monotonic() - begin


def test_the_sev1_is_led_from_far_away_over_a_slow_link(
    home: Path, terminal: Callable[..., Terminal], sshd: Sshd, far_tmux: str
) -> None:
    with SlowLink(sshd.port, rtt_s=RTT_S, bits_per_s=BITS_PER_S) as link:
        screen = terminal(80, 24)
        program = far_line(home, "demo", "rack-switch", "--speed", SPEED)
        inner = f"LC_ALL=C.UTF-8 {far_tmux} new-session -s far {shlex.quote(program)}"
        screen.start(command=sshd.command(inner, port=link.port))
        screen.wait_for(r"NODES 0/8 ▼8")
        declare(screen)
        find_heartbeats(screen)
        cordon_rack_1(screen)
        waits = [
            seconds_to_see(screen, key, shows)
            for key, shows in (
                ("1", "━ 1 Health"),
                ("5", "━ 5 Metrics"),
                ("3", "━ 3 Nodes"),
                ("7", "━ 7 Timeline"),
            )
        ]
        stop_critical(screen)
        resubmit_on_rack_2(screen)
        announce_and_resolve(screen)
        screen.keys("q")
        screen.wait_for("EXIT 0")
        print(
            f"\na pane is there {min(waits):.2f} to {max(waits):.2f} s after its key; "
            f"{link.up} bytes went there and {link.down} came back"
        )
    # The line itself takes a fifth of a second; whatever waits longer than this was queued behind repaints.
    assert max(waits) < 10 * RTT_S
    check_export(home)
    assert warroom(home, "stop").code == 0
