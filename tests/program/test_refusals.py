"""Whatever is wrong gets one sentence, an exit code, no traceback, and nothing is overwritten."""

import shlex
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.driver.fixtures import ended, short_home
from tests.driver.program import COMMAND, ROOT, Ran, environment, warroom
from warroom.cli.hosting import LOG_BYTES
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
        (["timeline", "--kind", "purple"], "'action'"),
        (["workload-list", "--state", "purple"], "'running'"),
        (["demo", "calm", "--speed", "fast"], "float"),
        (["stop", "--all", "calm"], "--all"),
        (["scenarios", "check"], "FILE"),
        (["export", "x", "--format", "pdf"], "'markdown'"),
        (["--nonsense"], "--help"),
    ],
)
def test_a_wrong_command_line_is_answered_with_what_is_right(home: Path, words: list[str], says: str) -> None:
    refused(warroom(home, *words), says, code=2)


IN_A_ROOM = [
    (["workload-get", "nope"], "workload-list", 1),
    (["workload-logs", "nope"], "nope", 1),
    (["node-cordon", "nope", "--yes"], "nope", 1),
    (["node-drain", "nope", "--yes", "--wait"], "nope", 1),
    (["workload-stop", "nope", "--yes"], "nope", 1),
    (["workload-scale", "nope", "3", "--yes"], "nope", 1),
    (["workload-scale", "chat-api", "--yes", "--", "-3"], "fewer than 0", 1),
    (["workload-submit", "x", "--like", "nope", "--yes"], "nope", 1),
    (["workload-submit", "x", "--selector", "rack", "--yes"], "NAME=VALUE", 2),
    (["alert-silence", "a b c", "--comment", "x", "--yes"], "NAME=VALUE", 2),
    (["alert-silence", "x", "--comment", "x", "--for", "soon", "--yes"], "30m", 1),
    (["alert-ack", "nope", "--yes"], "fires", 1),
    (["metrics-query", "nope"], "error_rate", 1),
    (["metrics-query", "error_rate", "--start", "yesterday"], "14:32", 1),
    (["metrics-query", "error_rate", "--step", "soon"], "30m", 1),
    (["logs-search", "/(/"], "(", 1),
    (["logs-search", "x", "--start", "now", "--end", "-5m"], "before", 2),
    (["note"], "text", 2),
    (["note", "x", "--at", "soon"], "14:32", 1),
    (["incident", "declare", "x"], "--severity", 2),
    (["incident", "declare", "x", "--severity", "purple"], "sev1", 2),
    (["incident", "severity"], "sev2", 2),
    (["incident", "show"], "declare", 1),
    (["incident", "resolve"], "declare", 1),
    (["cluster-status", "--room", "nope"], "calm", 1),
    (["cluster-status", "--room", "/nowhere/rooms/x"], "/nowhere/rooms/x", 1),
    (["demo", "calm", "--headless"], "already open", 1),
]


@pytest.fixture(scope="module")
def calm() -> Iterator[Path]:
    """A home with an open room."""
    folder = short_home()
    assert warroom(folder, "demo", "calm", "--headless").code == 0
    yield folder
    ended(folder)


@pytest.mark.slow
@pytest.mark.parametrize(("words", "says", "code"), IN_A_ROOM, ids=[" ".join(row[0]) for row in IN_A_ROOM])
def test_in_a_room_what_cannot_be_done_is_refused(calm: Path, words: list[str], says: str, code: int) -> None:
    refused(warroom(calm, *words), says, code=code)
    if "demo" not in words:
        ran = warroom(calm, *words[:1], "--json", *words[1:])
        assert ran.code == code
        assert msgspec.json.decode(ran.out) == {
            "error": ran.err.removeprefix("warroom: ").strip(),
            "code": code,
        }


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_error_message(calm: Path) -> None:
    line = f"{shlex.join([*COMMAND, 'timeline'])} | true; {shlex.join([*COMMAND, '--help'])} | head -1"
    ran = subprocess.run(
        ["bash", "-c", line], env=environment(calm), capture_output=True, text=True, check=False
    )
    assert (ran.stderr, ran.stdout.split()[0]) == ("", "usage:")


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [["timeline"], ["node-list", "--json"], ["scenarios"], ["--help"]], ids=" ".join
)
def test_output_that_cannot_be_written_is_said(calm: Path, words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*COMMAND, *words],
            env=environment(calm),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    refused(Ran(ran.returncode, "", ran.stderr), "No space left")


@pytest.mark.slow
def test_ctrl_c_while_waiting_leaves_the_action_to_the_room(calm: Path) -> None:
    words = ["workload-submit", "huge", "--like", "chat-api", "--replicas", "500", "--yes", "--wait"]
    waiting = subprocess.Popen(
        [*COMMAND, *words], env=environment(calm), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert waiting.stderr is not None
    seen = ""
    while "progressed" not in seen:
        seen += waiting.stderr.readline()
    waiting.send_signal(signal.SIGINT)
    _, rest = waiting.communicate(timeout=30)
    assert waiting.returncode == 130
    assert rest.endswith("warroom: interrupted; what was started goes on in the room\n")
    assert "Traceback" not in rest
    assert any(
        "submit huge" in m["text"] for m in msgspec.json.decode(warroom(calm, "timeline", "--json").out)
    )


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
        (["export", ""], "say which incident"),
        (["verify", "/nowhere/at.db"], "no recording"),
        (["scenarios", "check", "/nowhere.toml"], "cannot read"),
        (["demo", "calm"], "terminal"),
        (["demo", "calm", "--headless", "--speed", "0"], "--speed"),
        (["demo", "calm", "--headless", "--start", "yesterday"], "14:32"),
        (["demo", "calm", "--headless", "--room", "a/b"], "a/b"),
        (["demo", "calm", "--headless", "--room", ".."], ".."),
        (["demo", "calm", "--headless", "--room", "x" * 90], "room"),
        (["demo", "/dev/null", "--headless"], "/dev/null"),
        (["incident", "show"], "warroom demo"),
        (["export", "/dev/null"], "/dev/null"),
        (["replay", "/etc"], "/etc"),
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
    with closing(sqlite3.connect(newer)) as db:
        db.execute("PRAGMA user_version=99")
    foreign = good.with_name("20200101-0000-foreign.db")
    with closing(sqlite3.connect(foreign)) as db:
        db.execute("CREATE TABLE t (x)")
    noise = good.with_name("20200101-0000-noise.db")
    noise.write_bytes(b"not a database at all" * 100)
    for path, says in ((newer, "newer"), (foreign, "not a recording"), (noise, "not a recording")):
        before = path.read_bytes()
        for verb in ("replay", "export", "verify"):
            refused(warroom(home, verb, path.stem), says)
        assert path.read_bytes() == before
    refused(warroom(home, "replay", good.stem, "--speed", "0"), "0.5 to 60", code=2)
    listed = warroom(home, "incidents", "--all")
    assert listed.code == 0
    assert "newer" in listed.out


def device(home: Path) -> Path:
    """A device of our own that is always full: a program run as root could replace the system's."""
    full = home / "full"
    if not full.exists():
        full.symlink_to("/dev/full")
    return full


@pytest.mark.slow
def test_an_export_that_cannot_be_written_leaves_what_was_there(home: Path) -> None:
    made = str(recording(home))
    refused(warroom(home, "export", made, "--output", "/nowhere/at/all.md"), "/nowhere/at/all.md")
    refused(warroom(home, "export", made, "--output", str(home)), str(home))
    older = home / "older.md"
    older.write_text("older")
    refused(warroom(home, "export", made, "--output", str(device(home))), "No space left")
    assert stat.S_ISCHR(device(home).stat().st_mode), "a device was replaced by a file"
    assert older.read_text() == "older"
    assert warroom(home, "export", made, "--output", str(older)).code == 0
    assert older.read_text().startswith("# ")
    assert [path.name for path in home.glob(".older*")] == []


@pytest.mark.slow
def test_a_home_that_cannot_be_used_is_named(home: Path) -> None:
    (home / "rooms").write_text("a file in the way")
    refused(warroom(home, "demo", "calm", "--headless"), str(home / "rooms"))
    refused(warroom(home, "init", WARROOM_HOME="/proc/nowhere"), "/proc/nowhere")
    long = home / ("x" * 100)
    refused(warroom(home, "demo", "calm", "--headless", WARROOM_HOME=str(long)), "WARROOM_HOME")


@pytest.mark.slow
def test_the_log_says_more_on_request_is_private_and_is_rotated(home: Path) -> None:
    (home / "config.toml").write_text("[log]\ndebug = true\n")
    assert warroom(home, "demo", "calm", "--headless").code == 0
    assert warroom(home, "note", "x").code == 0
    log = home / "logs" / "calm.log"
    assert " DEBUG " in log.read_text()
    assert "wishes AddNote" in log.read_text()
    assert warroom(home, "stop").code == 0
    with log.open("ab") as full:
        full.truncate(LOG_BYTES)
    (home / "config.toml").unlink()
    assert warroom(home, "demo", "calm", "--headless").code == 0
    logs = {path.name: path.stat() for path in log.parent.glob("calm.log*")}
    assert set(logs) == {"calm.log", "calm.log.1"}
    assert logs["calm.log"].st_size < 10_000
    assert {stat.S_IMODE(found.st_mode) for found in logs.values()} == {0o600}
    assert " DEBUG " not in log.read_text()


@pytest.mark.slow
def test_a_host_that_cannot_begin_leaves_the_reason_in_its_log(home: Path) -> None:
    (home / "aiosqlite.py").write_text("raise ImportError('this installation is broken')")
    broken = warroom(home, "demo", "calm", "--headless", PYTHONPATH=f"{home}:{ROOT}")
    refused(broken, str(home / "logs"))
    assert "this installation is broken" in (home / "logs" / "calm.log").read_text()


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
