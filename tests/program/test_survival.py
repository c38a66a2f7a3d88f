"""The room survives its clients, and an action survives the host."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.driver.program import warroom
from tests.driver.terminal import Terminal
from warroom.host.rooms import RoomFolder

pytestmark = [pytest.mark.slow]


def host_pid(home: Path, room: str) -> int:
    """The process that runs a room."""
    note = RoomFolder(home / "rooms", room).read_note()
    assert note is not None
    return note.pid


def timeline(home: Path) -> list[str]:
    """The texts of the timeline."""
    moments = msgspec.json.decode(warroom(home, "timeline", "--json", "--limit", "1000").out)
    return [moment["text"] for moment in moments]


def busy_node(home: Path) -> str:
    """A node that something runs on and that can be emptied."""
    nodes = msgspec.json.decode(warroom(home, "node-list", "--json").out)
    return next(n["name"] for n in nodes if 0 < n.get("gpus_used", 0) < n["gpus"] and n["rack"] == "rack-a")


def wait_gone(pid: int) -> None:
    """Wait until a killed process is dead; a zombie counts."""
    for _ in range(200):
        try:
            if "State:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return
        except OSError:
            return
        time.sleep(0.02)
    raise AssertionError(f"{pid} lives on")


@pytest.mark.pty
def test_a_drain_goes_on_when_its_client_is_killed(home: Path, terminal: Callable[..., Terminal]) -> None:
    assert warroom(home, "demo", "calm", "--headless", "--speed", "5").code == 0
    node = busy_node(home)
    first = terminal(120, 40)
    first.start("attach")
    first.wait_for("NODES 16/16")
    first.keys("U")
    first.wait_for("UNLOCKED")
    assert warroom(home, "node-drain", node, "--grace", "60", "--reason", "test", "--yes").code == 0
    first.wait_for("A1 drain")
    client = next(
        int(pid.name)
        for pid in Path("/proc").iterdir()
        if pid.name.isdigit()
        and b"attach" in _words(pid)
        and str(home).encode() in _environ(pid)
        and b"warroom" in _words(pid)
    )
    os.kill(client, signal.SIGKILL)
    first.wait_for("EXIT")
    second = terminal(80, 24)
    second.start("attach")
    second.wait_for("A1 drain .*effect seen")
    assert any("effect seen" in text and "drain" in text for text in timeline(home))


def _words(pid: Path) -> bytes:
    try:
        words = (pid / "cmdline").read_bytes()
    except OSError:
        return b""
    return b"" if words.startswith((b"tmux", b"bash", b"sh")) else words


def _environ(pid: Path) -> bytes:
    try:
        return (pid / "environ").read_bytes()
    except OSError:
        return b""


def test_an_unfinished_action_is_reconciled_when_the_host_was_killed(home: Path) -> None:
    assert warroom(home, "demo", "calm", "--headless", "--speed", "5").code == 0
    node = busy_node(home)
    assert warroom(home, "incident", "declare", "a drill", "--severity", "4").code == 0
    assert warroom(home, "node-drain", node, "--grace", "90", "--reason", "test", "--yes").code == 0
    while not any("A1 answered" in text for text in timeline(home)):
        time.sleep(0.1)
    pid = host_pid(home, "calm")
    os.kill(pid, signal.SIGKILL)
    wait_gone(pid)
    assert warroom(home, "cluster-status").code == 1
    assert warroom(home, "demo", "calm", "--headless", "--speed", "20").code == 0
    said = timeline(home)
    for _ in range(200):
        said = timeline(home)
        if any("A1" in text and "effect seen" in text for text in said):
            break
        time.sleep(0.1)
    assert any("reopened after a crash" in text for text in said)
    assert any("A1 reconciled" in text and "closed to new work" in text for text in said), said
    assert any("A1 drain" in text and "effect seen" in text for text in said), said
    shown = warroom(home, "incident", "show")
    assert "a drill" in shown.out
    assert warroom(home, "stop", "--force").code == 0
    recordings = list((home / "incidents").glob("*.db"))
    assert len(recordings) == 1
    checked = warroom(home, "verify", str(recordings[0]))
    assert checked.code == 0, checked.out
