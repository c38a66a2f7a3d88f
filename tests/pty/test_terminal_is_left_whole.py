"""However the screen ends, the terminal is the person's again; and what the terminal answers presses no key."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.driver.program import warroom
from tests.driver.raw_terminal import RawTerminal
from warroom.ui.terminal_bytes import disallowed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

LEFT = {1049: False, 2004: False, 1004: False, 25: True, 7: True}
"""The modes a shell expects: main screen, no marked pastes, no focus reports, a cursor, wrapping."""

ANSWERS = (
    b"\x1b[?1;2c\x1b[>41;370;0c\x1b[0n\x1b[4;2$y\x1b[8;24;80t\x1b[?1u"
    b"\x1b]lx\rq\r\x1b\\\x1b]10;rgb:ffff/ffff/ffff\x07\x1b]52;c;cQ==\x1b\\"
    b"\x1bP1$rq\rq\r\x1b\\\x1bP>|xterm(370)\x1b\\\x1b_Gi=1;OKq\x1b\\"
)


def attached(terminal: RawTerminal, home: Path, **env: str) -> RawTerminal:
    """A screen on an open room."""
    assert warroom(home, "demo", "calm", "--headless").code == 0
    terminal.start("attach", **env)
    terminal.wait_for("NODES 16/16")
    return terminal


def left_whole(terminal: RawTerminal) -> None:
    """Line discipline, alternate screen, cursor, pastes and mouse are as before."""
    assert terminal.modes() == terminal.modes_before
    screen_left(terminal)


def screen_left(terminal: RawTerminal) -> None:
    """The screen's own modes are off again, and nothing else was ever written."""
    left = terminal.private_modes()
    assert {mode: left[mode] for mode in LEFT} == LEFT
    assert not any(left.get(mouse, False) for mouse in (1000, 1002, 1003, 1006, 1015, 1016))
    assert terminal.written.rindex(b"\x1b[<u") < terminal.written.rindex(b"\x1b[?1049l")
    assert disallowed(terminal.written) == []


def test_leaving_leaves_the_terminal_whole(home: Path, raw_terminal: Callable[..., RawTerminal]) -> None:
    terminal = attached(raw_terminal(), home)
    terminal.press(b"q")
    assert terminal.wait_ended() == 0
    left_whole(terminal)


def test_a_terminated_screen_leaves_the_terminal_whole(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    terminal = attached(raw_terminal(), home)
    assert terminal.process is not None
    terminal.process.send_signal(signal.SIGTERM)
    terminal.wait_ended()
    left_whole(terminal)
    assert warroom(home, "cluster-status").code == 0


BUG = """
import sys
from warroom.ui.screens.room import RoomScreen

def broken(screen):
    secret = "sesame"
    raise RuntimeError(f"a bug \\x1b]52;c;eA==\\x07 {len(secret)}")

RoomScreen.action_zoom = broken
from warroom.__main__ import main
sys.argv = ["warroom", "attach"]
main()
"""


def test_a_bug_in_the_screen_leaves_the_terminal_whole_and_one_sentence(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    terminal = raw_terminal()
    assert warroom(home, "demo", "calm", "--headless").code == 0
    terminal.start(command=[sys.executable, "-c", BUG])
    terminal.wait_for("NODES 16/16")
    before = len(terminal.written)
    terminal.press(b"z")
    assert terminal.wait_ended() == 1
    left_whole(terminal)
    said = terminal.written[before:].rpartition(b"\x1b[?1004l")[2].decode()
    assert said.strip().startswith("warroom: the screen ended by a bug")
    assert said.count("\n") == 1
    log = (home / "logs" / "screen.log").read_text()
    assert "RuntimeError: a bug" in log
    assert "sesame" not in log + said
    assert warroom(home, "cluster-status").code == 0


def test_ctrl_z_gives_the_shell_a_whole_terminal_and_fg_comes_back(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    assert warroom(home, "demo", "calm", "--headless").code == 0
    terminal = raw_terminal(200, 60)
    terminal.start(command=["/bin/bash", "--norc", "--noediting", "-i"], PS1="shell> ")
    terminal.wait_for("shell> ")
    for again in range(3):
        terminal.press(f"{sys.executable} -m warroom attach\r".encode() if not again else b"fg\r")
        terminal.wait_for("NODES 16/16")
        begin = len(terminal.written)
        terminal.press(b"\x1a")
        terminal.wait_for_bytes(rb"Stopped[^\x1b]*attach", begin)
        screen_left(terminal)
        assert warroom(home, "note", f"written while asleep {again}").code == 0
    begin = len(terminal.written)
    terminal.press(b"bg\r")
    terminal.wait_for_bytes(rb"attach &", begin)
    terminal.press(b"until jobs | grep Stopped; do :; done\r")
    terminal.wait_for_bytes(rb"\n[^\x1b\n]*Stopped[^\x1b]*attach", begin)
    assert b"\x1b" not in terminal.written[begin:], "it painted from the background"
    terminal.press(b"fg\r")
    terminal.wait_for("written while asleep 2")
    begin = len(terminal.written)
    terminal.press(b"q")
    terminal.wait_for_bytes(rb"shell> ", begin)
    terminal.press(b"exit\r")
    assert terminal.wait_ended() == 0
    screen_left(terminal)


def test_a_stop_from_outside_is_survived_too(home: Path, raw_terminal: Callable[..., RawTerminal]) -> None:
    terminal = attached(raw_terminal(200, 60), home)
    assert terminal.process is not None
    begin = len(terminal.written)
    os.kill(terminal.process.pid, signal.SIGSTOP)
    assert warroom(home, "note", "written meanwhile").code == 0
    os.kill(terminal.process.pid, signal.SIGCONT)
    terminal.wait_for("written meanwhile")
    assert b"\x1b[?1049h" in terminal.written[begin:]
    terminal.press(b"q")
    assert terminal.wait_ended() == 0
    left_whole(terminal)


def test_without_a_shell_to_go_back_to_ctrl_z_is_refused_in_a_sentence(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    terminal = attached(raw_terminal(), home)
    terminal.press(b"\x1a")
    terminal.wait_for("no shell waits below this screen")
    terminal.press(b"q")
    assert terminal.wait_ended() == 0
    left_whole(terminal)


def test_a_terminal_that_is_gone_ends_its_screen_even_when_hangups_are_ignored(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    terminal = raw_terminal()
    assert warroom(home, "demo", "calm", "--headless").code == 0
    terminal.start(
        "attach", command=["/bin/sh", "-c", 'trap "" HUP; exec "$0" -m warroom "$1"', sys.executable]
    )
    terminal.wait_for("NODES 16/16")
    terminal.hang_up()
    assert terminal.process is not None
    terminal.process.wait(30)
    assert warroom(home, "cluster-status").code == 0


def test_what_the_terminal_answers_presses_no_key(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    terminal = attached(raw_terminal(), home)
    terminal.press(b"U")
    terminal.wait_for("UNLOCKED")
    for chunk in (ANSWERS, *(ANSWERS[at : at + 7] for at in range(0, len(ANSWERS), 7))):
        terminal.press(chunk)
    terminal.press(b"?")
    screen = terminal.wait_for("the one key table|┏━ keys ")
    assert "leave the war room" not in screen
    terminal.press(b"\x1b")
    terminal.wait_without("┏━ keys ")
    terminal.press(b"q")
    assert terminal.wait_ended() == 0


def test_what_is_typed_at_once_after_a_key_goes_into_the_dialog_it_opens(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    terminal = attached(raw_terminal(), home)
    for number in range(10):
        terminal.press(f"aUnlock {number} zx?q\r".encode())
        terminal.wait_for(f"Unlock {number} zx\\?q|noted")
    terminal.press(b"X\r1 Unlocked zx?\r")
    terminal.wait_for("SEV1 00:0")
    assert " LOCKED " in terminal.screen()
    assert "Unlocked zx?" in warroom(home, "incident", "show").out
    said = [m["text"] for m in msgspec.json.decode(warroom(home, "timeline", "--kind", "note", "--json").out)]
    assert said == [f"Unlock {number} zx?q" for number in range(10)]


def test_a_paste_runs_no_keys_and_confirms_nothing(
    home: Path, raw_terminal: Callable[..., RawTerminal]
) -> None:
    terminal = attached(raw_terminal(), home)
    terminal.press(b"U")
    terminal.wait_for("UNLOCKED")
    terminal.press(b"3g")
    terminal.press(b"\x1b[200~xq\r\nU\x1bXL\x1b[201~")
    terminal.press(b"x")
    terminal.wait_for("cordon: close to new work")
    terminal.press(b"\x1b[200~\rdo\r\n\x1b[201~")
    terminal.press(b"\r")
    terminal.wait_for("why")
    terminal.press(b"\x1b[200~because of\r\nthis\x1b[201~")
    terminal.wait_for("because of")
    terminal.press(b"\r")
    terminal.wait_for("type do and Enter")
    for _ in range(40):  # until the dialog is armed
        terminal.press(b"\x1b[200~do\x1b[201~\r")
        terminal.settle()
        if "that was not do; nothing was done" in terminal.screen():
            break
    terminal.wait_for("that was not do; nothing was done")
    terminal.press(b"do\r")
    terminal.wait_for("A1 cordon .*effect seen")
    assert warroom(home, "timeline", "--kind", "action").out.count("cordon") >= 1
