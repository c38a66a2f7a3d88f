"""A runbook followed and those who wait told by verbs alone, as scripts and agents do it."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.driver.program import Ran, warroom

pytestmark = pytest.mark.slow


def good(ran: Ran) -> str:
    assert ran.code == 0, ran
    return ran.out


def as_json(ran: Ran) -> Any:
    return json.loads(good(ran))


def opened(home: Path) -> None:
    """A SEV1 on the cluster whose rack is cut off, with somebody to tell."""
    (home / "config.toml").write_text(f'[update.log]\nkind = "file"\npath = "{home}/told.txt"\n')
    good(warroom(home, "demo", "rack-switch", "--headless", "--speed", "10"))
    deadline = time.monotonic() + 30
    while "network" not in warroom(home, "finding").out:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    good(warroom(home, "incident", "declare", "All requests fail", "--severity", "sev1"))


def test_a_runbook_goes_from_the_finding_to_its_goal_by_verbs(home: Path) -> None:
    opened(home)
    shown = warroom(home, "finding", "show", "network")
    assert "refuted by" in good(shown)
    assert "runbook start network --finding network" in shown.err
    assert "2 act: Close the nodes that cannot be reached" in good(
        warroom(home, "runbook", "show", "network")
    )
    started = as_json(warroom(home, "runbook", "start", "network", "--finding", "network", "--json"))
    assert started["run"] == "R1"
    assert "gpu-01" in started["targets"]["nodes"]

    look = warroom(home, "runbook", "do", "R1")
    assert "heartbeat" in good(look)
    assert "the step is open" in look.err
    assert "next: R1 network 2/5" in warroom(home, "runbook", "answer", "R1", "rack 2 lives").err
    plan = warroom(home, "runbook", "do")
    assert "calls: cordon gpu-01" in good(plan)
    assert "nothing was done" in plan.err
    assert warroom(home, "node-list", "--status", "cordoned").out.count("gpu-") == 0
    assert "effect seen" in good(warroom(home, "runbook", "do", "--yes", "--wait"))
    assert "effect seen" in good(warroom(home, "runbook", "do", "--yes", "--wait"))
    moved = as_json(warroom(home, "runbook", "do", "--yes", "--wait", "--json"))
    assert [a["verdict"] for a in moved["actions"]] == ["effect seen"] * 3
    step = moved["run"]["steps"][3]
    assert (step["result"], step["action"]) == ("done", "A3, A4, A5"), "the step is over once all of it is"
    good(warroom(home, "runbook", "do", "r1", "--wait", timeout=90))
    run = as_json(warroom(home, "runbook", "show", "R1", "--json"))
    assert (run["result"], run["steps"][4]["detail"][:11]) == ("done", "effect seen")


def test_what_cannot_be_is_one_sentence(home: Path) -> None:
    opened(home)
    good(warroom(home, "runbook", "start", "node-failure", "gpu-01"))
    for words, code, says in (
        (("runbook", "start", "nope"), 1, "there is no runbook nope; there are: code, configuration"),
        (
            ("runbook", "start", "network", "gpu-99"),
            1,
            "no node or workload of this cluster is called gpu-99",
        ),
        (("runbook", "start", "network", "--finding", "x"), 1, "the finding x does not stand"),
        (("runbook", "do", "R7"), 1, "no run is called 'R7'; there are: R1"),
        (("runbook", "skip", "R1"), 2, "runbook skip R1 WHY"),
        (("runbook", "show", "bogus"), 1, "there is no runbook bogus"),
        (("runbook", "check", "/nowhere.toml"), 1, "cannot read /nowhere.toml"),
        (("finding", "show", "nothing"), 1, "no finding 'nothing' stands"),
        (("update", "promise"), 2, "update promise 30m"),
        (("update", "promise", "9w"), 1, "9w"),
        (("update", "check", "/nowhere.toml"), 1, "cannot read /nowhere.toml"),
        (
            ("update", "write", "x", "--to", "nobody"),
            1,
            "no update target is called 'nobody'; there are: log",
        ),
        (("update", "write", "x", "--next-in", "30d"), 1, "within a week"),
    ):
        ran = warroom(home, *words)
        assert (ran.code, ran.err.count("\n")) == (code, 1), (words, ran)
        assert says in ran.err, (words, ran.err)
    assert "⊘" in good(warroom(home, "runbook", "skip", "R1", "known"))
    given_up = warroom(home, "runbook", "stop", "R1", "by hand from here")
    assert "skipped" in good(given_up)
    late = warroom(home, "runbook", "skip", "R1", "again")
    assert (late.code, "R1 is over" in late.err) == (1, True)


def test_those_who_wait_are_told_by_verbs(home: Path) -> None:
    opened(home)
    assert "Next: rack 2 takes over" in good(warroom(home, "update", "draft", "--next", "rack 2 takes over"))
    shown = warroom(home, "update", "write", "--next-in", "45m")
    assert "first update to log" in good(shown)
    assert "nothing was sent" in shown.err
    assert not (home / "told.txt").exists()
    sent = as_json(warroom(home, "update", "write", "--yes", "--wait", "--json"))
    assert sent["deliveries"]["log"]["state"] == "sent"
    good(warroom(home, "update", "promise", "1m"))
    piped = warroom(
        home, "update", "write", "-", "--yes", "--wait", given="Rack 2 serves.\nErrors are gone.\n"
    )
    assert "✔ log: sent" in good(piped)
    told = (home / "told.txt").read_text().splitlines()
    assert told[1] == "SEV1 All requests fail"
    assert told[-2:] == ["Rack 2 serves.", "Errors are gone."]
    every = as_json(warroom(home, "update", "list", "--json"))
    first, second = every["updates"]
    assert "Next update: " + first["next_due"][11:16] + "Z" in first["text"], "it says what it promises"
    assert second["promised"] < first["next_due"], "the record has the promise that was made last"
    assert every["due"] == second["next_due"]
