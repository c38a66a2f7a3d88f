"""The worked SEV1 of the handbook as a person plays it with keys, and what its record must say."""

from pathlib import Path

from tests.driver.dialogs import confirm
from tests.driver.program import warroom
from tests.driver.terminal import Terminal


def declare(screen: Terminal) -> None:
    screen.keys("X")
    screen.wait_for("declare an incident")
    screen.keys("Enter")
    screen.wait_for("then the title")
    screen.type("1 All inference requests failing")
    screen.keys("Enter")
    screen.wait_for(r"SEV1 00:0")


def find_heartbeats(screen: Terminal) -> None:
    screen.keys("F")
    screen.wait_for("search the log")
    screen.type("heartbeat !gpu-0[1-4]")
    screen.keys("Enter")
    seen = screen.wait_for(r"search heartbeat.*found")
    assert "rack=rack2" in seen
    screen.keys("Escape")
    screen.wait_for("6 Logs  follow")


def cordon_rack_1(screen: Terminal) -> None:
    screen.keys("U")
    screen.wait_for("UNLOCKED")
    screen.keys("3", "g", "b")
    screen.wait_for("4 selected")
    screen.keys("x")
    screen.wait_for("▶ cordon: close to new work")
    screen.keys("Enter")
    screen.wait_for("why")
    screen.type("switch of rack 1 is dead")
    screen.keys("Enter")
    confirm(screen, "do")
    screen.wait_for("A1 cordon gpu-01, gpu-02, gpu-03, gpu-04: effect seen")
    screen.wait_for(r"NODES 4/8")


def stop_critical(screen: Terminal) -> None:
    screen.keys("4", "g", "Space", "Space", "Space")
    screen.wait_for("3 selected")
    screen.keys("x")
    screen.wait_for("stop by force")
    screen.keys("Down", "Enter")
    screen.wait_for("why")
    screen.type("rack 1 does not answer")
    screen.keys("Enter")
    screen.wait_for("marked critical")
    confirm(screen, "3")
    screen.wait_for("A2 stop .*: effect seen")


def resubmit_on_rack_2(screen: Terminal) -> None:
    screen.keys("G", "k", "k", "Space", "Space", "Space")
    screen.wait_for("3 selected")
    screen.keys("x")
    screen.wait_for("submit a copy")
    screen.keys("Down", "Down", "Enter")
    screen.wait_for("where")
    screen.type("rack=rack2")
    screen.keys("Enter")
    screen.wait_for("3 actions")
    confirm(screen, "do")
    screen.keys("g")
    screen.wait_for(r"vision-api-2\s+(\d)/\1 running")
    screen.wait_for(r"chat-api-2\s+(\d)/\1 running")


def announce_and_resolve(screen: Terminal) -> None:
    screen.wait_for(r"ERR 0\.\d%")
    screen.keys("X")
    screen.wait_for("announce")
    screen.keys("Down", "Enter")
    screen.wait_for("name, severity")
    screen.type("sev1-mitigated info SEV1 mitigated: critical services restored. Rack 1 nodes cordoned.")
    screen.keys("Enter")
    confirm(screen, "do")
    screen.wait_for("A6 create alert sev1-mitigated .*effect seen")
    screen.keys("2")
    screen.wait_for("sev1-mitigated")
    screen.keys("a")
    screen.wait_for("note")
    screen.type("root cause: network switch failure in rack 1")
    screen.keys("Enter")
    screen.wait_for("noted")
    screen.keys("X")
    screen.wait_for("resolve the incident")
    screen.keys("Down", "Down", "Enter")
    screen.wait_for("one sentence")
    screen.type("switch of rack 1 failed; critical services moved to rack 2")
    screen.keys("Enter")
    screen.wait_for("SEV1 RESOLVED")


def lead(screen: Terminal) -> None:
    """From the first alert to resolved; the screen shows the room on the sample cluster rack-switch."""
    screen.wait_for(r"NODES 0/8 ▼8")
    declare(screen)
    find_heartbeats(screen)
    cordon_rack_1(screen)
    stop_critical(screen)
    resubmit_on_rack_2(screen)
    announce_and_resolve(screen)


def check_export(home: Path) -> None:
    """The post-mortem says what was done and that it worked; the record verifies."""
    recording = next((home / "incidents").glob("*.db")).stem
    text = warroom(home, "export", recording).out
    assert "# Post-mortem: All inference requests failing" in text
    assert "to be filled in" not in text.split("## Impact")[0].replace("**Impact**: _to be filled in_", "")
    for action in (
        "cordon gpu-01",
        "stop chat-api",
        "submit chat-api",
        "submit embed-api",
        "submit vision-api",
    ):
        line = next(row for row in text.split("## Mitigation Actions")[1].split("\n") if action in row)
        assert "VERDICT effect seen" in line
    assert "logs-search heartbeat" in text.split("## Evidence looked at")[1]
    assert warroom(home, "verify", recording).code == 0
