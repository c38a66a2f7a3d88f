"""Every hostile string through real adapters, host, record, screen, verbs and exports: shown, never obeyed."""

import asyncio
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.driver.background import Background
from tests.driver.fixtures import ended, short_home
from tests.driver.program import warroom
from tests.driver.raw_terminal import RawTerminal
from tests.hostile import CORPUS, raw_of
from warroom.host.client import connected
from warroom.model.commands import AddMarker, AddNote, ChangeSeverity, DeclareIncident, ShowPlan
from warroom.model.nouns import NodeName, Severity
from warroom.model.requests import Cordon, Submit
from warroom.model.text import Safe, neutral, neutral_lines, showable
from warroom.sources.slurm.following import BYTES_A_LOOK
from warroom.testing.fake_alertmanager import FakeAlertmanager, alert
from warroom.testing.fake_prometheus import FakePrometheus
from warroom.testing.fake_slurm import FakeSlurm, job_38, node_38
from warroom.ui.terminal_bytes import disallowed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PAGE = 50
"""Rows that are gone on by; a zoomed pane shows a few more."""
SEEN = 24
"""Characters of a string that must be seen where a column is narrow."""


def as_text(raw: str | bytes) -> str:
    """As JSON carries it."""
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    return text.encode("utf-8", "replace").decode()[:100_000]


def _bytes(raw: str | bytes) -> bytes:
    return raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass")


RAW = [raw_of(entry) for entry in CORPUS]
TEXTS = [as_text(raw) for raw in RAW]
SHOWN = [str(neutral(text)) for text in TEXTS]
LOGGED = [
    str(neutral_lines(b"line %03d %b" % (number, _bytes(raw)))[0])
    for number, raw in enumerate(RAW)
    if len(raw) < BYTES_A_LOOK
]
"""The first line of each, as the log shows it; longer ones are left out and counted."""


class Hostile(NamedTuple):
    """A room in which everything has a hostile name."""

    home: Path
    slurm: FakeSlurm
    alertmanager: FakeAlertmanager

    def untouched(self) -> bool:
        """Nobody acted on the cluster."""
        return not (
            self.slurm.done or self.slurm.submitted or self.alertmanager.posted or self.alertmanager.silences
        )


@pytest.fixture(scope="module")
def hostile() -> Iterator[Hostile]:
    """Slurm, Prometheus and Alertmanager full of hostile strings, and a room on them."""
    home = short_home()
    out = home / "job.log"
    slurm, alertmanager, prometheus = FakeSlurm(), FakeAlertmanager(), FakePrometheus()
    slurm.token = ""
    servers = (slurm, alertmanager, prometheus)
    for number, text in enumerate(TEXTS):
        slurm.nodes[text] = node_38(text, reason=text, features=f"rack1,{text}", state="down")
        slurm.jobs[100 + number] = job_38(100 + number, name=text, comment=text, user_name=text)
        one = alert(f"Alert{number:03}", team=text, instance=text)
        one["annotations"] = {"summary": text, text[:100]: text}
        alertmanager.alerts[one["fingerprint"]] = one
        prometheus.values["gpu_temperature"][text] = "70"
    slurm.jobs[8] = job_38(8, name="writer", standard_output=str(out), user_id=os.getuid())
    out.touch()
    with Background() as background:
        for server in servers:
            background.run(server.come)
        (home / "config.toml").write_text(
            "".join(
                f'[cluster.hostile.{name}]\nurl = "{server.url}"\n'
                for name, server in zip(("slurm", "alertmanager", "prometheus"), servers, strict=True)
            )
        )
        assert warroom(home, "open", "hostile", "--headless").code == 0
        asyncio.run(people_write(home))
        write_log(home, out)
        yield Hostile(home, slurm, alertmanager)
        ended(home)
        for server in servers:
            background.run(server.go)


async def people_write(home: Path) -> None:
    """A client that neutralises nothing writes each string wherever a person may write."""
    async with connected(home / "rooms" / "hostile" / "socket", program="\x1b[2Jcli", version="0") as client:
        await client.wish(DeclareIncident(Safe(TEXTS[0]), Severity.SEV3, impact=Safe(TEXTS[1])))
        for raw in RAW:
            text = Safe(raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw)
            sent = Safe(as_text(text)[:5_000])
            await client.wish(AddNote(sent))
            await client.wish(AddMarker(sent))
            await client.wish(ChangeSeverity(Severity.SEV3, sent))
            plan = await client.ask(ShowPlan(Submit(str(sent), image=str(sent), command=str(sent))))
            assert showable("".join((plan.title, *plan.calls, *plan.effects, *plan.warnings, plan.refused)))
            plan = await client.ask(ShowPlan(Cordon((NodeName(sent),), reason=sent)))
            assert showable("".join((plan.title, *plan.calls, *plan.effects, *plan.warnings, plan.refused)))


def write_log(home: Path, out: Path) -> None:
    """Write each string as a line of a job's output; what grows too fast between two looks is left out."""
    short = [n for n, raw in enumerate(RAW) if len(_bytes(raw)) < 5_000]
    long = [n for n, raw in enumerate(RAW) if 5_000 <= len(_bytes(raw)) < BYTES_A_LOOK]
    giant = [n for n in range(len(RAW)) if n not in short + long]
    for numbers in (giant, short, *([number] for number in long)):
        with out.open("ab") as log:
            log.writelines(b"line %03d %b\n" % (number, _bytes(RAW[number])) for number in numbers)
            log.write(b"written %03d\n" % numbers[-1])
        wait_for_line(home, f"written {numbers[-1]:03}")


def wait_for_line(home: Path, words: str) -> None:
    for _ in range(200):
        if words in warroom(home, "logs-search", f'"{words}"').out:
            return
    raise AssertionError(f"{words} never came")


def squeezed(text: str) -> str:
    """Without the blanks that lines are filled and parted with."""
    return re.sub(r"\s+", "", text)


def unseen(screens: str, shown: list[str], length: int = SEEN) -> list[str]:
    """Those of the strings whose beginning is nowhere on the screens."""
    everything = squeezed(screens)
    return [text for text in shown if squeezed(text)[:length] not in everything]


def pages(terminal: RawTerminal, pane: str, title: str, *, rows: int) -> str:
    """Zoom a pane and page through so many rows of it; every screen on the way."""
    terminal.press(pane.encode())
    terminal.settle()
    terminal.press(b"z")
    terminal.wait_for(title)
    terminal.press(b"g")
    terminal.settle()
    seen = [terminal.screen()]
    for _ in range(rows // PAGE):
        terminal.press(b"\x1b[6~" * (PAGE // 10))
        terminal.settle()
        seen.append(terminal.screen())
    terminal.press(b"z")
    terminal.settle()
    return "\n".join(seen)


def clicks(width: int, height: int) -> bytes:
    """A mouse that presses everywhere, for what might have become clickable."""
    places = [(x, y) for y in range(1, height + 1, 2) for x in range(3, width, 23)]
    return b"".join(b"\x1b[<0;%d;%dM\x1b[<0;%d;%dm" % (x, y, x, y) for x, y in places)


def test_on_the_screen_each_string_is_shown_neutral_and_nothing_else_is_written(hostile: Hostile) -> None:
    terminal = RawTerminal(hostile.home, width=200, height=60)
    try:
        terminal.start("attach")
        terminal.wait_for("7 Timeline")
        panes = {
            number: pages(terminal, number, rf"━ {number} \w+", rows=rows) for number, rows in PANES.items()
        }
        terminal.press(clicks(200, 60))
        terminal.press(b"3g\r")
        terminal.settle()
        for _ in range(20):
            terminal.press(b"\r")
            terminal.wait_for("Esc back")
            terminal.press(b"\x1b")
            terminal.wait_without("Esc back")
            terminal.press(b"j")
        terminal.settle()
        assert warroom(hostile.home, "marker", "still there").code == 0
        terminal.press(b"7G")
        terminal.wait_for("still there")
        terminal.press(b"q")
        terminal.wait_for("leave the war room")
        terminal.press(b"leave\r")
        assert terminal.wait_ended() == 0
    finally:
        terminal.end()
    assert disallowed(terminal.written) == []
    assert not (hostile.home / "logs" / "screen.log").read_text()
    assert hostile.untouched()
    assert unseen(panes["2"], SHOWN) == []
    assert unseen(panes["4"], SHOWN, 12) == []
    assert unseen(panes["7"], SHOWN) == []
    assert unseen(panes["6"], LOGGED, SEEN) == []
    assert unseen(panes["3"], SHOWN, 6) == []


PANES = {"1": 50, "2": 100, "3": 100, "4": 100, "5": 50, "6": 150, "7": 400}
"""How many rows each pane may have."""

VERBS: dict[str, tuple[str, ...]] = {
    "nodes": ("node-list",),
    "workloads": ("workload-list",),
    "alerts": ("alert-list",),
    "log lines": ("logs-search", "line", "--limit", "1000"),
    "timeline": ("timeline", "--limit", "1000"),
}


@pytest.mark.parametrize("words", VERBS.values(), ids=VERBS)
def test_a_verb_on_a_terminal_shows_it_neutral(hostile: Hostile, words: tuple[str, ...]) -> None:
    terminal = RawTerminal(hostile.home, width=2_000, height=50)
    try:
        terminal.start(*words)
        assert terminal.wait_ended() == 0
    finally:
        terminal.end()
    assert disallowed(terminal.written) == []
    assert b"\x1b" not in terminal.written
    said = terminal.written.decode()
    wanted = LOGGED if words[0] == "logs-search" else SHOWN
    assert unseen(said, wanted, 40) == []
    as_json = warroom(hostile.home, *words, "--json")
    assert as_json.code == 0
    assert all(map(showable, strings_in(json.loads(as_json.out))))


@pytest.mark.parametrize(
    "words",
    [
        ("workload-get",),
        ("workload-logs",),
        ("node-cordon",),
        ("metrics-query",),
        ("replay",),
        ("open",),
        ("attach",),
        ("demo",),
        ("stop",),
        ("scenarios", "check"),
        ("incident", "severity"),
        ("logs-search", "--start"),
        ("workload-scale", "x"),
        ("--room",),
        (),
    ],
    ids=" ".join,
)
def test_a_refusal_repeats_nothing_raw(hostile: Hostile, words: tuple[str, ...]) -> None:
    evil = "x\x1b]52;c;ZG8=\x07\x1b[2J\u202ey\x9b2J"
    terminal = RawTerminal(hostile.home, width=500, height=50)
    try:
        terminal.start(*words, evil)
        terminal.wait_ended()
    finally:
        terminal.end()
    assert disallowed(terminal.written) == []
    assert b"\x1b" not in terminal.written
    assert b"Traceback" not in terminal.written


def strings_in(value: Any) -> list[str]:
    """Every text in a JSON value, keys too."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [s for pair in value.items() for one in pair for s in strings_in(one)]
    return [s for one in value for s in strings_in(one)] if isinstance(value, list) else []


def test_exports_are_harmless(hostile: Hostile) -> None:
    (recording,) = [path.stem for path in (hostile.home / "incidents").glob("*.db")]
    markdown = warroom(hostile.home, "export", recording).out
    assert all(map(showable, markdown.split("\n")))
    bare = re.sub(r"`[^`\n]*`", "", markdown)
    assert not re.search(r"(?<!\\)<[a-zA-Z/!]", bare), "HTML"
    assert not re.search(r"(?<!\\)\]\(", bare), "a link"
    assert not re.search(r"(?m)^\s*(?:\[[^\]]*\]:|```|~~~)", bare), "a definition or a fence"
    record = json.loads(warroom(hostile.home, "export", recording, "--format", "json").out)
    texts = strings_in(record)
    assert all(showable(line) for text in texts for line in text.split("\n"))
    assert len(texts) > len(TEXTS) * 10
    assert warroom(hostile.home, "verify", recording).code == 0


def test_a_replay_writes_nothing_else_either(hostile: Hostile) -> None:
    (recording,) = [path.stem for path in (hostile.home / "incidents").glob("*.db")]
    terminal = RawTerminal(hostile.home, width=120, height=40)
    try:
        terminal.start("replay", recording)
        terminal.wait_for("REPLAY")
        for number in "1234567":
            terminal.press(number.encode() + b"zG")
            terminal.settle()
            terminal.press(b"z.....")
        terminal.settle()
        terminal.press(b"q")
        assert terminal.wait_ended() == 0
    finally:
        terminal.end()
    assert disallowed(terminal.written) == []


def test_nobody_acted(hostile: Hostile) -> None:
    assert hostile.untouched()
    actions = json.loads(warroom(hostile.home, "timeline", "--kind", "action", "--json").out)
    assert actions == []
