"""Each kind of mitigation from the first alert to resolved, with keys alone: finding, runbook, checklist."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.driver.program import warroom
from tests.driver.terminal import Terminal
from tests.pty.commander import (
    agree,
    board,
    declare,
    entry,
    finding,
    go_on,
    open_room,
    reply,
    resolve,
    start_runbook,
    take,
    write_down,
)

pytestmark = [pytest.mark.pty, pytest.mark.slow, pytest.mark.timeout(240)]

SPEED = "6"


class Play(NamedTuple):
    """One scenario, the finding it should give, and what that rests on."""

    scenario: str
    title: str
    key: str
    evidence: tuple[str, ...]
    runbook: str
    cause: str
    size: tuple[int, int]


PLAYS = (
    Play(
        "node-failure",
        "Node failed: gpu-02 with a failing GPU",
        "node-failure",
        ("Xid", "refuted by"),
        "node-failure",
        "the GPUs of gpu-02 fail again and again",
        (80, 24),
    ),
    Play(
        "crash-loop",
        "chat-api crashes since the deploy",
        "crash-loop:chat-api",
        ("chat:4.3.0", "refuted by"),
        "crash-loop",
        "chat:4.3.0 crashes when it starts",
        (120, 40),
    ),
    Play(
        "rack-switch",
        "rack1 cut off",
        "network",
        ("link down", "still write", "refuted by"),
        "network",
        "the switch of rack 1 died",
        (80, 24),
    ),
)


def played(screen: Terminal, play: Play) -> None:
    screen.start("demo", play.scenario, "--speed", SPEED)
    open_room(screen)
    shown = finding(screen, play.title, play.key)
    screen.keys("NPage")
    screen.wait_without(r"\d+ more lines ↓ ━┛ *$")
    told = shown + screen.screen()
    assert [words for words in play.evidence if words not in told] == []
    declare(screen)
    finding(screen, play.title, play.key)
    start_runbook(screen)


def check_end(screen: Terminal, runbook: str) -> None:
    shown = board(screen, 5, "RUNBOOKS")
    assert f"{runbook}" in shown
    screen.keys("G")
    screen.wait_for(r"✔ \d wait: [^☐]*effect seen: ")
    screen.keys("3")
    screen.wait_for(r"3 CHECKLIST (1[12])/\1")


def check_record(home: Path) -> None:
    """The first run is done, and every item that is asked of the incident; nobody was needed to tick it."""
    runs = json.loads(warroom(home, "runbook", "list", "--json").out)["runs"]
    assert runs[0]["result"] == "done"
    items = [row for row in warroom(home, "checklist").out.splitlines() if "☐" in row or "☑" in row]
    assert len(items) == 12
    assert [row for row in items if "☐" in row and "not asked of" not in row] == []


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.runbook)
def test_from_the_first_alert_to_resolved(play: Play, home: Path, terminal: Callable[..., Terminal]) -> None:
    screen = terminal(*play.size)
    played(screen, play)
    go_on(screen, "R1", answers="nothing that must stay")
    screen.wait_without(r"▷ R1", seconds=60)
    write_down(screen, play.cause)
    resolve(screen)
    check_end(screen, play.runbook)
    check_record(home)


def test_low_priority_work_makes_room_and_the_service_is_scaled_up(
    home: Path, terminal: Callable[..., Terminal]
) -> None:
    screen = terminal(120, 40)
    title = "No room for chat-api"
    screen.start("demo", "resource-exhaustion", "--speed", SPEED)
    open_room(screen)
    finding(screen, title, "resource-exhaustion")
    declare(screen)
    finding(screen, title, "resource-exhaustion")
    start_runbook(screen)
    go_on(screen, "R1", answers="research; told in their channel")
    screen.wait_without(r"▷ R1", seconds=60)
    _start_by_hand(screen, "scale-up", "chat-api")
    _follow_second(screen)
    screen.wait_without(r"▷ R\d", seconds=60)
    write_down(screen, "traffic grew by two thirds and batch work held what was free")
    resolve(screen)
    check_end(screen, "resource-exhaustion")
    check_record(home)


def _start_by_hand(screen: Terminal, runbook: str, targets: str) -> None:
    screen.keys("B")
    screen.wait_for("5 RUNBOOKS")
    entry(screen, runbook)
    take(screen, f"start the runbook {runbook}")
    reply(screen, "on which nodes or workloads", targets)
    screen.wait_for("R2")
    screen.keys("Escape")
    screen.wait_without("1-7 tabs")


def _follow_second(screen: Terminal) -> None:
    screen.keys("N")
    reply(screen, "Enter ends the step")
    screen.wait_for("R2 scale-up 2/3")
    screen.keys("N")
    agree(screen, seen="scale")


def test_a_false_alarm_says_so_and_its_runbook_touches_nothing_but_the_alert(
    home: Path, terminal: Callable[..., Terminal]
) -> None:
    screen = terminal(80, 24)
    screen.start("demo", "false-alarm", "--speed", SPEED)
    open_room(screen)
    title = "False alarm. HighErrorRate fires, but what it says is not so"
    assert "high confidence" in finding(screen, title, "false-alarm:[0-9a-f]+")
    declare(screen)
    finding(screen, title, "false-alarm:[0-9a-f]+")
    start_runbook(screen)
    go_on(screen, "R1", answers="a request by hand is answered in 0.2 s")
    screen.wait_without(r"▷ R1", seconds=60)
    alerts = warroom(home, "alert-list").out
    assert "silenced" in alerts
    assert [row for row in warroom(home, "workload-list").out.splitlines() if "stopped" in row] == []
    write_down(screen, "the new alert rule divides by the wrong total")
    resolve(screen)
    print(warroom(home, "checklist").out)
    print(warroom(home, "findings").out)
    check_end(screen, "false-alarm")
    check_record(home)
