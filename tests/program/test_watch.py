"""A room told in lines: everything in words, the link too, and a clean end however it comes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.driver.program import COMMAND, environment, warroom
from tests.driver.raw_terminal import RawTerminal
from tests.program.test_survival import host_pid

DEADLINE_S = 40.0


class Watch:
    """A running ``warroom watch`` whose output goes to a file."""

    def __init__(self, home: Path, *words: str, **env: str) -> None:
        self.path = home / "watched"
        self._out = self.path.open("wb")
        self.process = subprocess.Popen(
            [*COMMAND, "watch", *words],
            stdin=subprocess.DEVNULL,
            stdout=self._out,
            stderr=subprocess.PIPE,
            env=environment(home, **env),
        )

    def said(self) -> str:
        return self.path.read_bytes().decode("utf-8")

    def wait_for(self, pattern: str) -> re.Match[str]:
        deadline = time.monotonic() + DEADLINE_S
        while not (found := re.search(pattern, self.said())):
            assert time.monotonic() < deadline, f"not said: {pattern}\n{self.said()}"
            assert self.process.poll() is None, (
                self.said(),
                self.process.stderr and self.process.stderr.read(),
            )
            time.sleep(0.05)
        return found

    def ended(self) -> tuple[int, str]:
        _, errors = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, errors.decode()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        self._out.close()


@pytest.fixture
def watch(home: Path) -> Iterator[Callable[..., Watch]]:
    made: list[Watch] = []

    def start(*words: str, **env: str) -> Watch:
        made.append(Watch(home, *words, **env))
        return made[-1]

    yield start
    for one in made:
        one.close()


@pytest.mark.slow
def test_a_room_is_told_in_words_and_so_is_its_link(home: Path, watch: Callable[..., Watch]) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    watched = watch("calm")
    watched.wait_for(r"\d UTC, \w+day \d+ \w+ 20\d\d, watching room calm on cluster \S+; no incident\n")
    watched.wait_for(r"UTC, 16 of 16 nodes ready; no alert fires; \d+ of \d+ workloads running; error rate")
    assert warroom(home, "note", "the switch is \x1b[31mdead").code == 0
    watched.wait_for(r"UTC, note, \S+: the switch is ")
    assert warroom(home, "incident", "declare", "All fails", "--severity", "1").code == 0
    watched.wait_for(r"UTC, .*incident, \S+: .*SEV1")
    os.kill(host_pid(home, "calm"), signal.SIGKILL)
    watched.wait_for(
        r"after \d\S+ UTC, the link to the room is lost: .*; what was told is old; trying again\n"
    )
    assert warroom(home, "demo", "calm", "--headless").code == 0
    watched.wait_for(r"UTC, the link to the room is back\n")
    assert warroom(home, "stop", "--all", "--force").code == 0
    assert watched.ended() == (0, "")
    said = watched.said()
    assert "room closed" in said
    assert "\x1b" not in said
    assert len(re.findall("the link to the room is lost", said)) == 1


@pytest.mark.slow
def test_programs_get_an_object_a_line_and_nothing_twice(home: Path, watch: Callable[..., Watch]) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    watched = watch("--json", "--last", "2")
    watched.wait_for('"kind":"vitals"')
    assert warroom(home, "note", "seen").code == 0
    watched.wait_for("seen")
    watched.process.send_signal(signal.SIGINT)
    assert watched.ended() == (0, "")
    lines = [json.loads(line) for line in watched.said().splitlines()]
    assert [line["kind"] for line in lines[:3]] == ["room", "moment", "moment"]
    told = [(line["moment"]["seq"], line["moment"]["text"]) for line in lines if line["kind"] == "moment"]
    assert len(set(told)) == len(told)
    vitals = next(line for line in lines if line["kind"] == "vitals")
    assert vitals["nodes"] == {"total": 16, "down": 0, "cordoned": 0}


@pytest.mark.slow
def test_it_ends_when_nobody_reads_it_though_nothing_is_said(home: Path) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    process = subprocess.Popen(
        [*COMMAND, "watch"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(home)
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert b"watching room calm" in process.stdout.readline()
    process.stdout.close()
    assert process.wait(DEADLINE_S) in (0, 1)
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.pty
def test_a_terminal_that_only_prints_is_told_what_to_type(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    attached = raw_terminal(width=200)
    attached.start("attach", command=["env", "TERM=dumb", sys.executable, "-m", "warroom"])
    assert attached.wait_ended() == 1
    assert b"`warroom watch calm` tells it in lines" in attached.written
    assert b"\x1b" not in attached.written


def test_a_locale_without_utf_8_is_no_traceback(home: Path) -> None:
    """With output in ASCII a tick or an ellipsis in a table ended the command in a traceback."""
    assert warroom(home, "demo", "calm", "--headless").code == 0
    assert warroom(home, "note", "Müller ✔ 火").code == 0
    narrow = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    shown = warroom(home, "timeline", **narrow)
    assert (shown.code, shown.err) == (0, "")
    assert "M?ller + ??" in shown.out
    assert shown.out.isascii()
    assert "Müller ✔ 火" in json.dumps(
        json.loads(warroom(home, "timeline", "--json", **narrow).out), ensure_ascii=False
    )
