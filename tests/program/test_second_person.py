"""The second person: another operating-system user on another connection, who sees the same plan."""

import time
from pathlib import Path

import pytest

from tests.driver.people import GROUP, MEMBER, Others, needs_root
from tests.driver.program import Ran, warroom

pytestmark = [pytest.mark.slow, needs_root]

WIDE = (*(f"node-a{number:02d}" for number in range(1, 9)), "node-b01")
"""More than half of the nodes of ``calm``: dangerous."""


def opened(home: Path, policy: str) -> str:
    home.chmod(0o755)
    (home / "config.toml").write_text(f'[room]\ngroup = "{GROUP}"\n\n[policy]\n{policy}\n')
    ran = warroom(home, "demo", "calm", "--headless")
    assert ran.code == 0, ran.err
    return str(home / "rooms" / "calm")


def asked(home: Path) -> Ran:
    ran = warroom(home, "node-cordon", *WIDE, "--yes")
    assert ran.code == 0, ran.err
    assert "A1" in ran.out
    assert "waits for a second person" in ran.out
    return ran


def closed(home: Path) -> int:
    return warroom(home, "node-list", "--status", "cordoned").out.count("node-")


def test_the_own_word_is_refused_and_the_other_user_s_is_taken(home: Path, others: Others) -> None:
    room = opened(home, 'second_person = ["dangerous"]')
    asked(home)
    own = warroom(home, "approve", "A1", "--yes")
    assert (own.code, "another operating-system user" in own.err) == (1, True)
    plan = others.run(MEMBER, home, "approve", "A1", "--room", room)
    assert "cordon node-a01" in plan.out
    assert closed(home) == 0
    done = others.run(MEMBER, home, "approve", "A1", "--yes", "--wait", "--room", room)
    assert done.code == 0, done.err
    assert "effect seen" in done.out
    assert closed(home) == len(WIDE)


def test_the_other_user_can_refuse(home: Path, others: Others) -> None:
    room = opened(home, 'second_person = ["dangerous"]')
    asked(home)
    assert others.run(MEMBER, home, "refuse", "A1", "not now", "--room", room).code == 0
    late = others.run(MEMBER, home, "approve", "A1", "--yes", "--room", room)
    assert (late.code, "refused" in late.err) == (1, True)
    assert closed(home) == 0


def test_a_request_whose_targets_changed_is_void(home: Path, others: Others) -> None:
    room = opened(home, 'second_person = ["dangerous"]')
    asked(home)
    assert warroom(home, "node-cordon", "node-a01", "--yes", "--wait").code == 0
    void = others.run(MEMBER, home, "approve", "A1", "--yes", "--room", room)
    assert (void.code, "void" in void.err) == (1, True)


def test_a_request_expires(home: Path, others: Others) -> None:
    room = opened(home, 'second_person = ["dangerous"]\napproval_minutes = 0.02')
    asked(home)
    deadline = time.monotonic() + 30
    while "A1 expired" not in warroom(home, "timeline").out:
        assert time.monotonic() < deadline
    late = others.run(MEMBER, home, "approve", "A1", "--yes", "--room", room)
    assert (late.code, "expired" in late.err) == (1, True)
    assert closed(home) == 0


def test_the_override_is_loud_and_recorded(home: Path) -> None:
    opened(home, 'second_person = ["dangerous"]')
    asked(home)
    done = warroom(home, "override", "A1", "--reason", "nobody else is awake", "--wait")
    assert done.code == 0, done.err
    assert "OVERRIDE without a second person: nobody else is awake" in warroom(home, "timeline").out
    assert closed(home) == len(WIDE)


def test_who_is_not_permitted_is_refused_with_the_reason(home: Path, others: Others) -> None:
    room = opened(home, f'[[policy.may]]\nwho = ["{MEMBER}"]\ndo = ["acknowledge"]\n')
    ran = others.run(MEMBER, home, "node-cordon", "node-a01", "--yes", "--room", room)
    assert (ran.code, f"{MEMBER} may not cordon" in ran.err) == (1, True)


def test_a_mistake_in_the_policy_is_refused_at_the_start_with_its_line(home: Path) -> None:
    (home / "config.toml").write_text('[policy]\nsecond_person = ["danger"]\n')
    ran = warroom(home, "demo", "calm", "--headless")
    assert ran.code == 1
    assert "config.toml:2" in ran.err
    assert "did you mean dangerous?" in ran.err


def test_what_was_done_is_taken_back(home: Path) -> None:
    opened(home, "")
    assert warroom(home, "node-cordon", "node-a01", "--yes", "--wait").code == 0
    assert closed(home) == 1
    undone = warroom(home, "undo", "--yes", "--wait")
    assert undone.code == 0, undone.err
    assert closed(home) == 0
    assert "taken back by" in warroom(home, "undo", "A1", "--yes").err
