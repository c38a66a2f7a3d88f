"""The room's group decides which other operating-system users come in, and the kernel says who they are."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.driver.people import GROUP, MEMBER, STRANGER, Others, needs_root
from tests.driver.program import Ran, warroom
from tests.driver.terminal import Terminal

pytestmark = [pytest.mark.slow, needs_root]


def opened(home: Path, group: str) -> str:
    """A room of ours; the path of its folder, which is what colleagues are told."""
    home.chmod(0o755)
    if group:
        (home / "config.toml").write_text(f'[room]\ngroup = "{group}"\n')
    assert warroom(home, "demo", "calm", "--headless").code == 0
    return str(home / "rooms" / "calm")


def refused(ran: Ran, *words: str) -> None:
    assert (ran.code, ran.out) == (1, ""), ran
    assert ran.err.startswith("warroom: ")
    assert ran.err.count("\n") == 1
    for word in words:
        assert word in ran.err, ran.err


def test_a_member_of_the_group_looks_notes_and_acts_under_their_own_name(home: Path, others: Others) -> None:
    room = opened(home, GROUP)
    assert "16 of 16" in others.run(MEMBER, home, "cluster-status", "--room", room).out
    assert others.run(MEMBER, home, "note", "hello", "--room", room).code == 0
    done = others.run(MEMBER, home, "node-cordon", "node-a01", "--yes", "--wait", "--json", "--room", room)
    assert done.code == 0, done.err
    moments = msgspec.json.decode(warroom(home, "timeline", "--json").out)
    said = [moment for moment in moments if "hello" in moment["text"] or "cordon" in moment["text"]]
    assert said
    assert {moment["actor"] for moment in said if moment["kind"] in ("note", "action")} <= {MEMBER, "room"}
    assert any(moment["actor"] == MEMBER for moment in said)


def test_somebody_outside_the_group_is_refused_in_one_sentence(home: Path, others: Others) -> None:
    room = opened(home, GROUP)
    for words in (("cluster-status",), ("note", "x"), ("stop", room), ("stop", "--force", room)):
        given = words if room in words else (*words, "--room", room)
        refused(others.run(STRANGER, home, *given), "you may not", "[room] group")
    assert warroom(home, "cluster-status").code == 0


@pytest.mark.parametrize("user", [MEMBER, STRANGER])
def test_without_a_group_nobody_else_may_enter(home: Path, others: Others, user: str) -> None:
    room = opened(home, "")
    refused(others.run(user, home, "note", "hello", "--room", room), "you may not", "[room] group")
    assert "hello" not in warroom(home, "timeline").out


@pytest.mark.pty
def test_a_member_sees_the_screen_and_somebody_else_does_not(
    home: Path, others: Others, terminal: Callable[..., Terminal]
) -> None:
    room = opened(home, GROUP)
    (home / MEMBER).mkdir()
    member, stranger = terminal(120, 40), terminal(80, 24)
    member.start("attach", room, command=others.command(MEMBER), **others.env(MEMBER, home))
    stranger.start("attach", room, command=others.command(STRANGER), **others.env(STRANGER, home))
    member.wait_for("NODES 16/16")
    assert "you may not" in stranger.wait_for("EXIT 1").replace("\n", "")
    member.keys("U")
    member.wait_for("UNLOCKED")
    assert f"{MEMBER}: " in next(
        row for row in warroom(home, "timeline").out.split("\n") if "unlocked" in row
    )
    member.keys("q")
    left = member.wait_for("EXIT 0").replace("\n", "")
    assert f"`warroom attach {room}`" in left
    assert "warroom stop" not in left, "only its owner can end it"


def test_what_the_group_may_touch_is_the_room_and_nothing_else(home: Path, others: Others) -> None:
    opened(home, GROUP)
    assert stat.S_IMODE((home / "rooms" / "calm").stat().st_mode) == 0o2750
    assert stat.S_IMODE((home / "rooms" / "calm" / "socket").stat().st_mode) == 0o660
    for private in {"incidents", "logs", "keys"} & {path.name for path in home.iterdir()}:
        assert stat.S_IMODE((home / private).stat().st_mode) == 0o700, private
    recordings = [*(home / "incidents").glob("*")]
    assert recordings
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in recordings)


def test_a_room_planted_by_somebody_else_ends_no_process_of_ours(home: Path) -> None:
    opened(home, "")
    note = home / "rooms" / "calm" / "host.json"
    ours = note.read_bytes()
    note.write_bytes(msgspec.json.encode(msgspec.json.decode(ours) | {"pid": os.getpid()}))
    os.chown(note, 65_534, 65_534)
    socket = note.with_name("socket")
    socket.rename(socket.with_name("hidden"))
    refused(warroom(home, "stop", "--force"), "belongs to another user")
    note.write_bytes(ours)
    os.chown(note, os.geteuid(), -1)
    assert warroom(home, "stop", "--force").code == 0


def test_a_shared_folder_set_up_as_the_readme_says_works_without_root(home: Path, others: Others) -> None:
    home.chmod(0o755)
    shared = home / "srv"
    shared.mkdir()
    shutil.chown(shared, MEMBER, GROUP)
    shared.chmod(0o2750)
    env = {"WARROOM_HOME": str(shared)}
    assert others.run(MEMBER, home, "init", **env).code == 0
    (shared / "config.toml").write_text(f'[room]\ngroup = "{GROUP}"\n')
    assert others.run(MEMBER, home, "demo", "calm", "--headless", **env).code == 0
    room = str(shared / "rooms" / "calm")
    noted = others.run("daemon", home, "note", "--room", room, "the switch is dead", group=GROUP)
    assert noted.code == 0, noted.err
    assert "daemon: the switch is dead" in others.run(MEMBER, home, "timeline", **env).out
    refused(others.run(STRANGER, home, "note", "--room", room, "hello"), "you may not")
    (recording,) = (shared / "incidents").glob("*.db")
    refused(others.run("daemon", home, "export", str(recording), group=GROUP), str(recording))
    assert others.run(MEMBER, home, "stop", **env).code == 0


def test_an_owner_outside_the_group_cannot_let_it_in(home: Path, others: Others) -> None:
    shutil.chown(home, STRANGER)
    env = {"WARROOM_HOME": str(home)}
    (home / "config.toml").write_text(f'[room]\ngroup = "{GROUP}"\n')
    (home / "config.toml").chmod(0o644)
    refused(others.run(STRANGER, home, "demo", "calm", "--headless", **env), "you are not in group")


def test_a_group_that_does_not_exist_is_named(home: Path) -> None:
    (home / "config.toml").write_text('[room]\ngroup = "atlantis"\n')
    refused(warroom(home, "demo", "calm", "--headless"), "no group 'atlantis'")
