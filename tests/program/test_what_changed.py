"""What changed before it began, for scripts as for people."""

import json
import time
from pathlib import Path

import pytest

from tests.driver.program import warroom

pytestmark = pytest.mark.slow


def test_the_edited_alert_rule_is_told_before_the_alert_it_made_fire(home: Path) -> None:
    assert warroom(home, "demo", "false-alarm", "--headless", "--speed", "20").code == 0
    deadline = time.monotonic() + 30
    while not (told := json.loads(warroom(home, "what-changed", "--json").out))["symptoms"]:
        assert time.monotonic() < deadline, told
        time.sleep(0.2)
    assert told["symptoms"] == ["HighErrorRate (critical)"]
    first = told["changes"][0]
    assert (first["kind"], first["before_s"]) == ("config", 10.0)
    assert "alert rules reloaded: HighErrorRate" in first["text"]
    head, line = warroom(home, "what-changed", "--limit", "1").out.splitlines()[:2]
    assert "HighErrorRate (critical)" in head
    assert line.split()[:2] == ["10s", "before"]
    assert line.endswith(f"#{first['seq']}")
