"""Whatever is wrong gets one sentence, an exit code, no traceback, and nothing is overwritten."""

import shutil
import socket
import sqlite3
from pathlib import Path

import pytest

from tests.driver.program import Ran, warroom
from warroom.host.protocol import Hello, Refusal, decode_body, encode_frame


def refused(ran: Ran, *words: str, code: int = 1) -> None:
    """One sentence on stderr that says these words, and the exit code."""
    assert ran.code == code, ran
    assert ran.err.count("\n") == 1, ran.err
    assert ran.err.startswith("warroom: ")
    for word in words:
        assert word in ran.err, ran.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["cluster-statsu"], "cluster-status"),
        (["node-list", "--status", "purple"], "not_ready"),
        (["node-cordon"], "node"),
        (["workload-scale", "a", "many"], "int"),
        (["incident", "explode"], "declare"),
    ],
)
def test_a_wrong_command_line_is_answered_with_what_is_right(home: Path, words: list[str], says: str) -> None:
    refused(warroom(home, *words), says, code=2)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["cluster-status"], "warroom demo"),
        (["attach", "nowhere"], "nowhere"),
        (["stop", "nowhere"], "nowhere"),
        (["demo", "atlantis", "--headless"], "rack-switch"),
        (["open", "atlantis"], "atlantis"),
        (["replay", "atlantis"], "warroom incidents"),
        (["export", "atlantis"], "warroom incidents"),
        (["verify", "/nowhere/at.db"], "no recording"),
        (["scenarios", "check", "/nowhere.toml"], "cannot read"),
        (["demo", "calm"], "terminal"),
        (["demo", "calm", "--headless", "--speed", "0"], "--speed"),
        (["demo", "calm", "--headless", "--start", "yesterday"], "14:32"),
    ],
)
def test_what_is_not_there_is_named_with_what_to_do(home: Path, words: list[str], says: str) -> None:
    refused(warroom(home, *words), says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[room\n", "not valid TOML"),
        ('[room]\ngruop = "x"\n', ":2: unknown key in [room]: gruop; did you mean group?"),
        ("[room]\ngroup = 7\n", "must be text"),
        ('[cluster.a.slurm]\nurl = "http://127.0.0.1:1"\ntoken = "sesame"\n', "env:NAME"),
        ("[cluster.a]\n", "needs at least one"),
    ],
)
def test_a_broken_config_names_file_and_key_and_is_left_alone(home: Path, text: str, says: str) -> None:
    config = home / "config.toml"
    config.write_text(text)
    for words in (["config", "show"], ["open", "a"], ["demo", "calm", "--headless"]):
        ran = warroom(home, *words)
        refused(ran, str(config), says)
        assert "sesame" not in ran.err
    assert config.read_text() == text
    refused(warroom(home, "init"), "left as it is")
    assert config.read_text() == text


def recording(home: Path) -> Path:
    """A recording made by a real, short run."""
    assert warroom(home, "demo", "calm", "--headless", "--speed", "20").code == 0
    assert warroom(home, "stop").code == 0
    return next((home / "incidents").glob("*.db"))


@pytest.mark.slow
def test_a_recording_that_cannot_be_read_is_said_to_be_so_and_not_touched(home: Path) -> None:
    good = recording(home)
    newer = good.with_name("20200101-0000-newer.db")
    shutil.copy(good, newer)
    with sqlite3.connect(newer) as db:
        db.execute("PRAGMA user_version=99")
    foreign = good.with_name("20200101-0000-foreign.db")
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE t (x)")
    noise = good.with_name("20200101-0000-noise.db")
    noise.write_bytes(b"not a database at all" * 100)
    for path, says in ((newer, "newer"), (foreign, "not a recording"), (noise, "not a recording")):
        before = path.read_bytes()
        for verb in ("replay", "export", "verify"):
            refused(warroom(home, verb, path.stem), says)
        assert path.read_bytes() == before
    listed = warroom(home, "incidents", "--all")
    assert listed.code == 0
    assert "newer" in listed.out


@pytest.mark.slow
def test_a_socket_left_by_a_dead_host_is_no_obstacle(home: Path) -> None:
    folder = home / "rooms" / "calm"
    folder.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(folder / "socket"))
    refused(warroom(home, "attach", "calm"), "gone")
    assert warroom(home, "demo", "calm", "--headless").code == 0
    assert warroom(home, "cluster-status").code == 0
    refused(warroom(home, "demo", "calm", "--headless"), "already open")


@pytest.mark.slow
def test_a_client_of_another_version_is_told_so_in_a_sentence(home: Path) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(home / "rooms" / "calm" / "socket"))
        connection.sendall(encode_frame(Hello(99, "tui", "9.9")))
        length = int.from_bytes(connection.recv(4, socket.MSG_WAITALL), "big")
        answer = decode_body(connection.recv(length, socket.MSG_WAITALL))
    assert isinstance(answer, Refusal)
    assert "warroom stop" in answer.reason
    assert "9.9" in answer.reason
    assert warroom(home, "stop").code == 0


@pytest.mark.slow
def test_an_open_incident_is_not_stopped_by_accident(home: Path) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    assert warroom(home, "incident", "declare", "x", "--severity", "sev3").code == 0
    refused(warroom(home, "stop"), "--force")
    refused(warroom(home, "incident", "declare", "y", "--severity", "sev3"), "already open")
    assert warroom(home, "stop", "--force").code == 0
