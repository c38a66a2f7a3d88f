"""A wrong turn and a second wave in the whole program: the verdict, what refuted it, the way back, the way out."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.driver.program import ROOT, warroom

pytestmark = pytest.mark.slow

PATIENCE_S = 60
SECOND_WAVE = """
[[fault]]
at_s = {at_s}
kind = "bad_deploy"
target = "find-api"
value = "registry.local/find:8.3.0"
"""
AT_S = 700


def good(home: Path, *words: str) -> str:
    ran = warroom(home, *words)
    assert ran.code == 0, (words, ran)
    return ran.out


def standing(home: Path) -> dict[str, Any]:
    """What triage holds now, by key."""
    told = json.loads(good(home, "finding", "--json"))["standing"]
    return {one["finding"]["key"]: one["finding"] for one in told}


def until(home: Path, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The findings as soon as something is so of them."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds(found := standing(home)):
        assert time.monotonic() < deadline, list(found)
        time.sleep(0.2)
    return found


def felt(found: dict[str, Any], key: str) -> bool:
    """Whether the finding is there and a figure is beyond its limit, so that what is done has something to mend."""
    told = found.get(key, {}).get("facts", [])
    return "high" in found.get(key, {}).get("confidence", "") and any("beyond" in f["text"] for f in told)


def followed(home: Path, key: str, runbook: str) -> None:
    """Go through the runbook of a finding until it is done."""
    run = json.loads(good(home, "runbook", "start", runbook, "--finding", key, "--json"))["run"]
    deadline = time.monotonic() + PATIENCE_S
    while (shown := json.loads(good(home, "runbook", "show", run, "--json"))).get("result") is None:
        assert time.monotonic() < deadline, shown
        kinds = [s["step"]["kind"] for s in shown["steps"] if s.get("result") is None]
        if kinds and kinds[0] in ("look", "ask"):
            good(home, "runbook", "answer", run, "looked; nothing speaks against it")
        elif kinds and kinds[0] == "act":
            good(home, "runbook", "do", run, "--yes", "--wait")
        time.sleep(0.2)
    assert shown["result"] == "done", shown
    assert shown["steps"][-1]["detail"].startswith("effect seen: "), shown


def test_after_a_wrong_turn_the_goal_is_not_seen_the_finding_says_why_and_it_is_taken_back(
    home: Path,
) -> None:
    good(home, "demo", "node-failure", "--headless", "--speed", "20")
    until(home, lambda found: felt(found, "node-failure"))
    good(home, "incident", "declare", "chat fails", "--severity", "sev3")
    assert "effect seen" in good(home, "node-drain", "gpu-01", "--yes", "--wait")
    wrong = until(home, lambda found: "wrong-turn:A1" in found)["wrong-turn:A1"]
    told = [fact["text"] for fact in wrong["facts"]]
    assert any("not within 3 min: " in words and " before and " in words for words in told), told
    back = wrong["proposals"][0]["request"]
    assert (back["type"], back["nodes"]) == ("uncordon", ["gpu-01"])
    assert "not within 3 min: " in good(home, "timeline")

    assert "open to new work" in good(home, "undo", "--yes", "--wait")
    until(home, lambda found: "wrong-turn:A1" not in found)
    followed(home, "node-failure", "node-failure")
    left = until(home, lambda found: not found.keys() - {"gpu-misuse:31"})
    assert not [key for key in left if key.startswith("wrong-turn")]


def test_a_second_wave_after_the_fix_is_found(home: Path, tmp_path: Path) -> None:
    shipped = (ROOT / "sample_clusters" / "crash-loop.toml").read_text("utf-8")
    scenario = tmp_path / "two-waves.toml"
    scenario.write_text(shipped + SECOND_WAVE.format(at_s=AT_S))
    good(home, "demo", str(scenario), "--headless", "--speed", "20")
    until(home, lambda found: felt(found, "crash-loop:chat-api"))
    good(home, "incident", "declare", "chat fails", "--severity", "sev3")
    followed(home, "crash-loop:chat-api", "crash-loop")
    calm = until(home, lambda found: "user-impact" not in found)
    assert "second-wave" not in calm
    found = until(home, lambda found: "second-wave" in found and "crash-loop:find-api" in found)
    wave = found["second-wave"]
    assert "Second wave: after A" in wave["title"]
    assert any("effect seen" in fact["text"] for fact in wave["facts"])
    followed(home, "crash-loop:find-api", "crash-loop")
