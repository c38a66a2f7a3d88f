"""Copying by keys: what is copied in each pane, and by which way it leaves the program."""

import base64
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.incident import calm_room
from tests.ui.stage import StillRoom, on_screen, screen_text
from warroom.host.player import Player
from warroom.testing.memory_recording import MemoryRecording
from warroom.ui.app import WarroomApp
from warroom.ui.clipboard import FILE, Clipboard
from warroom.ui.screens.dialogs import Readable
from warroom.ui.screens.room import RoomScreen
from warroom.ui.terminal_bytes import MOST_COPIED, copying_sequence, disallowed
from warroom.views.copying import plain

XTERM = {"TERM": "xterm-256color"}


class Outside:
    """A terminal that takes what is copied."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def take(self, sequence: str) -> bool:
        self.sent.append(sequence)
        return True

    @property
    def text(self) -> str:
        """What the clipboard holds."""
        return base64.b64decode(self.sent[-1].removeprefix("\x1b]52;c;").removesuffix("\x07")).decode()


@asynccontextmanager
async def copying(feed: Any) -> AsyncIterator[tuple[RoomScreen, Pilot[str], Outside]]:
    """A screen whose clipboard is looked into."""
    async with on_screen(feed, width=160, height=50) as (screen, pilot):
        outside = Outside()
        assert isinstance(screen.app, WarroomApp)
        screen.app.ways_out = Clipboard(XTERM, None, outside.take)
        yield screen, pilot, outside


async def pressed(pilot: Pilot[str], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@pytest.mark.parametrize(
    ("pane", "words", "holds"),
    [
        ("1", "entr", "nodes"),
        ("3", "1 row", "gpu-01"),
        ("4", "1 row", "api"),
        ("5", "1 entry", "errors"),
        ("6", "1 line", "INFO"),
        ("7", "1 moment", "source sample synced"),
    ],
)
async def test_c_copies_what_the_cursor_is_on(pane: str, words: str, holds: str) -> None:
    async with copying(calm_room()) as (screen, pilot, outside):
        await pressed(pilot, pane, "c")
        assert holds in outside.text
        assert screen.told[0].startswith("copied ")
        assert words in screen.told[0]
        assert f"{len(outside.text):,} characters, to the terminal by OSC 52" in screen.told[0]
        assert "\x1b" not in outside.text


async def test_where_there_is_no_row_nothing_is_copied_and_that_is_said() -> None:
    async with copying(StillRoom()) as (screen, pilot, outside):
        await pressed(pilot, "4", "c")
        assert outside.sent == []
        assert screen.told[0] == "there is nothing to copy here"


async def test_selected_rows_are_copied_in_the_order_they_are_shown() -> None:
    async with copying(calm_room()) as (_, pilot, outside):
        await pressed(pilot, "3", "space", "space", "c")
        head, *rows = outside.text.split("\n")
        assert head.startswith("NODE")
        assert [one.split()[1] for one in rows] == ["gpu-01", "gpu-02"]


async def test_marked_lines_are_copied_instead_of_the_one_under_the_cursor() -> None:
    async with copying(calm_room()) as (screen, pilot, outside):
        await pressed(pilot, "6", "k", "M", "M", "c")
        kept = [str(one.line.text) for _, one in sorted(screen.logs.marked.items())]
        assert len(kept) == 2
        assert [text.endswith(one) for text, one in zip(outside.text.split("\n"), kept, strict=True)] == [
            True,
            True,
        ]
        assert "copied 2 marked lines" in screen.told[0]


async def test_a_marked_line_can_be_unmarked() -> None:
    async with copying(calm_room()) as (screen, pilot, _):
        await pressed(pilot, "6", "k", "M", "k", "M")
        assert screen.logs.marked == {}


async def test_copied_log_lines_are_in_utc_whatever_the_screen_shows() -> None:
    room = calm_room()
    newest = max(one.line.time for one in room.log_tail.lines if one.line.time)
    async with copying(room) as (_, pilot, outside):
        await pressed(pilot, "6", "c")
        in_utc = outside.text
        assert in_utc.startswith(f"{newest:%Y-%m-%d %H:%M:%S}Z INFO")
        await pressed(pilot, "t", "t", "c")
        assert outside.text == in_utc


async def test_capital_c_copies_a_block_for_a_chat() -> None:
    async with copying(calm_room()) as (screen, pilot, outside):
        await pressed(pilot, "4", "C")
        first, told, head, *_, last, end = outside.text.split("\n")
        assert (first, last, end) == ("```", "```", "")
        assert told.startswith("Workloads")
        assert f"{screen.feed.now:%Y-%m-%d %H:%M:%S}Z · room prod" in told
        assert "from sample" in told
        assert head.startswith("SERVICE") or "STATE" in head


async def test_the_command_copy_and_a_replay_copy_too() -> None:
    tape = calm_room().tape
    player = Player(MemoryRecording(tape.envelopes), title="replay")
    player.seek_seq(tape.state.seq)
    async with copying(player) as (screen, pilot, outside):
        await pressed(pilot, "4", "colon", *"copy", "enter")
        by_word = outside.text
        await pressed(pilot, "c")
        assert outside.text == by_word
        assert "copied 1 row" in screen_text(screen.app)


def test_the_sequence_is_osc_52_and_nothing_else() -> None:
    assert copying_sequence("do") == "\x1b]52;c;ZG8=\x07"
    assert copying_sequence("ü\n\x1b]0;x\x07") == "\x1b]52;c;w7wKG10wO3gH\x07"


def test_the_guard_of_the_terminal_lets_it_pass_only_as_a_copy() -> None:
    raw = (copying_sequence("x" * 1_000) or "").encode()
    assert disallowed(raw, copying=True) == []
    assert disallowed(raw) != []


def test_the_limit_counts_encoded_bytes() -> None:
    most = MOST_COPIED // 4 * 3
    assert copying_sequence("x" * most) is not None
    assert copying_sequence("x" * (most + 1)) is None
    assert copying_sequence("ü" * (most // 2 + 1)) is None


async def test_what_is_too_much_for_the_terminal_goes_to_a_file_of_ones_own(tmp_path: Path) -> None:
    folder, outside = tmp_path / "state", Outside()
    done, words = await Clipboard(XTERM, folder, outside.take).take("x" * MOST_COPIED)
    assert done
    assert words == f"to {folder / FILE}: too much for the terminal's clipboard"
    assert outside.sent == []
    assert (folder / FILE).read_text() == "x" * MOST_COPIED
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


async def test_a_file_is_replaced_and_never_written_through_a_link(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("mine")
    for name in (FILE, f"{FILE}.new"):
        (tmp_path / name).symlink_to(other)
    done, _ = await Clipboard({"TERM": "linux"}, tmp_path, Outside().take).take("copied")
    assert done
    assert (tmp_path / FILE).read_text() == "copied"
    assert other.read_text() == "mine"


@pytest.mark.parametrize("environ", [{"TERM": "linux"}, {"TERM": "dumb"}, {**XTERM, "STY": "1.pts"}])
async def test_a_terminal_without_a_clipboard_is_not_sent_any(
    environ: dict[str, str], tmp_path: Path
) -> None:
    outside = Outside()
    done, words = await Clipboard(environ, tmp_path, outside.take).take("text")
    assert (done, outside.sent) == (True, [])
    assert words.endswith("this terminal has no clipboard")


async def test_a_tmux_that_is_gone_is_said_and_the_file_has_it(tmp_path: Path) -> None:
    environ = {"TMUX": f"{tmp_path}/none,1,0", "PATH": os.environ["PATH"]}
    done, words = await Clipboard(environ, tmp_path, Outside().take).take("text")
    assert done
    assert words == f"to {tmp_path / FILE}: tmux did not take it"


async def test_a_path_in_ones_home_is_shown_shortly(tmp_path: Path) -> None:
    environ = {"TERM": "linux", "HOME": str(tmp_path)}
    _, words = await Clipboard(environ, tmp_path / "state", Outside().take).take("text")
    assert words == f"to ~/state/{FILE}: this terminal has no clipboard"


async def test_where_nothing_takes_it_one_sentence_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "below"
    done, words = await Clipboard({"TERM": "linux"}, folder, Outside().take).take("text")
    assert not done
    assert words == (
        f"this terminal has no clipboard, and {folder / FILE} cannot be written: Not a directory"
    )


@pytest.mark.parametrize("opened", [("1", "enter"), ("7", "G", "enter"), ("question_mark",)])
async def test_a_text_that_enter_opened_is_copied_as_a_whole(opened: tuple[str, ...]) -> None:
    async with copying(calm_room()) as (screen, pilot, outside):
        for key in opened:
            await pilot.press(key)
            await pilot.pause()
        dialog = pilot.app.screen
        assert isinstance(dialog, Readable)
        await pilot.press("c")
        await pilot.pause()
        await pilot.pause()
        assert outside.text == "\n".join(plain(one) for one in dialog.lines)
        assert f"copied {len(dialog.lines)} lines" in screen_text(screen.app)
        await pilot.press("C")
        await pilot.pause()
        await pilot.pause()
        assert outside.text.startswith(f"```\n{dialog.titled} · ")
