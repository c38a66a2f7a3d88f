"""An incident commanded by verbs alone: what is said, what is refused, what the export tells of it."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.driver.people import GROUP, MEMBER, Others, needs_root
from tests.driver.program import Ran, warroom
from tests.driver.terminal import Terminal


def declared(home: Path, *more: str) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    ran = warroom(home, "incident", "declare", "All", "requests", "fail", "--severity", "sev1", *more)
    assert ran.code == 0, ran.err


def good(ran: Ran) -> str:
    assert ran.code == 0, ran.err
    return ran.out


def as_json(ran: Ran) -> Any:
    return json.loads(good(ran))


def items(home: Path) -> dict[str, str]:
    return {
        one["item"]["id"]: one.get("state", "open") for one in as_json(warroom(home, "checklist", "--json"))
    }


def until_done(home: Path, item: str) -> None:
    """The record ticks by itself, at its next look."""
    deadline = time.monotonic() + 20
    while items(home)[item] != "done":
        assert time.monotonic() < deadline, items(home)
        time.sleep(0.2)


@pytest.mark.slow
def test_the_whole_command_of_an_incident_goes_by_verbs(home: Path) -> None:
    declared(home, "--at", "-5m", "--give-or-take", "2m", "--drill", "--impact", "everybody")
    shown = good(warroom(home, "incident", "show"))
    assert "give or take 120 s" in shown
    assert "DRILL" in shown
    deadline = time.monotonic() + 20
    while "is ic" not in good(warroom(home, "incident", "milestone")):
        assert time.monotonic() < deadline, "milestones follow from the record within a second or two"

    refused = warroom(home, "incident", "phase", "mitigate")
    assert (refused.code, "--overrule WHY" in refused.err) == (1, True)
    assert "▶ MITIGATE" in good(warroom(home, "incident", "phase", "mitigate", "--overrule", "users call"))

    good(warroom(home, "cluster-status"))
    until_done(home, "cluster-status")
    good(warroom(home, "hypothesis", "raise", "the", "switch", "died"))
    assert "supported" in good(
        warroom(home, "hypothesis", "support", "y1", "no", "heartbeat", "--event", "5")
    )
    assert "D1" in good(warroom(home, "decide", "drain", "rack", "1", "--asked", "sam"))
    assert "objects: batch dies" in good(warroom(home, "object", "d1", "batch", "dies"))
    assert "pinned: look" in good(warroom(home, "pin", "look", "--event", "5"))
    tasks = good(
        warroom(home, "task", "add", "replace the switch", "--kind", "prevent", "--due", "2099-01-31")
    )
    assert "2099-01-31" in tasks
    assert "post-mortem on 20" in good(warroom(home, "review", "+3d"))
    assert "nobody is comms" in good(warroom(home, "clocks"))
    assert "hypothesis supported: Y1" in good(warroom(home, "brief"))
    assert "☒" in good(warroom(home, "checklist", "skip", "stakeholders", "only", "a", "drill"))
    until_done(home, "root-cause")

    good(warroom(home, "incident", "resolve", "over"))
    unfinished = warroom(home, "incident", "close")
    assert (unfinished.code, "still open on the checklist" in unfinished.err) == (1, True)
    assert "closed" in good(warroom(home, "incident", "close", "only", "a", "drill"))
    recording = as_json(warroom(home, "incident", "show", "--json"))["incident"]
    good(warroom(home, "stop"))
    text = good(warroom(home, "export", recording))
    for words in (
        "**DRILL**",
        "Y1 the switch died",
        "objected: batch dies",
        "T1 replace the switch",
        "± 2 minutes",
    ):
        assert words in text
    assert warroom(home, "verify", recording).code == 0


@pytest.mark.slow
def test_what_was_typed_wrongly_is_answered_with_how_it_is_typed(home: Path) -> None:
    declared(home)
    for words, says in (
        (("incident", "phase", "panic"), "a phase is detect, triage"),
        (("incident", "milestone", "party"), "a milestone is impact-start, detected"),
        (("incident", "link", "next-to", "x"), "duplicate-of|caused-by|related-to"),
        (("incident", "declare", "x", "--severity", "sev1", "--give-or-take", "2m"), "give both"),
        (("incident", "reopen"), "say why"),
        (("role", "take"), "role take ROLE"),
        (("role", "take", "king"), "a role is ic, deputy"),
        (("checklist", "tick"), "its id or its number"),
        (("hypothesis", "support"), "support Y1 EVIDENCE"),
        (("task", "drop", "T1"), "say why it will not be done"),
    ):
        ran = warroom(home, *words)
        assert ran.code == 2, (words, ran)
        assert says in ran.err, (words, ran.err)
        assert ran.err.count("\n") == 1
    for words, says in (
        (("review", "yesterday"), "+3d"),
        (("checklist", "check", "/nowhere.toml"), "cannot read /nowhere.toml"),
        (("incident", "declare", "x", "--severity", "sev1"), "a second incident is a second room"),
    ):
        ran = warroom(home, *words)
        assert ran.code == 1, (words, ran)
        assert says in ran.err, (words, ran.err)


@pytest.mark.slow
def test_a_broken_checklist_of_one_s_own_is_said_and_the_room_starts_with_the_rest(home: Path) -> None:
    folder = home / "checklists"
    folder.mkdir()
    (folder / "standard.toml").write_text('[[item]]\nid = "x"\ntext = "X"\nprof = "restored"\n')
    declared(home)
    assert len(items(home)) == 12
    said = good(warroom(home, "timeline"))
    assert "standard.toml: item[0]: unknown key prof; did you mean proof?; the shipped one is used" in said
    check = warroom(home, "checklist", "check", str(folder / "standard.toml"))
    assert (check.code, check.err.count("\n")) == (1, 1)


@pytest.mark.slow
@pytest.mark.pty
def test_whatever_of_one_s_own_is_broken_is_said_by_verbs_and_on_the_screen(
    home: Path, terminal: Callable[..., Terminal]
) -> None:
    mistakes = {
        "checklists": ("[[item]]\n", "item[0].text is missing"),
        "runbooks": (
            'title = "x"\n[[step]]\nkind = "act"\ntitle = "x"\naction = "drian"\n',
            "step[0].action: unknown word 'drian'; did you mean drain?",
        ),
        "rules": ("[rule.mine]\n", "rule.mine.when: a rule needs at least one"),
        "templates": ('[sev1.first]\ntext = "{titel}"\n', "sev1.first.text names {titel}"),
    }
    for shelf, (text, _) in mistakes.items():
        (home / shelf).mkdir()
        (home / shelf / "m.toml").write_text(text)
    declared(home)
    said, listed = good(warroom(home, "timeline")), warroom(home, "runbook")
    screen = terminal(200, 60)
    screen.start("attach")
    screen.wait_for("NODES")
    screen.keys("1", "1")
    shown = screen.wait_for("sev1.first.text")
    for shelf, (_, sentence) in mistakes.items():
        assert f"{shelf}/m.toml: {sentence}" in said
        assert f"{shelf}/m.toml: {sentence}" in listed.err
        assert f"{shelf}/m.toml: {sentence[:20]}" in shown
    assert "node-failure" in listed.out
    assert len(items(home)) == 12


@pytest.mark.slow
@needs_root
def test_a_role_is_handed_over_between_two_users_and_acknowledged_by_both(home: Path, others: Others) -> None:
    home.chmod(0o755)
    (home / "config.toml").write_text(f'[room]\ngroup = "{GROUP}"\n')
    declared(home)
    room = str(home / "rooms" / "calm")
    me = as_json(warroom(home, "role", "--json"))["roles"]["ic"]["person"]
    assert f"{me} hands ic over to {MEMBER}" in good(warroom(home, "role", "offer", "ic", MEMBER))
    taken = others.run(MEMBER, home, "role", "accept", "H1", "--room", room)
    assert taken.code == 0, taken.err
    assert as_json(warroom(home, "role", "--json"))["roles"]["ic"]["person"] == me, "one side is not enough"
    again = others.run(MEMBER, home, "role", "accept", "H1", "--room", room)
    assert (again.code, f"{me} has not" in again.err) == (1, True)
    good(warroom(home, "role", "accept", "H1"))
    assert as_json(warroom(home, "role", "--json"))["roles"]["ic"]["person"] == MEMBER
